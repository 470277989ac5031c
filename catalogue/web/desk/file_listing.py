"""What is asked of the list of the centre's files: which ones, in which order, which page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from catalogue.folding import collation_key
from catalogue.media import MediaFile

PER_PAGE = 100
SHOWN = ("all", "unused", "missing")
SORTS = ("newest", "name", "size")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One view of the list, from and to the parameters of its address."""

    show: str = SHOWN[0]
    q: str = ""
    sort: str = SORTS[0]
    page: int = 1

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Wanted:
        """Read the parameters; what makes no sense is left out."""
        show, sort, page = (params.get(name, "") for name in ("show", "sort", "page"))
        return cls(
            show=show if show in SHOWN else cls().show,
            q=params.get("q", "")[:100].strip(),
            sort=sort if sort in SORTS else cls().sort,
            page=max(1, int(page)) if page.isascii() and page.isdecimal() and len(page) < 9 else 1,
        )

    def query(self, **changed: Any) -> str:
        """Return this view, with some of it changed, as the end of an address; without what goes without saying."""
        view, plain = replace(self, **changed), Wanted()
        params = {name: getattr(view, name) for name in ("show", "q", "sort", "page")}
        kept = {name: value for name, value in params.items() if value != getattr(plain, name)}
        return f"?{urlencode(kept)}" if kept else ""

    @staticmethod
    def among(show: str, files: Mapping[str, MediaFile], naming: Mapping[str, object]) -> list[str]:
        """Return the paths of ``files``, those no record names, or those that are named and not there."""
        if show == "missing":
            return [path for path in naming if path not in files]
        return [path for path in files if show == "all" or path not in naming]

    def sorted(self, paths: Iterable[str], files: Mapping[str, MediaFile]) -> list[str]:
        """Return paths in the order asked for; equal ones by name."""
        named = sorted(paths, key=collation_key)
        if self.sort == "name":
            return named
        known = {path: file.size if self.sort == "size" else file.changed.timestamp() for path, file in files.items()}
        return sorted(named, key=lambda path: known.get(path, 0), reverse=True)

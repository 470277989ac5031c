"""The settings: CATALOGUE_* in the file ``catalogue.env`` or the environment, declared here and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from catalogue.errors import N_, SettingsError

PREFIX = "CATALOGUE_"
FILE = "catalogue.env"
"""The settings of an instance, in its folder."""

_LINE = re.compile(rf"""(?P<name>{PREFIX}\w*)\s*=\s*(?:(?P<mark>["'])(?P<quoted>.*)(?P=mark)|(?P<plain>.*))""")


def setting(default: Any, help: str, between: tuple[int, int] = (1, 65535)) -> Any:
    """Declare one setting: its default, one English sentence of help, and what a number may be."""
    return field(default=default, metadata={"help": help, "between": between})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs from one installation to another. Relative paths start at the working directory."""

    resources: Path = setting(Path("resources"), "The folder of records, vocabularies, pages and media.")
    index: str = setting(
        "index", "Where the search index lives: a folder, or opensearch+https://HOST:PORT,HOST:PORT/NAME."
    )
    index_user: str = setting("", "User name for a remote index, kept out of its address.")
    index_password: str = setting("", "Password for a remote index, kept out of its address.")
    state: str = setting("sqlite:///var/catalogue.db", "Database of counters and other state, as a SQLAlchemy URL.")
    cache: Path = setting(Path("var/cache"), "A disposable folder for what can be computed again.")
    host: str = setting("127.0.0.1", "The address the server listens on (0.0.0.0 for every network card).")
    port: int = setting(8000, "The port the server listens on, 1 to 65535.")
    base_url: str = setting("", "How the centre's own PCs reach the site, e.g. http://catalogue.example:8000.")
    public_url: str = setting("", "How a phone outside reaches the site; empty when it cannot.")
    centre: str = setting(
        "", "Of several centres (vocabularies/centres.yaml) the one whose site this is; empty: the site of all of them."
    )
    desk: int = setting(
        1,
        "1: staff work here, and this process writes; 0: visitors only, beside one that has a desk.",
        between=(0, 1),
    )
    idle_minutes: int = setting(
        5, "Minutes without a move after which a visit is erased from its PC; 0: never.", between=(0, 1440)
    )
    links_contact: str = setting(
        "", "A web or mail address that is sent along where links are checked; empty: the centre's website."
    )
    oai_repository: str = setting(
        "", "What this catalogue is called, like a domain, in the identifiers of /oai; empty: by its address."
    )
    harvest_inside: int = setting(
        0, "1: other catalogues are harvested inside the house's own network too.", between=(0, 1)
    )
    isbn_sources: str = setting(
        "https://catalogue.bnf.fr/api/SRU?version=1.2&operation=searchRetrieve"
        "&query=bib.isbn%20any%20%22{isbn}%22&recordSchema=dublincore "
        "https://openlibrary.org/api/books?bibkeys=ISBN:{isbn}&format=json&jscmd=data",
        "Where the number of a new book is looked up: addresses with {isbn}, apart by spaces; empty: nowhere.",
    )
    backup_days: int = setting(
        0, "After how many days without a backup monitoring is told; 0: never.", between=(0, 365)
    )
    test_data: Path = setting(Path("../shared/data"), "Real data that some tests read; they skip where it is absent.")
    test_opensearch: str = setting("", "HOST:PORT of the cluster that tests/opensearch starts; empty: its tests skip.")

    @classmethod
    def load(cls, folder: Path = Path(), environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of the instance in ``folder``, if it has a file of them; the environment wins over it.

        Raises SettingsError for a line that cannot be understood, and as ``from_env`` does.
        """
        return cls.from_env({**read_file(folder / FILE), **(os.environ if environ is None else environ)})

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings from ``environ`` (default: the process's).

        Raises SettingsError for an unknown CATALOGUE_* name (naming the nearest known one) or a bad value.
        """
        environ = os.environ if environ is None else environ
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        given: dict[str, Any] = {}
        for variable, text in sorted(environ.items()):
            if not variable.startswith(PREFIX):
                continue
            if variable not in known:
                raise SettingsError(
                    N_("%(name)s is not a setting. Did you mean %(near)s?"),
                    name=variable,
                    near=nearest(variable, known),
                )
            found = known[variable]
            given[found.name] = _convert(variable, text, found.default, found.metadata["between"])
        return cls(**given)

    @property
    def index_engine(self) -> str:
        """Which engine keeps the index: what stands before the colon, ``whoosh`` where nothing does."""
        scheme, colon, _ = self.index.partition(":")
        # A single letter before the colon is a Windows drive.
        return scheme if colon and len(scheme) > 1 else "whoosh"

    @property
    def index_is_remote(self) -> bool:
        """Whether the index is kept elsewhere: its address may hold a password and is nobody's path."""
        return "://" in self.index

    @property
    def index_folder(self) -> Path:
        """The folder of the index. Raises SettingsError where none is named."""
        folder = self.index.removeprefix(f"{self.index_engine}:")
        if not folder:
            raise SettingsError(N_("%(name)s is empty; it needs a folder."), name="CATALOGUE_INDEX")
        return Path(folder)

    @property
    def address(self) -> str:
        """How the site is reached: from outside where it can be, else from the centre's PCs; empty where not told."""
        return self.public_url or self.base_url

    @property
    def var(self) -> Path:
        """The folder of the write lock: beside the SQLite file, else ``var``."""
        path = self.state.removeprefix("sqlite:///")
        # SQLite's own form of an address: file:PATH?mode=ro&uri=true
        path = path.removeprefix("file:").partition("?")[0] if path != self.state else ""
        return Path(path).parent if path else Path("var")


def read_file(path: Path) -> dict[str, str]:
    """Return the settings in a file of ``NAME=value`` lines, nothing where there is no file. ``#`` begins a comment.

    Quotes around a value are taken away, as systemd (EnvironmentFile=) does; nothing is unfolded or replaced.
    Raises SettingsError with the line that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' own editor begins a file with a mark
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError) as error:
        raise SettingsError(N_("“%(path)s” cannot be read (%(reason)s)."), path=path, reason=str(error)) from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        matched = _LINE.fullmatch(line.strip())
        if matched is None or matched["name"] in found:
            message = N_("%(path)s:%(line)s: a line should be %(prefix)s…=value, each name once.")
            raise SettingsError(message, path=path, line=number, prefix=PREFIX)
        found[matched["name"]] = matched["quoted"] or matched["plain"] or ""
    return found


def _convert(variable: str, text: str, default: object, between: tuple[int, int]) -> object:
    if isinstance(default, int):
        least, most = between
        if not re.fullmatch(r"[0-9]{1,5}", text) or not least <= int(text) <= most:
            raise SettingsError(
                N_("%(name)s: “%(value)s” is not a number from %(least)s to %(most)s."),
                name=variable,
                value=text,
                least=least,
                most=most,
            )
        return int(text)
    if isinstance(default, Path):
        if not text:
            raise SettingsError(N_("%(name)s is empty; it needs a folder."), name=variable)
        return Path(text)
    return text.rstrip("/") if variable.endswith("_URL") else text


def nearest(word: str, known: Mapping[str, object] | list[str]) -> str:
    """Return the member of ``known`` most like ``word`` (the first one when nothing is close)."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, processor=str.lower)
    return found[0] if found else ""

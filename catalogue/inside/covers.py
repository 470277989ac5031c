"""The covers of the centre's files, made in the background: whoever asks gets what there is by now, at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue.inside.derived import Derived
from catalogue.inside.kept import Kept, Known
from catalogue.inside.pictures import VERSION, Pictures
from catalogue.inside.picturing import READERS
from catalogue.inside.reading import Reading
from catalogue.media.frames import FILMS, ffmpeg
from catalogue.media.kinds import ending_of


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture there is. ``mark``: of its content; ``width`` and ``height`` of the largest, in pixels."""

    mark: str
    width: int
    height: int
    widths: tuple[int, ...]


class FilePictures(Derived[Pictures]):
    """The pictures of the files below ``root``: first pages, frames, photographs."""

    def __init__(self, root: Path, folder: Path, reading: Reading) -> None:
        super().__init__(root, Kept(folder, Pictures.from_bytes, VERSION), reading, reading.pictures, READERS)
        self._by_mark: Mapping[str, tuple[str, ...]] = self._marks()
        self._met: dict[str, Picture | None] = {}  # by the digest of their content

    def of(self, path: str) -> Picture | None:
        """Return the picture of a file (``media/…``); None while there is none, or where it gives none."""
        known = self._known.get(path)
        if known is None or known.problem or path not in self._wanted:
            return None
        if known.digest not in self._met:
            found = self._kept.get(known.digest)
            self._met[known.digest] = (
                Picture(_mark(known.digest), found.width, found.height, tuple(found.images)) if found else None
            )
        return self._met[known.digest]

    def image(self, mark: str, width: int) -> bytes | None:
        """Return a picture as WebP in one of its widths, while a file that is wanted has it; else None."""
        path = next((path for path in self._by_mark.get(mark, ()) if path in self._wanted), "")
        known = self._known.get(path)
        found = self._kept.get(known.digest) if known else None
        return found.images.get(width) if found else None

    def _made(self, digest: str, path: Path) -> Pictures | None:
        if ending_of(path.name) in FILMS and not ffmpeg():
            return None  # once it is installed, the next start makes them
        return super()._made(digest, path)

    def _publish(self, known: Mapping[str, Known], fresh: Collection[str]) -> int:
        count = super()._publish(known, fresh)
        self._by_mark = self._marks()
        return count

    def _marks(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path, known in self._known.items():
            found[_mark(known.digest)].append(path)
        return {mark: tuple(paths) for mark, paths in found.items()}


def _mark(digest: str) -> str:
    """Return what a content is called in an address; what is made of it otherwise gets another."""
    return f"{digest[:32]}{VERSION:02}"

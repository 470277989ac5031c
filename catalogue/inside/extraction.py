"""From a file to its passages. Runs in a process of its own (``worker``): what it opens may be made to harm."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue.file_facts import language_of
from catalogue.inside.passages import MOST_CHARACTERS, MOST_PAGES, Inside, Passage, problem_of
from catalogue.inside.recognition import DPI, words_on
from catalogue.media import cues
from catalogue.media.documents import pdf_pages, pdf_pictures
from catalogue.media.fitness import Unfit
from catalogue.media.kinds import KINDS, ending_of, kind_of
from catalogue.media.texts import read_text

_Piece = tuple[int, str]
_LEAST_ON_A_PAGE = 8
"""Letters a page has on average, where a PDF has text: a number on each page of a scan is none."""

RECOGNISING = 1_200.0
"""Seconds after which no more pages of a scan are read: about 500 of ordinary print."""


def extract(path: Path) -> Inside:
    """Return what stands in the file at ``path``; what is wrong with it is its ``problem``. Raises OSError."""
    unit, read = READERS[ending_of(path.name)]
    try:
        return _inside(unit, read(path))
    except Unfit as error:
        return Inside(unit, problem=problem_of(error))


def recognise(path: Path, languages: Sequence[str]) -> Inside:
    """Return the words on the pictures that are the pages of a PDF. ``languages``: as Tesseract calls them.

    Where there are none its ``problem`` is ``illegible``. Raises OSError.
    """
    pictures = enumerate(pdf_pictures(path, DPI), 1)
    pages = ((number, words_on(picture, languages)) for number, picture in pictures)
    try:
        found = _inside("page", pages, time.monotonic() + RECOGNISING)
    except Unfit as error:
        return Inside("page", problem=problem_of(error))
    return found.failed("illegible") if found.problem == "scan" else found


def _inside(unit: str, pieces: Iterable[_Piece], until: float = math.inf) -> Inside:
    kept = list[_Piece]()
    letters = pages = 0
    for place, text in pieces:
        letters, pages = letters + len(text), pages + 1
        if letters > MOST_CHARACTERS or (unit == "page" and pages > MOST_PAGES) or time.monotonic() > until:
            return _told(unit, kept).failed("long")
        if text:
            kept.append((place, text))
    found = replace(_told(unit, kept), pages=pages if unit == "page" else 0)
    return found.failed("scan") if unit == "page" and letters < pages * _LEAST_ON_A_PAGE else found


def _told(unit: str, pieces: list[_Piece]) -> Inside:
    """Return the pieces with their languages: a page's own where it is clear, else that of the whole file."""
    whole = language_of(" ".join(text for _, text in pieces))
    own = language_of if unit == "page" else lambda text: ""
    return Inside(unit, tuple(Passage(place, own(text) or whole, text) for place, text in pieces))


def _pages(path: Path) -> Iterator[_Piece]:
    return enumerate(pdf_pages(path, MOST_PAGES + 1), 1)


def _cues(path: Path) -> Iterator[_Piece]:
    found = cues.read(path)
    if not found:
        raise Unfit(ending=path.suffix)
    return ((int(cue.start), cue.text) for cue in found)


def _paragraphs(path: Path) -> Iterator[_Piece]:
    return ((0, text) for text in read_text(path))


def _nothing(path: Path) -> Iterator[_Piece]:
    """Open a picture, a film or a recording as it was when it came in: files are put into the folder by hand, too."""
    kind_of(path.name).check(path, ending_of(path.name))
    return iter(())


READERS: Mapping[str, tuple[str, Callable[[Path], Iterable[_Piece]]]] = {
    ".pdf": ("page", _pages),
    ".vtt": ("second", _cues),
    ".srt": ("second", _cues),
    ".txt": ("", _paragraphs),
    **{ending: ("", _nothing) for kind in KINDS if kind.id in ("picture", "sound", "film") for ending in kind.endings},
}
"""What reads each kind of file, by its ending, and the unit of the places of its text."""

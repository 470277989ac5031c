"""The kinds of files the centre takes: their endings, how large one may be and why, and what looks at the content.

SVG is not among them: it can carry scripts. Word and the like are not either: not every visitor's PC opens them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalogue.errors import N_, BadInput
from catalogue.media import apart, documents, streams, texts

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. ``check`` raises Unfit; it may rewrite the file, and returns the ending it then has."""

    id: str
    label: str
    endings: tuple[str, ...]
    most: int  # bytes
    check: Callable[[Path, str], str]


KINDS = (
    # A scanned brochure of 60 pages is 30 to 60 MB; more than 100 is too slow on the tablets.
    Kind("pdf", N_("PDF document"), (".pdf",), 100 * MEGABYTE, apart.check_pdf),
    # A photograph of a telephone is 3 to 8 MB.
    Kind("picture", N_("Picture"), (".jpg", ".jpeg", ".png", ".webp"), 20 * MEGABYTE, documents.check_picture),
    # Three hours of speech at 128 kbit/s are 170 MB.
    Kind("sound", N_("Sound"), (".mp3", ".m4a", ".ogg"), 200 * MEGABYTE, streams.check),
    # An hour at 2 Mbit/s is 900 MB; what is longer belongs on a film site, as a link.
    Kind("film", N_("Film"), (".mp4", ".webm"), 1_000 * MEGABYTE, streams.check),
    # The subtitles of the longest film are below 200 kB. SubRip becomes WebVTT, which browsers show.
    Kind("captions", N_("Subtitles"), (".vtt", ".srt"), 2 * MEGABYTE, texts.check_captions),
    # A whole book is 1 MB.
    Kind("text", N_("Text (transcript)"), (".txt",), 2 * MEGABYTE, texts.check_text),
)

ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)


def ending_of(name: str) -> str:
    """Return the ending of a file's name in lower case, with its dot; empty where it has none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def kind_of(name: str) -> Kind:
    """Return the kind of a file by its ending. Raises BadInput for one that is not taken."""
    ending = ending_of(name)
    for kind in KINDS:
        if ending in kind.endings:
            return kind
    message = N_("“%(name)s” cannot be taken: its name should end in one of %(endings)s.")
    raise BadInput(message, name=name[:100], endings=", ".join(ENDINGS), field="file")

"""Subtitles and plain texts: kept as UTF-8, subtitles as WebVTT whatever they came as."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from catalogue.errors import N_
from catalogue.media.fitness import Unfit

_EMPTY = N_("There is no text in this file.")
_NO_CUE = N_("There is no subtitle with a time in this file (as in 00:00:01.000 --> 00:00:04.000).")


def check_text(path: Path, ending: str) -> str:
    """Rewrite a text as UTF-8. Raises Unfit; returns ``ending``."""
    text = _decoded(path.read_bytes(), ending)
    if not text.strip():
        raise Unfit(_EMPTY)
    path.write_bytes(text.encode())
    return ending


def check_captions(path: Path, ending: str) -> str:
    """Rewrite WebVTT as UTF-8, and SubRip as WebVTT (https://www.w3.org/TR/webvtt1/). Raises Unfit; returns ``.vtt``.

    WebVTT keeps its own bytes: notes, regions and styles are no concern of ours.
    """
    text = _decoded(path.read_bytes(), ending)
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=ending.removeprefix("."))
    except (MalformedFileError, MalformedCaptionError) as error:
        raise Unfit(ending=ending) from error
    if not len(captions):
        raise Unfit(_NO_CUE)
    path.write_bytes((text if ending == ".vtt" else captions.content).encode())
    return ".vtt"


def read_text(path: Path) -> list[str]:
    """Return the paragraphs of a text. Raises Unfit for what is no text."""
    paragraphs = _decoded(path.read_bytes(), path.suffix).split("\n\n")
    return [said for paragraph in paragraphs if (said := " ".join(paragraph.split()))]


def _decoded(data: bytes, ending: str) -> str:
    """Return the text of bytes in UTF-8, UTF-16 with its mark, or else Windows-1252, as old editors write."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "windows-1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        if not any(unicodedata.category(c) == "Cc" for c in set(lines) - set("\n\t\f")):
            return lines
    raise Unfit(ending=ending)

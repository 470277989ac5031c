"""Subtitles and plain texts: kept as UTF-8, subtitles as WebVTT whatever they came as."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from catalogue.errors import N_
from catalogue.media import cues
from catalogue.media.fitness import Unfit

_EMPTY = N_("There is no text in this file.")
_NO_CUE = N_("There is no subtitle with a time in this file (as in 00:00:01.000 --> 00:00:04.000).")


def check_text(path: Path, ending: str) -> str:
    """Rewrite a text as UTF-8. Raises Unfit; returns ``ending``."""
    text = _plain(path, ending)
    if not text.strip():
        raise Unfit(_EMPTY)
    path.write_bytes(text.encode())
    return ending


def check_captions(path: Path, ending: str) -> str:
    """Rewrite WebVTT as UTF-8, and SubRip as WebVTT (https://www.w3.org/TR/webvtt1/). Raises Unfit; returns ``.vtt``.

    Every line is kept, also one that ``captions.check`` finds fault with: whoever wrote it corrects it, nobody else.
    """
    text = _plain(path, ending)
    if cues.is_webvtt(text) != (ending == ".vtt"):
        raise Unfit(ending=ending)
    if not cues.shown(text):
        raise Unfit(_NO_CUE)
    path.write_bytes(cues.as_webvtt(text).encode())
    return ".vtt"


def read_text(path: Path) -> list[str]:
    """Return the paragraphs of a text. Raises Unfit for what is no text, OSError where it cannot be read."""
    paragraphs = _plain(path, path.suffix).split("\n\n")
    return [said for paragraph in paragraphs if (said := " ".join(paragraph.split()))]


def _plain(path: Path, ending: str) -> str:
    """Return the text of a file, each line ending in ``\\n``. Raises Unfit where it holds what no text does."""
    decoded, foreign = cues.decode(path.read_bytes())
    text = decoded.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(c) == "Cc" for c in set(text) - set("\n\t\f")) or (foreign and "\ufffd" in text):
        raise Unfit(ending=ending)
    return text

"""What is wrong with captions: each fault with its line, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.errors import N_
from catalogue.media.cues import Cue, clock, decode, is_webvtt, load, scan

FASTEST = 21.0
"""Characters a second that most people can read (https://www.ted.com/participate/translate/subtitling-tips)."""

_SHORTEST = 0.2  # seconds: what is shown for less is seen by nobody

_ENCODING = N_(
    "This line is not in UTF-8, as in files saved as Latin-1: letters with accents come out wrong. "
    "Open the file in a text editor and save it as UTF-8."
)
RECODED = N_(
    "This line was not in UTF-8, as in files saved as Latin-1. It has been put right: see whether the letters with "
    "accents are the right ones."
)
_HEADER = N_("The first line should be WEBVTT: without it browsers show nothing. Put it there, then an empty line.")
_NOTHING = N_("There is no caption with times in this file, as in 00:00:01.000 --> 00:00:04.000.")
_TIMES = N_("These times cannot be read. Write them as in 00:00:01.000 --> 00:00:04.000.")
_BACKWARD = N_("This caption ends before it begins, or at once: it is never shown. Correct one of its two times.")
_EARLIER = N_("This caption begins before the one above it, of line %(other)s. Correct its time, or move it up.")
_OVERLAP = N_("This caption begins while that of line %(other)s is still shown. Let that one end at %(time)s.")
_EMPTY = N_("This caption has no text. Write what is said, or take its times away.")
_FAST = N_(
    "Too long to read: %(letters)s characters in %(seconds)s seconds (%(speed)s a second, %(most)s at most). "
    "Shorten it, or show it longer."
)


@dataclass(frozen=True, slots=True)
class CaptionFault:
    """Something wrong on a line (from 1). ``message`` is a msgid of ``params``."""

    line: int
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


def check(path: Path, ending: str = "") -> list[CaptionFault]:
    """Return what is wrong with a WebVTT or SubRip file, by line. Raises OSError where it cannot be read.

    ``ending``: of the name of a file that is on its way in, and will be in UTF-8 there.
    """
    text, foreign = decode(load(path))
    faults = [CaptionFault(foreign, RECODED if ending else _ENCODING)] if foreign else []
    if (ending or path.suffix.lower()) == ".vtt" and not is_webvtt(text):
        faults.append(CaptionFault(1, _HEADER))
    faults += _of_cues(text)
    return sorted(faults, key=lambda fault: fault.line)


def _of_cues(text: str) -> Iterator[CaptionFault]:
    before, found = None, False
    for line, cue in scan(text):
        found = True
        if cue is None:
            yield CaptionFault(line, _TIMES)
            continue
        yield from _alone(cue)
        yield from _after(before, cue) if before else ()
        before = cue
    if not found:
        yield CaptionFault(1, _NOTHING)


def _alone(cue: Cue) -> Iterator[CaptionFault]:
    lasts, letters = cue.end - cue.start, len(cue.text)
    if not letters:
        yield CaptionFault(cue.line, _EMPTY)
    if lasts < _SHORTEST:
        yield CaptionFault(cue.line, _BACKWARD)
    elif letters / lasts > FASTEST:
        speed = {"speed": math.ceil(letters / lasts), "most": int(FASTEST)}
        params = {"letters": letters, "seconds": f"{lasts:.1f}", **speed}
        yield CaptionFault(cue.line, _FAST, params)


def _after(before: Cue, cue: Cue) -> Iterator[CaptionFault]:
    if cue.start < before.start:
        yield CaptionFault(cue.line, _EARLIER, {"other": before.line})
    elif cue.start < before.end:
        yield CaptionFault(cue.line, _OVERLAP, {"other": before.line, "time": clock(cue.start)})

"""The cues of captions: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, each with the line it stands on.

Whatever can be read is, so that one broken cue costs a visitor that cue only; ``captions.py`` says what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from webvtt import Caption

MOST_READ = 2_000_000
"""Bytes of a file that are looked at; the captions of the longest film have a tenth of it."""

ARROW = "-->"
_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*{ARROW}\s*{_TIME}(?=\s|$)")
_NO_CUES = ("NOTE", "STYLE", "REGION")
_SIGNATURE = re.compile(r"WEBVTT(?=\s|$)")
_NO_TAG = re.compile(r"<(?![/a-zA-Z])")  # browsers would take it for the beginning of one


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said from ``start`` to ``end`` (seconds), by whom where that is told; ``line``: of its times, from 1."""

    line: int
    start: float
    end: float
    text: str
    voice: str = ""


def read(path: Path) -> list[Cue]:
    """Return the cues of a file that can be shown, by time. Raises OSError where it cannot be read."""
    return shown(decode(load(path))[0])


def shown(text: str) -> list[Cue]:
    """Return the cues of a text that can be shown, by time."""
    cues = (cue for _line, cue in scan(text) if cue and cue.text and cue.end > cue.start)
    return sorted(cues, key=lambda cue: (cue.start, cue.line))


def load(path: Path) -> bytes:
    """Return the bytes of a file, at most ``MOST_READ``. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_READ)


def decode(data: bytes) -> tuple[str, int]:
    """Return a text, and the first line (from 1) that is not in UTF-8 and was read as Windows-1252; 0: all of it is."""
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"), 0
    except UnicodeDecodeError as error:
        return data.decode("windows-1252", "replace"), data.count(b"\n", 0, error.start) + 1


def scan(text: str) -> Iterator[tuple[int, Cue | None]]:
    """Give every line that has an arrow, with its number and its cue; None where its times cannot be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    in_note = False
    for number, line in enumerate(lines, 1):
        in_note = bool(line.strip()) and (in_note or _begins_note(lines, number - 1))
        if ARROW in line and not in_note:
            yield number, _cue(lines, number)


def is_webvtt(text: str) -> bool:
    """Tell whether a text begins as WebVTT does: without that browsers show nothing of it."""
    return bool(_SIGNATURE.match(text))


def as_webvtt(text: str) -> str:
    """Return captions as WebVTT: SubRip gets a first line, and its times are written as browsers read them.

    The other lines stay as they are: the number of a SubRip cue is the name of a WebVTT one, italics are the same.
    """
    if is_webvtt(text):
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(("WEBVTT", "", *map(_as_webvtt, lines))).rstrip("\n") + "\n"


def _as_webvtt(line: str) -> str:
    times = _TIMES.match(line)
    if not times:
        return _NO_TAG.sub("&lt;", line)
    return f"{clock(_seconds(times.groups()[:4]))} {ARROW} {clock(_seconds(times.groups()[4:]))}{line[times.end() :]}"


def _begins_note(lines: Sequence[str], place: int) -> bool:
    return lines[place].startswith(_NO_CUES) and (place == 0 or not lines[place - 1].strip())


def _cue(lines: Sequence[str], number: int) -> Cue | None:
    times = _TIMES.match(lines[number - 1])
    if not times:
        return None
    payload = []
    for line in lines[number:]:
        if not line.strip() or ARROW in line:
            break
        payload.append(line)
    caption = Caption(text=payload)  # takes the tags away, and knows who speaks
    start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
    return Cue(number, start, end, " ".join(caption.text.split()), caption.voice or "")


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def clock(seconds: float) -> str:
    """Return a time as WebVTT writes it: ``00:02:31.500``."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"

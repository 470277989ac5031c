"""What the player of a record gets: one film or recording, its captions, its text by time, its chapters."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.values import Said


def clock(seconds: int) -> str:
    """Return a time in a film: ``02:31``, or ``1:02:31`` from an hour on."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"


@dataclass(frozen=True)
class Track:
    """Captions of a film, as WebVTT; ``shown``: without being asked for."""

    lang: str
    label: str
    src: str
    shown: bool


@dataclass(frozen=True)
class Line:
    """What is said at a time; ``start`` and ``end`` in seconds, ``clock`` as it is read: ``02:31``."""

    start: float
    end: float
    clock: str
    href: str
    text: str
    here: bool  # the page was asked for at this time


@dataclass(frozen=True)
class Transcript:
    """The text of a film in one language: by time, else in paragraphs. ``src``: its own file, if any."""

    lang: str
    label: str
    lines: tuple[Line, ...]
    paragraphs: tuple[str, ...]
    src: str


@dataclass(frozen=True)
class PlayerView:
    """A film or recording to play. ``src`` carries the second it opens at; ``length`` and the like are words."""

    sound: bool
    number: int  # of the holding in the record, from 1
    src: str
    type: str
    title: Said
    lang: str  # of what is said; empty where the record does not tell
    length: str
    size: int
    facts: tuple[str, ...]
    tracks: tuple[Track, ...]
    transcripts: tuple[Transcript, ...]
    chapters: tuple[Line, ...]
    chapters_lang: str
    poster: str  # the address of a frame, empty where there is none

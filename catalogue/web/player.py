"""What the page of a record opens: one film or recording with its captions, text and chapters, or one PDF."""

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


@dataclass(frozen=True)
class ReaderView:
    """A PDF that is open at its ``page`` (0: from the beginning). ``file``: its address; ``pages``: 0: not known."""

    number: int  # of the holding in the record, from 1
    file: str
    title: Said
    page: int
    pages: int
    size: int
    close: str
    closed: bool  # locked or damaged: no reader opens it

    @property
    def whole(self) -> str:
        """Where it fills the window, at its page."""
        return f"{self.file}#page={self.page}" if self.page else self.file

    @property
    def src(self) -> str:
        """Where it stands in a frame: without the small pictures of its pages beside them."""
        return f"{self.file}#page={self.page or 1}&navpanes=0"

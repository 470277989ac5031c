"""The films and recordings of a record, played on its page: which one, from which second, with which captions.

``?file=2&t=151#player``: the second holding of the record's file, 2 minutes and 31 seconds into it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue.errors import N_
from catalogue.fields import Holding
from catalogue.media import cues
from catalogue.media.cues import Cue
from catalogue.media.duration import duration
from catalogue.media.fitness import Unfit
from catalogue.media.texts import read_text
from catalogue.resource import Resource
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import addresses
from catalogue.web.covers import poster
from catalogue.web.pages import Way
from catalogue.web.player import Line, PlayerView, ReaderView, Track, Transcript, clock
from catalogue.web.present import SUBTITLES, Presenter
from catalogue.web.visitor import reader

LONGEST = 360_000  # seconds: nothing lasts 100 hours

mimetypes.add_type("audio/mp4", ".m4a")


def number_in(text: str, most: int = LONGEST) -> int:
    """Return a whole number of an address, 0 for anything else."""
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def playable(record: Resource) -> dict[int, Holding]:
    """Return the films and recordings of a record that visitors are offered, by their number among its holdings."""
    numbered = enumerate(record.holdings, 1)
    return {number: holding for number, holding in numbered if holding.plays and not holding.suspended}


def ways(
    presenter: Presenter, record: Resource, playing: PlayerView | None, reading: ReaderView | None
) -> tuple[Way, ...]:
    """Return the ways to get a document beside what is open on its page; other films and PDFs open there, too."""
    here = playable(record) | reader.readable(record)
    numbers = {addresses.media(holding.file): number for number, holding in here.items()}
    opened = [view.number for view in (playing, reading) if view]
    offered = ((way, numbers.get(way.href, 0)) for way in presenter.ways(record))
    return tuple(
        _opening(presenter, record, way, number) if number else way for way, number in offered if number not in opened
    )


def _opening(presenter: Presenter, record: Resource, way: Way, number: int) -> Way:
    """Return a way that opens on the record's page, with how long it is."""
    lang, catalogue, holding = presenter.lang, presenter.catalogue, record.holdings[number - 1]
    if holding.plays:
        href = addresses.second(lang, record.id, number)
        return replace(way, href=href, plays=holding.plays, length=_length(catalogue.settings.resources / holding.file))
    pages = reader.pages(catalogue, holding.file)
    return replace(way, href=addresses.page_of(lang, record.id, number), pages=pages) if way.size else way


def player(presenter: Presenter, record: Resource, number: int = 0, second: int = 0) -> PlayerView | None:
    """Return the player of a record at a second; None where it has nothing to play.

    ``number``: of the holding; for 0, and for what cannot be played, the first one in the reader's language.
    """
    found = playable(record)
    if not found:
        return None
    if number not in found:
        number, second = min(found, key=lambda n: (found[n].language not in (presenter.lang, ""), n)), 0
    return _Player(presenter, record, number, second).view()


class _Player:
    def __init__(self, presenter: Presenter, record: Resource, number: int, second: int) -> None:
        self._presenter, self._record, self._number, self._second = presenter, record, number, second
        self._holding = record.holdings[number - 1]
        spoken = self._holding.language or (record.languages[0] if len(record.languages) == 1 else "")
        self._spoken = spoken
        self._root = presenter.catalogue.settings.resources

    def view(self) -> PlayerView:
        holding, lang = self._holding, self._presenter.lang
        captions = {code: self._cues(path) for code, path in (holding.captions or {}).items()}
        sound = holding.plays == "sound"
        chapters = next(iter(self._in_order(list(holding.chapters or ()))), "")
        start = f"#t={self._second}" if self._second else ""
        return PlayerView(
            sound=sound,
            number=self._number,
            src=addresses.media(holding.file) + start,
            type=mimetypes.guess_type(holding.file)[0] or "",
            title=holding.title.best(lang),
            lang=self._spoken,
            length=_length(self._root / holding.file),
            size=self._presenter.catalogue.media_size(holding.file),
            facts=self._facts(sound, captions),
            tracks=() if sound else self._tracks([code for code, found in captions.items() if found]),
            transcripts=self._transcripts(captions),
            chapters=self._lines(self._cues((holding.chapters or {}).get(chapters, ""))),
            chapters_lang=chapters,
            poster="" if sound else poster(self._presenter, holding.file),
        )

    def _cues(self, path: str) -> list[Cue]:
        try:
            return cues.read(self._root / path) if path else []
        except OSError:
            return []  # the desk's list of missing files names it

    def _in_order(self, codes: Sequence[str]) -> list[str]:
        """Return languages: the reader's, then that of the film, then those of the centre."""
        first = (self._presenter.lang, self._spoken, *CENTRE_LANGUAGES)
        return sorted(codes, key=lambda code: (first.index(code) if code in first else len(first), code))

    def _label(self, code: str) -> str:
        return self._presenter.label("languages", code).text

    def _tracks(self, codes: Sequence[str]) -> tuple[Track, ...]:
        """Return the captions; those a reader needs who may not understand what is said are shown at once."""
        ordered = self._in_order(codes)
        shown = ordered[0] if ordered and self._spoken != self._presenter.lang else ""
        files = self._holding.captions or {}
        return tuple(Track(code, self._label(code), addresses.captions(files[code]), code == shown) for code in ordered)

    def _transcripts(self, captions: Mapping[str, Sequence[Cue]]) -> tuple[Transcript, ...]:
        files = self._holding.transcript or {}
        made = (
            Transcript(
                lang=code,
                label=self._label(code),
                lines=self._lines(captions.get(code, ())),
                paragraphs=() if captions.get(code) else _paragraphs(self._root / files[code]),
                src=addresses.media(files[code]) if code in files else "",
            )
            for code in self._in_order(list(dict.fromkeys((*(c for c in captions if captions[c]), *files))))
        )
        return tuple(transcript for transcript in made if transcript.lines or transcript.paragraphs)

    def _lines(self, found: Sequence[Cue]) -> tuple[Line, ...]:
        here = max((cue.start for cue in found if cue.start < self._second + 1), default=-1) if self._second else -1
        return tuple(self._line(cue, here) for cue in found)

    def _line(self, cue: Cue, here: float) -> Line:
        second = int(cue.start)
        text = f"{cue.voice} : {cue.text}" if cue.voice else cue.text
        href = addresses.second(self._presenter.lang, self._record.id, self._number, second)
        return Line(cue.start, cue.end, clock(second), href, text, cue.start == here)

    def _facts(self, sound: bool, captions: Mapping[str, Sequence[Cue]]) -> tuple[str, ...]:
        """Return in which languages it has captions and a text, and in which of the centre's it has none."""
        _ = self._presenter._
        timed = [code for code, found in captions.items() if found]
        written = list(dict.fromkeys((*timed, *(self._holding.transcript or {}))))
        facts = [_(N_("Text to read: %(languages)s")) % {"languages": self._names(written)} if written else ""]
        if not sound and timed:
            facts.insert(0, _(SUBTITLES) % {"languages": self._names(timed)})
        elif not sound:
            facts.insert(0, _(N_("No subtitles")))
        elif not written:
            facts.append(_(N_("No text to read")))
        return tuple(fact for fact in facts if fact)

    def _names(self, codes: Sequence[str]) -> str:
        """Return the names of languages, with those of the centre's that are not among them."""
        named, lacking = (
            ", ".join(map(self._label, self._in_order(each)))
            for each in (codes, [code for code in CENTRE_LANGUAGES if code not in codes])
        )
        words = self._presenter._(N_("%(languages)s (not yet: %(others)s)"))
        return words % {"languages": named, "others": lacking} if lacking else named


def _length(path: Path) -> str:
    seconds = round(duration(path))
    return clock(seconds) if seconds else ""


def _paragraphs(path: Path) -> tuple[str, ...]:
    try:
        return tuple(read_text(path))
    except (OSError, Unfit):
        return ()  # the desk's lists name it

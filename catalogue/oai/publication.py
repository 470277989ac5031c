"""What is given to harvesters, and since when it is as it is.

Nobody has to tell when a record changes: whenever somebody asks, the contents are compared with what was given
before, and whatever differs changed now. So changes by hand count like those of the desk, and so does a name in a list
of words.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalogue import references
from catalogue.contents import Contents
from catalogue.errors import Severity
from catalogue.fields import CENTRE
from catalogue.network import holders, seen
from catalogue.resource import Resource
from catalogue.state import State
from catalogue.state.datestamps import GIVEN, GONE, HIDDEN, SECOND, Datestamp, Window
from catalogue.values import TEXT_LANGUAGES
from catalogue.vocabulary import Vocabularies

EDITION = "1"
"""Of what is made of a record: to be raised when the formats say something else of the same record, so that those who
harvested it come for it again."""

THEME, KIND = "theme", "kind"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: changes with their records (None: gone), how many there are from the first of them on."""

    items: tuple[tuple[Datestamp, Resource | None], ...]
    remaining: int
    contents: Contents


class Publication:
    """The records of one catalogue as harvesters see them. Thread-safe."""

    def __init__(self, contents: Callable[[], Contents], state: State, clock: Callable[[], float] = time.time) -> None:
        self._newest, self._state, self._clock = contents, state, clock
        self._lock = threading.Lock()
        self._followed: Contents | None = None
        self._known: dict[str, Datestamp] = {}
        self._digests: dict[str, tuple[Resource, str]] = {}

    def page(self, window: Window, size: int) -> Page:
        """Return the first ``size`` changes of a window. Raises StateUnavailable."""
        with self._lock:
            contents = self._follow()
            stamps = self._state.datestamps.within(window, size)
            remaining = self._state.datestamps.count(window)
            return Page(tuple(_item(stamp, contents) for stamp in stamps), remaining, contents)

    def item(self, id: str) -> tuple[Datestamp, Resource | None, Contents] | None:
        """Return one record (None in its place: gone); None for an id that is none. Raises StateUnavailable."""
        with self._lock:
            contents = self._follow()
            stamp = self._state.datestamps.of(id)
            return (*_item(stamp, contents), contents) if stamp else None

    def earliest(self) -> int:
        """Return the second before which nothing changed, since 1970. Raises StateUnavailable."""
        with self._lock:
            self._follow()
            return (self._state.datestamps.bounds()[0] or int(self._clock() * SECOND)) // SECOND

    # --- inside ----------------------------------------------------------------------------------------------

    def _follow(self) -> Contents:
        """Note what changed since the last time; returns the contents that are given from now on."""
        contents = self._newest()
        if contents is self._followed:
            return contents
        datestamps = self._state.datestamps
        _, last = datestamps.bounds()
        if self._followed is None or not self._known:
            self._known = dict(datestamps.all())
        times = {} if self._known else _times(contents, self._state)
        now = int(self._clock() * SECOND)
        changes = self._changes(contents)
        found = sorted((min(times.get(stamp.record, now), now), stamp.record, stamp) for stamp in changes)
        changed: list[Datestamp] = []
        for moment, _, stamp in found:
            last = max(moment, last + 1)  # even where the clock was put back
            changed.append(replace(stamp, moment=last))
        if changed:
            datestamps.put(changed)
            self._known |= {stamp.record: stamp for stamp in changed}
        self._followed = contents
        return contents

    def _changes(self, contents: Contents) -> Iterator[Datestamp]:
        vocabularies = contents.frame.vocabularies
        if self._followed is None or self._followed.frame.vocabularies is not vocabularies:
            self._digests = {}
        labels = _labels(vocabularies)
        for record in contents.public:
            known, digest = self._known.get(record.id), self._digest(record, labels, vocabularies)
            if known is None or known.state != GIVEN or known.digest != digest:
                yield Datestamp(record.id, 0, GIVEN, digest, sets_of(record, vocabularies))
        for id, state in _absent(contents, self._known).items():
            withdrawn = contents.records.get(id)
            never_given = Datestamp(id, 0, "", "", sets_of(withdrawn, vocabularies) if withdrawn else ())
            known = self._known.get(id, never_given)
            if known.state != state:
                yield replace(known, state=state)

    def _digest(
        self, record: Resource, labels: Callable[[str, str], tuple[str, ...]], vocabularies: Vocabularies
    ) -> str:
        kept = self._digests.get(record.id)
        if kept is None or kept[0] is not record:
            names = [labels(*pair) for pair in sorted(references.named(record))]
            told = [EDITION, seen(record.to_mapping(public_only=True), vocabularies), names]
            centres = holders(record, vocabularies)  # a first list of centres makes sets of records that stay the same
            said = json.dumps([*told, *([centres] if centres else [])], default=str)
            kept = self._digests[record.id] = (record, hashlib.sha256(said.encode()).hexdigest())
        return kept[1]


def sets_of(record: Resource, vocabularies: Vocabularies) -> tuple[str, ...]:
    """Return the sets of a record: those of its themes, its kind and its centre, and those that hold them."""
    sets = (THEME, *(f"{THEME}:{theme}" for theme in record.themes), KIND, f"{KIND}:{record.kind}")
    centres = [id for id in holders(record, vocabularies) if id in vocabularies.centres]
    return (*sets, CENTRE, *(f"{CENTRE}:{id}" for id in centres)) if centres else sets


def _item(stamp: Datestamp, contents: Contents) -> tuple[Datestamp, Resource | None]:
    return stamp, contents.records[stamp.record] if stamp.state == GIVEN else None


def _labels(vocabularies: Vocabularies) -> Callable[[str, str], tuple[str, ...]]:
    @cache
    def names(vocabulary: str, id: str) -> tuple[str, ...]:
        return tuple(vocabularies.label(vocabulary, id, lang).text for lang in TEXT_LANGUAGES)

    return names


def _absent(contents: Contents, known: Mapping[str, Datestamp]) -> Mapping[str, str]:
    """Return what became of the records that visitors do not see: gone for good, or only unreadable just now.

    A slip of the pen in a file, or a disk that is not there, deletes nothing with those who harvested it.
    """
    withdrawn = {record.id for record in contents.records.values() if record.status == "withdrawn"}
    gone = {*contents.tombstones, *contents.redirects, *withdrawn}
    drafts = {record.id for record in contents.records.values() if record.status == "draft"}
    wrong = [problem.path for problem in contents.problems if problem.severity is Severity.ERROR]
    unread = {path.stem for path in wrong}
    blind = not contents.records or any(not path.suffix for path in wrong)
    found = dict.fromkeys(gone, GONE)
    for id in known.keys() - gone:
        if id in drafts:
            found[id] = GONE
        elif id not in contents.records:
            found[id] = known[id].state if known[id].state == GONE else HIDDEN if blind or id in unread else GONE
    return {id: state for id, state in found.items() if not _is_public(contents, id)}


def _is_public(contents: Contents, id: str) -> bool:
    return id in contents.records and contents.records[id].is_public


def _times(contents: Contents, state: State) -> Mapping[str, int]:
    """Return when records changed last, as far as the history or a tombstone tells; for the first time only, because
    what is dated back after somebody harvested would be missed."""
    try:
        zone: datetime.tzinfo = ZoneInfo(contents.frame.centre.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = datetime.UTC
    stones = ((stone.id, stone.date) for stone in contents.tombstones.values() if stone.date)
    found = {id: datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC) for id, day in stones}
    for path, at in state.history.times().items():
        if path.startswith("records/"):
            found[Path(path).stem] = at.replace(tzinfo=zone)
    return {id: int(at.timestamp() * SECOND) for id, at in found.items()}

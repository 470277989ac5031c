"""The catalogue: the only door for the web and the command line. It orders store → index, and keeps both in step."""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalogue import __version__, editorial, yamlfile
from catalogue.contents import Contents, Frame
from catalogue.counters import COUNTERS
from catalogue.duplicates import Duplicates
from catalogue.editorial import EditorialList
from catalogue.errors import (
    N_,
    BadInput,
    CatalogueError,
    Gone,
    IndexUnavailable,
    InvalidRecord,
    Moved,
    NotFound,
    Severity,
    Unavailable,
)
from catalogue.finding import Finder, Found
from catalogue.inventory import Inventory
from catalogue.media import MediaFolder
from catalogue.merging import renaming
from catalogue.occupations import Occupations
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.search.document import IndexDocument, make_document
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Engine, Plan, Progress, Results
from catalogue.search.linking import Linker
from catalogue.search.mend import mend
from catalogue.search.suggest import Suggestion
from catalogue.settings import Settings
from catalogue.state import State, Version
from catalogue.state.history import digest_of
from catalogue.store import Store
from catalogue.todo import Todo
from catalogue.vocabulary import Concept, Vocabularies
from catalogue.writing import CHUNK, Change, Undone, Writer

log = logging.getLogger("catalogue")

DOCUMENTS_KEPT = 5_000
LEADING = 10
"""So many documents of a search lead: whose they are is counted."""

WATCH_SECONDS = 1.0
"""How often the folder is looked at: what others change shows within two seconds."""


class Catalogue:
    """One running catalogue. Reading is lock-free on immutable contents; writing and refreshing hold one lock."""

    def __init__(self, settings: Settings, engine: Engine, linker: Linker, state: State) -> None:
        self.settings = settings
        self.state = state
        self._engine = engine
        self._linker = linker
        self._finder = Finder(engine, linker, self.now)
        self.inventory = Inventory()
        self._lock = threading.RLock()
        self._signature = Frame.signature(settings.resources)
        self._store = Store(settings.resources)
        self.writer = Writer(settings.resources, settings.var / "write.lock", state.history, self._lock, self._written)
        self.media = MediaFolder(settings.resources / "media", self.writer.turn)
        self._noticed = False  # whether the history has seen the folder as it is
        self._documents_made: dict[str, tuple[Resource, Vocabularies, IndexDocument]] = {}
        self._occupations: dict[str, Occupations] = {}
        self._duplicates: Duplicates | None = None
        self._todo: Todo | None = None
        self._behind = False  # the index lacks changes it refused
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._told: frozenset[str] = frozenset()  # the problems that were logged
        self._contents: Contents
        self._load()

    @classmethod
    def open(cls, settings: Settings, progress: Progress | None = None, rebuild: bool = False) -> Catalogue:
        """Read everything and bring the index up to date, or build it anew. Faulty files are left out, logged and told.

        Raises SettingsError where the settings name an engine that does not exist.
        """
        engine, concepts = SnapshotEngine(settings.index_folder), SnapshotEngine(settings.index_folder / "concepts")
        # The state keeps the centre's time, whatever the server's own: a code is valid until the doors close here.
        state = State.open(settings.state, clock=lambda: catalogue.now())
        catalogue = cls(settings, engine, Linker(concepts), state)
        catalogue._catch_up()
        if rebuild:
            catalogue.rebuild(progress)
        else:
            catalogue.synchronise(progress)
        return catalogue

    def close(self) -> None:
        """Stop watching, write what is pending, let go of files."""
        self._stop.set()
        if self._watcher:
            self._watcher.join()
        self.state.close()
        self._engine.close()
        self._linker.close()

    # --- reading ---------------------------------------------------------------------------------------------

    @property
    def contents(self) -> Contents:
        """The newest state of everything the folder holds."""
        return self._contents

    def now(self) -> datetime.datetime:
        """Return the local time of the centre, without a zone."""
        try:
            zone = ZoneInfo(self.contents.frame.centre.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return datetime.datetime.now()
        return datetime.datetime.now(zone).replace(tzinfo=None)

    def record(self, id: str) -> Resource:
        """Return a published record. Raises Moved, Gone (deleted or withdrawn) or NotFound (drafts too)."""
        contents = self.contents
        record = contents.records.get(id)
        if record is None:
            if id in contents.redirects:
                raise Moved(contents.redirects[id])
            if id in contents.tombstones:
                raise Gone
            raise NotFound
        if record.status == "withdrawn":
            raise Gone(title=record.title)
        if not record.is_public:
            raise NotFound
        return record

    def plan(self, query: Query, lang: str) -> Plan:
        """Make a query ready for the engine: parse its words, recognise concepts among them."""
        return self._finder.plan(query, lang)

    def answer(self, plan: Plan) -> tuple[Plan, Results]:
        """Carry out a plan; returns it with the links that were followed. Raises IndexUnavailable."""
        return self._finder.answer(plan)

    def search(self, query: Query, lang: str) -> Found:
        """Answer a query for a reader of ``lang``. A page beyond the last is answered by the last.

        Raises IndexUnavailable; the index is then repaired in the background.
        """
        try:
            return self._finder.search(query, lang)
        except IndexUnavailable:
            self._behind = True
            raise

    def total(self, query: Query, lang: str) -> int:
        """Return how many records a query finds. Raises IndexUnavailable."""
        return self._finder.total(query, lang)

    def related(self, plan: Plan, limit: int = 6) -> tuple[Concept, ...]:
        """Return broader, narrower and related concepts of those in a query; only such as records are about."""
        return self._finder.related(plan, limit)

    def suggest(self, text: str, lang: str) -> tuple[Suggestion, ...]:
        """Return what a reader of ``lang`` who has typed ``text`` may look for; nothing while the first are read."""
        return self._finder.suggest(text, lang)

    def document(self, record: Resource) -> IndexDocument:
        """Return what the index holds of a record (for explanations)."""
        vocabularies = self.contents.frame.vocabularies
        made = self._documents_made.get(record.id)
        if made is None or made[0] is not record or made[1] is not vocabularies:
            if len(self._documents_made) >= DOCUMENTS_KEPT:
                self._documents_made.clear()
            made = self._documents_made[record.id] = (record, vocabularies, make_document(record, vocabularies))
        return made[2]

    def newest(self, limit: int, keep: Callable[[Resource], bool] = lambda _: True) -> list[Resource]:
        """Return the published records added last, those past their date left out, that ``keep`` accepts."""
        now = self.now()
        kept = [r for r in self.contents.public if r.added and keep(r) and not r.is_past(now)]
        return sorted(kept, key=lambda record: (record.added, record.id), reverse=True)[:limit]

    def similar(self, record: Resource, limit: int = 4) -> list[Resource]:
        """Return the published records most like ``record``: by occupations, then subjects, themes, audience."""
        now = self.now()
        public = self.contents.public
        uses = Counter(subject for r in public for subject in r.subjects)
        # A subject that many records have ("shortage occupations") makes two of them no more alike.
        telling = {subject for subject in record.subjects if uses[subject] <= max(5, len(public) // 20)}
        scored = [(likeness, r) for r in public if (likeness := _likeness(record, r, telling)) >= 3]
        scored = [(n, r) for n, r in scored if r.id != record.id and not r.is_past(now)]
        return [r for _, r in sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:limit]]

    def editorial_list(self, slug: str) -> EditorialList:
        """Return a list that visitors see today. Raises Gone after its last day, NotFound before its first."""
        made, today = self.contents.frame.lists.get(slug), self.now().date()
        if made is None or made.from_ > today:
            raise NotFound
        if made.is_over(today):
            raise Gone(title=made.title)
        return made

    def editorial_lists(self, theme: str = "") -> list[EditorialList]:
        """Return the lists that visitors see today (of a theme), the newest first."""
        return editorial.shown(self.contents.frame.lists.values(), self.now().date(), theme)

    def visible(self, ids: Iterable[str]) -> list[Resource]:
        """Return the published records among ``ids``, in their order, events that are past left out."""
        records, now = self.contents.records, self.now()
        named = [records[id] for id in ids if id in records]
        return [r for r in named if r.is_public and not r.is_past(now)]

    def display_until(self, id: str) -> datetime.date | None:
        """Return the last day on which a record stands on display; None where it is at its shelf."""
        return editorial.display_until(self.contents.frame.lists.values(), id, self.now().date())

    def occupation(self, id: str) -> tuple[Concept, list[Resource]]:
        """Return an occupation and the published records about it. Raises NotFound for anything else."""
        vocabularies = self.contents.frame.vocabularies
        concept = vocabularies.concept(id)
        if concept is None or concept.kind != "occupation":
            raise NotFound
        if concept.id != id:
            raise Moved(concept.id)
        return concept, list(self.contents.by_occupation.get(concept.id, ()))

    def occupations(self, lang: str) -> Occupations:
        """Return the occupations that published records are about, past events left out, named for ``lang``."""
        kept, contents, now = self._occupations.get(lang), self.contents, self.now()
        if kept is None or kept.contents is not contents or kept.until <= now:
            kept = self._occupations[lang] = Occupations(contents, lang, now)
        return kept

    @property
    def duplicates(self) -> Duplicates:
        """The records by what they are recognised by: which others may be the same."""
        kept, contents = self._duplicates, self.contents
        if kept is None or kept.contents is not contents:
            kept = self._duplicates = Duplicates(contents, self.settings.resources, kept)
        return kept

    @property
    def todo(self) -> Todo:
        """What waits for the documentalists, as far as it follows from the files."""
        kept, contents = self._todo, self.contents
        if kept is None or kept.contents is not contents:
            kept = self._todo = Todo(contents, self.duplicates, self.settings.resources)
        return kept

    def media_file(self, path: str) -> Path:
        """Return the file ``media/…`` of a published record. Raises NotFound for every other path.

        The path is looked up among those the records name, never on the disk: nothing else can be reached.
        """
        if path not in self.contents.media:
            raise NotFound
        return self.settings.resources / path

    def media_size(self, path: str) -> int:
        """Return the size of a file in bytes, 0 where it is not there."""
        try:
            return (self.settings.resources / path).stat().st_size
        except OSError:
            return 0

    def health(self) -> dict[str, Any]:
        """Return what works and what does not, in plain words, for monitoring."""
        contents = self.contents
        weights = Counter(problem.severity for problem in contents.problems)
        wrong = [problem.render(root=self.settings.resources) for problem in contents.faults(Severity.ERROR)]
        if getattr(self._engine, "in_memory", False):
            wrong.append("the index folder cannot be written; the index is kept in memory")
        if self._behind:
            wrong.append("the index refused changes; they are tried again")
        if self.state.problem:
            wrong.append(str(self.state.problem))
        return {
            "status": "degraded" if wrong else "ok",
            "version": __version__,
            "records": len(contents.public),
            "indexed": len(self._engine.inventory()),
            "problems": {severity.name.lower(): weights[severity] for severity in Severity},
            "wrong": wrong[:50],
        }

    # --- counting --------------------------------------------------------------------------------------------

    def count(self, event: str, **dimensions: str) -> None:
        """Add one to a sum of ``catalogue.counters``. Raises ValueError where it is not declared as it is used."""
        counter = COUNTERS.get(event)
        if counter is None or not dimensions.keys() <= {*counter.dimensions}:
            raise ValueError(event)
        self.state.count(event, **dimensions)

    def count_search(self, found: Found, lang: str, shown: Found | None = None) -> None:
        """Count a search under the first theme and kind it was narrowed to; remember its words if it found nothing.

        ``shown``: the answer on the page, where it is another one (a correction). Whose documents lead is counted
        unless the visitor asked for one organisation's.
        """
        query, leading = found.plan.query, (shown or found).records[:LEADING]
        theme, kind = (next(iter(query.chosen(facet)), "") for facet in ("theme", "kind"))
        self.count("search", theme=theme, lang=lang, kind=kind)
        if not found.results.total:
            self.count("no-result", lang=lang)
        if found.plan.parts and not found.results.total and not query.filters:
            self.state.zero_result(query.text)
        for record in leading if not query.chosen("publisher") else ():
            self.count("listed", publisher=record.publisher)

    def count_record(self, record: Resource, lang: str) -> None:
        """Count the opening of a record, under its first theme so that the themes add up."""
        self.count("record", theme=record.themes[0], lang=lang, kind=record.kind)

    # --- writing ---------------------------------------------------------------------------------------------

    def version(self, id: str) -> Version:
        """Return the file of a record as it is on the disk now, whatever it holds. Raises BadInput for a bad id."""
        return self.writer.version(self._store.path_of(id))

    def rendered(self, record: Resource) -> tuple[Path, bytes]:
        """Return the file of a record and the bytes that saving would write. Raises BadInput, WriteFailed."""
        return self._store.rendered(record)

    def save(self, record: Resource, *, account: str = "", seen: str | None = None, kind: str = "") -> int:
        """Write a record to its file and the index; returns the action in the history, 0 where nothing changed.

        ``seen``: the digest of the file that the editor began from (``version``), empty for a new record; None:
        whatever is there. Where only the index fails the save stands and is repaired later.
        Raises BadInput for an id that may not be used, Conflict where somebody else changed the file since,
        WriteFailed where the disk refuses (the old file stands), StateUnavailable where the history does not answer.
        """
        with self.writer.turn():
            path, data = self._store.rendered(record)
            kind = kind or ("save" if path.exists() else "new")
            return self.writer.write([Change(path, data, seen)], account=account, kind=kind)

    def save_all(
        self,
        records: Sequence[Resource],
        *,
        account: str,
        kind: str,
        label: str,
        gone: Sequence[str] = (),
        seen: Mapping[str, str] | None = None,
        also: Sequence[Change] = (),
    ) -> int:
        """Write many records, and remove the files of those ``gone``, as one action: all or nothing. As ``save``.

        ``seen``: the digests that the files had, by id, for those of which that matters; ``also``: other files.

        A file that goes leaves no tombstone: its id is to be among what another record ``replaces``, or was never out.
        """
        with self.writer.turn():
            known = seen or {}
            changes = [Change(*self._store.rendered(record), known.get(record.id)) for record in records]
            changes += [Change(self._store.path_of(id), None, known.get(id)) for id in gone]
            changes += also
            return self.writer.write(changes, account=account, kind=kind, label=label)

    def merge(self, kept: Resource, lost: str, *, account: str, label: str, seen: Mapping[str, str]) -> int:
        """Write the record that two became and let the id ``lost`` lead to it for ever. As ``save``.

        Our lists and pages that name ``lost`` name ``kept`` from now on.
        ``seen``: the digests of both files by id, as they were when the merge was decided.
        """
        with self.writer.turn():
            root = self.settings.resources
            texts = [path for name in ("lists", "pages") for path in sorted((root / name).glob("*.yaml"))]
            also = renaming(texts, lost, kept.id)
            return self.save_all([kept], account=account, kind="merge", label=label, gone=[lost], seen=seen, also=also)

    def changes(self, records: Iterable[Resource]) -> list[Change]:
        """Return what saving records would write, for ``write_files`` together with other files. Raises BadInput."""
        return [Change(*self._store.rendered(record)) for record in records]

    def write_files(self, changes: Sequence[Change], *, account: str, kind: str, label: str = "") -> int:
        """Write other files of the folder (lists of words, pages, the centre) as one action. As ``save``."""
        return self.writer.write(changes, account=account, kind=kind, label=label)

    def delete(self, id: str, *, account: str = "") -> int:
        """Remove a record for ever, leaving its tombstone. Raises NotFound, and as ``save`` does."""
        with self.writer.turn():
            changes = [Change(path, data) for path, data in self._store.removal(id, self.now().date())]
            return self.writer.write(changes, account=account, kind="weed")

    def save_each(
        self, records: Sequence[Resource], seen: Mapping[str, str], *, account: str, kind: str, label: str
    ) -> tuple[int, tuple[str, ...]]:
        """Write any number of records as one action; returns it, and the ids left because their file is another by now.

        ``seen``: by id, the digest of the file each change began from (``digest``). Between two chunks others have
        their turn, so that the site does not stall: where the disk refuses, what was written until then stands, and is
        undone as any action. Raises as ``save`` does.
        """
        made, left = 0, []
        for start in range(0, len(records), CHUNK):
            # Made ready before the turn, so that others wait for the writing only.
            fresh = [r for r in records[start : start + CHUNK] if self.version(r.id).digest == seen[r.id]]
            ready = {r.id: Change(*self._store.rendered(r), seen=seen[r.id]) for r in fresh}
            with self.writer.turn():
                still = {id for id, change in ready.items() if self.writer.version(change.path).digest == change.seen}
                left += [r.id for r in records[start : start + CHUNK] if r.id not in still]
                changes = [change for id, change in ready.items() if id in still]
                made = self.writer.write(changes, account=account, kind=kind, label=label, action=made)
        return made, tuple(left)

    def digest(self, record: Resource) -> str:
        """Return the digest of the file that a record was read from; empty where the file is another by now."""
        with self._lock:
            return self._store.digest(record)

    def restore(self, revision: int, *, account: str, seen: str | None = None) -> int:
        """Give a file one of its versions again; returns the action. A record that was deleted comes back to life.

        Raises NotFound, InvalidRecord for a version that is no record, and as ``save`` does.
        """
        found, version = self.state.history.revision(revision)
        path = self.settings.resources / found.path
        if version.data is None:
            raise NotFound
        if not path.is_relative_to(self._store.folder):
            return self.writer.restore(revision, account, seen)
        record, problems = Resource.from_document(yamlfile.parse(version.data, path), self.contents.frame.vocabularies)
        if record is None:
            raise InvalidRecord(problems)
        with self.writer.turn():
            there = self._store.path_of(record.id)  # it may have moved to another folder since
            changes = [Change(there if there.exists() else path, version.data, seen)]
            changes += [Change(*self._store.revival({record.id}))] if record.id in self._store.tombstones else []
            label = found.at.isoformat(timespec="minutes")
            return self.writer.write(changes, account=account, kind="restore", label=label)

    def undo(self, action: int, *, account: str) -> Undone:
        """Take an action back, as ``Writer.undo`` does; the first sight of a folder is not to be undone (BadInput).

        Records that it deleted come back to life, whatever else was deleted since.
        """
        if self.state.history.action(action).kind == "start":
            raise BadInput(N_("This cannot be undone: it is where the history begins."), field="action")
        undone = self.writer.undo(action, account)
        with self.writer.turn():
            back = {Path(name).stem for name in undone.back if name.startswith("records/")} & {*self._store.tombstones}
            back = {id for id in back if self._store.path_of(id).exists()}
            if not back:
                return undone
            change = Change(*self._store.revival(back))
            self.writer.write([change], account=account, kind="undo", undoes=action, action=undone.action)
        stones = change.path.name
        return Undone(undone.action, (*undone.back, stones), tuple(name for name in undone.left if name != stones))

    # --- keeping in step -------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Look at the folder every second from now on, in the background, until ``close``."""
        self._finder.prepare()  # so that the first visitor who types finds them read
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._watcher.start()

    def refresh(self) -> bool:
        """Take over what changed in the folder; returns whether anything did."""
        with self._lock:
            signature = Frame.signature(self.settings.resources)
            if signature != self._signature:
                self._signature = signature
                self._load()
                self._notice()
                self.synchronise()
                return True
            before = self._store.entries
            changes = self._store.refresh()
            if not self._noticed or self._store.entries != before:
                self._notice()
            if changes:
                self._take_over(changes.put, changes.removed)
            elif self._contents.problems != Contents.problems_of(self._contents.frame, self._store):
                self._publish(Contents.of(self._contents.frame, self._store))
            if self._behind:
                self.synchronise()
            return bool(changes)

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the whole index anew; returns the number of documents."""
        with self._lock:
            documents = self._documents(self.contents.public)
            self._engine.rebuild(documents, progress)
            self._linker.update(self.contents.frame.vocabularies.concepts)
            self._behind = False
            return len(documents)

    def synchronise(self, progress: Progress | None = None) -> None:
        """Compare the index with the records, digest by digest, and mend the difference."""
        with self._lock:
            documents = self._documents(self.contents.public)
            try:
                try:
                    mend(self._engine, documents, progress)
                except IndexUnavailable:
                    self._engine.rebuild(documents, progress)
                self._linker.update(self.contents.frame.vocabularies.concepts)
                self._behind = False
            except IndexUnavailable:
                self._behind = True

    def _catch_up(self) -> None:
        """Finish what a program that ended was writing, and let the history see the folder."""
        with contextlib.suppress(Unavailable):  # what cannot be finished now is finished before the next save
            if self.writer.recover():
                self._load()
        self._notice()

    def _notice(self) -> None:
        """Let the history follow what others did in the folder."""
        root = self.settings.resources
        others = [Path(name) for name, _, _ in self._signature] + [root / "tombstones.yaml"]
        found = {path: _digest(path) for path in others if path.is_file()}
        found |= {path: entry.digest for path, entry in self._store.entries.items()}
        self._noticed = self.writer.notice(found)

    def _written(self, paths: Sequence[Path]) -> None:
        """Take over files that were just written here."""
        if Frame.signature(self.settings.resources) != self._signature:
            self.refresh()
            return
        changes = self._store.take(path for path in paths if path.is_relative_to(self._store.folder))
        self._take_over(changes.put, changes.removed)

    def _documents(self, records: Iterable[Resource]) -> list[IndexDocument]:
        return [make_document(record, self.contents.frame.vocabularies) for record in records]

    def _load(self) -> None:
        frame = Frame.load(self.settings.resources)
        self._store.terms = frame.vocabularies
        self._store.load()
        self._publish(Contents.of(frame, self._store))

    def _publish(self, contents: Contents) -> None:
        """Let readers see ``contents`` from now on; what is newly wrong in them is logged once."""
        wrong = [problem.render(root=self.settings.resources) for problem in contents.faults()]
        for line in wrong:
            if line not in self._told:
                log.warning("%s", line)
        self._told = frozenset(wrong)
        self._finder.take_over(contents)
        self._contents = contents

    def _take_over(self, put: Iterable[Resource], removed: Iterable[str]) -> None:
        self._publish(Contents.of(self._contents.frame, self._store))
        records = list(put)
        hidden = [*removed, *(record.id for record in records if not record.is_public)]
        try:
            public = self._documents(record for record in records if record.is_public)
            if public:
                self._engine.put(public)
            if hidden:
                self._engine.remove(hidden)
        except IndexUnavailable:
            self._behind = True

    def _watch(self) -> None:
        while not self._stop.wait(WATCH_SECONDS):
            try:
                self.refresh()
            except (CatalogueError, OSError) as error:
                log.error("the folder could not be taken over: %s", error)
            except Exception:
                log.exception("the folder could not be taken over")


def _digest(path: Path) -> str:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""


def _likeness(one: Resource, other: Resource, telling: set[str]) -> int:
    shared = [
        (5, set(one.occupations) & set(other.occupations)),
        (3, telling & set(other.subjects)),
        (1, set(one.themes) & set(other.themes)),
        (1, set(one.audiences) & set(other.audiences)),
        (2, set(one.sectors) & set(other.sectors)),
    ]
    return sum(weight * len(common) for weight, common in shared)

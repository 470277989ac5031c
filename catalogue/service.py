"""The catalogue: the only door for the web and the command line. It orders store → index, and keeps both in step."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from catalogue import network, yamlfile
from catalogue.answers import Answers
from catalogue.contents import Contents, Frame
from catalogue.custody import Custody
from catalogue.errors import N_, BadInput, CatalogueError, InvalidRecord, NotFound, SettingsError, Unavailable
from catalogue.inside import FilePictures, FileText, FileTexts, Reading
from catalogue.inventory import Inventory
from catalogue.media import MediaFolder
from catalogue.merging import renaming
from catalogue.resource import Resource
from catalogue.search.document import IndexDocument, make_document
from catalogue.search.engine import Engine, Progress
from catalogue.search.engines import open_engine
from catalogue.search.linking import Linker
from catalogue.settings import Settings
from catalogue.state import State, Version
from catalogue.state.history import digest_of
from catalogue.store import Changes, Store
from catalogue.writing import Change, Told, Undone, Writer

log = logging.getLogger("catalogue")

WATCH_SECONDS = 1.0
"""How often the folder is looked at: what others change shows within two seconds."""

LOOK_SHARE = 0.2
"""Of the time of one processor, what looking at every file takes at most: 100,000 are looked at every 20 seconds or so.
What another process writes is seen within two seconds all the same: the history tells which files."""


class Catalogue(Answers):
    """One running catalogue. Reading is lock-free on immutable contents; writing and refreshing hold one lock."""

    def __init__(self, settings: Settings, engine: Engine, linker: Linker, state: State) -> None:
        super().__init__(settings, engine, linker, state)
        self._linker = linker
        self.inventory = Inventory()
        self._lock = threading.RLock()
        self._signature = Frame.signature(settings.resources)
        self._store = Store(settings.resources)
        self.writer = Writer(
            settings.resources,
            settings.var / "write.lock",
            state.history,
            self._lock,
            self._written,
            state.sole_writer.hold,
            Custody(lambda: self.contents.frame.vocabularies, lambda: state.accounts),
        )
        self.media = MediaFolder(settings.resources / "media", self.writer.turn)
        self.file_texts = FileTexts(settings.resources, settings.cache / "inside", self._texts_read)
        # By a worker of its own: the words of a scan may take twenty minutes, and no cover waits for that.
        self.file_pictures = FilePictures(settings.resources, settings.cache / "covers", Reading())
        self._noticed = False  # whether the history has seen the folder as it is
        self._followed: int | None = None  # the last version in the history whose file was read here
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._told: frozenset[str] = frozenset()  # the problems that were logged
        self._load()

    @classmethod
    def open(cls, settings: Settings, progress: Progress | None = None, rebuild: bool = False) -> Catalogue:
        """Read everything and bring the index up to date, or build it anew. Faulty files are left out, logged and told.

        Raises SettingsError where the settings name an engine or a centre that does not exist.
        """
        engine, concepts = open_engine(settings), open_engine(settings, "concepts")
        # The state keeps the centre's time, whatever the server's own: a code is valid until the doors close here.
        state = State.open(settings.state, clock=lambda: catalogue.now())
        catalogue = cls(settings, engine, Linker(concepts), state)
        try:
            network.check_setting(settings.centre, catalogue.contents.frame.vocabularies)
        except SettingsError:
            catalogue.close()
            raise
        if not settings.desk:
            catalogue._follow()
            return catalogue
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
        self.file_texts.close()
        self.file_pictures.close()
        self.state.close()
        self._engine.close()
        self._linker.close()

    # --- writing ---------------------------------------------------------------------------------------------

    def version(self, id: str) -> Version:
        """Return the file of a record as it is on the disk now, whatever it holds. Raises BadInput for a bad id."""
        return self.writer.version(self._store.path_of(id))

    def change(self, record: Resource, seen: str | None = None) -> Change:
        """Return what saving a record would write; ``seen`` as for ``save``. Raises BadInput, WriteFailed."""
        return Change(*self._store.rendered(record), seen)

    def changes(self, records: Iterable[Resource]) -> list[Change]:
        """Return what saving records would write, for ``write_files`` together with other files. As ``change``."""
        return [self.change(record) for record in records]

    def save(self, record: Resource, *, account: str = "", seen: str | None = None, kind: str = "") -> int:
        """Write a record to its file and the index; returns the action in the history, 0 where nothing changed.

        ``seen``: the digest of the file that the editor began from (``version``), empty for a new record; None:
        whatever is there. Where only the index fails the save stands and is repaired later.
        Raises BadInput for an id that may not be used, Conflict where somebody else changed the file since,
        WriteFailed where the disk refuses (the old file stands), StateUnavailable where the history does not answer.
        """
        with self.writer.turn():
            change = self.change(record, seen)
            kind = kind or (("weed" if self._weeds(record) else "save") if change.path.exists() else "new")
            return self.writer.write([change], account=account, kind=kind)

    def _weeds(self, record: Resource) -> bool:
        """Tell whether a save takes a record out of what visitors find."""
        before = self.contents.records.get(record.id)
        return before is not None and before.status != record.status == "withdrawn"

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
            changes = [self.change(record, known.get(record.id)) for record in records]
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

    def write_files(self, changes: Sequence[Change], *, account: str, kind: str, label: str = "") -> int:
        """Write other files of the folder (lists of words, pages, the centre) as one action. As ``save``."""
        return self.writer.write(changes, account=account, kind=kind, label=label)

    def delete(self, id: str, *, account: str = "") -> int:
        """Remove a record for ever, leaving its tombstone. Raises NotFound, and as ``save`` does."""
        with self.writer.turn():
            changes = [Change(path, data) for path, data in self._store.removal(id, self.now().date())]
            return self.writer.write(changes, account=account, kind="weed")

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

    def undo(self, action: int, *, account: str, resume: bool = False, told: Told = lambda done, total: None) -> Undone:
        """Take an action back, as ``Writer.undo`` does; the first sight of a folder is not to be undone (BadInput).

        Records that it deleted come back to life, whatever else was deleted since.
        """
        if self.state.history.action(action).kind == "start":
            raise BadInput(N_("This cannot be undone: it is where the history begins."), field="action")
        undone = self.writer.undo(action, account, resume=resume, told=told)
        with self.writer.turn():
            back = {Path(name).stem for name in undone.back if name.startswith("records/")} & {*self._store.tombstones}
            back = {id for id in back if self._store.path_of(id).exists()}
            if not back:
                return undone
            change = Change(*self._store.revival(back))
            self.writer.write([change], account=account, kind="undo", undoes=action, action=undone.action)
        stones = change.path.name
        return Undone(undone.action, (*undone.back, stones), tuple(name for name in undone.left if name != stones))

    @contextmanager
    def many(self) -> Iterator[Callable[[], None]]:
        """Let what this thread writes inside go into the index in batches: for work that changes very many records.

        Gives what is to be called between two parts of the work, while others may write.
        """
        with self._indexing.gathering():
            yield lambda: self._indexing.flush(only_if_due=True)

    # --- keeping in step -------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Look at the folder every second from now on, in the background, until ``close``."""
        self._finder.prepare()  # so that the first visitor who types finds them read
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)
        self._watcher.start()
        self.file_texts.start()
        self.file_pictures.start()

    def refresh(self, whole: bool = True) -> bool:
        """Take over what changed in the folder; returns whether anything did.

        ``whole``: every record file is looked at; else those of which the history tells that another process wrote.
        Where the folder is not there for a while, as a shared one may be, what was read stays.
        """
        with self._lock:
            if not self._store.folder.is_dir():
                return False
            if not self.settings.desk:
                return self._follow(whole)
            signature = Frame.signature(self.settings.resources)
            if signature != self._signature:
                self._signature = signature
                self._load()
                self._notice()
                self.synchronise()
                return True
            before = self._store.entries
            changes = self._store.refresh() if whole else Changes()
            if not self._noticed or self._store.entries != before:
                self._notice()
            if changes:
                self._take_over(changes.put, changes.removed)
            elif self._contents.problems != Contents.problems_of(self._contents.frame, self._store):
                self._publish(Contents.of(self._contents.frame, self._store))
            if self._indexing.behind:
                self.synchronise()
            return bool(changes)

    def _follow(self, whole: bool = True) -> bool:
        """Take over what the process with a desk wrote, into files and index; this one writes into neither."""
        written = self._written_elsewhere()
        signature = Frame.signature(self.settings.resources)
        changed = signature != self._signature
        if changed:
            self._signature = signature
            self._load()
        elif self._store.refresh() if whole else written and self._store.take(written):
            changed = True
            self._publish(Contents.of(self._contents.frame, self._store))
        self._indexing.follow(self._contents.frame.vocabularies.concepts)
        return changed

    def _written_elsewhere(self) -> list[Path]:
        """Return the record files that were written since this was last asked; none where the state does not answer."""
        records = self._store.folder.relative_to(self.settings.resources).as_posix() + "/"
        before, history = self._followed, self.state.history
        try:
            newest = history.newest()
            paths = history.written(before, newest) if before is not None and newest != before else ()
        except Unavailable:
            return []
        self._followed = newest
        return [self.settings.resources / path for path in paths if path.startswith(records)]

    def rebuild(self, progress: Progress | None = None) -> int:
        """Build the whole index anew; returns the number of documents."""
        with self._lock:
            documents = self._documents(self.contents.public)
            self._indexing.rebuild(documents, self.contents.frame.vocabularies.concepts, progress)
            return len(documents)

    def synchronise(self, progress: Progress | None = None) -> None:
        """Compare the index with the records, digest by digest, and mend the difference."""
        with self._lock:
            documents = self._documents(self.contents.public)
            self._indexing.synchronise(documents, self.contents.frame.vocabularies.concepts, progress)

    def _catch_up(self) -> None:
        """Finish what a program that ended was writing, and let the history see the folder."""
        with contextlib.suppress(Unavailable):  # what cannot be finished now is finished before the next save
            self.writer.sweep()
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
        vocabularies = self.contents.frame.vocabularies
        return [make_document(record, vocabularies, self._files_of(record)) for record in records]

    def _files_of(self, record: Resource) -> Iterator[FileText]:
        """Yield the texts of a record's files that are known by now."""
        for found in record.files:
            text = self.file_texts.text(found.path, found.lang)
            if text:
                yield text

    @property
    def file_problems(self) -> Mapping[str, tuple[str, str]]:
        """What is wrong with which file, and the digest of its content: named once, first for what its text lacks."""
        return {**self.file_pictures.problems, **self.file_texts.problems}

    def _texts_read(self, paths: Collection[str]) -> None:
        """Put the records into the index whose files were just read."""
        if not self.settings.desk:
            return
        with self._lock:
            naming = (record for path in paths for record in self.contents.naming.get(path, ()))
            found = {record.id: record for record in naming if record.is_public}
            self._indexing.take(self._documents(found.values()), ())

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
        self.file_texts.want(contents.media)
        self.file_pictures.want(contents.pictured)

    def _take_over(self, put: Iterable[Resource], removed: Iterable[str]) -> None:
        self._publish(Contents.of(self._contents.frame, self._store))
        records = list(put)
        hidden = [*removed, *(record.id for record in records if not record.is_public)]
        self._indexing.take(self._documents(record for record in records if record.is_public), hidden)

    def _watch(self) -> None:
        look_again = 0.0
        while not self._stop.wait(WATCH_SECONDS):
            begun = time.monotonic()
            whole = begun >= look_again
            try:
                self.refresh(whole)
            except (CatalogueError, OSError) as error:
                log.error("the folder could not be taken over: %s", error)
            except Exception:
                log.exception("the folder could not be taken over")
            if whole:
                look_again = begun + (time.monotonic() - begun) / LOOK_SHARE


def _digest(path: Path) -> str:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""

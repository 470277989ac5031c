"""Writing: the one way in which files of the resources folder change while the catalogue runs.

Under one lock, among threads and among processes: compare with what the writer saw, promise the history what is about
to be written, write, keep the promise. Many files are one action: all of them are written, or none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from catalogue import atomic
from catalogue.errors import N_, BadInput, Conflict, NotFound, Unavailable, WriteFailed
from catalogue.state.history import History, Promise, Version

log = logging.getLogger("catalogue.writing")

CHUNK = 100
"""Files that are written in one go where an action has very many: between two, others have their turn."""


Allowed = Callable[[str, Sequence[tuple[Version, Version]]], None]
"""Hears which account is to turn which versions of files into which; raises Forbidden where it may not."""

Told = Callable[[int, int], None]
"""Hears how much is done, of how much."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is to have these bytes, or (None) is to go.

    ``seen``: the digest of the file that the writer began from, empty for a file that is not to be there yet;
    None: whatever is there.
    """

    path: Path
    data: bytes | None
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking an action back did: the action that did it (0: nothing was left to do), files put back, and files
    that were left as they are because somebody changed them since."""

    action: int
    back: tuple[str, ...]
    left: tuple[str, ...]


class Writer:
    """The writer of one resources folder. ``taken`` is called, under the lock, with the files that changed.

    ``alone`` raises Unavailable where another machine has the right to write; ``allowed`` raises Forbidden where the
    account has not, before anything is written: every write that is somebody's comes by here.
    """

    def __init__(
        self,
        root: Path,
        lock_file: Path,
        history: History,
        lock: threading.RLock,
        taken: Callable[[Sequence[Path]], None],
        alone: Callable[[], None] = lambda: None,
        allowed: Allowed = lambda account, changes: None,
    ) -> None:
        self.root, self.history = root, history
        self._alone, self._allowed = alone, allowed
        self._lock_file, self._lock, self._taken = lock_file, lock, taken
        self._known: dict[str, str] | None = None  # path → digest of the last version in the history
        self._depth = 0  # turns within turns

    # --- reading ---------------------------------------------------------------------------------------------

    def version(self, path: Path) -> Version:
        """Return a file as it is on the disk now. Raises WriteFailed where it is there and cannot be read."""
        try:
            return Version(self._name(path), path.read_bytes())
        except FileNotFoundError:
            return Version(self._name(path), None)
        except OSError as error:
            raise WriteFailed(path=path, reason=error.strerror or str(error)) from error

    # --- writing ---------------------------------------------------------------------------------------------

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to write, among threads and processes. Raises Unavailable, WriteFailed."""
        with self._lock, atomic.lock(self._lock_file) if not self._depth else nullcontext():
            if not self._depth:
                self._alone()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def write(
        self,
        changes: Sequence[Change],
        *,
        account: str = "",
        kind: str = "save",
        label: str = "",
        undoes: int = 0,
        action: int = 0,
    ) -> int:
        """Write all of these files, or none; returns the action in the history, 0 where nothing had to change.

        ``action``: one that goes on, of which this is a further part.
        Raises Conflict where a file is not as it was seen, WriteFailed where the disk refuses (every file is then as
        before), Forbidden, StateUnavailable, Unavailable.
        """
        with self.turn():
            self.recover()
            old = {change.path: self.version(change.path) for change in changes}
            for change in changes:
                if change.seen is not None and change.seen != old[change.path].digest:
                    raise Conflict(old[change.path].path)
            wanted = [change for change in changes if change.data != old[change.path].data]
            if not wanted:
                return action
            versions = [Version(self._name(change.path), change.data) for change in wanted]
            self._allowed(account, [(old[change.path], new) for change, new in zip(wanted, versions, strict=True)])
            self._note([old[change.path] for change in wanted])
            made = self.history.promise(versions, account=account, kind=kind, label=label, undoes=undoes, action=action)
            self._carry_out(made, wanted, old)
            self.history.keep(made)
            self._remember(versions)
            self._taken([change.path for change in wanted])
            return made

    def undo(self, action: int, account: str, *, resume: bool = False, told: Told = lambda done, total: None) -> Undone:
        """Take an action back: every file it wrote gets the bytes it had before, those changed since are left.

        ``resume``: go on with an undo that was cut short. ``told`` hears, between two parts, how many files of how many
        are done; it may take its time, others write meanwhile; what it raises ends the undo there.
        Raises NotFound for an unknown action, BadInput for one that was taken back already, and as ``write`` does.
        """
        done = self.history.action(action)
        if done.undone and not resume:
            raise BadInput(N_("This was already undone."), field="action")
        pairs = self.history.changes(action)
        self._allowed(account, [(after, before) for before, after in pairs])  # all of it, or nothing
        back: list[str] = []
        left: list[str] = []
        made = self.history.undo_of(action) if resume else 0
        before_now = self.history.paths(made) if made else frozenset()
        for start in range(0, len(pairs), CHUNK):
            with self.turn():
                part = []
                for before, after in pairs[start : start + CHUNK]:
                    path = self.root / after.path
                    now = self.version(path).digest
                    if after.path in before_now:  # whatever became of it since
                        back.append(after.path)
                        continue
                    if now != after.digest:
                        left.append(after.path)
                        continue
                    back.append(after.path)
                    part.append(Change(path, before.data, seen=after.digest))
                made = self.write(part, account=account, kind="undo", label=done.label, undoes=action, action=made)
            told(min(start + CHUNK, len(pairs)), len(pairs))
        return Undone(made, tuple(back), tuple(left))

    def restore(self, revision: int, account: str, seen: str | None = None) -> int:
        """Give a file the bytes of one of its versions again; returns the action. Raises NotFound, and as ``write``."""
        found, version = self.history.revision(revision)
        if version.data is None:
            raise NotFound
        change = Change(self.root / found.path, version.data, seen)
        return self.write([change], account=account, kind="restore", label=found.at.isoformat(timespec="minutes"))

    # --- the history follows the disk ------------------------------------------------------------------------

    def recover(self) -> bool:
        """Keep the promises of a program that ended in the middle of writing; returns whether there were any.

        Raises StateUnavailable, WriteFailed (they are then kept later), Unavailable.
        """
        if not self.history.promises():
            return False
        with self.turn():
            promises = self.history.promises()
            for action in dict.fromkeys(promise.action for promise in promises):
                self._resume(action, [promise for promise in promises if promise.action == action])
            self._known = None
        return True

    def sweep(self) -> None:
        """Remove the temporary files of a program that ended in the middle of writing. Raises Unavailable."""
        with self.turn():
            if swept := atomic.sweep_folder(self.root):
                log.warning("%s temporary files of an interrupted write were removed", swept)

    def notice(self, found: Mapping[Path, str]) -> bool:
        """Take into the history what others changed. ``found``: the digest of every file there is, empty where it
        cannot be read. Returns whether that was possible: it never raises, and is to be tried again.
        """
        try:
            known = self._latest()
            names = {self._name(path): digest for path, digest in found.items()}
            # A name that is not UTF-8 is no id: its file holds no record, and the database could not keep it.
            names = {name: digest for name, digest in names.items() if name.isprintable()}
            fresh = [name for name, digest in names.items() if digest and known.get(name) != digest]
            fresh += [name for name, digest in known.items() if digest and name not in names]
            if fresh:
                with self.turn():
                    self._known = None  # another process may have noted them
                    self._note([self.version(self.root / name) for name in fresh])
        except Unavailable as error:
            log.debug("the history waits: %s", error)
            return False
        return True

    # --- inside ----------------------------------------------------------------------------------------------

    def _carry_out(self, action: int, changes: Sequence[Change], old: Mapping[Path, Version]) -> None:
        done: list[Path] = []
        try:
            atomic.write_all([(change.path, change.data) for change in changes], done)
        except WriteFailed:
            kept = [path for path in done if not self._put_back(path, old[path].data)]
            self.history.drop(action, [self._name(c.path) for c in changes if c.path not in kept])
            if kept:
                self.history.keep(action)
                self._taken(kept)
            raise

    def _put_back(self, path: Path, data: bytes | None) -> bool:
        try:
            put(path, data)
        except WriteFailed:
            log.error("%s could not be put back as it was", path)
            return False
        return True

    def _resume(self, action: int, promises: Iterable[Promise]) -> None:
        for promise in promises:
            path, version = self.root / promise.version.path, promise.version
            now = self.version(path).digest
            if now == version.digest:
                continue
            if now == promise.before:
                put(path, version.data)
            else:  # somebody changed it since: theirs stands
                self.history.drop(action, [version.path])
        self.history.keep(action)
        log.warning("what was being written when the program ended is written")

    def _note(self, versions: Iterable[Version]) -> None:
        """Put into the history what it does not have of these files."""
        known = self._latest()
        kind = "hand" if known else "start"
        fresh = [version for version in versions if known.get(version.path, "") != version.digest]
        for start in range(0, len(fresh), CHUNK):
            self.history.notice(fresh[start : start + CHUNK], kind)
        self._remember(fresh)

    def _latest(self) -> dict[str, str]:
        if self._known is None:
            self._known = self.history.latest()
        return self._known

    def _remember(self, versions: Iterable[Version]) -> None:
        self._latest().update({version.path: version.digest for version in versions})

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


def put(path: Path, data: bytes | None) -> None:
    """Write a file whole, or remove it. Raises WriteFailed."""
    atomic.write_all([(path, data)], [])

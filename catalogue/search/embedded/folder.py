"""The index on the disk: generations beside each other, and a manifest that says which one is in use.

    manifest.json         which generation is in use, and the fingerprint it was built with
    <generation>/         whoosh's files, and words.json

A rebuild fills a new generation beside the one in use and then replaces the manifest; a commit inside a generation
replaces whoosh's list of segments. Both are one rename, so a crash at any moment leaves the old index or the new one.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage, RamStorage
from whoosh.index import TOC, LockError, clean_files

from catalogue import atomic
from catalogue.search.embedded.codec import ArrayCodec
from catalogue.search.embedded.schema import schema
from catalogue.search.words import NO_WORDS, Words

_NAME = "MAIN"
_WORDS = "words.json"


@dataclass(frozen=True)
class Generation:
    """One whoosh index and the words it was built with."""

    storage: Any
    words: Words

    @classmethod
    def in_memory(cls, words: Words = NO_WORDS) -> Generation:
        """Make one that lives as long as the process."""
        return cls(RamStorage(), words)

    @classmethod
    def create(cls, folder: Path, words: Words) -> Generation:
        """Make one in a new folder below ``folder``. Raises OSError."""
        path = folder / f"{time.time_ns():x}"
        path.mkdir(parents=True)
        (path / _WORDS).write_text(json.dumps(words.to_json()), encoding="utf-8")
        return cls(FileStorage(str(path)), words)

    @classmethod
    def in_use(cls, folder: Path, fingerprint: str) -> Generation | None:
        """Open the one the manifest names, None where it was built by another version.

        Raises FileNotFoundError where there is none yet, and anything at all where it is damaged.
        """
        manifest = json.loads((folder / "manifest.json").read_bytes())
        if manifest["fingerprint"] != fingerprint:
            return None
        path = folder / manifest["generation"]
        words = Words.from_json(json.loads((path / _WORDS).read_bytes()))
        return cls(FileStorage(str(path)), words)

    @classmethod
    def state(cls, folder: Path) -> tuple[str, int]:
        """Return the generation in use and the number of its last commit: another one means that somebody wrote."""
        try:
            name = str(json.loads((folder / "manifest.json").read_bytes())["generation"])
            return name, int(TOC._latest_generation(FileStorage(str(folder / name)), _NAME))
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0

    def use(self, folder: Path, fingerprint: str) -> None:
        """Let the manifest name this generation, and remove the others. Raises WriteFailed."""
        name = Path(self.storage.folder).name
        manifest = {"generation": name, "fingerprint": fingerprint}
        atomic.write_bytes(folder / "manifest.json", json.dumps(manifest, indent=1).encode() + b"\n")
        for item in folder.glob("*/"):
            if item.name != name and all(c in "0123456789abcdef" for c in item.name):
                shutil.rmtree(item, ignore_errors=True)

    def discard(self) -> None:
        """Remove it from the disk."""
        shutil.rmtree(self.storage.folder, ignore_errors=True)

    def listed(self) -> list[Any]:
        """Return the segments of the last commit. Raises whatever a damaged list makes whoosh raise."""
        segments: list[Any] = TOC.read(self.storage, _NAME).segments
        return segments

    def commit(self, segments: Sequence[tuple[Any, frozenset[int]]]) -> None:
        """Make these segments the index, each without the records that are deleted of it.

        Raises LockError where another process writes, OSError where the disk refuses: the last commit then stands.
        """
        lock = self.storage.lock(f"{_NAME}_WRITELOCK")
        if not lock.acquire():
            raise LockError
        try:
            number = TOC._latest_generation(self.storage, _NAME) + 1
            listed = [_without(segment, deleted) for segment, deleted in segments]
            TOC(schema(), listed, number).write(self.storage, _NAME)
            clean_files(self.storage, _NAME, number, listed)
        finally:
            lock.release()


def _without(segment: Any, deleted: frozenset[int]) -> W3Segment:
    # A copy: snapshots still in use know the segment as it was.
    count = segment.doc_count_all()
    return W3Segment(ArrayCodec(), _NAME, doccount=count, segid=segment.segid, deleted=set(deleted) or None)

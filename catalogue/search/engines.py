"""The search engines there are, by the scheme that stands before the colon in ``CATALOGUE_INDEX``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from catalogue.errors import N_, SettingsError
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Engine

ENGINES: Mapping[str, Callable[[Path], Engine]] = {
    "whoosh": SnapshotEngine,
}
"""What opens the index in a folder, or begins one there."""


def open_engine(scheme: str, folder: Path) -> Engine:
    """Open the index in ``folder`` with an engine of ``ENGINES``. Raises SettingsError where there is none such."""
    if scheme not in ENGINES:
        raise SettingsError(N_("CATALOGUE_INDEX: “%(scheme)s” is not an engine. Give a folder."), scheme=scheme)
    return ENGINES[scheme](folder)

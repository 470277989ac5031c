"""The search engines there are, by the scheme that stands before the colon in ``CATALOGUE_INDEX``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from catalogue.errors import N_, SettingsError
from catalogue.search.embedded.engine import SnapshotEngine
from catalogue.search.engine import Engine
from catalogue.settings import Settings

ENGINES: Mapping[str, Callable[[Path], Engine]] = {
    "whoosh": SnapshotEngine,
}
"""What opens the index in a folder, or begins one there."""

CLUSTERS = ("opensearch+https", "opensearch+http")
"""What stands before an address instead."""


def open_engine(settings: Settings, part: str = "") -> Engine:
    """Open the index that the settings name, or the index ``part`` beside it.

    Raises SettingsError where there is no such engine, or its address cannot be understood.
    """
    scheme = settings.index_engine
    if scheme in CLUSTERS:
        return _open_cluster(settings, part)
    if scheme not in ENGINES:
        raise SettingsError(
            N_("CATALOGUE_INDEX: “%(scheme)s” is not an engine. Give a folder, or opensearch+https://host:9200/name."),
            scheme=scheme,
        )
    return ENGINES[scheme](settings.index_folder / part)


def _open_cluster(settings: Settings, part: str) -> Engine:
    try:
        from catalogue.search.opensearch.address import Address
        from catalogue.search.opensearch.engine import OpenSearchEngine
    except ModuleNotFoundError as error:  # what a centre with a folder does without
        raise SettingsError(
            N_("CATALOGUE_INDEX: “%(name)s” is not installed. Install the catalogue with the extra “opensearch”."),
            name=error.name or "",
        ) from error
    address = Address.of(settings.index, settings.index_user, settings.index_password)
    return OpenSearchEngine(address.part(part) if part else address)

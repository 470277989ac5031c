"""A real resources folder of a chosen size: the example centre with the records of the corpus added as YAML files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.corpus import Entry

PROJECT = Path(__file__).parent.parent


def write_centre(folder: Path, entries: Iterable[Entry]) -> None:
    """Make ``folder`` a copy of the project's resources that also holds ``entries`` and what they refer to."""
    shutil.copytree(PROJECT / "resources", folder)
    added: dict[str, dict[str, str]] = {"sectors": {}, "places": {}, "publishers": {}}
    for entry in entries:
        write_record(folder, entry)
        added["sectors"] |= {id: id for id in entry.facets["sector"]}
        added["places"] |= {id: id for id in entry.facets["place"]}
        added["publishers"] |= dict.fromkeys(entry.facets["publisher"], entry.publisher)
    for vocabulary, labels in added.items():
        with (folder / "vocabularies" / f"{vocabulary}.yaml").open("a", encoding="utf-8") as file:
            file.writelines(f"- {{id: {id}, labels: {{fr: {label}, nl: {label}}}}}\n" for id, label in labels.items())


def write_record(folder: Path, entry: Entry) -> None:
    """Write the file of one entry, at once and whole, as careful editors do."""
    path = folder / "records" / "bench" / f"{entry.id}.yaml"
    path.parent.mkdir(exist_ok=True)
    # A JSON value is a YAML value too.
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in _mapping(entry).items() if value)
    unfinished = path.with_suffix(".part")
    unfinished.write_text("".join(lines), encoding="utf-8")
    unfinished.replace(path)


def _mapping(entry: Entry) -> dict[str, Any]:
    facets = entry.facets
    holdings = [{"url": f"https://example.org/{entry.id}"}] if "shelf" not in facets["format"] else []
    return {
        "kind": facets["kind"][0],
        "themes": facets["theme"],
        "title": entry.title,
        "summary": entry.summary,
        "easy": {lang: text.partition(".")[0] + "." for lang, text in entry.summary.items()} if facets["easy"] else {},
        "languages": facets["language"],
        "audiences": facets["audience"],
        "level": facets["level"][0],
        "sectors": facets["sector"],
        "places": facets["place"],
        "keywords": entry.keywords,
        "publisher": facets["publisher"][0],
        "holdings": holdings or [{"shelf": entry.shelf}],
        "dates": [{"start": "2031-01-01T09:00"}] if facets["kind"] == ["event"] else [],
        "added": entry.newest,
        "status": "published",
    }

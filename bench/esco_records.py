"""Centres made of the ESCO occupations: a real resources folder with one published record an occupation.

Judged queries name ESCO concepts, so a record's id is the UUID of its concept. Nothing of ESCO stays in the
project's repository: the folders are made from ESCO's own files and kept in ``var/bench`` until something that
they are made of changes.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from starlette.testclient import TestClient

from catalogue import atomic
from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.values import TEXT_LANGUAGES
from catalogue.web.app import create_app

PROJECT = Path(__file__).parent.parent
CACHE = PROJECT / "var" / "bench" / "relevance"
LANGUAGES = ("fr", "nl")


@dataclass(frozen=True)
class Occupation:
    """An ESCO occupation: by language its preferred label, its alternative labels and its description."""

    uri: str
    preferred: Mapping[str, str]
    alternatives: Mapping[str, tuple[str, ...]]
    description: Mapping[str, str]

    @property
    def id(self) -> str:
        """The UUID at the end of the concept's URI: the id of its record."""
        return concept_id(self.uri)

    def labels(self, lang: str) -> tuple[str, ...]:
        """The labels in ``lang``, the preferred one first."""
        return self.preferred[lang], *self.alternatives[lang]


@dataclass(frozen=True)
class Instance:
    """A centre to measure: the languages of its records, whether they have keywords, whether it knows ESCO."""

    name: str
    languages: tuple[str, ...] = LANGUAGES
    keywords: bool = False
    thesaurus: bool = True


BILINGUAL = Instance("bilingual", keywords=True, thesaurus=False)
FRENCH_ONLY = Instance("french-only", languages=("fr",))
DUTCH_ONLY = Instance("dutch-only", languages=("nl",))


def concept_id(uri: str) -> str:
    """Return the UUID at the end of an ESCO concept's URI."""
    return uri.rpartition("/")[2]


def read_occupations(data: Path) -> list[Occupation]:
    """Read the occupations from the folder of real data. Raises OSError where they are not there."""
    return [
        Occupation(
            row["conceptUri"],
            {lang: row[f"label_{lang}"] for lang in LANGUAGES},
            {lang: tuple(filter(None, row[f"alt_{lang}"].split("|"))) for lang in LANGUAGES},
            {lang: row[f"description_{lang}"] for lang in LANGUAGES},
        )
        for row in read_table(_source(data))
    ]


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by the names in its first line."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def served(instance: Instance, data: Path, fresh: bool = False, cluster: str = "") -> Iterator[TestClient]:
    """Serve ``instance``; yields a client of the site. ``fresh``: from a new index, else from the one kept if it fits.

    ``cluster``: the address of an OpenSearch index, behind whose name that of the instance is put.

    Raises RuntimeError where the site is not well.
    """
    folder = _made(instance, data)
    if fresh:
        shutil.rmtree(folder / "index", ignore_errors=True)
    index = f"{cluster}-{instance.name}" if cluster else str(folder / "index")
    with tempfile.TemporaryDirectory() as place, client(folder / "resources", index, Path(place), fresh) as opened:
        yield opened


@contextmanager
def client(resources: Path, index: str, var: Path, rebuild: bool = False) -> Iterator[TestClient]:
    """Serve a resources folder; yields a client of the site. Raises RuntimeError where the site is not well."""
    settings = Settings(resources=resources, index=index, state=f"sqlite:///{var}/catalogue.db", cache=var)
    with TestClient(create_app(Catalogue.open(settings, rebuild=rebuild), watch=False)) as opened:
        health = opened.get("/healthz").json()
        if health["status"] != "ok" or health["records"] != len(list((resources / "records").iterdir())):
            raise RuntimeError(health)
        yield opened


def _made(instance: Instance, data: Path) -> Path:
    """Return the folder of ``instance``, its resources made anew where anything they are made of changed."""
    folder = CACHE / f"{instance.name}-{_signature(data)}"
    with atomic.lock(CACHE / "lock", timeout=60):
        if not folder.is_dir():
            for outdated in CACHE.glob(f"{instance.name}-*"):
                shutil.rmtree(outdated, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as unfinished:
                write(Path(unfinished) / "whole" / "resources", instance, read_occupations(data), data)
                (Path(unfinished) / "whole").rename(folder)
    return folder


def write(folder: Path, instance: Instance, occupations: Iterable[Occupation], data: Path) -> None:
    """Write the resources folder of ``instance``: the project's own centre with these occupations as its records.

    An instance that knows ESCO has the project's thesaurus and imports ESCO from ``data`` beside it, as any centre
    does; of one that does not, the thesaurus holds no concept of ESCO at all.
    """
    shutil.copytree(PROJECT / "resources", folder, ignore=shutil.ignore_patterns("records", "media", "lists"))
    if instance.thesaurus:
        _import_esco(folder, data)
    else:
        _leave_out_esco(folder / "vocabularies" / "thesaurus")
    for occupation in occupations:
        _dump(folder / "records" / f"{occupation.id}.yaml", _record(occupation, instance))


def _record(occupation: Occupation, instance: Instance) -> dict[str, Any]:
    """Return a record without occupations or subjects: only its words lead to it."""
    languages = instance.languages
    record: dict[str, Any] = {
        "kind": "factsheet",
        "themes": ["work"],
        "title": {lang: occupation.preferred[lang] for lang in languages},
        "summary": {lang: occupation.description[lang] for lang in languages},
        "languages": list(languages),
        "status": "published",
    }
    if instance.keywords:
        record["keywords"] = {lang: list(labels) for lang in languages if (labels := occupation.alternatives[lang])}
    return record


def _leave_out_esco(thesaurus: Path) -> None:
    files = {path: yaml.safe_load(path.read_bytes()) for path in thesaurus.glob("*.yaml")}
    kept = {path: [one for one in concepts if "/esco/" not in one.get("uri", "")] for path, concepts in files.items()}
    ids = {concept["id"] for concepts in kept.values() for concept in concepts}
    for path, concepts in kept.items():
        for concept in concepts:
            for name in {"broader", "related"} & concept.keys():
                concept[name] = [id for id in concept[name] if id in ids]
        _dump(path, [{key: value for key, value in concept.items() if value} for concept in concepts])


def _import_esco(folder: Path, data: Path) -> None:
    """Give the centre in ``folder`` ESCO's occupations, as whoever runs one does."""
    files = [f"--{lang}={data / 'esco' / f'occupations_{lang}.csv'}" for lang in TEXT_LANGUAGES]
    with tempfile.TemporaryDirectory() as var:
        place = {"CATALOGUE_RESOURCES": str(folder), "CATALOGUE_STATE": f"sqlite:///{var}/catalogue.db"}
        command = [sys.executable, "-m", "catalogue", "thesaurus", "import-esco", *files]
        subprocess.run(command, cwd=PROJECT, env={**os.environ, **place}, check=True, capture_output=True)


def _dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, width=1000)
    path.write_text(text, encoding="utf-8")


def _source(data: Path) -> Path:
    return data / "esco" / "occupations_joined.csv"


def _signature(data: Path) -> str:
    """Return what the folders are made of, as a short hash: ESCO, the project's centre, the code that makes them."""
    centre = (path for path in (PROJECT / "resources").rglob("*.yaml") if "records" not in path.parts)
    code = (Path(__file__), *(PROJECT / "catalogue" / "exchange").glob("*.py"))
    hashed = hashlib.sha256()
    for path in sorted((*(data / "esco").glob("occupations_*.csv"), *centre, *code)):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()[:12]

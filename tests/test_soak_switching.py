"""An installation goes from one machine to OpenSearch and PostgreSQL and back by what the documentation tells to type.

After each step the same 200 queries are asked: same totals, same counts at every filter. Whoever had an account, a list
or a draft has it still.
"""

from __future__ import annotations

import csv
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx2
import pytest

from catalogue import yamlfile
from catalogue.inside.derived import LOOK_SECONDS
from catalogue.settings import FILE, PREFIX, read_file
from tests import expectations
from tests.conftest import PROJECT, real_data_folder
from tests.databases import Server
from tests.ports import free_port
from tests.processes import answers
from tests.test_documented_commands import NEEDED, blocks, page
from tests.waiting import until

pytestmark = pytest.mark.soak

QUERIES = 200
PASSWORD = "vier losse woorden hier"
DRAFT = {"key": "new/1", "seen": "", "kind": "website", "themes": "work", "title.fr": "Quokka à demi écrit"}
HEADINGS = ("## Passer d'une machine au réseau", "## Revenir à une machine")


@dataclass(frozen=True)
class Answer:
    """What a search says, in numbers."""

    total: int
    full: int
    counts: Mapping[str, Mapping[str, int]]


class Installation:
    """A centre's folder, and the commands that are typed in it."""

    def __init__(self, work: Path) -> None:
        self._environ = {name: value for name, value in os.environ.items() if name in NEEDED}
        self._environ |= {"PYTHONPATH": str(PROJECT), "HOME": str(work)}
        self.folder, self.port = work, free_port()
        self.type("catalogue init site")
        self.folder = work / "site"
        self.type("catalogue user add piet --role administrator --password-stdin", PASSWORD)

    def type(self, line: str, typed: str = "") -> str:
        words = shlex.split(line)
        assert words.pop(0) == "catalogue"
        command = [sys.executable, "-m", "catalogue", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self._environ, input=typed, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout

    def set(self, settings: Mapping[str, str]) -> None:
        """Write lines into the settings file, in the place of those of the same name."""
        lines = (self.folder / FILE).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition("=")[0] not in settings]
        text = "".join(f"{line}\n" for line in [*kept, *(f"{name}={value}" for name, value in settings.items())])
        (self.folder / FILE).write_text(text, encoding="utf-8")

    def follow(self, heading: str, places: Mapping[str, str]) -> None:
        """Do what the page says under a heading; ``places``: where the example's machines really are."""
        text = page("network").partition(heading)[2].partition("\n## ")[0]
        done = 0
        for kind, code in blocks(text):
            for name, place in places.items():
                code = code.replace(name, place)
            for line in code.splitlines():
                if kind == "console":
                    self.type(line)
                else:
                    name, _, value = line.partition("=")
                    self.set({name: value})
                done += 1
        assert done == 4, "two commands and two settings"

    def wait_for_files(self) -> None:
        """Wait until the texts of the centre's files are known: nothing new has come of them for some time."""
        kept: set[Path] = set()
        since = time.monotonic()
        while not kept or time.monotonic() < since + 2 * LOOK_SECONDS:
            now = set((self.folder / "var" / "cache" / "inside").rglob("*"))
            if now != kept:
                kept, since = now, time.monotonic()
            time.sleep(1)

    @contextmanager
    def serving(self) -> Iterator[httpx2.Client]:
        port = self.port
        address = f"http://127.0.0.1:{port}"
        environ = self._environ | {"CATALOGUE_PORT": str(port), "CATALOGUE_BASE_URL": address}
        command = [sys.executable, "-m", "catalogue", "serve"]
        with (self.folder / "server.log").open("ab") as log:
            running = subprocess.Popen(command, cwd=self.folder, env=environ, stdout=log, stderr=log)
        try:
            with httpx2.Client(base_url=address, timeout=60, headers={"Origin": address}) as client:
                until(lambda: answers(client))
                yield client
        finally:
            running.terminate()
            assert running.wait(20) in (0, -15)


def queries(site: Path) -> list[tuple[str, str]]:
    """Return what is asked, with the language: judged queries, titles of records, and occupations where they are."""
    judged = [(each.query, each.lang) for each in expectations.load()]
    records: list[Any] = [
        yamlfile.read(path).value for path in sorted((site / "resources" / "records").rglob("*.yaml"))
    ]
    titles = [(text, lang) for record in records for lang, text in record["title"].items()]
    kinds = [[each for each in kind if each[1] in ("fr", "nl")] for kind in (judged, titles, occupations())]
    thinned = [kind[:: len(kind) // QUERIES + 1] for kind in kinds]
    chosen = list(dict.fromkeys(each for some in zip_longest(*thinned) for each in some if each))[:QUERIES]
    assert {lang for _, lang in chosen} == {"fr", "nl"}
    return chosen


def occupations() -> list[tuple[str, str]]:
    """Return what ESCO calls occupations, with the language; nothing where the real data is not there."""
    found = []
    for lang in ("fr", "nl"):
        path = real_data_folder() / "esco" / f"occupations_{lang}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                found += [(row["preferredLabel"], lang) for row in csv.DictReader(file)]
    return found


def asked(client: httpx2.Client, text: str, lang: str) -> tuple[Answer, list[str]]:
    answer = client.get("/api/search", params={"q": text, "lang": lang, "per_page": 20})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    counts = {name: {each["value"]: each["count"] for each in values} for name, values in found["facets"].items()}
    return Answer(found["total"], found["full"], counts), [hit["id"] for hit in found["hits"]]


def test_there_and_back(
    tmp_path: Path, postgresql: Server, opensearch: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Installation(tmp_path)
    all_asked = queries(site.folder)
    assert len(all_asked) == QUERIES
    database = postgresql.empty()
    places = {
        "postgresql+psycopg://catalogue@db.example/catalogue": database.url,
        "opensearch+https://os1.example:9200,os2.example:9200,os3.example:9200/catalogue": opensearch,
    }
    with site.serving() as client:
        sign_in(client)
        handed = client.post("/nl/list", json={"ids": ["actiris", "metier-nurse"]}).json()["href"]
        assert client.post("/desk/fr/drafts", data=DRAFT).status_code == 200
        list_before = client.get(handed).text
        site.wait_for_files()
    # An index that was changed counts what was replaced, too, where it works out how rare words are; one as it was
    # built does not, whatever the engine.
    site.type("catalogue index")
    with site.serving() as client:
        before = {each: asked(client, *each) for each in all_asked}
    assert sum(answer.total > 0 for answer, _ in before.values()) > QUERIES * 0.9
    others = []
    for heading in HEADINGS:
        site.follow(heading, places)
        given = read_file(site.folder / FILE)
        assert (given[f"{PREFIX}INDEX"] == opensearch) == (heading == HEADINGS[0])
        with site.serving() as client:
            after = {each: asked(client, *each) for each in all_asked}
            sign_in(client)
            assert "Quokka à demi écrit" in client.get("/desk/fr/records/new?draft=new/1").text
            assert client.get(handed).text == list_before
        assert {each: answer for each, (answer, _) in after.items() if answer != before[each][0]} == {}
        others.append(sum(ids != before[each][1] for each, (_, ids) in after.items()))
    with capsys.disabled():
        print(f"\n{QUERIES} queries, before, on the cluster, and back: all totals and counts the same;")
        print(f"first 20 in another order: {others[0]} on the cluster, {others[1]} back")


def sign_in(client: httpx2.Client) -> None:
    answer = client.post("/desk/fr/sign-in", data={"name": "piet", "password": PASSWORD})
    assert answer.status_code == 303, answer.text

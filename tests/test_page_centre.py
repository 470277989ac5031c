"""What surrounds the records: the centre and its pages. A fault in them is named and the site goes on."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from catalogue.centre import Centre
from catalogue.contents import Contents, Frame
from catalogue.errors import Severity
from catalogue.fields import THEMES
from catalogue.page import load_pages
from catalogue.store import Store
from tests.conftest import PROJECT, AddRecord, write


def test_the_example_centre_is_complete() -> None:
    centre, problems = Centre.load(PROJECT / "resources" / "centre.yaml")
    assert problems == ()
    assert {"fr", "nl", "en"} <= centre.name.keys()
    assert [colour.theme for colour in centre.colours] == list(THEMES)
    assert centre.contact.address
    assert load_pages(PROJECT / "resources" / "pages")[1] == ()


def test_a_centre_that_says_little_has_defaults(tmp_path: Path) -> None:
    centre, problems = Centre.load(write(tmp_path / "centre.yaml", "name: {fr: Le Centre}\n"))
    assert problems == ()
    assert (centre.timezone, centre.languages, centre.contact.phone) == ("Europe/Brussels", ("fr", "nl", "en"), "")


@pytest.mark.parametrize(
    ("closes", "now", "until"),
    [
        ("closes: '17:00'", "2026-11-23T10:00", "2026-11-23T17:00"),
        ("closes: '17:00'", "2026-11-23T17:00", "2026-11-24T00:00"),
        ("closes: '17:00'", "2026-11-23T21:30", "2026-11-24T00:00"),
        ("", "2026-12-31T10:00", "2027-01-01T00:00"),
    ],
)
def test_a_code_is_valid_until_the_doors_close(tmp_path: Path, closes: str, now: str, until: str) -> None:
    centre, problems = Centre.load(write(tmp_path / "centre.yaml", f"name: {{fr: x}}\n{closes}\n"))
    assert problems == ()
    assert centre.closing(datetime.datetime.fromisoformat(now)) == datetime.datetime.fromisoformat(until)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "centre.yaml: the file is empty"),
        ("name: [\n", "centre.yaml:2: the YAML breaks off here"),
        ("name: {fr: x}\nname: {fr: y}\nfoo: x\n", "centre.yaml:2: name: this key stands here a second time"),
        ("tagline: {fr: x}\n", "centre.yaml:1: “name” is missing"),
        (
            "name: {fr: x}\ncolours: [{theme: cook, ink: '#000000', tint: '#000000', dark: '#000000'}]\n",
            "“cook” is not",
        ),
        ("name: {fr: x}\ncolours: [{theme: work, ink: red, tint: '#000000', dark: '#000000'}]\n", "would be “#5B2A86”"),
        ("name: {fr: x}\ncloses: 5 pm\n", "would be “18:00”"),
        ("name: {fr: x}\ncloses: '25:00'\n", "would be “18:00”"),
        ("name: {fr: x}\nwebsit: https://a.example\n", "centre.yaml:2: websit: unknown key; did you mean “website”?"),
    ],
)
def test_a_faulty_centre_is_nameless_and_says_why(tmp_path: Path, text: str, says: str) -> None:
    centre, problems = Centre.load(write(tmp_path / "centre.yaml", text))
    assert centre.name == {"fr": "Catalogue", "nl": "Catalogus", "en": "Catalogue"}
    assert says in problems[0].render(root=tmp_path)
    assert problems[0].severity is Severity.ERROR


def test_a_centre_without_its_file_goes_on(tmp_path: Path) -> None:
    centre, problems = Centre.load(tmp_path / "centre.yaml")
    assert centre.name.best("nl").text == "Catalogus"
    assert [problem.text() for problem in problems] == ["the file cannot be read (No such file or directory)"]


def test_pages_come_in_order_and_faulty_ones_are_left_out(tmp_path: Path) -> None:
    write(
        tmp_path / "b-first.yaml",
        "title: {fr: B, nl: B}\nbody: {fr: b, nl: b}\norder: 1\nkind: question\nthemes: [work]\n",
    )
    write(
        tmp_path / "a-second.yaml",
        "title: {fr: A, nl: A}\nbody: {fr: |\n  un\n\n  deux\n, nl: a}\norder: 2\n".replace(
            "{fr: |\n  un\n\n  deux\n, nl: a}", "\n  fr: |\n    un\n\n    deux\n  nl: a"
        ),
    )
    write(tmp_path / "c.yaml", "title: C\nbody: {fr: c}\n")
    write(tmp_path / "d.yaml", "body: {fr: d, nl: d}\n")
    write(tmp_path / "e.yaml", "title: {fr: E}\nbody: {fr: e, nl: e}\n")
    write(tmp_path / "f.yaml", "")
    write(tmp_path / "notes.txt", "not a page")
    (tmp_path / "g.yaml").mkdir()
    os.mkfifo(tmp_path / "h.yaml")
    pages, problems = load_pages(tmp_path)
    assert list(pages) == ["e", "b-first", "a-second"]
    assert (pages["b-first"].kind, pages["b-first"].themes, pages["e"].kind) == ("question", ("work",), "page")
    assert pages["a-second"].body["fr"] == "un\n\ndeux"
    assert [(problem.severity.name, problem.render(root=tmp_path)) for problem in problems] == [
        ("ERROR", "c.yaml:1: title: give the languages: {fr: …, nl: …}"),
        ("ERROR", "d.yaml:1: “title” is missing"),
        ("GAP", "e.yaml:1: title: the text in “nl” is missing"),
        ("ERROR", "f.yaml: the file is empty"),
        ("ERROR", "g.yaml: the file cannot be read (not a regular file)"),
        ("ERROR", "h.yaml: the file cannot be read (not a regular file)"),
    ]


def test_no_folder_of_pages_is_no_page(tmp_path: Path) -> None:
    assert load_pages(tmp_path / "pages") == ({}, ())


def test_the_frame_is_read_again_when_any_of_its_files_changes(centre: Path) -> None:
    seen = {Frame.signature(centre)}
    assert Frame.signature(centre) in seen
    for path in ("centre.yaml", "vocabularies/kinds.yaml", "vocabularies/thesaurus/all.yaml", "pages/help.yaml"):
        (centre / path).write_text((centre / path).read_text() + "# more\n")
        seen.add(Frame.signature(centre))
    (centre / "pages" / "help.yaml").unlink()
    seen.add(Frame.signature(centre))
    write(centre / "pages" / "new.yaml", "")
    seen.add(Frame.signature(centre))
    assert len(seen) == 7
    (centre / "vocabularies" / "nowhere.yaml").symlink_to("missing")
    write(centre / "records" / "one.yaml", "")
    assert Frame.signature(centre) in seen


def test_the_contents_hold_what_visitors_may_see_and_every_problem(centre: Path, add: AddRecord) -> None:
    files = "{file: media/a.mp4, captions: {fr: media/a.vtt}, transcript: {nl: media/a.txt}}"
    add(
        "seen",
        f"holdings: [{files}, {{shelf: K1.1}}]",
        "cover: {file: media/a.jpg, alt: {fr: x, nl: x}}",
        "replaces: [before]",
    )
    add("draft", "status: draft", "holdings: [{file: media/secret.pdf}]")
    write(centre / "pages" / "bad.yaml", "title: [\n")
    write(centre / "vocabularies" / "bad.yaml", "x: y\n")
    write(centre / "tombstones.yaml", "- {id: dead, date: 2026-01-01}\n")
    frame = Frame.load(centre)
    store = Store(centre, frame.vocabularies)
    store.load()
    contents = Contents.of(frame, store)
    assert [record.id for record in contents.public] == ["seen"]
    assert sorted(contents.records) == ["draft", "seen"]
    assert contents.media == {"media/a.mp4", "media/a.vtt", "media/a.txt", "media/a.jpg"}
    assert (contents.redirects, list(contents.tombstones)) == ({"before": "seen"}, ["dead"])
    named = [problem.path.relative_to(centre).as_posix() for problem in contents.faults()]
    assert named == ["vocabularies/bad.yaml", "pages/bad.yaml", "records/draft.yaml", *["records/seen.yaml"] * 4]
    assert len(contents.faults(Severity.ERROR)) == 2
    assert len(contents.faults(Severity.GAP)) > len(named)

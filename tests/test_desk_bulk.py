"""Changes of many records over HTTP: choose, say what, preview, apply as one action, undo; nothing written over."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.writing import CHUNK
from tests.at_desk import hidden, shown
from tests.conftest import AddRecord
from tests.desk_site import DeskSite


@pytest.fixture
def files(add: AddRecord) -> Mapping[str, Path]:
    return {
        "one": add("one", "audiences: [pupils]", "status: draft"),
        "two": add("two", "audiences: [pupils, workers]", "themes: [learn, work]"),
        "three": add("three", "title: {fr: Troisième}", "# a comment", "kind: guide"),
    }


@pytest.fixture
def desk(files: Mapping[str, Path], catalogue: Catalogue) -> TestClient:
    return DeskSite.of(catalogue).browser("dirk", follow_redirects=True)


def previewed(desk: TestClient, ids: str, field: str, does: str, lang: str = "fr", **values: str) -> str:
    asked = {"ids": ids, "field": field, "does": does, "do": "preview", **values}
    answer = desk.post(f"/desk/{lang}/bulk", data=asked)
    assert answer.status_code == 200
    return answer.text


def apply(desk: TestClient, preview: str, lang: str = "fr") -> str:
    answer = desk.post(f"/desk/{lang}/bulk", data={**hidden(preview), "do": "apply"})
    assert answer.status_code == 200
    return finished(desk, answer)


def finished(desk: TestClient, answer: Any) -> str:
    """Look at the page of a job, as a person does, until it leads to what was done."""
    for _ in range(1000):
        if re.search(r"/actions/\d+$", answer.url.path):
            return str(answer.text)
        assert 'id="progress"' in answer.text
        time.sleep(0.02)
        answer = desk.get(answer.url.path)
    raise AssertionError("the work does not end")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "fr",
            ("2 notices seraient", "1 reste telle quelle. C'est déjà le cas.", "La modification est faite"),
        ),
        (
            "nl",
            ("2 beschrijvingen zouden", "1 blijft zoals ze is. Dat is al zo.", "De wijziging is gebeurd"),
        ),
    ],
)
def test_choose_say_preview_apply_undo(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue, lang: str, words: tuple[str, ...]
) -> None:
    before = {id: path.read_bytes() for id, path in files.items()}
    page = f"/desk/{lang}/bulk"
    chosen = desk.post(page, data={"do": "choose", "id": ["one", "two", "three", "nobody"]}).text
    assert 'value="field:audiences"' in chosen
    how = desk.post(page, data={**hidden(chosen), "do": "field:audiences"}).text
    assert f"pupils {lang} (2)" in how
    asked = {**hidden(how), "does": "add", "new": "workers", "do": "preview"}
    preview = desk.post(page, data=asked).text
    for word in words[:2]:
        assert word in shown(preview).replace("&#39;", "'")
    assert {id: path.read_bytes() for id, path in files.items()} == before, "a preview writes nothing"
    done = apply(desk, preview, lang)
    assert words[2] in shown(done)
    assert catalogue.contents.records["one"].audiences == ("pupils", "workers")
    assert "# a comment" in files["three"].read_text()
    (action,) = catalogue.state.history.actions(["bulk"])
    assert (action.account, action.files) == ("dirk", 2)
    assert f"workers {lang}" in action.label
    desk.post(f"/desk/{lang}/actions/{action.id}/undo")
    assert {id: path.read_bytes() for id, path in files.items()} == before


def test_all_that_was_found(desk: TestClient, catalogue: Catalogue) -> None:
    page = desk.get("/desk/fr/records?kind=website&q=o").text
    chosen = desk.post("/desk/fr/bulk", data={**hidden(page), "do": "found"}).text
    assert hidden(chosen)["ids"].split() == ["one", "two"]
    assert 'href="/desk/fr/records?q=o&amp;kind=website"' in chosen


def test_without_any_record_one_is_led_back(desk: TestClient) -> None:
    answer = desk.post("/desk/fr/bulk", data={"do": "choose", "found": "?q=one"})
    assert answer.url.path == "/desk/fr/records"
    assert "Choisissez au moins une notice." in shown(answer.text)
    assert desk.get("/desk/fr/bulk").url.path == "/desk/fr/records"


def test_what_somebody_changed_since_the_preview_is_left_and_named(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue
) -> None:
    preview = previewed(desk, "one two three", "year", "set", new="2026")
    files["three"].write_text(files["three"].read_text() + "authors: [Els]\n")
    catalogue.refresh()
    theirs = files["three"].read_bytes()
    done = apply(desk, preview)
    assert "Troisième" in shown(done).partition("Laissées telles quelles")[2]
    assert files["three"].read_bytes() == theirs
    assert [catalogue.contents.records[id].year for id in files] == [2026, 2026, 0]


def test_a_file_the_catalogue_has_not_yet_seen_is_not_written_over(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue
) -> None:
    preview = previewed(desk, "one two", "year", "set", new="2026")
    theirs = files["one"].read_text() + "authors: [Els]\n"
    files["one"].write_text(theirs)  # and nobody looked at the folder since
    done = apply(desk, preview)
    assert "one" in shown(done).partition("Laissées telles quelles")[2]
    assert files["one"].read_text() == theirs


def test_a_file_broken_or_deleted_since_is_left_and_the_others_change(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue
) -> None:
    preview = previewed(desk, "one two three", "year", "set", new="2026")
    files["one"].write_text("kind: [")  # and nobody looked at the folder since
    files["two"].unlink()
    done = apply(desk, preview)
    assert "Laissées telles quelles" in shown(done)
    assert files["one"].read_text() == "kind: ["
    assert not files["two"].exists()
    assert "year: 2026" in files["three"].read_text()


def test_where_everything_changed_since_the_preview_comes_again(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue
) -> None:
    preview = previewed(desk, "one", "year", "set", new="2026")
    files["one"].write_text(files["one"].read_text() + "authors: [Els]\n")
    catalogue.refresh()
    answer = desk.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"})
    assert answer.status_code == 409
    assert "rien n'a été écrit" in shown(answer.text).replace("&#39;", "'")
    assert "year" not in files["one"].read_text()
    apply(desk, answer.text)
    assert catalogue.contents.records["one"].year == 2026


def test_turning_the_pages_of_a_preview_does_not_take_over_what_was_not_seen(
    desk: TestClient, files: Mapping[str, Path], catalogue: Catalogue
) -> None:
    preview = previewed(desk, "one two", "year", "set", new="2026")
    files["one"].write_text(files["one"].read_text() + "authors: [Els]\n")
    catalogue.refresh()
    again = desk.post("/desk/fr/bulk", data={**hidden(preview), "do": "page:1"}).text
    apply(desk, again)
    assert [catalogue.contents.records[id].year for id in ("one", "two")] == [0, 2026]


def test_twice_the_same_button_changes_once(desk: TestClient, catalogue: Catalogue) -> None:
    preview = previewed(desk, "one", "year", "set", new="2026")
    apply(desk, preview)
    assert desk.post("/desk/fr/bulk", data={**hidden(preview), "do": "apply"}).status_code == 409
    assert len(catalogue.state.history.actions(["bulk"])) == 1


def test_without_marks_nothing_is_written(desk: TestClient, files: Mapping[str, Path]) -> None:
    asked = {"ids": "one", "field": "year", "does": "set", "new": "2026", "do": "apply"}
    assert desk.post("/desk/fr/bulk", data=asked).status_code == 409
    assert desk.post("/desk/fr/bulk", data={**asked, "seen": "one: : one"}).status_code == 409
    assert "year" not in files["one"].read_text()


def test_those_that_would_be_no_record_are_named_and_stay(desk: TestClient, catalogue: Catalogue) -> None:
    preview = previewed(desk, "two three", "themes", "remove", old="work")
    refused = shown(preview).partition("Impossible pour")[2]
    assert "Troisième" in refused
    assert "themes" in refused
    apply(desk, preview)
    assert catalogue.contents.records["two"].themes == ("learn",)
    assert catalogue.contents.records["three"].themes == ("work",)


def test_status_and_addresses(desk: TestClient, catalogue: Catalogue) -> None:
    apply(desk, previewed(desk, "one two", "status", "set", new="withdrawn"))
    assert {catalogue.contents.records[id].status for id in ("one", "two")} == {"withdrawn"}
    assert desk.get("/fr/record/two").status_code == 410
    moved = {"old": "https://example.org", "new": "https://example.net/x"}
    apply(desk, previewed(desk, "one three", "addresses", "replace", **moved))
    assert catalogue.contents.records["three"].holdings[0].url == "https://example.net/x"


@pytest.mark.parametrize(
    ("lang", "asked", "words"),
    [
        ("fr", {"field": "audiences", "does": "add"}, "Indiquez la valeur."),
        ("nl", {"field": "audiences", "does": "add", "new": "zz"}, "staat niet in de lijst"),
        ("fr", {"field": "year", "does": "set", "new": "x<b>"}, "n'est pas un nombre"),
        ("nl", {"field": "audiences"}, "Kies wat er moet gebeuren."),
        ("nl", {"field": "addresses", "does": "replace", "old": "x", "new": "y"}, "geen webadres"),
    ],
)
def test_what_cannot_be_done_is_said_beside_its_field(
    desk: TestClient, lang: str, asked: dict[str, str], words: str
) -> None:
    answer = desk.post(f"/desk/{lang}/bulk", data={"ids": "one two", "do": "preview", **asked})
    assert answer.status_code == 422
    assert words in shown(answer.text).replace("&#39;", "'")
    assert 'aria-invalid="true"' in answer.text or asked.get("does") is None
    assert "<b>" not in answer.text
    assert hidden(answer.text)["ids"] == "one two", "what was chosen is kept"


@pytest.mark.parametrize(
    "asked",
    [{"do": "field:nothing"}, {"do": "preview", "field": "nothing"}, {"do": "page:x"}, {"do": ""}, {"do": "apply"}],
)
def test_a_form_of_nonsense_begins_again(desk: TestClient, asked: dict[str, str]) -> None:
    answer = desk.post("/desk/fr/bulk", data={"ids": "one", **asked})
    assert answer.status_code in (200, 422)
    assert 'value="field:audiences"' in answer.text


def test_more_than_are_written_in_one_go_are_one_action(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    count = CHUNK + 30
    ids = [f"many-{number:03}" for number in range(count)]
    for id in ids:
        add(id)
    catalogue.refresh()
    preview = previewed(desk, " ".join(ids), "checked", "set", new="2026-11-22")
    assert f"{count} notices seraient modifiées" in shown(preview)
    assert preview.count('<dl class="differences">') == 50
    apply(desk, preview)
    (action,) = catalogue.state.history.actions(["bulk"])
    assert action.files == count
    assert all(str(catalogue.contents.records[id].checked) == "2026-11-22" for id in ids)
    finished(desk, desk.post(f"/desk/fr/actions/{action.id}/undo"))
    assert not any(catalogue.contents.records[id].checked for id in ids)
    assert catalogue.state.history.actions(["undo"])[0].files == count


# --- the list they are chosen from ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_list_holds_records_of_every_status(desk: TestClient, lang: str) -> None:
    answer = desk.get(f"/desk/{lang}/records")
    for id in ("one", "two", "three"):
        assert f'value="{id}"' in answer.text
        assert f'href="/desk/{lang}/records/{id}/history"' in answer.text
    assert f'href="/{lang}/record/two"' in answer.text
    assert f'href="/{lang}/record/one"' not in answer.text, "visitors do not see a draft"


def test_the_list_is_narrowed_and_paged(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    for number in range(60):
        add(f"many-{number:03}", "status: draft")
    catalogue.refresh()
    first = desk.get("/desk/nl/records?status=draft").text
    assert first.count('name="id"') == 50
    assert 'href="/desk/nl/records?status=draft&amp;page=2"' in first
    assert desk.get("/desk/nl/records?status=draft&page=99").text.count('name="id"') == 11
    assert "Geen enkele beschrijving voldoet" in shown(desk.get("/desk/nl/records?q=xyz").text)


def test_files_with_errors_are_named_with_their_history(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    add("broken", "kind: nothing")
    catalogue.refresh()
    answer = desk.get("/desk/fr/records")
    assert 'href="/desk/fr/records/broken/history"' in answer.text
    assert 'value="broken"' not in answer.text

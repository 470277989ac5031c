"""The history and what was done, over HTTP: read, bring back, undo; who may; what is told when others were faster."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue.service import Catalogue
from catalogue.state.history import KIND_NAMES
from tests.at_desk import hidden, shown
from tests.conftest import AddRecord
from tests.desk_site import DeskSite

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def one(add: AddRecord) -> Path:
    return add("one", "title: {fr: Trouver un emploi, nl: Werk vinden}", "audiences: [pupils]", folder="work")


@pytest.fixture
def site(one: Path, catalogue: Catalogue) -> DeskSite:
    return DeskSite.of(catalogue)


@pytest.fixture
def desk(site: DeskSite) -> TestClient:
    return site.browser("dirk", follow_redirects=True)


def versions(desk: TestClient, id: str = "one", lang: str = "fr") -> list[str]:
    """Return the pages of the versions of a record, the newest first."""
    answer = desk.get(f"/desk/{lang}/records/{id}/history")
    assert answer.status_code == 200
    return re.findall(r'href="(/desk/\w+/history/\d+)"', answer.text)


def by_hand(catalogue: Catalogue, path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))
    catalogue.refresh()


def save(catalogue: Catalogue, path: Path, account: str, **values: object) -> int:
    record = catalogue.contents.records[path.stem]
    changed = type(record).from_mapping(record.id, {**record.to_mapping(), **values})
    return catalogue.save(changed, account=account)


@pytest.mark.parametrize(
    ("lang", "words"), [("fr", ("Pour qui", "Corrigé", "retiré :")), ("nl", ("Voor wie", "Verbeterd", "weggehaald:"))]
)
def test_a_version_says_who_when_and_what(
    desk: TestClient, catalogue: Catalogue, one: Path, lang: str, words: tuple[str, ...]
) -> None:
    save(catalogue, one, "els", audiences=["workers"])
    latest, first = versions(desk, lang=lang)
    page = shown(desk.get(latest).text)
    for word in (*words, "els", f"pupils {lang}", f"workers {lang}"):
        assert word in page
    assert shown(desk.get(first).text).count("Trouver un emploi")


def test_a_change_by_hand_is_there_with_its_comments(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    by_hand(catalogue, one, "audiences:", "# seen with Els\naudiences:")
    latest, _ = versions(desk)
    assert re.search("ajouté\\s: # seen with Els", shown(desk.get(latest).text))
    raw = desk.get(f"{latest}/raw")
    assert raw.content == one.read_bytes()
    assert raw.headers["content-type"] == "text/plain; charset=utf-8"


def test_bring_a_version_back(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    first = one.read_bytes()
    save(catalogue, one, "els", title={"fr": "Autre"})
    page = versions(desk)[1]
    before = desk.get(page)
    assert "Voici ce qui changerait" in shown(before.text)
    answer = desk.post(f"{page}/restore", data=hidden(before.text), follow_redirects=False)
    assert answer.status_code == 303
    assert "La version est rétablie." in shown(desk.get(answer.headers["location"]).text)
    assert one.read_bytes() == first
    assert len(versions(desk)) == 3
    assert "C'est la version actuelle." in shown(desk.get(page).text).replace("&#39;", "'")


def test_who_was_faster_is_not_written_over(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    save(catalogue, one, "els", title={"fr": "Autre"})
    page = versions(desk)[1]
    before = desk.get(page).text
    save(catalogue, one, "els", title={"fr": "Encore autre"})
    theirs = one.read_bytes()
    answer = desk.post(f"{page}/restore", data=hidden(before))
    assert answer.status_code == 409
    assert "entre-temps" in shown(answer.text)
    assert "Encore autre" in shown(answer.text)
    assert one.read_bytes() == theirs
    assert desk.post(f"{page}/restore", data=hidden(answer.text)).status_code == 200
    assert b"Trouver" in one.read_bytes()
    assert desk.post(f"{page}/restore", data={}).status_code == 409, "without a digest nothing is written over"


def test_a_record_that_was_deleted_comes_back_to_life(
    desk: TestClient, catalogue: Catalogue, one: Path, add: AddRecord
) -> None:
    other = add("two")
    catalogue.refresh()
    first = catalogue.version("one").data
    catalogue.delete("one", account="els")
    catalogue.delete("two", account="els")
    gone, start = versions(desk)
    assert "supprimé" in shown(desk.get(gone).text)
    assert desk.get(f"{gone}/raw").status_code == 404
    answer = desk.post(f"{start}/restore", data=hidden(desk.get(start).text))
    assert answer.status_code == 200
    assert catalogue.record("one").title["fr"] == "Trouver un emploi"
    assert catalogue.version("one").data == first
    assert one.exists(), "in the folder where it was"
    assert list(catalogue.contents.tombstones) == ["two"]
    assert not other.exists()


def test_undoing_a_deletion_after_another_one(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    add("two")
    catalogue.refresh()
    action = catalogue.delete("one", account="els")
    catalogue.delete("two", account="els")
    answer = desk.post(f"/desk/fr/actions/{action}/undo")
    assert answer.status_code == 200
    assert "C'est annulé." in shown(answer.text).replace("&#39;", "'")
    assert "tombstones.yaml" not in shown(answer.text).partition("Laissées")[2].partition("fichiers")[0]
    assert set(catalogue.contents.records) == {"one"}
    assert set(catalogue.contents.tombstones) == {"two"}


def test_a_faulty_file_has_its_history(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    by_hand(catalogue, one, "title: {", "title: {{")
    answer = desk.get("/desk/nl/records/one/history")
    assert "Er zit een fout in het bestand" in shown(answer.text)
    faulty, start = versions(desk)
    assert desk.get(faulty).status_code == 200
    assert desk.post(f"{start}/restore", data=hidden(desk.get(start).text)).status_code == 200
    assert catalogue.record("one")
    again = desk.post(f"{faulty}/restore", data=hidden(desk.get(faulty).text))
    assert again.status_code == 422
    assert catalogue.record("one"), "a version that is no record is not brought back"


def test_a_file_that_was_moved_keeps_its_history(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    moved = one.parent.parent / "learn" / "one.yaml"
    moved.parent.mkdir()
    one.rename(moved)
    catalogue.refresh()
    save(catalogue, moved, "els", title={"fr": "Autre"})
    pages = versions(desk)
    assert len(pages) >= 3
    answer = desk.post(f"{pages[-1]}/restore", data=hidden(desk.get(pages[-1]).text))
    assert answer.status_code == 200
    assert b"Trouver" in moved.read_bytes()
    assert not one.exists()


def test_what_was_done_and_undone(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    first = one.read_bytes()
    action = save(catalogue, one, "els", title={"fr": "Autre"})
    page = desk.get("/desk/fr/actions/")
    assert "Corrigé Autre els" in shown(page.text)
    own = f"/desk/fr/actions/{action}"
    assert own in page.text
    assert f"{own}/undo" in desk.get(own).text
    answer = desk.post(f"{own}/undo")
    assert "1 fichier a été écrit." in shown(answer.text)
    assert one.read_bytes() == first
    assert "Annulé depuis" in shown(desk.get(own).text)
    assert f"{own}/undo" not in desk.get(own).text
    assert desk.post(f"{own}/undo").status_code == 400


def test_undoing_leaves_what_changed_since_and_names_it(
    desk: TestClient, catalogue: Catalogue, one: Path, add: AddRecord
) -> None:
    two = add("two", "title: {fr: Deuxième}")
    catalogue.refresh()
    records = [catalogue.contents.records[id] for id in ("one", "two")]
    changed = [type(r).from_mapping(r.id, {**r.to_mapping(), "year": 2026}) for r in records]
    action = catalogue.save_all(changed, account="els", kind="bulk", label="Année")
    by_hand(catalogue, two, "year: 2026", "year: 2027")
    answer = desk.post(f"/desk/fr/actions/{action}/undo")
    assert "Laissées telles quelles" in shown(answer.text)
    assert "Deuxième" in shown(answer.text)
    assert "year: 2027" in two.read_text()
    assert "year" not in one.read_text()
    by_hand(catalogue, one, "kind: website", "kind: website # x")
    second = catalogue.state.history.actions(["undo"])[0].id
    assert desk.post(f"/desk/fr/actions/{second}/undo").status_code == 400, "nothing is left to undo"


def test_the_first_sight_of_the_folder_is_not_undone(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    (start,) = catalogue.state.history.actions(["start"])
    page = desk.get(f"/desk/fr/actions/{start.id}")
    assert "/undo" not in page.text
    assert desk.post(f"/desk/fr/actions/{start.id}/undo").status_code == 400
    assert one.exists()


def test_many_files_come_in_pages(desk: TestClient, catalogue: Catalogue, add: AddRecord) -> None:
    for number in range(45):
        add(f"many-{number:02}")
    catalogue.refresh()
    (action,) = [a for a in catalogue.state.history.actions(["hand"]) if a.files == 45]
    pages = [desk.get(f"/desk/fr/actions/{action.id}?start={start}").text for start in (0, 20, 40)]
    found = [re.findall(r"records/many-\d\d\.yaml", page) for page in pages]
    assert [len(set(names)) for names in found] == [20, 20, 5]
    assert len({name for names in found for name in names}) == 45
    assert "start=20" in pages[0]
    assert "start=60" not in pages[2]
    assert desk.get(f"/desk/fr/actions/{action.id}?start=99999").status_code == 200


def test_only_one_kind_and_further_back(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    for year in range(1950, 2005):
        save(catalogue, one, "els", year=year)
    first = desk.get("/desk/fr/actions/?kind=save").text
    further = re.findall(r'href="(/desk/fr/actions/\?[^"]*before=\d+)"', first)
    assert first.count('class="doing-when"') == 50
    assert desk.get(further[0].replace("&amp;", "&")).text.count('class="doing-when"') == 5
    for kind in (*KIND_NAMES, "nothing"):
        assert desk.get(f"/desk/nl/actions/?kind={kind}&before=x").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["records/nobody/history", "records/No!/history", "history/9999", "history/9999/raw", "actions/9999"]
    + ["actions/99999999999999999999999", "history/99999999999999999999999", "history/x", "actions/-1"],
)
def test_what_is_not_there(desk: TestClient, path: str) -> None:
    assert desk.get(f"/desk/fr/{path}").status_code == 404


READING = ("records", "records/one/history", "history/1", "history/1/raw", "actions/", "actions/1", "bulk")
WRITING = ("history/1/restore", "actions/1/undo", "bulk")


@pytest.mark.parametrize("path", READING)
def test_an_advisor_does_not_read_it(site: DeskSite, desk: TestClient, path: str) -> None:
    assert desk.get(f"/desk/fr/{path}").status_code == 200
    assert site.browser("marie").get(f"/desk/fr/{path}").status_code == 403
    desk.cookies.clear()
    answer = desk.get(f"/desk/fr/{path}", follow_redirects=False)
    assert answer.headers["location"].startswith("/desk/fr/sign-in")


@pytest.mark.parametrize("path", WRITING)
def test_an_advisor_and_another_site_do_not_write(site: DeskSite, desk: TestClient, one: Path, path: str) -> None:
    before = one.read_bytes()
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert desk.post(f"/desk/fr/{path}", headers=foreign).status_code == 403
    assert site.browser("marie").post(f"/desk/fr/{path}").status_code == 403
    assert one.read_bytes() == before


def test_a_script_in_a_title_or_a_label_is_text(desk: TestClient, catalogue: Catalogue, one: Path) -> None:
    record = catalogue.contents.records["one"]
    changed = type(record).from_mapping("one", {**record.to_mapping(), "title": {"fr": SCRIPT}, "authors": [SCRIPT]})
    action = catalogue.save_all([changed], account=SCRIPT, kind="bulk", label=SCRIPT)
    latest = versions(desk)[0]
    by_hand(catalogue, one, "kind: website", f"# {SCRIPT}\nkind: website")
    pages = [latest, versions(desk)[0], f"/desk/fr/actions/{action}", "/desk/fr/actions/", "/desk/fr/records"]
    for page in (*pages, f"/desk/fr/actions/{action}?left={SCRIPT}&of=9", "/desk/fr/records/one/history"):
        text = desk.get(page).text
        assert "&lt;script&gt;alert" in text, page
        assert "<script>alert" not in text, page
    assert desk.get(f"{latest}/raw").headers["x-content-type-options"] == "nosniff"

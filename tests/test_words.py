"""The lists of words at the desk: names corrected, entries added, retired, merged; every record follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from catalogue.settings import Settings
from tests.at_desk import Desk, at_desk, folder
from tests.conftest import AddRecord

TERM = {"labels.fr": "Actiris", "labels.nl": "Actiris"}


@pytest.fixture
def desk(settings: Settings, add: AddRecord) -> Iterator[Desk]:
    add("one", "publisher: actiris", "holdings: [{shelf: K1.2, language: ar}]", "subjects: [grants]")
    add("two", "publisher: vdab", "# a comment", "subjects: [nurse]", "status: draft")
    with at_desk(settings) as signed_in:
        yield signed_in


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_every_list_shows_its_entries_and_how_many_records_use_them(desk: Desk, lang: str) -> None:
    assert "/words/publishers/" in desk.get("words/", lang)
    page = desk.get("words/publishers/", lang)
    row = re.search(r"<tr>(?:(?!</tr>).)*>actiris<.*?</tr>", page, re.DOTALL)
    assert row and re.findall(r'class="number">(\d+)<', row[0]) == ["1", "1"]
    draft = re.search(r"<tr>(?:(?!</tr>).)*>vdab<.*?</tr>", page, re.DOTALL)
    assert draft and re.findall(r'class="number">(\d+)<', draft[0]) == ["1", "0"]
    found = desk.get("words/publishers/?q=SIEP", lang)
    assert ">siep<" in found and ">vdab<" not in found
    assert "K1" in desk.get("words/shelves/K1", lang)


@pytest.mark.parametrize("page", ["words/", "words/publishers/", "words/publishers/actiris", "words/publishers/new"])
def test_advisors_and_strangers_stay_out(desk: Desk, page: str) -> None:
    advisor = desk.site.browser("marie")
    assert advisor.get(f"/desk/fr/{page}").status_code == 403
    assert advisor.post(f"/desk/fr/{page}", data=TERM).status_code in (403, 405)
    desk.client.cookies.clear()
    assert desk.client.get(f"/desk/fr/{page}", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "page", ["words/nothing/", "words/publishers/nobody", "words/subjects/nurse", "words/themes/new"]
)
def test_what_is_not_there_is_not_found(desk: Desk, page: str) -> None:
    assert desk.client.get(f"/desk/fr/{page}").status_code == 404


def test_a_name_changes_everywhere_and_nothing_else_in_the_file_does(desk: Desk) -> None:
    before = desk.file("vocabularies/publishers.yaml").splitlines()
    led = desk.post(
        "words/publishers/actiris", labels__fr="Actiris Bruxelles", labels__nl="Actiris: Brussel", order="4"
    )
    after = desk.file("vocabularies/publishers.yaml").splitlines()
    assert after[1:] == before[1:]
    assert after[0] == '- {id: actiris, labels: {fr: Actiris Bruxelles, nl: "Actiris: Brussel"}, order: 4}'.replace(
        '"', "'"
    )
    assert desk.catalogue.contents.frame.vocabularies.label("publishers", "actiris", "nl").text == "Actiris: Brussel"
    assert f"actions/{led.rpartition('=')[2]}" in desk.get(led.removeprefix("/desk/fr/"))
    desk.undo(led)
    assert desk.file("vocabularies/publishers.yaml").splitlines() == before


def test_languages_that_the_form_does_not_show_are_kept(desk: Desk) -> None:
    path = desk.catalogue.settings.resources / "vocabularies/places.yaml"
    path.write_text("- id: brussels\n  labels: {fr: B, nl: B, de: Brüssel}\n  replaced_by: ''\n", encoding="utf-8")
    desk.catalogue.refresh()
    desk.post("words/places/brussels", labels__fr="Bruxelles", labels__nl="Brussel", labels__en="")
    assert "{fr: Bruxelles, nl: Brussel, de: Brüssel}" in desk.file("vocabularies/places.yaml")


@pytest.mark.parametrize(
    ("form", "box"),
    [
        ({"labels__fr": "Seul"}, "labels-nl"),
        ({"labels__fr": "A", "labels__nl": "B", "detail__nl": "alleen"}, "detail-fr"),
        ({"labels__fr": "A", "labels__nl": "B", "url": "javascript:1"}, "url"),
        ({"labels__fr": "A", "labels__nl": "B", "order": "ten"}, "order"),
        ({"labels__fr": "A", "labels__nl": "B", "id": "actiris"}, "id"),
        ({"labels__fr": "A", "labels__nl": "B", "id": "../x"}, "id"),
    ],
)
def test_every_fault_is_beside_its_box_and_what_was_typed_is_kept(desk: Desk, form: dict[str, str], box: str) -> None:
    before = folder(desk.catalogue.settings.resources)
    page = desk.post("words/publishers/new", status=422, **form)
    assert f'id="box-{box}-wrong"' in page
    assert all(f'value="{value}"' in page for value in form.values())
    assert folder(desk.catalogue.settings.resources) == before


def test_a_new_entry_gets_an_id_from_its_label(desk: Desk) -> None:
    assert "/words/publishers/oeuvre-d-ete?" in desk.post(
        "words/publishers/new", labels__fr="Œuvre d’Été", labels__nl="W"
    )
    assert "/words/publishers/oeuvre-d-ete-2?" in desk.post(
        "words/publishers/new", labels__fr="Œuvre d'été", labels__nl="W"
    )
    page = desk.post("words/languages/new", status=422, labels__fr="turc", labels__nl="Turks")
    assert 'id="box-id-wrong"' in page, "a code of ISO 639 is not made from a label"
    desk.post("words/languages/new", labels__fr="turc", labels__nl="Turks", id="tr")
    assert desk.catalogue.contents.frame.vocabularies.label("languages", "tr", "nl").text == "Turks"


def test_a_script_in_a_label_is_only_text(desk: Desk) -> None:
    desk.post("words/publishers/new", labels__fr="<script>alert(1)</script>", labels__nl="<b>", id="bad")
    for page in ("words/publishers/", "words/publishers/bad"):
        assert "<script>alert" not in desk.client.get(f"/desk/fr/{page}").text


def test_a_merge_is_shown_first_then_done_as_one_action_that_can_be_undone(desk: Desk) -> None:
    before = folder(desk.catalogue.settings.resources)
    shown = desk.post("words/publishers/vdab", status=200, do="merge", into="actiris")
    assert "two" in shown and folder(desk.catalogue.settings.resources) == before
    led = desk.post("words/publishers/vdab", do="merge", into="actiris", sure="1")
    records = desk.catalogue.contents.records
    assert {records["one"].publisher, records["two"].publisher} == {"actiris"}
    assert "# a comment" in desk.file("records/two.yaml")
    old = desk.catalogue.contents.frame.vocabularies.terms["publishers"]["vdab"]
    assert (old.retired, old.replaced_by) == (True, "actiris")
    assert 'value="restore"' in desk.get("words/publishers/vdab")
    desk.undo(led)
    assert folder(desk.catalogue.settings.resources) == before


def test_shelf_marks_and_languages_of_holdings_follow_a_merge(desk: Desk) -> None:
    desk.post("words/shelves/K1", do="merge", into="W2", sure="1")
    desk.post("words/languages/ar", do="merge", into="nl", sure="1")
    (holding,) = desk.catalogue.contents.records["one"].holdings
    assert (holding.shelf, holding.language) == ("W2.2", "nl")


@pytest.mark.parametrize("into", ["", "actiris", "nothing", "*"])
def test_an_entry_is_not_merged_with_itself_or_with_nothing(desk: Desk, into: str) -> None:
    before = folder(desk.catalogue.settings.resources)
    assert 'role="alert"' in desk.post("words/publishers/actiris", status=422, do="merge", into=into, sure="1")
    assert folder(desk.catalogue.settings.resources) == before


def test_retired_and_used_again(desk: Desk) -> None:
    before = desk.file("vocabularies/publishers.yaml")
    desk.post("words/publishers/actiris", do="retire", replaced_by="siep")
    assert desk.catalogue.contents.frame.vocabularies.terms["publishers"]["actiris"].retired
    assert desk.catalogue.contents.records["one"].publisher == "actiris", "records keep it"
    desk.post("words/publishers/actiris", do="restore")
    assert desk.file("vocabularies/publishers.yaml") == before


def test_only_what_nothing_uses_is_taken_away(desk: Desk) -> None:
    assert 'role="alert"' in desk.post("words/publishers/actiris", status=422, do="delete")
    assert 'role="alert"' in desk.post("words/themes/work", status=422, do="delete")
    led = desk.post("words/publishers/siep", do="delete")
    assert "siep" not in desk.catalogue.contents.frame.vocabularies.terms["publishers"]
    desk.undo(led)
    assert "siep" in desk.catalogue.contents.frame.vocabularies.terms["publishers"]


def test_somebody_else_saved_first(desk: Desk) -> None:
    seen = desk.seen("words/publishers/actiris")
    desk.post("words/publishers/actiris", labels__fr="Theirs", labels__nl="Van hen")
    page = desk.post("words/publishers/actiris", status=409, seen=seen, labels__fr="Mine", labels__nl="Van hen")
    assert 'value="Mine"' in page and "Theirs" in page and "box-labels-nl-theirs" not in page
    assert "Theirs" in desk.file("vocabularies/publishers.yaml")
    again = re.search(r'name="seen" value="([^"]*)"', page)
    assert again
    desk.post("words/publishers/actiris", seen=again[1], labels__fr="Mine", labels__nl="Van hen")
    assert "Mine" in desk.file("vocabularies/publishers.yaml")
    for do in ("retire", "merge", "delete"):
        desk.post("words/publishers/actiris", status=409, seen=seen, do=do, into="siep")


def test_another_entry_of_the_same_list_is_no_conflict(desk: Desk) -> None:
    seen = desk.seen("words/publishers/siep")
    desk.post("words/publishers/actiris", labels__fr="A", labels__nl="B")
    desk.post("words/publishers/siep", seen=seen, labels__fr="C", labels__nl="D")
    assert "fr: A" in desk.file("vocabularies/publishers.yaml")


# --- the thesaurus ----------------------------------------------------------------------------------------------------


def test_a_concept_keeps_its_labels_in_order_and_its_neighbours_by_name(desk: Desk) -> None:
    led = desk.post(
        "words/subjects/new",
        labels__fr="aide financière\naide aux études",
        labels__nl="financiële steun",
        narrower="bourse d'études",
        related="verpleegkundige",
        note__fr="Large",
        note__nl="Ruim",
    )
    id = "aide-financiere"
    concepts = desk.catalogue.contents.frame.vocabularies.concepts
    assert concepts[id].labels == {"fr": ("aide financière", "aide aux études"), "nl": ("financiële steun",)}
    assert concepts["grants"].broader == (id,)
    assert (concepts[id].related, concepts[id].kind) == (("nurse",), "subject")
    page = desk.get(f"words/subjects/{id}", "nl")
    assert 'value="studietoelage"' in page and 'value="verpleegkundige"' in page
    desk.post(f"words/subjects/{id}", labels__fr="aide", labels__nl="steun", narrower="")
    assert desk.catalogue.contents.frame.vocabularies.concepts["grants"].broader == ()
    assert led


@pytest.mark.parametrize(
    ("form", "box"),
    [
        ({"labels__nl": ""}, "labels-nl"),
        ({"broader": "bourse d'etude"}, "broader"),
        ({"related": "grants"}, "related"),
        ({"broader": "nurse", "narrower": "nurse"}, "broader"),
        ({"note__fr": "seul"}, "note-nl"),
    ],
)
def test_what_a_concept_cannot_be(desk: Desk, form: dict[str, str], box: str) -> None:
    full = {"labels__fr": "bourse", "labels__nl": "beurs"} | form
    assert f'id="box-{box}-wrong"' in desk.post("words/subjects/grants", status=422, **full)


def test_two_concepts_of_one_name_are_told_apart_by_id(desk: Desk) -> None:
    path = desk.catalogue.settings.resources / "vocabularies/thesaurus/more.yaml"
    path.write_text(
        "# more\n- {id: b2, kind: subject, labels: {fr: [Bourse d'études], nl: [beurs]}}\n", encoding="utf-8"
    )
    desk.catalogue.refresh()
    page = desk.post("words/occupations/nurse", status=422, labels__fr="i", labels__nl="v", related="bourse d'études")
    assert "bourse d'études [grants]" in page
    desk.post("words/occupations/nurse", labels__fr="i", labels__nl="v", related="bourse d'études [b2]")
    assert desk.catalogue.contents.frame.vocabularies.concepts["nurse"].related == ("b2",)
    assert "Bourse d'études [b2]" in desk.get("words/occupations/nurse")


def test_merged_concepts_keep_their_words_and_everything_that_led_to_them(desk: Desk) -> None:
    path = desk.catalogue.settings.resources / "vocabularies/thesaurus/more.yaml"
    path.write_text(
        "# more\n"
        "- {id: prime, uri: 'https://x.be/1', kind: subject, labels: {fr: [prime, bourse d'études], nl: [premie]}}\n"
        "- {id: low, kind: subject, labels: {fr: [bas], nl: [onder]}, broader: [prime], related: [prime, grants]}\n",
        encoding="utf-8",
    )
    record = desk.catalogue.settings.resources / "records/two.yaml"
    record.write_text(record.read_text().replace("[nurse]", "['https://x.be/1', grants]"), encoding="utf-8")
    desk.catalogue.refresh()
    before = folder(desk.catalogue.settings.resources)
    assert "prime" in desk.post("words/subjects/prime", status=200, do="merge", into="studietoelage")
    led = desk.post("words/subjects/prime", do="merge", into="studietoelage", sure="1", words="1")
    concepts = desk.catalogue.contents.frame.vocabularies.concepts
    assert concepts["grants"].labels == {
        "fr": ("bourse d'études", "prime"),
        "nl": ("studietoelage", "premie"),
        "en": ("study grant",),
    }
    assert (concepts["low"].broader, concepts["low"].related) == (("grants",), ("grants",))
    assert concepts["prime"].retired and desk.catalogue.contents.records["two"].subjects == ("grants",)
    desk.undo(led)
    assert folder(desk.catalogue.settings.resources) == before


def test_a_picker_is_offered_labels_in_the_language_of_the_page(desk: Desk) -> None:
    assert desk.client.get("/desk/nl/words/labels?q=toelage").json() == {"labels": ["studietoelage"]}
    assert desk.client.get("/desk/fr/words/labels?q=").json() == {"labels": []}


def test_thousands_of_concepts_come_page_by_page(desk: Desk) -> None:
    path = desk.catalogue.settings.resources / "vocabularies/thesaurus/many.yaml"
    lines = (
        f"- {{id: c{n}, kind: subject, labels: {{fr: [sujet {n:04}], nl: [onderwerp {n:04}]}}}}\n" for n in range(3600)
    )
    path.write_text("".join(lines), encoding="utf-8")
    desk.catalogue.refresh()
    first = desk.get("words/subjects/")
    assert first.count("<tr>") == 51 and "page=2" in first
    assert desk.get("words/subjects/?page=73").count("<tr>") == 2
    assert desk.get("words/subjects/?page=99999").count("<tr>") == 2
    assert desk.get("words/subjects/?q=3599").count("<tr>") == 2
    desk.post("words/subjects/c77", labels__fr="x", labels__nl="y", broader="sujet 0078")
    assert desk.catalogue.contents.frame.vocabularies.concepts["c77"].broader == ("c78",)

"""A series at the desk: its table, what is pasted into it, the preview, one action; labels and claim letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.settings import Settings
from catalogue.web.desk.labels import colour_name
from tests.at_desk import Desk, at_desk, folder
from tests.conftest import AddRecord, write

LANGS = ["fr", "nl", "en"]
ROOM = """- {id: K1, labels: {fr: Rayon un, nl: Rek een}, colour: orient}
- {id: W2, labels: {fr: Rayon deux, nl: Rek twee}, colour: neutral}
"""


@pytest.fixture
def desk(settings: Settings, add: AddRecord) -> Iterator[Desk]:
    add(
        "work",
        "series: sheets",
        "year: 2026",
        "publisher: actiris",
        "title: {fr: Au travail, nl: Aan het werk}",
        "holdings: [{shelf: K1.9, copies: 3, use: take, language: nl}, {shelf: K1.10, copies: 2, language: fr}]  # two",
    )
    add("school", "series: sheets", "year: 2026", "publisher: actiris", "identifiers: {publisher_ref: R-9}")
    add("old", "series: sheets", "year: 2025", "publisher: vdab", "staff_note: Old.", "holdings: [{shelf: W2.1}]")
    add("other", "holdings: [{shelf: K1.1, language: fr, use: read}]")
    write(settings.resources / "vocabularies/shelves.yaml", ROOM)
    write(
        settings.resources / "centre.yaml",
        "name: {fr: Le Centre, nl: Het Centrum}\ncontact: {address: {fr: Rue 1, nl: Straat 1}, phone: '02 000 00 00'}\n"
        "colours: [{theme: orient, ink: '#5B2A86', tint: '#F3ECFA', dark: '#CDB4F5'}]\n",
    )
    with at_desk(settings) as signed_in:
        yield signed_in


def send(desk: Desk, do: str, status: int = 200, lang: str = "fr", **values: Any) -> str:
    """Send the table; names as ``fate_ID`` for ``fate:ID``, ``h0copies_ID`` for ``0.copies:ID``."""
    form = {re.sub(r"^h(\d+)", r"\1.", name).replace("_", ":"): value for name, value in values.items()}
    return desk.post("series/sheets", lang, status, seen="", do=do, **form)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def apply(desk: Desk, page: str, status: int = 303) -> str:
    return desk.post("series/sheets", status=status, seen="", **hidden(page), do="apply")


@pytest.mark.parametrize("lang", LANGS)
def test_every_series_says_how_many_are_behind(desk: Desk, lang: str) -> None:
    row = re.search(r"<tr>(?:(?!</tr>).)*/series/sheets.*?</tr>", desk.get("series/", lang), re.DOTALL)
    assert row and re.findall(r"<td class=\"number\">(?:<strong>)?(\d+)", row[0]) == ["3", "2026", "1"]
    page = desk.get("series/sheets", lang)
    assert page.count('name="fate:') == 3 and 'value="2027"' in page


@pytest.mark.parametrize("page", ["series/", "series/sheets", "series/sheets/claim", "labels?id=work"])
def test_advisors_and_strangers_stay_out(desk: Desk, page: str) -> None:
    assert desk.site.browser("marie").get(f"/desk/fr/{page}").status_code == 403
    desk.client.cookies.clear()
    assert desk.client.get(f"/desk/fr/{page}", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("page", ["series/nothing", "series/nothing/claim"])
def test_a_series_that_is_not_there(desk: Desk, page: str) -> None:
    assert desk.client.get(f"/desk/fr/{page}").status_code == 404


def test_a_new_edition_is_shown_first_then_one_action_that_can_be_undone(desk: Desk) -> None:
    before = folder(desk.catalogue.settings.resources)
    page = send(
        desk,
        "preview",
        edition="2027",
        fate_work="received",
        h0copies_work="8",
        fate_old="withdrawn",
        fate_school="missing",
    )
    assert "<ins>2027</ins>" in page and "<del>3</del>" in page and folder(desk.catalogue.settings.resources) == before
    led = apply(desk, page)
    records = desk.catalogue.contents.records
    today = desk.catalogue.now().date()
    work = records["work"]
    assert (work.year, work.checked, work.holdings[0].copies, work.holdings[1].copies) == (2027, today, 8, 2)
    assert work.review_by and work.review_by.year == today.year + 1
    assert records["old"].status == "withdrawn" and records["old"].staff_note.startswith("Old.\n")
    assert records["school"].year == 2026 and "missing=school" in led
    shown = desk.get(led.removeprefix("/desk/fr/"))
    assert "claim?id=school" in shown and "&since=" in shown
    action = desk.catalogue.state.history.action(int(re.findall(r"done=(\d+)", led)[0]))
    assert (action.kind, action.files, action.account) == ("renew", 2, "dirk")
    desk.catalogue.writer.undo(action.id, "dirk")
    assert folder(desk.catalogue.settings.resources) == before


def test_all_are_ticked_and_the_table_keeps_what_was_typed(desk: Desk) -> None:
    page = send(desk, "all", year_work="2030", fate_old="missing", edition="2028")
    assert (
        page.count('<option value="received" selected>') == 2 and page.count('<option value="missing" selected>') == 1
    )
    assert 'value="2030"' in page and 'value="2028"' in page
    assert 'value="2030"' in send(desk, "back", year_work="2030")


def test_a_fault_is_in_its_row_and_nothing_is_saved(desk: Desk) -> None:
    before = folder(desk.catalogue.settings.resources)
    page = send(desk, "apply", 422, fate_work="received", year_work="soon", fate_school="received", edition="2027")
    assert 'id="wrong-work"' in page and 'id="wrong-school"' not in page and 'value="soon"' in page
    assert 'role="alert"' in send(desk, "preview", 422)
    assert folder(desk.catalogue.settings.resources) == before


def test_somebody_else_changed_one_meanwhile(desk: Desk, add: AddRecord) -> None:
    page = send(desk, "preview", edition="2027", fate_work="received", fate_school="received")
    add("school", "series: sheets", "year: 2026", "title: {fr: Ailleurs, nl: Elders}")
    desk.catalogue.refresh()
    again = apply(desk, page, 409)
    assert "Ailleurs" in again and desk.catalogue.contents.records["work"].year == 2026
    apply(desk, again)
    assert desk.catalogue.contents.records["school"].title["fr"] == "Ailleurs"
    assert desk.catalogue.contents.records["school"].year == 2027
    assert 'role="alert"' in apply_unseen(desk)


def apply_unseen(desk: Desk) -> str:
    """Send what nobody has seen in a preview."""
    return send(desk, "apply", 409, fate_old="leaves")


def test_pasted_lines_fill_the_table_before_anything_is_saved(desk: Desk) -> None:
    before = folder(desk.catalogue.settings.resources)
    text = "Titel\tJaar\nAan het werk\t2027\t6\nR-9\tontbreekt\nWho knows\t2027\n<script>\t2027"
    page = send(desk, "paste", text=text, year_old="2029")
    assert 'name="year:work" value="2027"' in page and 'name="0.copies:work" value="6"' in page
    assert 'value="missing" selected' in page and "Who knows" in page and 'value="2029"' in page
    assert folder(desk.catalogue.settings.resources) == before


def test_a_script_among_pasted_lines_is_only_text(desk: Desk) -> None:
    answer = desk.client.post("/desk/fr/series/sheets", data={"do": "paste", "text": "<script>x</script>\t2027"})
    assert "&lt;script&gt;x" in answer.text and "<script>x" not in answer.text


# --- labels ----------------------------------------------------------------------------------------------------------


def marks(page: str) -> list[str]:
    return re.findall(r'class="label-mark">([^<]*)<', page)


def test_labels_come_in_the_order_of_the_room_in_the_language_of_the_copy(desk: Desk) -> None:
    page = desk.get("labels?id=work&id=other&id=school&id=nobody&id=work", "en")
    assert marks(page) == ["K1.1", "K1.9", "K1.10"]
    first, second = re.findall(r'class="label-line">(.*?)</p>', page)[:2]
    assert "<strong>violet</strong> · FR · À lire sur place" in first
    assert "<strong>paars</strong> · NL · Mag je meenemen" in second
    assert marks(desk.get("labels?series=sheets")) == ["K1.9", "K1.10", "W2.1"]
    assert marks(desk.get("labels?series=sheets&since=2026-01-01")) == []


@pytest.mark.parametrize("lang", LANGS)
def test_labels_of_the_records_one_ticks_in_the_list(desk: Desk, lang: str) -> None:
    """The list's own button brings them; without any record the page says where to choose."""
    assert f'formaction="/desk/{lang}/labels" formmethod="get"' in desk.get("records", lang)
    assert f'href="/desk/{lang}/records"' in desk.get("labels", lang)


def test_a_sheet_that_was_begun(desk: Desk) -> None:
    page = desk.get("labels?id=work&start=23")
    assert page.count('class="label label-used"') == 22 and page.count('class="labels labels-70x37"') == 1
    assert desk.get("labels?id=work&start=24").count('class="labels labels-70x37"') == 2
    assert 'class="labels labels-63x38"' in desk.get("labels?id=work&size=63x38&start=999")
    assert marks(desk.get("labels?start=x&size=huge&since=soon")) == []


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#5B2A86", "violet"),
        ("#0A58A8", "blue"),
        ("#0A6B4B", "green"),
        ("#9A4A00", "orange"),
        ("#B3123F", "red"),
        ("#474c55", "grey"),
    ],
)
def test_a_colour_has_a_name(colour: str, name: str) -> None:
    assert colour_name(colour) == name


# --- claim letters ---------------------------------------------------------------------------------------------------


def test_a_letter_to_each_publisher_in_its_language_names_what_did_not_come(desk: Desk) -> None:
    page = desk.get("series/sheets/claim?in=nl&edition=2027", "fr")
    letters = page.split('<article class="letter" lang="nl">')[1:]
    assert len(letters) == 2
    assert "actiris nl" in letters[0] and "R-9" in letters[0] and "Aan het werk" in letters[0]
    assert "Het Centrum" in letters[0] and "Straat 1" in letters[0] and "02 000 00 00" in letters[0]
    assert "vdab nl" in letters[1] and "2027" in letters[1] and "Geachte" in letters[1]
    assert "Madame" in desk.get("series/sheets/claim?in=fr&edition=2027", "nl")


def test_the_letter_is_about_those_behind_or_those_that_are_chosen(desk: Desk) -> None:
    assert desk.get("series/sheets/claim?in=fr").count('<th scope="row">') == 1
    assert "R-9" in desk.get("series/sheets/claim?in=fr&id=school")
    assert desk.get("series/sheets/claim?chosen=1").count("<article") == 0
    assert desk.get("series/sheets/claim?edition=x&in=de").count("<article") == 1

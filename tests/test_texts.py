"""The texts at the desk: pages, questions and the centre, in both languages, never saved over somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from catalogue.settings import Settings
from tests.at_desk import Desk, at_desk, folder
from tests.conftest import AddRecord, write

LANGS = ["fr", "nl", "en"]
HELP: dict[str, Any] = {"title__fr": "Aide", "title__nl": "Hulp", "body__fr": "Texte", "body__nl": "Tekst"}
QUESTION = """# asked often
kind: question
title: {fr: "Quoi ?", nl: "Wat?"}   # short
body:
  fr: |
    - Un
    - Deux
  nl: |
    - Een
    - Twee
themes: [work]
records: [one]
order: 4
"""
CENTRE = """# the centre
name: {fr: Le Centre, nl: Het Centrum, en: The Centre}
contact:
  address: "Rue 1" # one for all
  spoken: [fr, nl]
colours:
  - {theme: work, ink: "#0A6B4B", tint: "#E6F4EE", dark: "#7ED9B2"}
"""


@pytest.fixture
def desk(settings: Settings, add: AddRecord) -> Iterator[Desk]:
    add("one")
    write(settings.resources / "pages/question-what.yaml", QUESTION)
    write(settings.resources / "pages/theme-work.yaml", "kind: theme\ntitle: {fr: T, nl: W}\nbody: {fr: B, nl: C}\n")
    write(settings.resources / "centre.yaml", CENTRE)
    with at_desk(settings) as signed_in:
        yield signed_in


def typed(page: str) -> dict[str, Any]:
    """Return what the boxes of a page hold."""
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    lines = re.findall(r'<input id="[^"]*" name="([^"]+)" value="([^"]*)"', page)
    ticks = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', page)
    return {name.replace(".", "__"): value for name, value in (*areas, *lines, *ticks)}


@pytest.mark.parametrize("lang", LANGS)
def test_every_text_is_there(desk: Desk, lang: str) -> None:
    page = desk.get("texts/", lang)
    assert all(f"/texts/{id}" in page for id in ("help", "privacy", "question-what", "theme-work", "new"))
    assert f"/desk/{lang}/centre" in page
    assert desk.client.get(f"/desk/{lang}/texts/nothing").status_code == 404


@pytest.mark.parametrize("page", ["texts/", "texts/help", "texts/new", "centre"])
def test_advisors_and_strangers_stay_out(desk: Desk, page: str) -> None:
    assert desk.site.browser("marie").get(f"/desk/fr/{page}").status_code == 403
    desk.client.cookies.clear()
    assert desk.client.get(f"/desk/fr/{page}", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("page", ["texts/question-what", "texts/theme-work", "texts/help"])
def test_what_is_saved_as_it_was_changes_no_byte(desk: Desk, page: str) -> None:
    before = folder(desk.catalogue.settings.resources)
    assert desk.post(page, **typed(desk.get(page))).endswith("done=0")
    assert folder(desk.catalogue.settings.resources) == before


def test_a_text_is_saved_in_both_languages_and_can_be_taken_back(desk: Desk) -> None:
    form = typed(desk.get("texts/question-what")) | {"body__fr": "- Un\n- Trois\r\n", "body__nl": "- Een\n- Drie"}
    led = desk.post("texts/question-what", **form)
    assert "only=" not in led
    expected = QUESTION.replace("- Deux", "- Trois").replace("- Twee", "- Drie")
    assert desk.file("pages/question-what.yaml") == expected
    assert desk.catalogue.contents.frame.pages["question-what"].body["nl"] == "- Een\n- Drie"
    desk.undo(led)
    assert desk.file("pages/question-what.yaml") == QUESTION


@pytest.mark.parametrize(("changed", "words"), [("fr", "Dutch"), ("nl", "French")])
def test_a_text_that_changed_in_one_language_is_saved_and_the_other_pointed_at(
    desk: Desk, changed: str, words: str
) -> None:
    led = desk.post("texts/help", **HELP | {f"title__{changed}": "Titre", f"body__{changed}": "Nouveau"})
    led = desk.post("texts/help", **HELP | {f"title__{changed}": "Titre", f"body__{changed}": "Autre"})
    assert led.endswith(f"&only={changed}")
    assert f"Does the {words} one still say the same?" in desk.get(
        led.removeprefix("/desk/fr/").replace("fr/", ""), "en"
    )


def test_a_preview_shows_what_readers_see_and_saves_nothing(desk: Desk) -> None:
    before = folder(desk.catalogue.settings.resources)
    form = HELP | {"body__fr": "**Fort** <script>x</script>", "body__nl": "[a](javascript:x)"}
    page = desk.client.post(
        "/desk/fr/texts/help", data={k.replace("__", "."): v for k, v in form.items()} | {"do": "preview"}
    )
    assert "<strong>Fort</strong> &lt;script&gt;" in page.text and 'href="javascript' not in page.text
    assert folder(desk.catalogue.settings.resources) == before


@pytest.mark.parametrize(
    ("form", "box"),
    [
        ({"title__nl": ""}, "title-nl"),
        ({"body__fr": ""}, "body-fr"),
        ({"records": "one\nnobody"}, "records"),
        ({"order": "x"}, "order"),
        ({"themes": "sport"}, "themes"),
    ],
)
def test_every_fault_is_beside_its_box(desk: Desk, form: dict[str, Any], box: str) -> None:
    page = desk.post("texts/question-what", status=422, **typed(desk.get("texts/question-what")) | form)
    assert f'id="box-{box}-wrong"' in page
    assert desk.file("pages/question-what.yaml") == QUESTION


def test_a_new_question(desk: Desk) -> None:
    assert 'id="box-body-nl-wrong"' in desk.post("texts/new", status=422, **{**HELP, "body__nl": ""})
    led = desk.post("texts/new", **HELP, themes="learn", records="one")
    assert "/texts/question-aide?" in led
    made = desk.catalogue.contents.frame.pages["question-aide"]
    assert (made.kind, made.themes, made.records, made.body["fr"]) == ("question", ("learn",), ("one",), "Texte")
    assert "/texts/question-aide-2?" in desk.post("texts/new", **HELP)


def test_somebody_else_saved_first(desk: Desk) -> None:
    seen = desk.seen("texts/help")
    desk.post("texts/help", **HELP)
    page = desk.post("texts/help", status=409, seen=seen, **HELP | {"body__fr": "Le mien"})
    assert ">\nLe mien</textarea>" in page and 'id="box-body-fr-theirs"' in page
    assert "Le mien" not in desk.file("pages/help.yaml")
    again = re.search(r'name="seen" value="([^"]*)"', page)
    assert again
    desk.post("texts/help", seen=again[1], **HELP | {"body__fr": "Le mien"})
    assert "Le mien" in desk.file("pages/help.yaml")


# --- the centre ------------------------------------------------------------------------------------------------------


def test_the_centre_keeps_what_the_form_does_not_show(desk: Desk) -> None:
    page = desk.get("centre")
    assert typed(page)["contact__address__fr"] == typed(page)["contact__address__nl"] == "Rue 1"
    data = {
        "name.fr": "Le Centre",
        "name.nl": "Het Centrum",
        "name.en": "The Centre",
        "advisors.fr": "Marie et Ali, le mardi",
        "advisors.nl": "Marie en Ali, op dinsdag",
        "contact.address.fr": "Rue 1",
        "contact.address.nl": "Straat 1",
        "contact.hours.fr": "9-17",
        "contact.hours.nl": "9-17",
        "contact.spoken": ["fr", "nl", "ar"],
        "contact.walk_in": "true",
        "closes": "17:00",
        "seen": desk.seen("centre"),
    }
    assert desk.client.post("/desk/nl/centre", data=data, follow_redirects=False).status_code == 303
    text = desk.file("centre.yaml")
    assert text.startswith("# the centre\nname: {fr: Le Centre") and CENTRE.partition("colours:")[2] in text
    centre = desk.catalogue.contents.frame.centre
    assert (centre.contact.spoken, centre.contact.walk_in, centre.closes) == (("fr", "nl", "ar"), True, "17:00")
    assert "Marie en Ali, op dinsdag" in desk.client.get("/nl/").text


@pytest.mark.parametrize(
    ("form", "box"),
    [
        ({"advisors__fr": "Marie"}, "advisors-nl"),
        ({"closes": "soon"}, "closes"),
        ({"name__fr": ""}, "name-fr"),
        ({"contact__email": "nobody"}, "contact-email"),
        ({"contact__hours__nl": "9-17"}, "contact-hours-fr"),
    ],
)
def test_what_the_centre_cannot_be(desk: Desk, form: dict[str, Any], box: str) -> None:
    page = desk.post("centre", status=422, **typed(desk.get("centre")) | form)
    assert f'id="box-{box}-wrong"' in page
    assert desk.file("centre.yaml") == CENTRE

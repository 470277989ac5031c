"""Forms made from the declaration: what a form shows is what it sends back, for every record there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from catalogue import shapes
from catalogue.errors import untranslated
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.web import forms
from catalogue.web.controls import Control, Printer
from catalogue.web.desk.records.sections import HOLDING_FIELDS, SECTIONS


def printer(catalogue: Catalogue, problems: Mapping[str, list[str]] | None = None) -> Printer:
    return Printer(catalogue.contents.frame.vocabularies, "fr", untranslated, problems or {})


def sent_by(controls: tuple[Control, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a browser would send of these controls."""
    for control in controls:
        for row in control.rows:
            yield from sent_by(row.controls)
        for text in control.texts:
            yield text.name, text.value.replace("\n", "\r\n")
        if control.kind in ("checks", "picker"):
            yield from ((control.name, option.value) for option in control.options if option.chosen)
            yield from [(f"{control.name}.order", control.value)] if control.kind == "checks" else []
        elif control.kind == "truth":
            yield from [(control.name, "true")] if control.value == "true" else []
        elif not control.rows and not control.texts:
            yield control.name, control.value


def test_what_a_form_shows_is_what_it_sends_back(example: Catalogue) -> None:
    printed = printer(example)
    for record in example.contents.records.values():
        mapping: Any = shapes.as_value(record.to_mapping())
        pairs = list(sent_by(printed.controls(FIELDS, mapping)))
        again = Resource.from_mapping(record.id, forms.gather(FIELDS, forms.Sent(pairs)))
        assert again == record


def test_every_field_stands_in_the_form_once() -> None:
    laid_out = [name for section in SECTIONS for name in section.fields]
    assert sorted(laid_out) == sorted(FIELDS)
    for first, more in HOLDING_FIELDS.values():
        assert len({*first, *more}) == len(first) + len(more)


def test_what_is_left_empty_is_left_out() -> None:
    pairs = [("title.fr", " "), ("themes", ""), ("holdings.0.url", ""), ("holdings.4.url", "https://a.be"), ("x", "y")]
    assert forms.gather(FIELDS, forms.Sent(pairs)) == {"holdings": [{"url": "https://a.be"}]}


def test_a_name_that_is_not_known_stays_as_it_was_typed(example: Catalogue) -> None:
    pairs = [("subjects.add", "zzz"), ("publisher.add", "Actiris"), ("occupations.add", ""), ("title.add", "x")]
    sent, problems = forms.resolve(FIELDS, forms.Sent(pairs), example.contents.frame.vocabularies)
    assert sent.one("publisher") == "actiris"
    assert [problem.field for problem in problems] == ["subjects.add"]
    control = printer(example).control("subjects", FIELDS["subjects"], [], sent)
    assert (control.kind, control.typed) == ("picker", "zzz")


def test_messages_stand_beside_their_field(example: Catalogue) -> None:
    printed = printer(example, {"themes.0": ["no theme"], "title.fr": ["too long"], "holdings.1.url": ["no address"]})
    mapping = {"themes": ["x"], "title": {"fr": "Un"}, "holdings": [{"url": "https://a.be"}, {"url": "b"}]}
    by_name = {control.name: control for control in printed.controls(FIELDS, mapping)}
    assert by_name["themes"].problems == ("no theme",)
    assert by_name["title"].problems == ()
    assert by_name["title"].texts[0].problems == ("too long",)
    url = next(control for control in by_name["holdings"].rows[1].controls if control.name == "holdings.1.url")
    assert url.problems == ("no address",)
    assert by_name["holdings"].wrong
    assert not by_name["summary"].wrong

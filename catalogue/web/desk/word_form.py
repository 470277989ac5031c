"""The form of an entry of a list of words: its boxes, and the entry that was typed into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from catalogue import edits, wordlists
from catalogue.errors import N_, Problem, Translate
from catalogue.fields import THEMES
from catalogue.values import TEXT_LANGUAGES
from catalogue.vocabulary import Term
from catalogue.web.desk import boxes, concept
from catalogue.web.desk.boxes import Box
from catalogue.web.desk.word_asked import Asked

TERM_BOXES = ("labels.fr", "labels.nl", "labels.en", "detail.fr", "detail.nl", "detail.en", "order", "colour", "url")


def names(asked: Asked) -> tuple[str, ...]:
    """Return the names of the boxes of an entry."""
    if asked.is_thesaurus:
        return concept.BOXES
    return tuple(name for name in TERM_BOXES if name != "colour" or asked.vocabulary == "shelves")


def values(asked: Asked, entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what the boxes of an entry hold, as it stands in its file."""
    return concept.values(asked.vocabularies, entry, asked.lang) if asked.is_thesaurus else boxes.flat(entry)


def typed(form: FormData) -> dict[str, str]:
    """Return what was typed, by the names of the boxes."""
    found = boxes.texts(form)
    return found | {name: "\n".join(boxes.every(form, name)) for name in concept.LINKS if name in found}


def read(asked: Asked, given: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the entry that was typed, and every problem of it; a new one gets an id made from its label."""
    if asked.is_thesaurus:
        return concept.read(asked.vocabularies, asked.vocabulary, given, asked.id, asked.lang)
    entry = boxes.nested({name: given.get(name, "") for name in TERM_BOXES if name in given})
    problems = edits.in_both(entry, ("labels",), ("detail",))
    if not asked.id:
        entry["id"] = given.get("id") or _proposed(asked, entry)
        if not entry["id"]:
            problems = (*problems, Problem(concept.FORM, 0, "id", edits.MISSING))
    _made, faults = edits.checked(Term, {"id": asked.id, **entry})
    return entry, (*problems, *faults)


def rows(asked: Asked, given: Mapping[str, str]) -> boxes.Rows:
    """Return the boxes of an entry, filled with what is ``given``."""
    _ = asked.gettext
    if asked.is_thesaurus:
        return concept.rows(given, _)
    labels = _sides("labels", _(N_("Label")), given, required=True)
    details = _sides("detail", _(N_("Second line")), given)
    given_id = (_id_box(asked, given),) if not asked.id else ()
    colour = (_colour_box(_, given),) if asked.vocabulary == "shelves" else ()
    hint = _(N_("A number; without numbers, the list keeps its order."))
    order = Box("order", _(N_("Order")), given.get("order", ""), "number", hint=hint)
    return labels, details, (*given_id, order, *colour, Box("url", _(N_("Web address")), given.get("url", "")))


def _proposed(asked: Asked, entry: Mapping[str, Any]) -> str:
    label = entry.get("labels", {}).get("fr", "")
    terms = asked.vocabularies.terms[asked.vocabulary]
    given = asked.vocabulary in wordlists.GIVEN_IDS or not label
    return "" if given else wordlists.proposed_id(label, lambda id: id in terms)


def _sides(name: str, label: str, given: Mapping[str, str], required: bool = False) -> tuple[Box, ...]:
    boxed = {f"{name}.{code}": code for code in TEXT_LANGUAGES}
    return tuple(
        Box(box, label, given.get(box, ""), lang=code, required=required and code != "en")
        for box, code in boxed.items()
    )


def _id_box(asked: Asked, given: Mapping[str, str]) -> Box:
    _, by_hand = asked.gettext, asked.vocabulary in wordlists.GIVEN_IDS
    hint = "" if by_hand else _(N_("Left empty, it is made from the French label. It never changes afterwards."))
    return Box("id", _(N_("Id")), given.get("id", ""), hint=hint, required=by_hand)


def _colour_box(_: Translate, given: Mapping[str, str]) -> Box:
    options = (("", "–"), *((theme, theme) for theme in (*THEMES, "neutral")))
    return Box("colour", _(N_("Colour")), given.get("colour", ""), "choice", options=options)

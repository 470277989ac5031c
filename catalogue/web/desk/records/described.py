"""What web pages, catalogues of books and files say of a document, as the mapping of a record."""

from __future__ import annotations

import re
from typing import Any

from catalogue import file_facts
from catalogue.book_facts import BookFacts
from catalogue.errors import N_, BadInput, NotFound
from catalogue.exchange.targets import TARGETS
from catalogue.exchange.terms import Recogniser
from catalogue.page_facts import Facts
from catalogue.service import Catalogue
from catalogue.values import TEXT_LANGUAGES
from catalogue.web import term_names
from catalogue.web.desk.records.numbers import is_isbn

Plain = Any

KINDS = {"film": "video", "sound": "audio"}
"""The kind of document that a kind of file is; a PDF or a picture can be any."""


def of_page(catalogue: Catalogue, facts: Facts) -> dict[str, Plain]:
    """Return what a web page says."""
    lang = facts.language if facts.language in TEXT_LANGUAGES else ""
    vocabularies = catalogue.contents.frame.vocabularies
    known = vocabularies.terms.get("languages", {})
    found: dict[str, Plain] = {}
    if facts.title:
        found["title"] = {lang or "fr": facts.title}
    if facts.description:
        found["summary"] = {lang or "fr": facts.description}
    if facts.language in known:
        found["languages"] = [facts.language]
    publisher = term_names.find(vocabularies, "publishers", facts.publisher) if facts.publisher else ""
    if publisher:
        found["publisher"] = publisher
    if is_isbn(re.sub(r"[\s-]", "", facts.isbn).upper()):
        found["identifiers"] = {"isbn": facts.isbn}
    others = [code for code in facts.versions if code in known and code != facts.language]
    found["holdings"] = [{"url": facts.url, **({"language": facts.language} if lang else {})}]
    found["holdings"] += [{"url": facts.versions[code], "language": code} for code in others]
    return found


def of_book(catalogue: Catalogue, facts: BookFacts) -> tuple[dict[str, Plain], dict[str, str]]:
    """Return what a catalogue says of a book, and the names it gives that no list has, by the field they are for."""
    vocabularies = catalogue.contents.frame.vocabularies
    recogniser = Recogniser(vocabularies)

    def ids(field: str, values: tuple[str, ...]) -> list[str]:
        return list(dict.fromkeys(filter(None, (recogniser.id_of(TARGETS[field], value) for value in values))))

    languages = ids("languages", facts.languages)
    lang = next((code for code in languages if code in TEXT_LANGUAGES), "fr")
    publisher = term_names.find(vocabularies, "publishers", facts.publisher) if facts.publisher else ""
    found = {
        "title": {lang: facts.title},
        "authors": list(facts.authors),
        "publisher": publisher,
        "year": facts.year,
        "languages": languages,
        "subjects": ids("subjects", facts.subjects),
    }
    typed = {"publisher": facts.publisher} if facts.publisher and not publisher else {}
    return {name: value for name, value in found.items() if value}, typed


def of_file(catalogue: Catalogue, path: str, name: str) -> dict[str, Plain]:
    """Return what a file of the centre says; ``name``: what its owner calls it. Raises BadInput where it is gone."""
    try:
        facts = file_facts.read(catalogue.media.find(path), name)
    except NotFound as error:
        raise BadInput(N_("This file is no longer here."), field="begin.file") from error
    known = catalogue.contents.frame.vocabularies.terms.get("languages", {})
    language = facts.language if facts.language in known else ""
    found: dict[str, Plain] = {
        "title": {language if language in TEXT_LANGUAGES else "fr": facts.title},
        "holdings": [{"file": path, **({"language": language} if language else {})}],
    }
    if language:
        found["languages"] = [language]
    if facts.kind in KINDS:
        found["kind"] = KINDS[facts.kind]
    return found

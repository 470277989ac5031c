"""Both languages of the centre, everywhere: which texts of a file are missing in one of them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from catalogue.errors import N_, Problem, Severity
from catalogue.values import CENTRE_LANGUAGES
from catalogue.yamlfile import Document, KeyPath


def untranslated(document: Document, texts: Iterable[tuple[KeyPath, Container[str]]]) -> Iterator[Problem]:
    """Yield a gap for each text (where it stands in the file, and the languages it has) that lacks a language."""
    for path, text in texts:
        for lang in CENTRE_LANGUAGES:
            if lang not in text:
                where, message = ".".join(map(str, path)), N_("the text in “%(lang)s” is missing")
                yield Problem(document.path, document.line(path), where, message, {"lang": lang}, Severity.GAP)

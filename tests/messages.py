"""The texts of code and templates, and the .po files that translate them: ``make messages`` brings them up to date."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "catalogue"
LANGUAGES = ("fr", "nl")
"""The languages that must be complete; English is the language of the texts themselves."""

LOOSE_SPACE = re.compile(r" (?=[:;?!»])|(?<=«) ")
"""A space that a French line must not break at: U+00A0 stands there (Lexique des règles typographiques, 5th ed.)."""

_METHODS = [("**.py", "python"), ("web/templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"web/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}}
_KEYWORDS = {"N_": None, "gettext": None, "_": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return every text that code and templates show."""
    catalog = Catalog(project="catalogue", charset="utf-8")
    found = extract_from_dir(str(PACKAGE), _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for path, _line, message, comments, context in found:
        catalog.add(message, None, [(path, 0)], auto_comments=comments, context=context)
    return catalog


def po_path(lang: str) -> Path:
    """Return where the translations into ``lang`` are."""
    return PACKAGE / "locale" / lang / "LC_MESSAGES" / "catalogue.po"


def translated(lang: str) -> Catalog:
    """Return the translations into ``lang``."""
    path = po_path(lang)
    if not path.exists():
        return Catalog(locale=lang, project="catalogue", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def update() -> None:
    """Add new texts to every .po file, drop those no longer used, keep the translations."""
    for lang in LANGUAGES:
        catalog = translated(lang)
        catalog.update(extracted(), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        if lang == "fr":
            _tie(catalog)
        path = po_path(lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, omit_header=True)
        missing = sum(1 for message in catalog if message.id and not any(strings_of(message.string)))
        print(f"{lang}: {len(catalog)} texts, {missing} to translate")


def _tie(catalog: Catalog) -> None:
    for message in catalog:
        if message.id:
            tied = tuple(LOOSE_SPACE.sub("\N{NO-BREAK SPACE}", string) for string in strings_of(message.string))
            message.string = tied if isinstance(message.id, tuple) else "".join(tied)


def strings_of(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return a translation as a tuple: one, or one for each number."""
    return (string,) if isinstance(string, str) else tuple(string or ())


if __name__ == "__main__":
    update()

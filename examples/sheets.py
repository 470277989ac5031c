"""Occupation sheets: a YAML file and a template become a tagged PDF of two pages in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from playwright.sync_api import Browser

HERE = Path(__file__).parent
SHEETS = HERE / "sheets"
LANGUAGES = ("fr", "nl")

_FOREIGN = re.compile(r"\*([^*]+)\*")
_NARROW = re.compile(r" (?=[:;?!»])|(?<=«) ")
_TOGETHER = re.compile(r"(?<=\d) (?=\d|h\b|uur\b)|(?<=\B’s) |(?<=[Cc]ode) (?=\d)")
_DATES = re.compile(rb"(/(?:Creation|Mod)Date) \(D:\d{14}")


@dataclass(frozen=True)
class Sheet:
    """One occupation sheet: ``record`` is the id of the record it belongs to, ``texts`` what it says by language."""

    record: str
    texts: Mapping[str, Mapping[str, Any]]

    def name(self, lang: str) -> str:
        """Return the name of its PDF: ``metier-nurse-fr.pdf``."""
        return f"{self.record}-{lang}.pdf"


def read_sheets(folder: Path = SHEETS) -> list[Sheet]:
    """Return the sheets of a folder, by record. Raises yaml.YAMLError for a file that is no YAML."""
    read = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))
    return [Sheet(given["record"], {lang: given[lang] for lang in LANGUAGES}) for given in read]


def render(sheet: Sheet, lang: str) -> str:
    """Return a sheet as an HTML page. Raises jinja2.UndefinedError where the sheet lacks a part."""
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined)
    environment.filters["marked"] = lambda text: _marked(text, lang)
    environment.filters["typeset"] = typeset
    words = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))[lang]
    style = Markup((HERE / "sheet.css").read_text(encoding="utf-8"))  # noqa: S704  our own file
    return environment.get_template("sheet.html.jinja").render(
        lang=lang, words=words, sheet=sheet.texts[lang], style=style
    )


def typeset(text: str) -> str:
    """Return a text as it is printed: curved apostrophes, no line that begins with a colon or breaks a number."""
    return _TOGETHER.sub("\u00a0", _NARROW.sub("\u00a0", text.replace("'", "’")))


def _marked(text: str, lang: str) -> Markup:
    """Set what stands between asterisks as words of the other language, in italics."""
    other = "nl" if lang == "fr" else "fr"
    return Markup(_FOREIGN.sub(rf'<i lang="{other}">\1</i>', str(escape(typeset(text)))))  # noqa: S704  escaped before


def print_sheet(browser: Browser, sheet: Sheet, lang: str) -> bytes:
    """Return a sheet as a PDF with structure tags, language, title and bookmarks (ISO 14289-1, PDF/UA)."""
    page = browser.new_page()
    page.set_content(render(sheet, lang))
    data = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    page.close()
    return _undated(data)


def _undated(data: bytes) -> bytes:
    """Give a PDF the day of the edition, so that the same text makes the same file; no byte moves."""
    return _DATES.sub(rb"\1 (D:20261101000000", data)


def write_sheets(browser: Browser, media: Path, only: tuple[str, ...] = ()) -> Iterator[Path]:
    """Write the PDF of every sheet in every language into ``media``; yield each. ``only``: records to keep to."""
    for sheet in read_sheets():
        for lang in LANGUAGES:
            if not only or sheet.record in only:
                path = media / sheet.name(lang)
                path.write_bytes(print_sheet(browser, sheet, lang))
                yield path

"""Editorial pages that staff can edit: theme introductions, visitors' questions, help, accessibility, privacy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalogue import yamlfile
from catalogue.errors import N_, Problem
from catalogue.fields import THEMES
from catalogue.parity import untranslated
from catalogue.shapes import Choice, Line, Many, Number, Place, Prose, Texts, declare, read_group
from catalogue.values import Text


@dataclass(frozen=True, kw_only=True)
class Page:
    """One editorial text. ``kind``: a page of its own, the introduction of a theme, or a visitors' question."""

    id: str
    kind: str = declare(N_("Kind"), Choice(("page", "theme", "question")), "page")
    title: Text = declare(N_("Title"), Texts(), Text(), required=True)
    body: Text = declare(N_("Text"), Prose(), Text(), required=True)
    themes: tuple[str, ...] = declare(N_("Themes"), Many(Choice(THEMES)), ())
    records: tuple[str, ...] = declare(N_("Records"), Many(Line()), ())
    order: int = declare(N_("Order"), Number(0, 1_000_000), 0)


def load_pages(folder: Path) -> tuple[Mapping[str, Page], tuple[Problem, ...]]:
    """Read every page of ``resources/pages`` by id (the file's stem), in display order, and all problems."""
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        document = yamlfile.read(path)
        problems += document.problems
        if document.value is None:
            continue
        page = read_group(Page, document.value, Place(document, problems), id=path.stem)
        if page is not None:
            pages[page.id] = page
            problems += untranslated(document, ((("title",), page.title), (("body",), page.body)))
    return dict(sorted(pages.items(), key=lambda item: (item[1].order, item[0]))), tuple(problems)

"""The documentation: CommonMark of ``docs/`` made into pages that stand by themselves, the same served and on a disk.

``docs/{language}/{page}.md`` is a page; ``PAGES`` says for whom, and in which order they are listed. Every address in
them is relative, so that ``/docs/`` of the site and a folder opened from a stick are the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, NotFound
from catalogue.folding import fold
from catalogue.i18n import SOURCE, languages
from catalogue.web.frame import language_of
from catalogue.web.render import STATIC, environment

AUDIENCES: Mapping[str, str] = {
    "visitors": N_("For visitors"),
    "advisors": N_("For advisors"),
    "documentalists": N_("For documentalists"),
    "administrators": N_("For those who install and look after it"),
    "developers": N_("For those who change the code"),
}
"""Whom pages are for, in the order in which they are listed, with the words for it."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "visitors": ("visitors",),
    "advisors": ("advisors",),
    "documentalists": ("course", "desk", "import"),
    "administrators": (
        "install",
        "backup",
        "accounts",
        "stations",
        "links",
        "harvest",
        "report",
        "found",
        "api",
        "leaving",
        "cluster",
        "network",
        "centres",
    ),
    "developers": (
        "architecture",
        "add-a-field",
        "add-a-format",
        "crosswalks",
        "add-an-engine",
        "add-a-language",
        "dependencies",
        "stories",
    ),
}
"""The pages of each audience, in order."""

IN_ENGLISH = ("developers",)
"""Audiences whose pages are in English; those of the others are in both languages of the centre."""

STYLE = "documentation.css"

UNBROKEN = 22
"""Letters of code that stay on one line, so that no option is cut after its hyphens; they fit in 320 px."""

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_PAGE = re.compile(r"(?<=^)([\w-]+)\.md(?=$|#)")


@dataclass(frozen=True)
class Entry:
    """A page in the list of pages: its address from the page one reads, its title, the language of both."""

    href: str
    title: str
    lang: str
    current: bool


@dataclass(frozen=True)
class Group:
    """The pages for one audience."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class DocumentationPage:
    """A page as it is printed. ``switches``: the same page in other languages."""

    lang: str
    title: str
    body: Markup
    groups: tuple[Group, ...]
    switches: tuple[Entry, ...]
    style: str


def folder() -> Path:
    """Return where the texts lie: inside the installed package, or beside it where one works on the code."""
    installed = Path(__file__).parents[1] / "docs"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "docs"


@cache
def pages() -> Mapping[str, bytes]:
    """Return every page by its path, ``fr/course.html``; with the stylesheet, and the pages with which it begins."""
    made = {f"{lang}/{name}.html": _page(lang, name) for lang, name in _texts()}
    made |= {f"{lang}/index.html": _index(lang) for lang in languages()}
    made["index.html"] = _beginning()
    made[STYLE] = (STATIC / STYLE).read_bytes()
    return made


def write(target: Path) -> int:
    """Write the pages into a folder and return how many files that are. Raises OSError."""
    for path, content in pages().items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
    return len(pages())


def first(request: Request) -> Response:
    """``/docs/``: to the list of pages in the language that the browser asks for."""
    return RedirectResponse(f"/docs/{language_of(request)}/index.html", 303)


def page(request: Request) -> Response:
    """``/docs/{path}``: a page of the documentation."""
    path = request.path_params["path"]
    content = pages().get(path)
    if content is None:
        raise NotFound
    kind = "text/css" if path == STYLE else "text/html"
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


@cache
def _texts() -> Mapping[tuple[str, str], str]:
    """Return the text of each page by language and name."""
    return {
        (path.parent.name, path.stem): path.read_text(encoding="utf-8")
        for path in sorted(folder().glob("*/*.md"))
        if path.parent.name in languages()
    }


def _page(lang: str, name: str) -> bytes:
    tokens = _PARSER.parse(_texts()[lang, name])
    for token, after in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(after.content))
        if token.type in ("table_open", "fence", "code_block"):
            token.attrSet("tabindex", "0")  # where it is wider than the screen, the keyboard moves it too
    for token in tokens:
        for child in token.children or ():
            _lead_on(child)
            if child.type == "code_inline" and len(child.content) <= UNBROKEN:
                child.attrSet("class", "short")
    env = {"folder": folder() / lang}
    body = Markup(_PARSER.renderer.render(tokens, _PARSER.options, env))  # noqa: S704 - the parser lets no HTML pass
    return _printed(lang, name, _title(lang, name), body)


def _drawing(_: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Mapping[str, Path]) -> str:
    """Return a drawing that lies beside the text, as a part of the page: in the colours and letters of the page.

    One reads its text in place of it; where it is wider than the screen, the keyboard moves it.
    """
    token = tokens[index]
    drawn = (env["folder"] / str(token.attrs["src"])).read_text(encoding="utf-8")
    return f'<span class="drawing" role="img" tabindex="0" aria-label="{escape(token.content)}">{drawn}</span>'


_PARSER.add_render_rule("image", _drawing)


def _lead_on(token: Token) -> None:
    """Let a link to another text lead to its page."""
    if token.type == "link_open":
        token.attrSet("href", _PAGE.sub(r"\1.html", str(token.attrGet("href"))))


def _index(lang: str) -> bytes:
    title = languages()[lang].gettext(N_("Documentation"))
    return _printed(lang, "index", title, Markup(""))


def _printed(lang: str, name: str, title: str, body: Markup) -> bytes:
    groups = tuple(
        Group(languages()[lang].gettext(label), tuple(_entry(lang, name, other) for other in PAGES[audience]))
        for audience, label in AUDIENCES.items()
    )
    switches = tuple(
        Entry(f"../{code}/{name}.html", language.name, code, code == lang)
        for code, language in languages().items()
        if name == "index" or (code, name) in _texts()
    )
    page = DocumentationPage(lang, title, body, groups, switches, f"../{STYLE}")
    return environment(lang).get_template("documentation.html").render(page=page).encode()


def _entry(lang: str, current: str, name: str) -> Entry:
    spoken = next(code for code in (lang, SOURCE, *languages()) if (code, name) in _texts())
    return Entry(f"../{spoken}/{name}.html", _title(spoken, name), spoken, name == current)


def _beginning() -> bytes:
    """Return the page with which a copy on a disk begins: the languages, each by its own name."""
    switches = tuple(Entry(f"{code}/index.html", lang.name, code, False) for code, lang in languages().items())
    page = DocumentationPage(SOURCE, "Documentation", Markup(""), (), switches, STYLE)
    return environment(SOURCE).get_template("documentation.html").render(page=page).encode()


def _title(lang: str, name: str) -> str:
    heading = re.match(r"# (.+)", _texts()[lang, name])
    return heading[1].strip() if heading else name


def _anchor(text: str) -> str:
    return re.sub(r"\W+", "-", fold(text)).strip("-")

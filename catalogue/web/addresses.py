"""The addresses of the site, written once: templates and presenters ask here, never glue paths by themselves."""

from __future__ import annotations

from urllib.parse import quote

from catalogue.query import Query


def home(lang: str) -> str:
    """The home page."""
    return f"/{lang}/"


def search(lang: str, query: Query | None = None) -> str:
    """The results of a query."""
    return f"/{lang}/search{query.to_query_string() if query else ''}"


def suggest(lang: str) -> str:
    """Where a search box asks for suggestions; ``&q=`` and what was typed come behind it."""
    return f"/api/suggest?lang={lang}"


def record(lang: str, id: str) -> str:
    """A record's permalink in a language."""
    return f"/{lang}/record/{quote(id)}"


def theme(lang: str, id: str) -> str:
    """A theme's page."""
    return f"/{lang}/theme/{quote(id)}"


def occupation(lang: str, id: str) -> str:
    """An occupation's page."""
    return f"/{lang}/occupation/{quote(id, safe='')}"


def occupations(lang: str) -> str:
    """The occupations from A to Z."""
    return f"/{lang}/occupations"


def sector(lang: str, id: str) -> str:
    """A sector's page."""
    return f"/{lang}/occupations/sector/{quote(id, safe='')}"


def questions(lang: str, id: str = "") -> str:
    """The visitors' questions, or one of them."""
    return f"/{lang}/questions{'#' if id else ''}{quote(id)}"


def other_language(code: str) -> str:
    """What there is in a language beside those of the site."""
    return f"/languages/{quote(code, safe='')}"


def page(lang: str, id: str) -> str:
    """A page of texts: help, accessibility, privacy, how results are ordered."""
    return f"/{lang}/{quote(id)}"


def editorial_list(lang: str, kind: str, slug: str) -> str:
    """An editorial list; ``kind``: ``selection`` or ``steps``."""
    return f"/{lang}/{kind}/{quote(slug)}"


def selections(lang: str) -> str:
    """The page of all editorial lists."""
    return f"/{lang}/selections"


def lists_desk(lang: str, slug: str = "", part: str = "") -> str:
    """The editorial lists for staff, or one of their parts: ``pick``, ``poster``, ``slides``."""
    return desk(lang, f"advise/lists/{quote(slug)}{'/' if part else ''}{part}")


def feed(lang: str, theme: str = "") -> str:
    """The feed of what is new (in a theme)."""
    return f"/{lang}/feed.xml{f'?theme={quote(theme)}' if theme else ''}"


def opensearch(lang: str) -> str:
    """How programs search here, for a reader of ``lang``."""
    return f"/opensearch.xml?lang={lang}"


def end(lang: str) -> str:
    """The end of a visit, where everything of it is erased."""
    return f"/{lang}/end"


def media(path: str) -> str:
    """A file of the centre; ``path`` begins with ``media/``."""
    return "/" + quote(path)


def captions(path: str) -> str:
    """Captions as browsers show them; ``path`` begins with ``media/``."""
    return f"/captions/{quote(path.removeprefix('media/'))}"


def cover(mark: str, width: int) -> str:
    """A picture of a document; ``mark``: of its content, ``width``: one of those it has, in pixels."""
    return f"/covers/{mark}-{width}.webp"


def second(lang: str, id: str, number: int, second: int = 0) -> str:
    """A record's page with one of its films or recordings at a second; ``number``: of the holding, from 1."""
    return f"{record(lang, id)}?file={number}{f'&t={second}' if second else ''}#player"


def page_of(lang: str, id: str, number: int, page: int = 0) -> str:
    """A record's page with one of its PDFs open at a page (from 1); ``number``: of the holding, from 1."""
    return f"{record(lang, id)}?file={number}{f'&page={page}' if page else ''}#reader"


def desk(lang: str, page: str = "") -> str:
    """A page of the staff; by default their start page."""
    return f"/desk/{lang}/{page}"


def handed_list(lang: str, code: str) -> str:
    """A list that was handed over by code."""
    return f"/{lang}/list/{quote(code)}"

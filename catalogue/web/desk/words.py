"""``/desk/{lang}/words/``: the lists of words, and the entries of each with how many records use them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from catalogue import wordlists
from catalogue.contents import Contents
from catalogue.errors import N_, NotFound
from catalogue.folding import collation_key, fold
from catalogue.i18n import languages
from catalogue.query import clean
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.vocabulary import Concept, Term, Vocabularies
from catalogue.web import addresses
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.paging import Page, page_number
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import html

PER_PAGE = 50
OFFERED = 20
"""Labels that a picker is offered at once."""

NAMES = {
    "audiences": N_("For whom"),
    "kinds": N_("Kinds of document"),
    "languages": N_("Languages"),
    "levels": N_("Levels of study"),
    "occupations": N_("Occupations"),
    "phrases": N_("Ready phrases for lists"),
    "places": N_("Places"),
    "publishers": N_("Organisations"),
    "sectors": N_("Sectors"),
    "series": N_("All series"),
    "shelves": N_("Shelves"),
    "subjects": N_("Subjects"),
    "themes": N_("Themes"),
}


@dataclass(frozen=True)
class ListLine:
    """One list of words: how many entries it has, in use and retired."""

    href: str
    name: str
    count: int
    retired: int


@dataclass(frozen=True)
class WordsPage:
    """Every list."""

    frame: Frame
    desk: Desk
    lists: tuple[ListLine, ...]


@dataclass(frozen=True)
class Entry:
    """One entry of a list. ``used``: records of every status that name it; ``published``: those visitors see."""

    id: str
    href: str
    labels: tuple[Said, ...]
    also: str
    used: int
    published: int
    retired: bool
    replaced_by: str


@dataclass(frozen=True)
class WordListPage:
    """The entries of one list, some at a time. ``total``: those that are found; ``done``: an action just taken."""

    frame: Frame
    desk: Desk
    name: str
    back: str
    here: str
    new: str  # empty where nothing can be added
    query: str
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int
    earlier: str
    later: str
    done: str


def every(request: Request) -> Response:
    """Show the lists."""
    account = require(request, "documentalist")
    lang, contents = language_of(request), contents_of(request)
    _ = languages()[lang].gettext
    lists = []
    for vocabulary in (*contents.frame.vocabularies.terms, *wordlists.THESAURUS):
        entries = entries_of(contents.frame.vocabularies, vocabulary)
        retired = sum(entry.retired for entry in entries)
        name = _(NAMES.get(vocabulary, vocabulary))
        lists.append(ListLine(address(lang, vocabulary), name, len(entries) - retired, retired))
    lists.sort(key=lambda line: collation_key(line.name))
    return html("desk_words.html", WordsPage(make_frame(request), make_desk(request, account), tuple(lists)), lang)


def one(request: Request) -> Response:
    """Show the entries of a list, those of the thesaurus by label; with ``q`` only those that hold it."""
    account = require(request, "documentalist")
    lang, contents = language_of(request), contents_of(request)
    vocabulary, query = known(contents, request.path_params["vocabulary"]), clean(request.query_params.get("q", ""))
    found = ordered(contents.frame.vocabularies, vocabulary, query, lang)
    shown = Page.of(found, page_number(request.query_params.get("page", "")), PER_PAGE)
    view = WordListPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        name=languages()[lang].gettext(NAMES.get(vocabulary, vocabulary)),
        back=addresses.desk(lang, "words/"),
        here=address(lang, vocabulary),
        new="" if vocabulary in wordlists.FIXED else address(lang, vocabulary, "new"),
        query=query,
        entries=tuple(_entry(contents, vocabulary, entry, lang) for entry in shown.items),
        total=len(found),
        page=shown.number,
        pages=shown.count,
        earlier=_paged(lang, vocabulary, query, shown.earlier) if shown.earlier else "",
        later=_paged(lang, vocabulary, query, shown.later) if shown.later else "",
        done=done(request),
    )
    return html("desk_word_list.html", view, lang)


def labels(request: Request) -> Response:
    """Answer a picker: labels of concepts in use that contain ``q``, those that begin with it first."""
    require(request, "documentalist")
    lang, vocabularies = language_of(request), contents_of(request).frame.vocabularies
    wanted = fold(clean(request.query_params.get("q", "")))
    found = [concept for concept in vocabularies.concepts.values() if not concept.retired and _holds(concept, wanted)]
    names = [concept.preferred.best(lang).text for concept in found] if wanted else []
    names.sort(key=lambda name: (not fold(name).startswith(wanted), wanted not in fold(name), collation_key(name)))
    return JSONResponse({"labels": names[:OFFERED]})


def contents_of(request: Request) -> Contents:
    """Return what the catalogue holds now."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue.contents


def known(contents: Contents, vocabulary: str) -> str:
    """Return the name of a list that there is. Raises NotFound."""
    if vocabulary not in contents.frame.vocabularies.terms and vocabulary not in wordlists.THESAURUS:
        raise NotFound
    return vocabulary


def address(lang: str, vocabulary: str, id: str = "", part: str = "") -> str:
    """Return the page of a list, or of one of its entries."""
    return addresses.desk(lang, f"words/{quote(vocabulary)}/{quote(id, safe='')}{'/' if part else ''}{part}")


def done(request: Request) -> str:
    """Return where the action is told that a page was just come from; empty where there is none."""
    action = request.query_params.get("done", "")
    fine = action.isascii() and action.isdigit() and action != "0"
    return addresses.desk(language_of(request), f"actions/{action}") if fine else ""


def entries_of(vocabularies: Vocabularies, vocabulary: str) -> list[Term | Concept]:
    """Return every entry of a list, retired ones too."""
    kind = wordlists.THESAURUS.get(vocabulary)
    if kind:
        return [concept for concept in vocabularies.concepts.values() if concept.kind == kind]
    return list(vocabularies.terms.get(vocabulary, {}).values())


def ordered(vocabularies: Vocabularies, vocabulary: str, query: str, lang: str) -> list[Term | Concept]:
    """Return the entries that hold ``query`` in a label, or are it by id; retired ones last."""
    wanted = fold(query)
    found = [entry for entry in entries_of(vocabularies, vocabulary) if not wanted or _holds(entry, wanted)]
    if vocabulary in wordlists.THESAURUS:
        found.sort(key=lambda entry: collation_key(name_of(entry, lang).text))
    return sorted(found, key=lambda entry: entry.retired)


def name_of(entry: Term | Concept, lang: str) -> Said:
    """Return what an entry is called."""
    return (entry.preferred if isinstance(entry, Concept) else entry.labels).best(lang)


def _holds(entry: Term | Concept, wanted: str) -> bool:
    words: Iterable[str] = entry.all_labels if isinstance(entry, Concept) else entry.labels.values()
    return wanted == fold(entry.id) or any(wanted in fold(word) for word in words)


def _entry(contents: Contents, vocabulary: str, entry: Term | Concept, lang: str) -> Entry:
    names = entry.preferred if isinstance(entry, Concept) else entry.labels
    also = entry.labels.get(lang, ())[1:4] if isinstance(entry, Concept) else ()
    users = wordlists.users(contents, vocabulary, entry.id)
    other = entry.replaced_by
    return Entry(
        id=entry.id,
        href=address(lang, vocabulary, entry.id),
        labels=tuple(Said(names.get(code, ""), code) for code in ("fr", "nl", "en")),
        also=", ".join(also),
        used=len(users),
        published=sum(record.is_public for record in users),
        retired=entry.retired,
        replaced_by=contents.frame.vocabularies.label(vocabulary, other, lang).text if other else "",
    )


def _paged(lang: str, vocabulary: str, query: str, page: int) -> str:
    params = {"q": query, "page": str(page)}
    return f"{address(lang, vocabulary)}?{urlencode({key: value for key, value in params.items() if value})}"

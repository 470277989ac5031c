"""``/{lang}/occupations``: from A to Z and by sector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import NotFound
from catalogue.folding import collation_key
from catalogue.occupations import ALPHABET, DIGITS, Entry, Occupations
from catalogue.query import MAX_TEXT, Query, clean
from catalogue.service import Catalogue
from catalogue.web import addresses
from catalogue.web.browsing import CountedLink, Letter, LetterGroup, OccupationLine, OccupationsPage, SectorPage
from catalogue.web.frame import language_of, make_frame
from catalogue.web.present import Presenter
from catalogue.web.render import html

ON_ONE_PAGE = 500
"""With more lines than these each letter has a page of its own."""

NARROWED_SHOWN = 100
NEW_IN_SECTOR = 6


def occupations(request: Request) -> Response:
    """All occupations that the centre has something about; ``q`` narrows them, ``letter`` chooses a page."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    listed, presenter = catalogue.occupations(lang), Presenter(catalogue, lang)
    typed = clean(request.query_params.get("q", ""))[:MAX_TEXT]
    found = listed.narrowed(typed) if typed else ()
    if not typed and "letter" not in request.query_params:
        catalogue.count("occupations", lang=lang)
    letters, groups = _letters(listed, lang, request.query_params.get("letter", ""))
    frame = make_frame(request)
    page = OccupationsPage(
        # A text typed here is not a search of the whole catalogue: the box on top stays empty.
        frame=frame,
        total=len(listed.entries),
        typed=typed,
        found=lines(found[:NARROWED_SHOWN], lang),
        more=max(0, len(found) - NARROWED_SHOWN),
        search=addresses.search(lang, Query(text=typed)),
        letters=letters,
        groups=groups,
        sectors=sector_links(presenter, {id: len(entries) for id, entries in listed.sectors.items()}),
        address=addresses.occupations(lang),
        from_esco=any(entry.concept.in_esco for entry in listed.entries),
    )
    return html("occupations.html", page, lang)


def sector(request: Request) -> Response:
    """The occupations of one sector, and the other documents in it."""
    catalogue: Catalogue = request.app.state.catalogue
    lang, id = language_of(request), request.path_params["id"]
    presenter = Presenter(catalogue, lang)
    if id not in presenter.vocabularies.terms.get("sectors", {}):
        raise NotFound
    listed, query = catalogue.occupations(lang), Query().with_("sector", id)
    results = catalogue.browse(query, lang).results
    counts = results.facets.get("sector", {})
    entries = listed.sectors.get(id, ())
    # The sheets of occupations stand in the list of occupations already.
    new = catalogue.newest(NEW_IN_SECTOR, lambda record: id in record.sectors and not record.occupations)
    catalogue.count("sector", lang=lang)
    page = SectorPage(
        frame=make_frame(request),
        sector=presenter.label("sectors", id),
        occupations=lines(entries, lang),
        kinds=presenter.choices("kind", query, results.facets.get("kind", {})),
        cards=presenter.cards(new),
        total=results.total,
        all=addresses.search(lang, query),
        others=sector_links(presenter, {other: n for other, n in counts.items() if other != id}),
        index=addresses.occupations(lang),
        from_esco=any(entry.concept.in_esco for entry in entries),
    )
    return html("sector.html", page, lang)


def lines(entries: Iterable[Entry], lang: str) -> tuple[OccupationLine, ...]:
    """Return occupations as they stand in a list."""
    return tuple(
        OccupationLine(
            href=addresses.occupation(lang, entry.concept.id),
            name=entry.name,
            also=entry.also,
            see=None if entry.is_preferred else entry.preferred,
        )
        for entry in entries
    )


def sector_links(presenter: Presenter, counts: Mapping[str, int]) -> tuple[CountedLink, ...]:
    """Return links to the pages of sectors, in the alphabetical order of the reader's language."""
    known = [id for id in counts if id in presenter.vocabularies.terms.get("sectors", {})]
    links = (
        CountedLink(addresses.sector(presenter.lang, id), presenter.label("sectors", id), counts[id]) for id in known
    )
    return tuple(sorted(links, key=lambda link: collation_key(link.label.text)))


def _letters(listed: Occupations, lang: str, chosen: str) -> tuple[tuple[Letter, ...], tuple[LetterGroup, ...]]:
    """Return the alphabet, and the groups of lines that this page shows."""
    filled = listed.letters
    if sum(map(len, filled.values())) <= ON_ONE_PAGE:
        groups = tuple(_group(id, entries, lang) for id, entries in filled.items())
        return _alphabet({id: f"#{_anchor(id)}" for id in filled}), groups
    current = chosen if chosen in filled else next(iter(filled))
    pages = {id: f"{addresses.occupations(lang)}?{urlencode({'letter': id})}#names" for id in filled}
    alphabet = tuple(replace(one, current=one.name == _name(current)) for one in _alphabet(pages))
    return alphabet, (_group(current, filled[current], lang),)


def _group(letter: str, entries: Iterable[Entry], lang: str) -> LetterGroup:
    return LetterGroup(_name(letter), _anchor(letter), lines(entries, lang))


def _anchor(letter: str) -> str:
    return f"letter-{letter}"


def _alphabet(addresses: Mapping[str, str]) -> tuple[Letter, ...]:
    """Return every letter, those without a name too; digits only where a name begins with one."""
    shown = (*((DIGITS,) if DIGITS in addresses else ()), *ALPHABET)
    return tuple(Letter(_name(id), addresses.get(id, ""), False) for id in shown)


def _name(letter: str) -> str:
    return letter.upper()

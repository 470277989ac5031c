"""``/desk/{lang}/series/{id}/claim``: a letter to the publisher of a series, about the editions that did not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from catalogue import renewal
from catalogue.errors import NotFound
from catalogue.i18n import languages
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web.desk.series_asked import address
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.render import environment, html


@dataclass(frozen=True)
class Wanted:
    """One edition that did not come. ``last``: the year of the one that is here, 0 where it is not known."""

    id: str
    title: Said
    reference: str
    last: int
    copies: int


@dataclass(frozen=True)
class Letter:
    """A letter to one publisher, in its language."""

    publisher: Said
    website: str
    rows: tuple[Wanted, ...]


@dataclass(frozen=True)
class Choice:
    """A record that can stand in the letter."""

    id: str
    title: Said
    year: int
    chosen: bool


@dataclass(frozen=True)
class ClaimPage:
    """Letters in one language (``letter_lang``), and above them what can be chosen for them."""

    frame: Frame
    back: str
    here: str
    series: Said
    letter_lang: str
    languages: tuple[tuple[str, str], ...]
    edition: int
    choices: tuple[Choice, ...]
    letters: tuple[str, ...]  # HTML


@dataclass(frozen=True)
class LetterPage:
    """What one letter is printed from."""

    lang: str
    centre: Said
    address: Said
    phone: str
    email: str
    website: str
    day: str
    series: Said
    edition: int
    letter: Letter


def claim(request: Request) -> Response:
    """Show the letter, in the language ``in``, about the records ``id`` (default: those behind the newest edition)."""
    require(request, "documentalist")
    catalogue: Catalogue = request.app.state.catalogue
    lang, id, params = language_of(request), request.path_params["series"], request.query_params
    term = catalogue.contents.frame.vocabularies.terms.get("series", {}).get(id)
    if term is None:
        raise NotFound
    members = renewal.members(catalogue.contents, id)
    edition = _year(params.get("edition", "")) or renewal.last_year(members)
    asked = set(params.getlist("id"))
    late = [r for r in members if r.id in asked] if asked or "chosen" in params else renewal.behind(members, edition)
    written = params.get("in") if params.get("in") in CENTRE_LANGUAGES else _language_of(members, lang)
    assert written
    chosen = {record.id for record in late}
    page = ClaimPage(
        frame=make_frame(request),
        back=address(lang, id),
        here=address(lang, id, "claim"),
        series=term.labels.best(lang),
        letter_lang=written,
        languages=tuple((code, languages()[code].name) for code in CENTRE_LANGUAGES),
        edition=edition,
        choices=tuple(Choice(r.id, r.title.best(lang), r.year, r.id in chosen) for r in members),
        letters=tuple(_letter(catalogue, one, written, id, edition) for one in _letters(catalogue, late, written)),
    )
    return html("desk_claim.html", page, lang)


def _year(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0


def _letters(catalogue: Catalogue, records: Sequence[Resource], lang: str) -> list[Letter]:
    vocabularies = catalogue.contents.frame.vocabularies
    ordered = sorted(records, key=lambda record: (record.publisher, record.title.best(lang).text))
    letters = []
    for publisher, group in groupby(ordered, key=lambda record: record.publisher):
        term = vocabularies.terms.get("publishers", {}).get(publisher)
        name = term.labels.best(lang) if term else Said(publisher, "und")
        letters.append(Letter(name, term.url if term else "", tuple(_wanted(record, lang) for record in group)))
    return letters


def _wanted(record: Resource, lang: str) -> Wanted:
    known = record.identifiers
    reference = (known.publisher_ref or known.isbn or known.issn or known.ean) if known else ""
    copies = sum(holding.copies for holding in record.holdings if holding.shelf)
    return Wanted(record.id, record.title.best(lang), reference, record.year, copies)


def _letter(catalogue: Catalogue, letter: Letter, lang: str, series: str, edition: int) -> str:
    centre = catalogue.contents.frame.centre
    page = LetterPage(
        lang=lang,
        centre=centre.name.best(lang),
        address=centre.contact.address.best(lang),
        phone=centre.contact.phone,
        email=centre.contact.email,
        website=centre.website,
        day=languages()[lang].day(catalogue.now().date()),
        series=catalogue.contents.frame.vocabularies.label("series", series, lang),
        edition=edition,
        letter=letter,
    )
    return environment(lang).get_template("_letter.html").render(page=page)


def _language_of(records: Sequence[Resource], lang: str) -> str:
    """Return the language to write in: that of most documents of the series, else the reader's own."""
    said = Counter(code for record in records for code in record.document_languages if code in CENTRE_LANGUAGES)
    most = said.most_common(2)
    if most and (len(most) == 1 or most[0][1] != most[1][1]):
        return most[0][0]
    return lang if lang in CENTRE_LANGUAGES else CENTRE_LANGUAGES[0]

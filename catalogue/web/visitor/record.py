"""``/{lang}/record/{id}``: one document, and what a visitor can report about it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import network
from catalogue.errors import N_
from catalogue.fields import FACETS, Occasion
from catalogue.query import Query
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.shapes import Day, Line, Many, Number, Texts, vocabulary_of
from catalogue.values import UNDETERMINED, Said
from catalogue.web import addresses
from catalogue.web.covers import cover, largest
from catalogue.web.described import Described, describe
from catalogue.web.frame import Frame, contact_view, language_of, make_frame, site_address
from catalogue.web.guard import CONTENT_SECURITY_POLICY
from catalogue.web.machine.formats import naming_of
from catalogue.web.markdown import to_html
from catalogue.web.pages import CoverView, Fact, Link, OccasionView, RecordPage
from catalogue.web.player import PlayerView, ReaderView
from catalogue.web.present import Presenter
from catalogue.web.render import html
from catalogue.web.visitor import playing, reader

STALE_AFTER = datetime.timedelta(days=3 * 365)

# The fields that have a place of their own on the page, or none; all others are listed as facts, in their order.
_ELSEWHERE = frozenset(
    (
        *("kind", "themes", "title", "summary", "easy", "easy_status", "body", "languages", "publisher"),
        *("identifiers", "holdings", "dates", "contact", "cover", "replaces", "added", "checked", "status"),
    )
)


def _described(request: Request, found: Resource, page: RecordPage) -> Described:
    presenter = Presenter(request.app.state.catalogue, page.frame.lang)
    picture = largest(presenter, found)
    address = f"{site_address(request)}{picture}" if picture else ""
    return describe(found, naming_of(request, page.frame.lang), str(page.frame.centre), address)


def record(request: Request) -> Response:
    """Show one record."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    found = catalogue.record(request.path_params["id"])
    catalogue.count_record(found, lang)
    asked = request.query_params
    number, second, at = (playing.number_in(asked.get(name, "")) for name in ("file", "t", "page"))
    page = record_page(make_frame(request), catalogue, found, "thanks" in asked, (number, second, at))
    page = replace(page, described=_described(request, found, page))
    answer = html("record.html", page, lang)
    if page.reader:  # this page alone may show a frame, and only a file of ours in it
        answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return answer


async def report(request: Request) -> Response:
    """Take note of a problem: one of a few reasons, no text, nobody's name."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    found = catalogue.record(request.path_params["id"])
    reason = (await request.form()).get("reason", "")
    catalogue.state.report_problem(found.id, str(reason))
    return RedirectResponse(f"{addresses.record(lang, found.id)}?thanks=1#problem", 303)


def record_page(
    frame: Frame, catalogue: Catalogue, found: Resource, thanks: bool = False, place: tuple[int, int, int] = (0, 0, 0)
) -> RecordPage:
    """Return the page of a record, also of one that is not (yet) in the catalogue.

    ``place``: the number of the file that is asked for, the second of a film, the page of a PDF; 0 for none.
    """
    lang = frame.lang
    presenter = Presenter(catalogue, lang)
    title, body = found.title.best(lang), found.body.best(lang)
    freshness, stale = _freshness(presenter, found)
    publisher = catalogue.contents.frame.vocabularies.terms.get("publishers", {}).get(found.publisher)
    base = catalogue.settings.address
    number, second, at = place
    reading = reader.reader(presenter, found, number, at)
    player = None if reading else playing.player(presenter, found, number, second)
    return RecordPage(
        frame=frame,
        id=found.id,
        kind=found.kind,
        kind_label=presenter.label("kinds", found.kind),
        title=title,
        other_titles=tuple(Said(t, code) for code, t in found.title.items() if t != title.text and code != "en"),
        themes=tuple(theme for theme in frame.themes if theme.id in found.themes),
        summary=found.summary.best(lang),
        easy=presenter.easy(found),
        easy_tested=found.easy_status == "tested",
        body=to_html(body.text, 2) if body else Markup(""),
        body_lang=body.lang,
        ways=playing.ways(presenter, found, player, reading),
        occasions=_occasions(presenter, found),
        contact=contact_view(found.contact, presenter.vocabularies, lang) if found.contact else None,
        audiences=tuple(presenter.label("audiences", id).text for id in found.audiences),
        facts=_facts(presenter, found),
        languages=tuple(presenter.label("languages", code).text for code in found.document_languages),
        publisher=Link(_search(lang, "publisher", publisher.id), publisher.labels.best(lang)) if publisher else None,
        freshness=freshness,
        stale=stale,
        similar=presenter.cards(catalogue.similar(found)),
        permalink=f"{base}{addresses.record(lang, found.id)}" if base else "",
        thanks=thanks,
        player=player,
        reader=reading,
        cover=_picture(presenter, found, player, reading),
        from_esco=presenter.any_in_esco((*found.occupations, *found.subjects)),
    )


def _picture(
    presenter: Presenter, found: Resource, player: PlayerView | None, reading: ReaderView | None
) -> CoverView | None:
    """Return the cover where it is a picture; not what stands in the player or in the reader already."""
    view = cover(presenter, found)
    played = player and player.poster.startswith(view.src.rpartition("-")[0])
    read = reading and reading.file == addresses.media(view.path)
    return view if view.src and not (played or read) else None


def _search(lang: str, facet: str, value: str) -> str:
    return addresses.search(lang, Query().with_(facet, value))


def _occasions(presenter: Presenter, found: Resource) -> tuple[OccasionView, ...]:
    now = presenter.catalogue.now()
    return tuple(_occasion(presenter, o, now) for o in sorted(found.dates, key=lambda o: o.start))


def _occasion(presenter: Presenter, occasion: Occasion, now: datetime.datetime) -> OccasionView:
    start, end = occasion.start, occasion.end
    language = presenter.language
    hours = "" if start.time() == datetime.time() else language.time(start)
    if hours and end and end.date() == start.date():
        hours = f"{hours} – {language.time(end)}"
    day = language.date(start.date())
    if end and end.date() != start.date():
        day = f"{day} – {language.date(end.date())}"
    return OccasionView(day, hours, occasion.where.best(presenter.lang), occasion.register, occasion.until <= now)


def _facts(presenter: Presenter, found: Resource) -> tuple[Fact, ...]:
    facts = [
        Fact(presenter._(field.label), _values(presenter, found, field.shape, getattr(found, name)))
        for name, field in FIELDS.items()
        if name not in (*_ELSEWHERE, *network.unseen(presenter.vocabularies)) and not field.private
    ]
    if found.identifiers and found.identifiers.isbn:
        facts.append(Fact(presenter._(N_("ISBN")), (Link("", Said(found.identifiers.isbn, UNDETERMINED)),)))
    return tuple(fact for fact in facts if fact.links)


def _values(presenter: Presenter, found: Resource, shape: Any, value: Any) -> tuple[Link, ...]:
    """Return the values of a field as its shape has them read; nothing for shapes that need a place of their own."""
    values = value if isinstance(value, tuple) else (value,) if value else ()
    vocabulary = vocabulary_of(shape)
    if vocabulary in ("occupations", "subjects"):
        return _concepts(presenter, values)
    if vocabulary:
        return tuple(_term(presenter, found, vocabulary, id) for id in values)
    if isinstance(shape, Texts):
        return (Link("", value.best(presenter.lang)),) if value else ()
    if isinstance(shape, Day):
        return tuple(Link("", Said(presenter.language.day(day), presenter.lang)) for day in values)
    plain = isinstance(shape.shape if isinstance(shape, Many) else shape, Line | Number)
    return tuple(Link("", Said(str(each), UNDETERMINED)) for each in values) if plain else ()


def _term(presenter: Presenter, found: Resource, vocabulary: str, id: str) -> Link:
    """Return what a term is called; where a facet has this value of the record, as a link to more of the same."""
    same = (param for param, f in FACETS.items() if f.vocabulary == vocabulary and id in f.values(found))
    param = next(same, "")
    return Link(_search(presenter.lang, param, id) if param else "", presenter.label(vocabulary, id))


def _concepts(presenter: Presenter, references: tuple[str, ...]) -> tuple[Link, ...]:
    links = []
    for reference in references:
        concept = presenter.vocabularies.concept(reference)
        if concept is None:
            continue
        name = concept.preferred.best(presenter.lang)
        if concept.kind == "occupation":
            links.append(Link(addresses.occupation(presenter.lang, concept.id), name))
        else:
            links.append(Link(_search(presenter.lang, "subject", concept.id), name))
    return tuple(links)


def _freshness(presenter: Presenter, found: Resource) -> tuple[str, bool]:
    """Return how fresh a record is in words, and whether it is so old that a visitor should be told."""
    language = presenter.language
    if found.checked:
        stale = presenter.catalogue.now().date() - found.checked > STALE_AFTER
        return presenter._(N_("Checked in %(month)s")) % {"month": language.month(found.checked)}, stale
    if found.added:
        return presenter._(N_("In the catalogue since %(month)s")) % {"month": language.month(found.added)}, False
    return "", False

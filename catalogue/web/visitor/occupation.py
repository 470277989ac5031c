"""``/{lang}/occupation/{id}``: everything the centre has about one occupation, in both languages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_
from catalogue.occupations import near, sectors_of
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import TEXT_LANGUAGES
from catalogue.vocabulary import Concept
from catalogue.web import addresses
from catalogue.web.browsing import CardGroup, NeighbourLink, OccupationPage
from catalogue.web.frame import language_of, make_frame
from catalogue.web.pages import Link
from catalogue.web.present import Presenter
from catalogue.web.render import html

NAMES_SHOWN = 10
IN_GROUP = 6  # more are folded away
NEAR_SHOWN = 6
NEIGHBOURS_SHOWN = 12

# The headings, in their order.
GROUPS = {
    "sheets": N_("Discover this occupation"),
    "learn": N_("Studies and training"),
    "watch": N_("To watch and to listen to"),
    "contacts": N_("Useful addresses"),
    "events": N_("Meetings and activities"),
    "others": N_("Other documents"),
}
GROUP_OF_KIND = {
    "factsheet": "sheets",
    "course": "learn",
    "video": "watch",
    "audio": "watch",
    "organisation": "contacts",
    "event": "events",
}


def occupation(request: Request) -> Response:
    """An occupation: what it is called, what there is about it, what is close to it."""
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    concept, about = catalogue.occupation(request.path_params["id"])
    presenter, records = Presenter(catalogue, lang), _coming(catalogue, about)
    name = concept.preferred.best(lang)
    also = tuple(label for label in dict.fromkeys(concept.labels.get(name.lang, ())) if label != name.text)
    query = Query(text=name.text)
    broader, narrower, related = _neighbours(presenter, concept)
    catalogue.count("occupation", lang=lang)
    page = OccupationPage(
        frame=make_frame(request),
        name=name,
        also=also[:NAMES_SHOWN],
        also_more=also[NAMES_SHOWN:],
        translations=tuple(concept.preferred.best(c) for c in TEXT_LANGUAGES if c != name.lang and c in concept.labels),
        sectors=_sectors(presenter, about),
        groups=_groups(presenter, records),
        total=len(records),
        near=presenter.cards(_readable_first(_coming(catalogue, near(catalogue.contents, concept))[:NEAR_SHOWN], lang)),
        broader=broader,
        narrower=narrower,
        related=related,
        search=addresses.search(lang, query),
        found=catalogue.total(query, lang),
        index=addresses.occupations(lang),
        from_esco=_in_esco(presenter, concept),
    )
    return html("occupation.html", page, lang)


def _coming(catalogue: Catalogue, records: Iterable[Resource]) -> list[Resource]:
    """Leave out the events that are past."""
    now = catalogue.now()
    return [record for record in records if not record.is_past(now)]


def _groups(presenter: Presenter, records: list[Resource]) -> tuple[CardGroup, ...]:
    grouped: dict[str, list[Resource]] = defaultdict(list)
    # A course stands before a website about studies.
    for record in _readable_first(sorted(records, key=lambda r: r.kind not in GROUP_OF_KIND), presenter.lang):
        grouped[_group(record)].append(record)
    return tuple(
        CardGroup(id, presenter._(title), cards[:IN_GROUP], cards[IN_GROUP:])
        for id, title in GROUPS.items()
        if (cards := presenter.cards(grouped[id]))
    )


def _group(record: Resource) -> str:
    other = "learn" if "learn" in record.themes else "others"
    return GROUP_OF_KIND.get(record.kind, other)


def _readable_first(records: Iterable[Resource], lang: str) -> list[Resource]:
    """Order records: what the reader can read first, then as they came."""
    return sorted(records, key=lambda record: bool(record.document_languages) and lang not in record.document_languages)


def _sectors(presenter: Presenter, records: list[Resource]) -> tuple[Link, ...]:
    return tuple(
        Link(addresses.sector(presenter.lang, id), presenter.label("sectors", id))
        for id in sectors_of(records)
        if id in presenter.vocabularies.terms.get("sectors", {})
    )


def _neighbours(
    presenter: Presenter, concept: Concept
) -> tuple[tuple[NeighbourLink, ...], tuple[NeighbourLink, ...], tuple[NeighbourLink, ...]]:
    narrower = presenter.vocabularies.narrower.get(concept.id, ())
    return (
        _links(presenter, concept, concept.broader),
        _links(presenter, concept, narrower),
        _links(presenter, concept, concept.related),
    )


def _links(presenter: Presenter, concept: Concept, ids: Iterable[str]) -> tuple[NeighbourLink, ...]:
    """Return the occupations among ``ids``: those with documents first, each once."""
    about = presenter.catalogue.occupations(presenter.lang).about
    found = {other.id: other for other in map(presenter.vocabularies.concept, ids) if other}
    named = [
        NeighbourLink(
            addresses.occupation(presenter.lang, other.id),
            other.preferred.best(presenter.lang),
            len(about.get(other.id, ())),
        )
        for other in found.values()
        if other.kind == "occupation" and not other.retired and other.id != concept.id
    ]
    return tuple(sorted(named, key=lambda link: not link.count)[:NEIGHBOURS_SHOWN])


def _in_esco(presenter: Presenter, concept: Concept) -> bool:
    shown = (concept.id, *concept.related, *concept.broader, *presenter.vocabularies.narrower.get(concept.id, ()))
    return presenter.any_in_esco(shown)

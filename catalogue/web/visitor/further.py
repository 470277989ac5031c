"""From one search to the next: what may have been meant, each word by itself, less asked, subjects close by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.errors import N_
from catalogue.fields import CENTRE, FACETS
from catalogue.finding import Correction, Found
from catalogue.guides import Titled, closest
from catalogue.network import EVERY
from catalogue.query import Query
from catalogue.search.engine import Plan
from catalogue.search.parser import Part
from catalogue.values import Said
from catalogue.vocabulary import Concept
from catalogue.web import addresses
from catalogue.web.pages import CorrectionView, Counted, Guide, Link
from catalogue.web.present import Presenter


def corrections(presenter: Presenter, others: Iterable[Correction]) -> tuple[CorrectionView, ...]:
    """Return the words that may have been meant, each with what it finds."""
    return tuple(
        CorrectionView(
            other.pieces, other.found.results.total, addresses.search(presenter.lang, other.found.plan.query)
        )
        for other in others
    )


def guides(presenter: Presenter, plan: Plan) -> tuple[Guide, ...]:
    """Return the questions and lists of the centre that answer a search."""
    catalogue, lang = presenter.catalogue, presenter.lang
    pages = catalogue.contents.frame.pages.values()
    questions = (Titled("question", page.id, page.title) for page in pages if page.kind == "question")
    lists = (Titled(made.kind, made.slug, made.title) for made in catalogue.editorial_lists())
    return tuple(
        Guide(_where(lang, found), found.title.best(lang), found.kind) for found in closest(plan, (*lists, *questions))
    )


def _where(lang: str, guide: Titled) -> str:
    if guide.kind == "question":
        return addresses.questions(lang, guide.id)
    return addresses.editorial_list(lang, guide.kind, guide.id)


def words(presenter: Presenter, found: Found) -> tuple[Counted, ...]:
    """Return each part of a query by itself with how much it finds; nothing for a single one.

    Filters that leave nothing over are not held against the words.
    """
    parts, query = found.plan.parts, found.plan.query
    base = query if found.results.total else query.but(filters=())
    if len(parts) < 2:
        return ()
    return tuple(_counted(presenter, _typed(part), base.but(text=_typed(part))) for part in parts)


def less(presenter: Presenter, plan: Plan) -> tuple[Counted, ...]:
    """Return the same search with less asked, where that finds something: each filter gone, then all, looser words."""
    counted = (_counted(presenter, label, query) for label, query in _looser(presenter, plan))
    return tuple(one for one in counted if one.total)


def _counted(presenter: Presenter, label: str, query: Query) -> Counted:
    total = presenter.catalogue.total(query, presenter.lang)
    return Counted(label, total, addresses.search(presenter.lang, query) if total else "")


def _looser(presenter: Presenter, plan: Plan) -> Iterator[tuple[str, Query]]:
    query, _ = plan.query, presenter._
    for param, values in query.filters:
        named = ", ".join(presenter.standing(FACETS[param], value).text for value in values)
        yield _(N_("Without the filter “%(filter)s”")) % {"filter": named}, query.without(param)
    if presenter.catalogue.home and not query.chosen(CENTRE):
        yield _(N_("In all centres")), query.only(CENTRE, EVERY)
    if len(query.filters) > 1:
        yield _(N_("Without any filter")), query.but(filters=())
    if query.exact:
        yield _(N_("Other forms of your words too")), query.but(exact=False)
    if plan.excluded:
        yield _(N_("Without leaving words out")), query.but(text=" ".join(map(_typed, plan.parts)))
    if any(part.kind == "phrase" for part in plan.parts):
        separate = " ".join(part.text for part in plan.parts)
        yield _(N_("Your words in any order")), query.but(text=separate)


def _typed(part: Part) -> str:
    """Return a part of a query as it is typed when it stands alone."""
    return f'"{part.text}"' if part.kind == "phrase" else part.text


def related(presenter: Presenter, concepts: tuple[Concept, ...]) -> tuple[Link, ...]:
    """Return searches for concepts, under what they are called for this reader."""
    names = [concept.preferred.best(presenter.lang) for concept in concepts]
    return tuple(Link(addresses.search(presenter.lang, Query(text=name.text)), _plain(name)) for name in names)


def _plain(name: Said) -> Said:
    """Return a name with a capital, as the first word of a link."""
    return Said(name.text[:1].upper() + name.text[1:], name.lang)

"""From records and results to what pages print: the presenters that several pages share."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from catalogue import network
from catalogue.errors import N_
from catalogue.fields import CENTRE, FACETS, Facet, Holding
from catalogue.i18n import Language, languages
from catalogue.page import Page
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.search.engine import Plan
from catalogue.search.explain import Explainer, Reason
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.vocabulary import Vocabularies
from catalogue.web import addresses
from catalogue.web.markdown import to_html
from catalogue.web.pages import Card, Choice, FacetView, InsideView, Link, Pager, QuestionView, Way
from catalogue.web.within import Looking, inside_view

FIRST_VALUES = 7

# Words for what no vocabulary names.
FORMATS: Mapping[str, str] = {"shelf": N_("On the shelf"), "link": N_("On the internet"), "file": N_("To open here")}
USES: Mapping[str, str] = {
    "take": N_("To take home"),
    "read": N_("To read here"),
    "ask": N_("To ask for at the desk"),
}
SUBTITLES = N_("Subtitles: %(languages)s")
EASY = N_("With an easy text")
AT_CENTRE = N_("Centre: %(centre)s")
CENTRE_VALUES: Mapping[str, str] = {
    network.EVERY: N_("All centres"),
    network.SHARED: N_("Shared by all centres"),
}
SUGGESTED: Mapping[str, str] = {
    "occupation": N_("Occupation"),
    "subject": N_("Subject"),
    "title": N_("Document"),
    "organisation": N_("Organisation"),
}
ESCO_NOTICE = N_("This service uses the ESCO classification of the European Commission.")


_PLAIN = Explainer(Plan(Query(), ()))


class Presenter:
    """Presents records to a reader of one language."""

    def __init__(self, catalogue: Catalogue, lang: str) -> None:
        self.catalogue = catalogue
        self.lang = lang
        self.language: Language = languages()[lang]
        self._ = self.language.gettext

    @property
    def vocabularies(self) -> Vocabularies:
        """The controlled lists as they are now."""
        return self.catalogue.contents.frame.vocabularies

    def label(self, vocabulary: str, id: str) -> Said:
        """Return what an id is called."""
        return self.vocabularies.label(vocabulary, id, self.lang)

    def any_in_esco(self, references: Iterable[str]) -> bool:
        """Tell whether one of the concepts named is ESCO's: the page that shows it owes ESCO a notice."""
        concepts = map(self.vocabularies.concept, references)
        return any(concept is not None and concept.in_esco for concept in concepts)

    def link(self, record: Resource) -> Link:
        """Return a link to a record under its title."""
        return Link(addresses.record(self.lang, record.id), record.title.best(self.lang))

    # --- records in lists ------------------------------------------------------------------------------------

    def cards(self, records: Iterable[Resource], plan: Plan | None = None) -> tuple[Card, ...]:
        """Return records as they stand in a list, marked and explained where they answer a plan."""
        explainer = Explainer(plan) if plan else None
        looking = Looking(self.catalogue, explainer, self.lang) if explainer else None
        return tuple(self.card(record, explainer, looking) for record in records)

    def card(self, record: Resource, explainer: Explainer | None = None, looking: Looking | None = None) -> Card:
        """Return one record as it stands in a list."""
        title, summary = record.title.best(self.lang), record.summary.best(self.lang)
        inside = self.inside(record, looking)
        foreign = record.document_languages if self.lang not in record.document_languages else ()
        return Card(
            id=record.id,
            href=addresses.record(self.lang, record.id),
            kind=record.kind,
            kind_label=self.label("kinds", record.kind),
            title=explainer.mark(title.text, title.lang) if explainer else ((title.text, False),),
            title_lang=title.lang,
            other_languages=tuple(self.label("languages", code).text for code in foreign),
            summary=(explainer or _PLAIN).snippet(summary.text, summary.lang) if summary else (),
            summary_lang=summary.lang,
            why=self.why(record, explainer, inside),
            ways=self.ways(record),
            when=self.when(record),
            easy=self.easy(record),
            easy_tested=record.easy_status == "tested",
            inside=inside,
        )

    def easy(self, record: Resource) -> Said:
        """Return the easy text of a record, empty where there is none or only a draft of one."""
        return record.easy.best(self.lang) if record.easy_status != "draft" else Said("", self.lang)

    def inside(self, record: Resource, looking: Looking | None) -> InsideView | None:
        """Return where the words that a record's own texts lack stand inside its files; None where they do not."""
        found = looking.place(record) if looking else None
        return inside_view(found, record, self.lang, self._) if found else None

    def why(self, record: Resource, explainer: Explainer | None, inside: InsideView | None = None) -> str:
        """Return in one sentence why a record is an answer; empty where nothing was asked."""
        reasons = explainer.reasons(self.catalogue.document(record)) if explainer else ()
        if inside and (not reasons or reasons[0].code in ("near", "close")):
            return ""  # what stands inside says more than what resembles
        return self.reason(reasons[0]) if reasons else ""

    def reason(self, reason: Reason) -> str:
        """Return a reason in the reader's language."""
        return self._(reason.message) % dict(reason.params)

    def when(self, record: Resource) -> str:
        """Return the next date of an event in words, or nothing."""
        now = self.catalogue.now()
        coming = sorted(o.start for o in record.dates if o.until > now) if record.kind == "event" else []
        return self.moment(coming[0]) if coming else ""

    def moment(self, moment: datetime.datetime) -> str:
        """Return a day in words, with its hour where it has one."""
        day = self.language.date(moment.date())
        return day if moment.time() == datetime.time() else f"{day}, {self.language.time(moment)}"

    # --- ways to get a document ------------------------------------------------------------------------------

    def ways(self, record: Resource) -> tuple[Way, ...]:
        """Return the ways to get a document: in the reader's language first, then as the file lists them."""
        ordered = sorted(record.offered, key=lambda holding: holding.language not in (self.lang, ""))
        display, elsewhere = self.display(record), self.elsewhere(record)
        ways = (self.way(holding, display) for holding in ordered)
        return tuple(self._at(elsewhere, way) if elsewhere and way.form == "shelf" else way for way in ways)

    def _at(self, centre: Said, way: Way) -> Way:
        """Return a copy on a shelf of another centre: that shelf is none of this room."""
        return replace(
            way,
            shelf=Said("", self.lang),
            colour="neutral",
            use=self._(AT_CENTRE) % {"centre": centre.text},
            display="",
        )

    def elsewhere(self, record: Resource) -> Said:
        """Return the centre that holds a record, where that is not the one whose site this is; empty where it is."""
        known = record.centre in self.vocabularies.centres and record.centre != self.catalogue.home
        return self.label("centres", record.centre) if known else Said("", self.lang)

    def display(self, record: Resource) -> str:
        """Return until when a record is on display and so not at its shelf; empty where it is not."""
        return self.display_words(self.catalogue.display_until(record.id))

    def display_words(self, day: datetime.date | None) -> str:
        """Return ``On display until 4 December 2026``; nothing where there is no day."""
        return self._(N_("On display until %(day)s")) % {"day": self.language.day(day)} if day else ""

    def way(self, holding: Holding, display: str = "") -> Way:
        """Return one way to get a document; ``display``: until when what is on shelves is on display."""
        shelf = self.vocabularies.shelf(holding.shelf) if holding.shelf else None
        language = self.label("languages", holding.language) if holding.language else Said("", self.lang)
        return Way(
            form=holding.form,
            href=holding.url or (addresses.media(holding.file) if holding.file else ""),
            title=holding.title.best(self.lang),
            host=(urlsplit(holding.url).hostname or "").removeprefix("www.") if holding.url else "",
            mark=holding.shelf,
            shelf=shelf.labels.best(self.lang) if shelf else Said("", self.lang),
            colour=shelf.colour if shelf and shelf.colour else "neutral",
            use=self._(USES[holding.use]) if holding.use else "",
            language=language,
            language_code=holding.language,
            year=holding.year,
            copies=holding.copies,
            size=self.catalogue.media_size(holding.file) if holding.file else 0,
            display=display if holding.shelf else "",
        )

    # --- filters ---------------------------------------------------------------------------------------------

    def value_label(self, facet: Facet, value: str) -> Said:
        """Return what a facet value is called."""
        if facet.vocabulary == "subjects":  # the thesaurus writes its labels as they stand inside a sentence
            said = self.label(facet.vocabulary, value)
            return Said(said.text[:1].upper() + said.text[1:], said.lang)
        if facet.param == CENTRE and value in CENTRE_VALUES:
            return Said(self._(CENTRE_VALUES[value]), self.lang)
        if facet.vocabulary:
            return self.label(facet.vocabulary, value)
        if facet.param == "format":
            return Said(self._(FORMATS[value]) if value in FORMATS else value, self.lang)
        return Said(self._(EASY), self.lang)

    def standing(self, facet: Facet, value: str) -> Said:
        """Return what a facet value is called away from the heading of its filter: ``Subtitles: French``."""
        said = self.value_label(facet, value)
        if facet.param != "captions":
            return said
        return Said(self._(SUBTITLES) % {"languages": said.text}, self.lang)

    def facets(
        self, query: Query, counts: Mapping[str, Mapping[str, int]], most: int | None = None
    ) -> tuple[FacetView, ...]:
        """Return the filters that have something to choose, behind "more" at most ``most`` values of each."""
        views = (self._facet(facet, query, counts.get(param, {}), most) for param, facet in FACETS.items())
        return tuple(view for view in views if view.first)

    def _facet(self, facet: Facet, query: Query, counts: Mapping[str, int], most: int | None) -> FacetView:
        chosen = query.chosen(facet.param)
        values = self._in_order(facet, {**dict.fromkeys(chosen, 0), **counts})
        if facet.param == CENTRE:
            values = self._centres(values, chosen)
        choices = [self.choice(facet, query, value, counts.get(value, 0)) for value in values]
        first = [c for i, c in enumerate(choices) if i < FIRST_VALUES or c.selected]
        more = [c for c in choices if c not in first][:most]
        return FacetView(facet.param, self._(facet.label), tuple(first), tuple(more))

    def _centres(self, values: Sequence[str], chosen: Sequence[str]) -> list[str]:
        """Return the values of the filter of centres, what is of several first; the site of all shows all unasked."""
        unasked = () if self.catalogue.home or network.EVERY in chosen else (network.EVERY,)
        first = [value for value in CENTRE_VALUES if value in values and value not in unasked]
        return [*first, *(value for value in values if value not in CENTRE_VALUES)]

    def _in_order(self, facet: Facet, counts: Mapping[str, int]) -> list[str]:
        """Return values as the vocabulary orders them where it is short, else the commonest first."""
        order = self.vocabularies.order(facet.vocabulary) if facet.vocabulary else {}
        fixed = {value: rank for rank, value in enumerate(facet.fixed)} or order
        if not 0 < len(fixed) <= 20:
            return sorted(counts, key=lambda value: (-counts[value], fixed.get(value, len(fixed)), value))
        return sorted(counts, key=lambda value: (fixed.get(value, len(fixed)), value))

    def choices(self, param: str, query: Query, counts: Mapping[str, int]) -> tuple[Choice, ...]:
        """Return the values of a facet that a query finds, each with the address of its results."""
        facet = FACETS[param]
        return tuple(self.choice(facet, query, value, counts[value]) for value in self._in_order(facet, counts))

    def choice(self, facet: Facet, query: Query, value: str, count: int) -> Choice:
        """Return one facet value with the address that turns it on or off."""
        selected = value in query.chosen(facet.param)
        changed = query.without(facet.param, value) if selected else query.with_(facet.param, value)
        label = self.value_label(facet, value)
        return Choice(value, label, count, selected, addresses.search(self.lang, changed))

    def pager(self, query: Query, total: int) -> Pager | None:
        """Return the pages around the one shown; None where one page holds all."""
        pages = -(-total // query.per_page)
        if pages < 2:
            return None

        def at(number: int) -> str:
            return addresses.search(self.lang, query.but(page=number)) if 1 <= number <= pages else ""

        near = sorted({1, pages, *range(max(1, query.page - 2), min(pages, query.page + 2) + 1)})
        numbers: list[tuple[int, str]] = []
        for number in near:
            if numbers and number - numbers[-1][0] > 1:
                numbers.append((0, ""))
            numbers.append((number, at(number)))
        return Pager(query.page, pages, at(query.page - 1), at(query.page + 1), tuple(numbers))

    # --- editorial pages -------------------------------------------------------------------------------------

    def questions(self, theme: str | None = None) -> tuple[Link, ...]:
        """Return the visitors' questions (of a theme) as links to where they are answered."""
        return tuple(
            Link(addresses.questions(self.lang, page.id), page.title.best(self.lang))
            for page in self.catalogue.contents.frame.pages.values()
            if page.kind == "question" and (theme is None or theme in page.themes)
        )

    def question(self, page: Page) -> QuestionView:
        """Return a visitors' question with its answer."""
        records = self.catalogue.contents.records
        named = [records[id] for id in page.records if id in records and records[id].is_public]
        body = page.body.best(self.lang)
        return QuestionView(page.id, page.title.best(self.lang), to_html(body.text, 3), body.lang, self.cards(named))

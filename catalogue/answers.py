"""What the catalogue answers: to visitors, to machines, to the desk. Lock-free, on immutable contents."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from catalogue import editorial, health, network
from catalogue.contents import Contents
from catalogue.counters import COUNTERS
from catalogue.duplicates import Duplicates
from catalogue.editorial import EditorialList
from catalogue.errors import Gone, IndexUnavailable, Moved, NotFound
from catalogue.fields import CENTRE
from catalogue.finding import Finder, Found
from catalogue.indexing import Indexing
from catalogue.occupations import Occupations
from catalogue.query import NOT_ASKED, Notice, Query
from catalogue.resource import Resource
from catalogue.search.browse import browse
from catalogue.search.document import IndexDocument, make_document
from catalogue.search.engine import Engine, Plan, Results
from catalogue.search.linking import Linker
from catalogue.search.suggest import Suggestion
from catalogue.settings import Settings
from catalogue.state import State
from catalogue.todo import Todo
from catalogue.vocabulary import Concept, Vocabularies

DOCUMENTS_KEPT = 5_000
LEADING = 10
"""So many documents of a search lead: whose they are is counted."""


class Answers:
    """What can be asked of the newest contents. Who inherits it sees to it that there are any."""

    def __init__(self, settings: Settings, engine: Engine, linker: Linker, state: State) -> None:
        self.settings, self.state = settings, state
        self._engine = engine
        self._finder = Finder(engine, linker, self.now, lambda: self.home)
        self._indexing = Indexing(engine, linker)
        self._documents_made: dict[str, tuple[Resource, Vocabularies, IndexDocument]] = {}
        self._occupations: dict[str, Occupations] = {}
        self._browsed: tuple[Contents | None, dict[Query, Results]] = (None, {})
        self._duplicates: Duplicates | None = None
        self._todo: Todo | None = None
        self._contents: Contents

    @property
    def contents(self) -> Contents:
        """The newest state of everything the folder holds."""
        return self._contents

    def now(self) -> datetime.datetime:
        """Return the local time of the centre, without a zone."""
        return self.contents.frame.centre.now()

    def record(self, id: str) -> Resource:
        """Return a published record. Raises Moved, Gone (deleted or withdrawn) or NotFound (drafts too)."""
        contents = self.contents
        record = contents.records.get(id)
        if record is None:
            if id in contents.redirects:
                raise Moved(contents.redirects[id])
            if id in contents.tombstones:
                raise Gone
            raise NotFound
        if record.status == "withdrawn":
            raise Gone(title=record.title)
        if not record.is_public:
            raise NotFound
        return record

    @property
    def home(self) -> str:
        """The centre whose site this is; empty for the site of all."""
        return network.home_of(self.settings.centre, self.contents.frame.vocabularies)

    def offers(self, record: Resource) -> bool:
        """Tell whether this site shows a record that nobody asked for by name."""
        return network.is_offered(record, self.home)

    def asked(self, params: Iterable[tuple[str, str]]) -> tuple[Query, tuple[Notice, ...]]:
        """Read the parameters of an address, as ``Query.from_params``: one centre alone cannot be chosen."""
        query, notices = Query.from_params(params)
        if self.contents.frame.vocabularies.centres or CENTRE not in dict(query.filters):
            return query, notices
        return query.without(CENTRE).but(page=query.page), (*notices, Notice(CENTRE, NOT_ASKED))

    def plan(self, query: Query, lang: str, everywhere: bool = False) -> Plan:
        """Make a query ready for the engine, as ``Finder.plan``."""
        return self._finder.plan(query, lang, everywhere)

    def answer(self, plan: Plan) -> tuple[Plan, Results]:
        """Carry out a plan; returns it with the links that were followed. Raises IndexUnavailable."""
        return self._finder.answer(plan)

    def search(self, query: Query, lang: str) -> Found:
        """Answer a query for a reader of ``lang``. A page beyond the last is answered by the last.

        Raises IndexUnavailable; the index is then repaired in the background.
        """
        try:
            return self._finder.search(query, lang)
        except IndexUnavailable:
            self._indexing.behind = True
            raise

    def browse(self, query: Query, lang: str) -> Found:
        """Answer a query without words: from the records themselves where the index does not answer."""
        try:
            return self.search(query, lang)
        except IndexUnavailable:
            contents, plan = self.contents, self.plan(query, lang)
            if self._browsed[0] is not contents:
                self._browsed = (contents, {})
            known = self._browsed[1]
            if query not in known:
                known[query] = browse(contents.public, contents.frame.vocabularies, plan)
            hits = known[query].hits
            return Found(plan, known[query], tuple(contents.records[hit.id] for hit in hits))

    def total(self, query: Query, lang: str) -> int:
        """Return how many records a query finds. Raises IndexUnavailable."""
        return self._finder.total(query, lang)

    def related(self, plan: Plan, limit: int = 6) -> tuple[Concept, ...]:
        """Return broader, narrower and related concepts of those in a query; only such as records are about."""
        return self._finder.related(plan, limit)

    def suggest(self, text: str, lang: str) -> tuple[Suggestion, ...]:
        """Return what a reader of ``lang`` who has typed ``text`` may look for; nothing while the first are read."""
        return self._finder.suggest(text, lang, self.offers)

    def document(self, record: Resource) -> IndexDocument:
        """Return what the index holds of a record (for explanations)."""
        vocabularies = self.contents.frame.vocabularies
        made = self._documents_made.get(record.id)
        if made is None or made[0] is not record or made[1] is not vocabularies:
            if len(self._documents_made) >= DOCUMENTS_KEPT:
                self._documents_made.clear()
            made = self._documents_made[record.id] = (record, vocabularies, make_document(record, vocabularies))
        return made[2]

    def newest(self, limit: int, keep: Callable[[Resource], bool] = lambda _: True) -> list[Resource]:
        """Return the published records added last, those past their date left out, that ``keep`` accepts."""
        now = self.now()
        kept = [r for r in self.contents.public if r.added and self.offers(r) and keep(r) and not r.is_past(now)]
        return sorted(kept, key=lambda record: (record.added, record.id), reverse=True)[:limit]

    def similar(self, record: Resource, limit: int = 4) -> list[Resource]:
        """Return the published records most like ``record``: by occupations, then subjects, themes, audience."""
        now = self.now()
        public = self.contents.public
        uses = Counter(subject for r in public for subject in r.subjects)
        # A subject that many records have ("shortage occupations") makes two of them no more alike.
        telling = {subject for subject in record.subjects if uses[subject] <= max(5, len(public) // 20)}
        scored = [(likeness, r) for r in public if (likeness := _likeness(record, r, telling)) >= 3]
        scored = [(n, r) for n, r in scored if r.id != record.id and self.offers(r) and not r.is_past(now)]
        return [r for _, r in sorted(scored, key=lambda pair: (-pair[0], pair[1].id))[:limit]]

    def editorial_list(self, slug: str) -> EditorialList:
        """Return a list that visitors see today. Raises Gone after its last day, NotFound before its first."""
        made, today = self.contents.frame.lists.get(slug), self.now().date()
        if made is None or made.from_ > today:
            raise NotFound
        if made.is_over(today):
            raise Gone(title=made.title)
        return made

    def editorial_lists(self, theme: str = "") -> list[EditorialList]:
        """Return the lists that visitors see today (of a theme), the newest first."""
        return editorial.shown(self.contents.frame.lists.values(), self.now().date(), theme)

    def visible(self, ids: Iterable[str]) -> list[Resource]:
        """Return the published records among ``ids``, in their order, events that are past left out."""
        records, now = self.contents.records, self.now()
        named = [records[id] for id in ids if id in records]
        return [r for r in named if r.is_public and not r.is_past(now)]

    def display_until(self, id: str) -> datetime.date | None:
        """Return the last day on which a record stands on display; None where it is at its shelf."""
        return editorial.display_until(self.contents.frame.lists.values(), id, self.now().date())

    def occupation(self, id: str) -> tuple[Concept, list[Resource]]:
        """Return an occupation and the published records about it. Raises NotFound for anything else."""
        vocabularies = self.contents.frame.vocabularies
        concept = vocabularies.concept(id)
        if concept is None or concept.kind != "occupation":
            raise NotFound
        if concept.id != id:
            raise Moved(concept.id)
        return concept, [record for record in self.contents.by_occupation.get(concept.id, ()) if self.offers(record)]

    def occupations(self, lang: str) -> Occupations:
        """Return the occupations that published records are about, past events left out, named for ``lang``."""
        kept, contents, now = self._occupations.get(lang), self.contents, self.now()
        if kept is None or kept.contents is not contents or kept.until <= now:
            kept = self._occupations[lang] = Occupations(contents, lang, now, self.offers)
        return kept

    @property
    def duplicates(self) -> Duplicates:
        """The records by what they are recognised by: which others may be the same."""
        kept, contents = self._duplicates, self.contents
        if kept is None or kept.contents is not contents:
            kept = self._duplicates = Duplicates(contents, self.settings.resources, kept)
        return kept

    @property
    def todo(self) -> Todo:
        """What waits for the documentalists, as far as it follows from the files."""
        kept, contents = self._todo, self.contents
        if kept is None or kept.contents is not contents:
            kept = self._todo = Todo(contents, self.duplicates, self.settings.resources)
        return kept

    def media_file(self, path: str) -> Path:
        """Return the file ``media/…`` of a published record. Raises NotFound for every other path.

        The path is looked up among those the records name, never on the disk: nothing else can be reached.
        """
        if path not in self.contents.media:
            raise NotFound
        return self.settings.resources / path

    def media_size(self, path: str) -> int:
        """Return the size of a file in bytes, 0 where it is not there."""
        try:
            return (self.settings.resources / path).stat().st_size
        except OSError:
            return 0

    def health(self) -> dict[str, Any]:
        """Return what works and what does not, in plain words, for monitoring."""
        behind, state_problem = self._indexing.behind, self.state.problem
        return health.examine(self.contents, self._engine, self.settings, behind=behind, state_problem=state_problem)

    # --- counting --------------------------------------------------------------------------------------------

    def count(self, event: str, **dimensions: str) -> None:
        """Add one to a sum of ``catalogue.counters``. Raises ValueError where it is not declared as it is used."""
        counter = COUNTERS.get(event)
        if counter is None or not dimensions.keys() <= {*counter.dimensions}:
            raise ValueError(event)
        self.state.count(event, **dimensions)

    def count_search(self, found: Found, lang: str, shown: Found | None = None) -> None:
        """Count a search under the first theme and kind it was narrowed to; remember its words if it found nothing.

        ``shown``: the answer on the page, where it is another one (a correction). Whose documents lead is counted
        unless the visitor asked for one organisation's.
        """
        query, leading = found.plan.query, (shown or found).records[:LEADING]
        theme, kind = (next(iter(query.chosen(facet)), "") for facet in ("theme", "kind"))
        self.count("search", theme=theme, lang=lang, kind=kind)
        if not found.results.total:
            self.count("no-result", lang=lang)
        if found.plan.parts and not found.results.total and not query.filters:
            self.state.zero_result(query.text)
        for record in leading if not query.chosen("publisher") else ():
            self.count("listed", publisher=record.publisher)

    def count_record(self, record: Resource, lang: str) -> None:
        """Count the opening of a record, under its first theme so that the themes add up."""
        self.count("record", theme=record.themes[0], lang=lang, kind=record.kind)


def _likeness(one: Resource, other: Resource, telling: set[str]) -> int:
    shared = [
        (5, set(one.occupations) & set(other.occupations)),
        (3, telling & set(other.subjects)),
        (1, set(one.themes) & set(other.themes)),
        (1, set(one.audiences) & set(other.audiences)),
        (2, set(one.sectors) & set(other.sectors)),
    ]
    return sum(weight * len(common) for weight, common in shared)

"""The benchmark measures what it says: the corpus is the same each time, and every engine answers the same question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import clients, measure, report
from bench.analysed import GAP, AnalysedCorpus, analyse
from bench.corpus import Corpus, entries, index_document, newcomer
from bench.highlight import Highlighter
from bench.measure import Disagreement, Measured, Measurement, Timings
from bench.peers import PEERS, SHARED_INDEX, Answer, Peer, make, missing
from bench.queries import COUNTED, MIX, Ask, Filters, hostile, mix
from bench.statistics import percentile
from catalogue.query import Query

SIZE = 300

Expected = tuple[int, Mapping[str, Mapping[str, int]]]
"""The total, and the counts by facet and value."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    made = Corpus(tmp_path_factory.mktemp("corpus"), SIZE)
    made.write()
    return made


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> AnalysedCorpus:
    folder = tmp_path_factory.mktemp("analysed")
    Corpus(folder, SIZE).write()
    made = AnalysedCorpus(folder, SIZE)
    made.write()
    return made


@pytest.fixture(scope="module")
def asks(corpus: Corpus) -> list[Ask]:
    return mix(corpus)


# --- corpus and queries ------------------------------------------------------------------------------------------


def test_the_same_size_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        Corpus(tmp_path / folder, 50).write()
    (one,), (other,) = (list((tmp_path / folder).iterdir()) for folder in ("one", "other"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_a_small_corpus_is_the_beginning_of_a_larger_one() -> None:
    assert list(entries(20)) == list(entries(40))[:20]


def test_an_entry_is_read_back_by_its_id(corpus: Corpus) -> None:
    every = list(corpus)
    assert [corpus[entry.id] for entry in reversed(every)] == list(reversed(every))


def test_texts_and_facets_are_of_the_declared_size(corpus: Corpus) -> None:
    for entry in corpus:
        assert all(60 <= len(text.split()) <= 120 for text in entry.summary.values())
        assert all(3 <= len(text.split()) <= 8 for text in entry.title.values())
    wanted = {"theme": 5, "kind": 12, "audience": 8}
    found = {name: len({v for entry in corpus for v in entry.facets[name]}) for name in wanted}
    assert found == wanted


def test_the_mix_is_the_same_each_time_and_of_every_kind(corpus: Corpus, asks: list[Ask]) -> None:
    assert asks == mix(corpus)
    assert Counter(ask.kind for ask in asks) == MIX
    assert 60 <= sum(bool(ask.filters) for ask in asks) <= 100


def test_hostile_queries_survive_the_reading_of_an_address(corpus: Corpus) -> None:
    asks = hostile(corpus)
    assert len(asks) > 40
    assert all(len(ask.query.text) <= 200 and len(ask.parts) <= 12 for ask in asks)


# --- engines -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """A document as one reads it: no index, its words one by one."""

    facets: Mapping[str, tuple[str, ...]]
    terms: frozenset[str]
    surfaces: tuple[str, ...]

    def has(self, ask: Ask) -> bool:
        if ask.phrase:
            pairs = (self.surfaces[at : at + len(ask.phrase)] for at in range(len(self.surfaces)))
            return any(found == ask.phrase for found in pairs)
        if ask.prefix:
            return any(surface.startswith(ask.prefix) for surface in self.surfaces)
        return all(not self.terms.isdisjoint(stems) for stems in ask.words)

    def passes(self, filters: Filters) -> bool:
        return all({*values} & {*self.facets[facet]} for facet, values in filters.items())


def by_reading(ask: Ask, documents: Sequence[Read]) -> Expected:
    found = [document for document in documents if document.has(ask)]
    counts: dict[str, Counter[str]] = {}
    for facet in COUNTED:
        counted = [document for document in found if document.passes(ask.filters_but(facet))]
        counts[facet] = Counter(value for document in counted for value in document.facets[facet])
    return sum(document.passes(ask.filters) for document in found), counts


@pytest.fixture(scope="module")
def expected(asks: list[Ask], analysed: AnalysedCorpus) -> list[Expected]:
    documents = [Read(i.facets, frozenset(i.text.split()), tuple(i.exact.split())) for i in analysed]
    return [by_reading(ask, documents) for ask in asks]


@pytest.fixture(scope="module", params=sorted(PEERS.keys() - {"shipped", "cached"}))
def key(request: pytest.FixtureRequest) -> str:
    reason = missing(request.param)
    if reason:
        pytest.skip(f"{request.param} cannot run here: {reason} (make bench installs it)")
    return str(request.param)


@pytest.fixture(scope="module")
def peer(key: str, analysed: AnalysedCorpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    folder = tmp_path_factory.mktemp("peer")
    make(key, folder).build(list(analysed))
    opened = make(key, folder)
    opened.open()
    yield opened
    opened.close()


def test_every_engine_gives_the_totals_and_counts_of_the_documents(
    key: str, peer: Peer, asks: list[Ask], expected: list[Expected]
) -> None:
    step = 10 if PEERS[key].slow else 1
    for ask, (total, facets) in list(zip(asks, expected, strict=True))[::step]:
        answer = peer.answer(ask)
        assert (answer.total, dict(answer.facets)) == (total, facets), ask
        assert len({*answer.ids}) == len(answer.ids) == min(20, total)


def test_every_engine_finds_what_was_added(key: str, peer: Peer, analysed: AnalysedCorpus) -> None:
    entry, word = newcomer(7)
    ask = Ask("saved", Query(text=word), "fr")
    assert peer.answer(ask).ids == ()
    peer.add(analyse(index_document(entry), analysed.words))
    assert peer.answer(ask).ids == (entry.id,)


def test_no_phrase_reaches_from_one_text_into_the_next(analysed: AnalysedCorpus) -> None:
    item = next(iter(analysed))
    assert item.exact.count(GAP) == sum(map(len, item.document.texts.values()))
    assert GAP not in item.text


def test_engines_that_disagree_are_not_timed() -> None:
    ask = Ask("common", Query(text="emploi"), "fr")
    answer = Answer(3, {"theme": {"work": 3}}, ())
    measure.compare("tantivy", ask, answer, answer)
    for other in (Answer(4, answer.facets, ()), Answer(3, {"theme": {"work": 2}}, ())):
        with pytest.raises(Disagreement, match="tantivy"):
            measure.compare("tantivy", ask, other, answer)


@pytest.mark.soak
def test_an_index_that_goes_wrong_while_time_is_taken_is_noticed(tmp_path: Path) -> None:
    def measurement(rows: tuple[str, ...]) -> Measurement:
        keys = ["sqlite-sql", "catalogue", "shipped"]
        return Measurement(50, keys, rows, tmp_path, lambda what: None, sessions=1)

    measured = measurement(("same",))
    measured.build()
    measured.agree()
    # What another version of the engine finds: an index that is not its own, so it begins with an empty one.
    (tmp_path / "index-50" / "catalogue" / "manifest.json").unlink()
    with pytest.raises(Disagreement, match="catalogue"):
        measured.pass_over(0)
    with pytest.raises(Disagreement, match="catalogue"):
        measured.weigh()
    with pytest.raises(AssertionError, match="catalogue has 0 records and not 50"):
        measured.save()


def test_the_shipped_ranking_finds_at_least_what_has_every_word() -> None:
    ask, required = Ask("common", Query(text="emploi"), "fr"), Answer(3, {}, ())
    measure.compare_shipped(ask, Answer(9, {}, ()), required)
    with pytest.raises(Disagreement, match="shipped"):
        measure.compare_shipped(ask, Answer(0, {}, ()), required)


# --- measuring and reporting -------------------------------------------------------------------------------------


def test_highlights_mark_what_was_asked(corpus: Corpus) -> None:
    entry = next(entry for entry in corpus if "fr" in entry.summary)
    word = entry.summary["fr"].split()[30].strip(".")
    ((_, snippet),) = Highlighter(corpus).page((entry.id,), Ask("common", Query(text=word), "fr"))
    assert f"<mark>{word}</mark>".lower() in snippet.lower()


def test_a_percentile_is_that_of_each_pass_and_then_the_median() -> None:
    assert percentile(range(100), 0.95) == 95
    timings = Timings([{0: 1.0, 1: 9.0}, {0: 2.0, 1: 8.0}, {0: 3.0, 1: 7.0}])
    assert timings.percentile(0.5) == 8.0
    assert timings.percentile(0.5, {0}) == 2.0


@pytest.mark.soak
def test_a_run_fills_the_report(tmp_path: Path) -> None:
    keys, rows = ["catalogue", "sqlite-sql"], ("build", "same", "cold", "save")
    measured = Measurement(50, keys, rows, tmp_path / "work", lambda what: None, sessions=1).run()
    assert measured.warm.keys() == measured.cold.keys() == measured.saves.keys() == measured.build.keys() == {*keys}
    assert len(measured.warm["catalogue"].passes) > len(measured.warm["sqlite-sql"].passes) > 0
    assert all(ms > 0 for times in measured.saves.values() for ms in times)
    report.write(tmp_path / "RESULTS.md", [measured], None, ["Xapian (no bindings)"])
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    for section in ("warm", "fresh process", "One record saved", "The whole index", "Not measured"):
        assert section in text


def test_the_report_says_which_targets_are_met(tmp_path: Path) -> None:
    warm = {key: Timings([{0: ms}]) for key, ms in (("catalogue", 2.0), ("tantivy", 4.0), ("sqlite-bitmaps", 1.0))}
    warm["shipped"] = Timings([{0: 8.0}])
    hostile = {"?q=a%2A": [10.0, 60.0, 48.0]}
    report.write(tmp_path / "RESULTS.md", [Measured(10_000, warm=warm, hostile=hostile)], None, [])
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| same query, p50 ÷ tantivy | 10,000 | ≤ 1× | 0.5× | met |" in text
    assert "| same query, p50 ÷ FTS5 + bitmaps | 10,000 | ≤ 1× | 2× | **not met** |" in text
    assert "| shipped ranking, p95 ÷ tantivy's same query | 10,000 | ≤ 1.5× | 2× | **not met** |" in text
    assert "| hostile queries, the worst ÷ p95 of the ordinary mix | 10,000 | ≤ 5× | 6× | **not met** |" in text
    assert "100,000" not in text


def test_our_own_ways_of_answering_share_one_index() -> None:
    assert SHARED_INDEX.keys() == {"shipped", "cached"}
    assert all(make(key, Path("x"))._folder == Path("x/catalogue") for key in SHARED_INDEX)  # type: ignore[attr-defined]


@pytest.mark.soak
def test_visitors_use_the_real_server_while_a_record_is_saved(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop running in this one
        figures = thread.submit(clients.run, Corpus(tmp_path, 20), clients=3, seconds=5).result()
    assert not figures.errors
    assert figures.times["results page"]
    assert figures.visible
    assert "3 visitors at once" in figures.describe()

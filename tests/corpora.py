"""Small random collections and queries for hypothesis: words that share stems, compounds, accents, facets, dates."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from catalogue.fields import FACETS, INDEX_FIELDS, SORTS
from catalogue.query import Query
from catalogue.search import analysis, parser
from catalogue.search.document import IndexDocument
from catalogue.search.engine import Alternative, Expansion, Link, Plan
from catalogue.values import TEXT_LANGUAGES
from tests.conftest import NOW

# What one text is made of: words, and phrases that stand whole.
FRENCH = ["emploi", "emplois", "soins", "soigner", "infirmier", "infirmière", "boucherie", "boucher", "écoles", "d'été"]
FRENCH += ["soins à domicile", "la boucherie de l'école"]
DUTCH = ["loopbaan", "begeleiding", "loopbaanbegeleiding", "werk", "werken", "zorg", "zorgwerk", "opleidingen"]
DUTCH += ["zorg en werk", "begeleidingsloopbaan", "verpleegkundige"]
ENGLISH = ["job", "jobs", "nurse", "nursing", "care", "butcher", "care of the nurse"]
ANYWHERE = ["3D", "c++", "978-2-07-036822-8", "B", "œuvre", "ĳs", "½", "été’s", "ﬁn", ""]
VOCABULARY = {"fr": FRENCH, "nl": DUTCH, "en": ENGLISH, "und": ANYWHERE}
PIECES = [piece for pieces in VOCABULARY.values() for piece in pieces]
COMPOUNDS = ["loopbaanbegeleiding", "begeleidingsloopbaan", "zorgwerk", "werkzorg"]
WORDS = [piece for piece in PIECES if piece and " " not in piece]
PHRASES = [*(piece for piece in PIECES if " " in piece), "soins domicile", "werk zorg", "emploi emplois", "zorg zorg"]
VALUES = {"theme": ("orient", "learn", "work"), "kind": ("guide", "video"), "language": ("fr", "nl", "ar")}
DAYS = ("0001-01-01", "2025-06-30", "2026-01-01", "2026-11-21")
EXPIRIES = ("", "", "", "2026-11-22T12:00:00", "2026-11-22T12:00:01", "2020-01-01T00:00:00")


def _words(lang: str, least: int, most: int) -> st.SearchStrategy[str]:
    # Words of the other languages stand in any text now and then.
    own = st.sampled_from(VOCABULARY[lang])
    return st.lists(st.one_of(own, own, st.sampled_from(PIECES)), min_size=least, max_size=most).map(" ".join)


_pairs = st.sampled_from(("fr", "nl", "en", "fr", "nl", "und")).flatmap(
    lambda lang: st.tuples(st.just(lang), _words(lang, 1, 7))
)
_some = st.lists(_pairs, min_size=1, max_size=3).map(tuple)
_rich = st.fixed_dictionaries({"title": _some}, optional={name: _some for name in INDEX_FIELDS if name != "title"})
_bare = st.fixed_dictionaries({}, optional={"body": _some})
_texts = st.one_of(_rich, _rich, _rich, _bare)
_facets = st.fixed_dictionaries({}, optional={n: st.sets(st.sampled_from(v)).map(sorted) for n, v in VALUES.items()})


def documents(ids: st.SearchStrategy[str]) -> st.SearchStrategy[IndexDocument]:
    """Return documents with ids of ``ids``."""
    return st.builds(_document, ids, _texts, _facets, st.sampled_from(DAYS), st.sampled_from(EXPIRIES))


def _document(
    id: str, texts: dict[str, tuple[tuple[str, str], ...]], facets: dict[str, list[str]], newest: str, expires: str
) -> IndexDocument:
    titles = dict(texts.get("title", ()))
    return IndexDocument(
        id=id,
        texts={name: texts.get(name, ()) for name in INDEX_FIELDS},
        facets={param: tuple(facets.get(param, ())) for param in FACETS},
        newest=newest,
        titles={lang: titles.get(lang, "") for lang in TEXT_LANGUAGES},
        expires=expires,
    )


_word = st.sampled_from(WORDS + 3 * COMPOUNDS)
_phrase = st.sampled_from(PHRASES).map('"{}"'.format)
_prefix = st.sampled_from(["loo*", "zor*", "werk*", "boucher*", "emp*", "ecol*", "nurs*", "978*", "xyz*"])
_wanted = st.lists(st.one_of(_word, _word, _word, _phrase, _prefix), max_size=3)
_unwanted = st.lists(st.one_of(_word, _phrase, _prefix).map("-{}".format), min_size=1, max_size=2)
_asked = st.tuples(_wanted, st.one_of(st.just([]), st.just([]), st.just([]), _unwanted)).map(
    lambda pair: " ".join(pair[0] + pair[1])
)

_alternatives = st.lists(
    st.sampled_from(("fr", "nl", "en")).flatmap(lambda lang: st.tuples(_words(lang, 1, 2), st.just(lang))), max_size=3
).map(lambda pairs: tuple(Alternative(text, lang, tuple(analysis.terms(text, lang))) for text, lang in pairs))
_links = st.lists(st.builds(Link, st.just("close"), st.sampled_from((1.0, 0.6, 0.3)), _alternatives), max_size=2)
_filters = st.fixed_dictionaries({}, optional={n: st.sets(st.sampled_from(v), min_size=1) for n, v in VALUES.items()})
_chosen = _filters.map(lambda chosen: tuple((n, tuple(sorted(chosen[n]))) for n in FACETS if n in chosen))

queries = st.builds(
    Query,
    text=_asked,
    filters=st.one_of(st.just(()), st.just(()), _chosen),
    sort=st.sampled_from(sorted(SORTS)),
    page=st.sampled_from((1, 1, 1, 1, 2, 9)),
    per_page=st.sampled_from((100, 3, 1)),
    exact=st.sampled_from((False, False, True)),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return plans as the service makes them, with concepts recognised anywhere in them."""
    query = draw(queries)
    parsed = parser.parse(query.text)
    plan = Plan(query, parsed.parts, parsed.excluded, (), draw(st.sampled_from(TEXT_LANGUAGES)), NOW)
    plan = replace(plan, required=draw(st.sampled_from((False, False, True))))
    if not parsed.parts or query.exact:
        return plan
    return replace(plan, expansions=draw(_expansions(len(parsed.parts))), links=tuple(draw(_links)))


def _expansions(parts: int) -> st.SearchStrategy[tuple[Expansion, ...]]:
    """Return concepts recognised in a query of ``parts`` parts."""
    spans = st.integers(0, parts - 1).flatmap(lambda first: st.tuples(st.just(first), st.integers(first + 1, parts)))
    whole = _alternatives.map(lambda labels: tuple(label for label in labels if label.terms))
    one = st.builds(lambda span, also: Expansion("typed", "fr", "concept", span[0], span[1], also), spans, whole)
    return st.lists(one, max_size=2).map(tuple)

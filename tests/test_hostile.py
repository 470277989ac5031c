"""Whatever is typed is words: nothing raises, no operator works that was not promised, no internal field answers."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.fields import FACETS, INDEX_FIELDS
from catalogue.finding import Found
from catalogue.query import MAX_PER_PAGE, MAX_TEXT, Query
from catalogue.search.entries import EXACT, LABEL, TEXT
from catalogue.search.parser import MAX_PARTS, SHORTEST_PREFIX
from catalogue.service import Catalogue

INTERNAL = ("rec", "id", "digest", "facet", "newest", "expires", "titles", TEXT, EXACT, LABEL, *FACETS, *INDEX_FIELDS)

# The traps of the design document: what makes a full query parser hang, crash or spy.
TRAPS = (
    "*a*", "a*", "*", "**", "?", "a?b", "[a TO z]", "{a TO z}", "[* TO *]", "~9", "a~9", "emploi~2", ".*", "/.*/",
    "(a|b)*", "(" * 5000, ")" * 5000, "(a" * 2500, '"' * 99, '"' * 100, "«" * 100, '"a' * 100, "-" * 200, "- - -",
    "-*", '-"', '-""', " ".join(["aaa*"] * 200), " ".join(f"{a}{b}{c}*" for a, b, c in product("abcdef", repeat=3)),
    "a* " * 100, "NOT", "NOT emploi", "emploi AND", "OR OR OR", "AND NOT", "emploi^1000000", "^", "emploi^-1",
    "a:b:c:d", ":", "::", ":a", "\\", "\\\\", "\\x00", "\x00", "a\x00b", "\r\n", "\u202e", "\u200b", "\ufeff", "\ud800",
    "\U0010ffff", "\U0001f600" * 100, "é" * 200, "e\u0301" * 100, "ﷺ" * 200, "ß" * 200, "İ" * 200, "ĳ" * 200,
    "½" * 200, "中文" * 100, "a" * 100_000, "%", "%00", "%s%n", "{0}", "${x}", "{{7*7}}", "<script>", "' OR 1=1 --",
    "; DROP TABLE", "../../etc/passwd", "\n" * 500, "0", "-1", "1e999", "NaN", "null", "True", "2026-11-22",
    "de la", "de", "l'", "'", "''", "d'd'd'd'", "c++", "c#", "+", "++",
)  # fmt: skip

_pieces = st.one_of(
    st.sampled_from(
        [*"*?:()[]{}~^\"'«»-+/\\|&!.,;<>=@#%$ \t\n\x00\u202e\u00ad", " TO ", " AND ", " NOT ", '" "', " -", "* "]
    ),
    st.sampled_from(
        ["emploi", "infirm", "loopbaanbegeleiding", "de", "été", "VDAB", "siep", "zzzz", "aa", "1", *INTERNAL]
    ),
    st.text(max_size=6),
)
_texts = st.lists(_pieces, max_size=30).map("".join)
_params = st.lists(
    st.tuples(st.sampled_from([*FACETS, "sort", "page", "per_page", "expand", "exact", "q", "x"]), st.text(max_size=8)),
    max_size=4,
)


def asked(example: Catalogue, text: str, params: list[tuple[str, str]] | None = None, lang: str = "fr") -> Found:
    """Search as an address does, and suggest; check what every answer must hold."""
    query, _ = Query.from_params([*(params or []), ("q", text)])
    found = example.search(query, lang)
    results, plan = found.results, found.plan
    assert len(query.text) <= MAX_TEXT
    assert len(plan.parts) <= MAX_PARTS
    assert len(plan.excluded) <= MAX_PARTS
    for part in (*plan.parts, *plan.excluded):
        assert all(re.fullmatch(r"[^\W_]+(?:'[^\W_]+)*|[a-z]\+\+|c#", surface) for surface in part.surfaces), part
        assert part.kind != "prefix" or len(part.surface) >= SHORTEST_PREFIX
    assert 0 <= results.full <= results.total
    assert len(results.hits) <= min(MAX_PER_PAGE, results.total)
    assert len(found.records) == len(results.hits), "every hit is a record that may be shown"
    example.suggest(text[:MAX_TEXT], lang)
    return found


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.results.hits]


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("exact", ["", "1"])
def test_the_traps_are_answered(example: Catalogue, lang: str, exact: str) -> None:
    for text in TRAPS:
        asked(example, text, [("exact", exact)], lang)


@pytest.mark.parametrize(
    "text", ["*a*", "a*", "[a TO z]", "~9", ".*", "(" * 5000, "emploi^9", "NOT emploi", "emploi~2"]
)
def test_an_operator_that_was_not_promised_is_no_operator(example: Catalogue, text: str) -> None:
    plain = " ".join(re.findall(r"\w+", text))
    assert ids(asked(example, text)) == ids(asked(example, plain))


def test_no_internal_field_can_be_read(example: Catalogue) -> None:
    records = example.contents.public[:3]
    values = [
        value
        for record in records
        for value in (record.id, example.document(record).digest, *record.themes, record.kind)
    ]
    for field, value in product(INTERNAL, dict.fromkeys(values)):
        assert ids(asked(example, f"{field}:{value}")) == ids(asked(example, f"{field} {value}")), f"{field}:{value}"


def test_what_is_kept_but_no_text_finds_nothing(example: Catalogue) -> None:
    for record in example.contents.public[::20]:
        document = example.document(record)
        for kept in (document.digest, document.newest.replace("-", "")):
            assert asked(example, kept).results.full == 0
            assert asked(example, f'"{kept}"').results.full == 0
            assert asked(example, f"{kept}*").results.full == 0


def test_an_exclusion_alone_leaves_out_and_reads_nothing_else(example: Catalogue) -> None:
    everything = asked(example, "").results.total
    for text in ("-emploi", '-"le forem"', "-emp*", "-rec:emploi", '-"', "-"):
        assert 0 < asked(example, text).results.total <= everything


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_texts, _params, st.sampled_from(("fr", "nl", "en")))
def test_whatever_is_made_up_is_answered(
    example: Catalogue, text: str, params: list[tuple[str, str]], lang: str
) -> None:
    asked(example, text, params, lang)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(_texts, _params, st.sampled_from(("fr", "nl", "en")))
def test_whatever_is_made_up_two_thousand_times_is_answered(
    example: Catalogue, text: str, params: list[tuple[str, str]], lang: str
) -> None:
    asked(example, text, params, lang)

"""CQL 1.2 as a tree: what the grammar allows, and the standard's numbers for what it does not or we cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.sru.cql import MOST_BOOLEANS, MOST_CHARACTERS, Boolean, Clause, Node, parse
from catalogue.sru.diagnostics import MESSAGES, Diagnostic


def shown(node: Node) -> str:
    if isinstance(node, Clause):
        return f"{node.index} {node.relation} [{node.term}]"
    assert isinstance(node, Boolean)
    return f"({shown(node.left)} {node.operator} {shown(node.right)})"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("nurse", "cql.serverchoice = [nurse]"),
        ('"and"', "cql.serverchoice = [and]"),
        ('"a \\"b\\" (c)"', 'cql.serverchoice = [a \\"b\\" (c)]'),
        ("dc.title=nurse", "dc.title = [nurse]"),
        ('DC.Title ALL "one two"', "dc.title all [one two]"),
        ("dc.date >= 2020", "dc.date >= [2020]"),
        ("any any any", "any any [any]"),
        ("a and b or c", "((cql.serverchoice = [a] and cql.serverchoice = [b]) or cql.serverchoice = [c])"),
        ("a and (b OR c)", "(cql.serverchoice = [a] and (cql.serverchoice = [b] or cql.serverchoice = [c]))"),
        ("((a)) not (dc.type=book)", "(cql.serverchoice = [a] not dc.type = [book])"),
        ('title = "été à l\'école"', "title = [été à l'école]"),
    ],
)
def test_what_the_grammar_allows(query: str, tree: str) -> None:
    assert shown(parse(query)) == tree


def test_a_prefix_is_carried_by_the_clauses_behind_it() -> None:
    node = parse('> d = "info:srw/cql-context-set/1/dc-v1.1" (d.title = a and b)')
    assert isinstance(node, Boolean)
    assert isinstance(node.left, Clause)
    assert node.left.prefixes == {"d": "info:srw/cql-context-set/1/dc-v1.1"}
    default = parse('> "http://example.org/" title = a')
    assert isinstance(default, Clause)
    assert default.prefixes == {"": "http://example.org/"}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 10),
        ("and", 10),
        ("a and", 10),
        ("a b", 10),
        ("(a", 10),
        ("a)", 10),
        ('"a', 10),
        ("title =", 10),
        ("= a", 10),
        ('"title" = a', 10),
        ("a prox/distance<3 b", 39),
        ("a and/rel.combine=sum b", 46),
        ("title =/stem a", 20),
        ("a sortby dc.title", 80),
        ("(" * 1000 + "a" + ")" * 900, 13),
        (" or ".join("a" * (MOST_BOOLEANS + 2)), 38),
        ("a" * (MOST_CHARACTERS + 1), 12),
    ],
)
def test_what_is_not_understood_has_its_number(query: str, number: int) -> None:
    with pytest.raises(Diagnostic) as raised:
        parse(query)
    assert raised.value.number == number


@given(st.text(alphabet='ab" ()=<>/\\*.andorxpt\x00é', max_size=60))
def test_anything_is_a_tree_or_a_diagnostic(query: str) -> None:
    try:
        parse(query)
    except Diagnostic as problem:
        assert problem.number in MESSAGES

"""CQL 1.2, the query language of SRU, read into a tree: http://www.loc.gov/standards/sru/cql/spec.html

A parser of our own: the one on PyPI that is kept (cql-parser) brings a parser generator with it and makes its tables
anew for every query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.sru.diagnostics import Diagnostic

MOST_CHARACTERS = 2000
DEEPEST = 30
"""Brackets in brackets."""
MOST_BOOLEANS = 30

BOOLEANS = ("and", "or", "not", "prox")
SYMBOLS = ("=", "==", "<>", "<", ">", "<=", ">=")
ANY_INDEX = "cql.serverchoice"

_TOKEN = re.compile(
    r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sign>==|<>|<=|>=|[=<>()/])|(?P<word>[^\s()=<>"/]+))', re.S
)


@dataclass(frozen=True, slots=True)
class Clause:
    """``index relation term``. Index and relation in lower case; the term with its escapes, without its quotes."""

    index: str
    relation: str
    term: str
    prefixes: Mapping[str, str] = field(default_factory=dict)  # prefix → address of a context set, as the query has it


@dataclass(frozen=True, slots=True)
class Boolean:
    """``left operator right``; operator: and, or, not."""

    operator: str
    left: Node
    right: Node


Node = Clause | Boolean


def parse(query: str) -> Node:
    """Read a query. Raises Diagnostic: 10 for what is no CQL, others for what is CQL and not understood here."""
    if len(query) > MOST_CHARACTERS:
        raise Diagnostic(12, str(MOST_CHARACTERS))
    reader = _Reader(_tokens(query))
    found = reader.query({})
    if reader.is_word("sortby"):
        raise Diagnostic(80)
    if not reader.at_end:
        raise Diagnostic(10, reader.shown)
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    kind: str


def _tokens(query: str) -> list[_Token]:
    found, place, query = [], 0, query.rstrip()
    while place < len(query):
        match = _TOKEN.match(query, place)
        if match is None:
            raise Diagnostic(10, query[place : place + 40])
        kind = match.lastgroup or ""
        text = match[kind]
        found.append(_Token(text[1:-1] if kind == "quoted" else text, kind))
        place = match.end()
    return found


class _Reader:
    """Goes through the tokens once, by recursive descent."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = self._depth = self._booleans = 0

    @property
    def at_end(self) -> bool:
        return self._place == len(self._tokens)

    @property
    def shown(self) -> str:
        """The place for a diagnostic: the token there, or the end."""
        return "end of query" if self.at_end else self._tokens[self._place].text[:40]

    def is_word(self, *words: str) -> bool:
        return self._is("word") and self._tokens[self._place].text.lower() in words

    def _is(self, kind: str, *texts: str) -> bool:
        if self.at_end or self._tokens[self._place].kind != kind:
            return False
        return not texts or self._tokens[self._place].text in texts

    def _take(self) -> str:
        self._place += 1
        return self._tokens[self._place - 1].text

    def _expect(self, kind: str, *texts: str) -> str:
        if not self._is(kind, *texts):
            raise Diagnostic(10, self.shown)
        return self._take()

    def query(self, prefixes: Mapping[str, str]) -> Node:
        while self._is("sign", ">"):
            prefixes = {**prefixes, **self._prefix()}
        left = self._clause(prefixes)
        while self.is_word(*BOOLEANS):
            operator = self._operator()
            left = Boolean(operator, left, self._clause(prefixes))
        return left

    def _prefix(self) -> dict[str, str]:
        self._take()
        name = self._term()
        if not self._is("sign", "="):
            return {"": name}
        self._take()
        return {name.lower(): self._term()}

    def _operator(self) -> str:
        operator = self._take().lower()
        self._booleans += 1
        if operator == "prox":
            raise Diagnostic(39)
        if self._booleans > MOST_BOOLEANS:
            raise Diagnostic(38, str(MOST_BOOLEANS))
        if self._is("sign", "/"):
            raise Diagnostic(46, self._modifier())
        return operator

    def _modifier(self) -> str:
        self._take()
        return self._expect("word")

    def _clause(self, prefixes: Mapping[str, str]) -> Node:
        if self._is("sign", "("):
            return self._bracket(prefixes)
        quoted = self._is("quoted")
        first = self._term()
        named = self._is("word") and not self.is_word(*BOOLEANS, "sortby")
        if not quoted and (named or self._is("sign", *SYMBOLS)):
            relation = self._take().lower()
            if self._is("sign", "/"):
                raise Diagnostic(20, self._modifier())
            return Clause(first.lower(), relation, self._term(), prefixes)
        return Clause(ANY_INDEX, "=", first, prefixes)

    def _bracket(self, prefixes: Mapping[str, str]) -> Node:
        self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise Diagnostic(13, str(DEEPEST))
        inner = self.query(prefixes)
        self._expect("sign", ")")
        self._depth -= 1
        return inner

    def _term(self) -> str:
        if self.is_word(*BOOLEANS, "sortby") or not (self._is("word") or self._is("quoted")):
            raise Diagnostic(10, self.shown)
        return self._take()

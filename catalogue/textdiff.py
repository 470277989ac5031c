"""What differs between two texts: words of a text, lines of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Sign = Literal["", "+", "-"]
"""In both versions, only in the new one, only in the old one."""

LONG = 4_000
"""Pieces in both texts together above which they are compared by sentences: comparing takes quadratic time."""

CONTEXT = 12
"""Words that are kept on each side of a change in a long text; lines: three."""

CUT = "…"
_SIGNS: tuple[Sign, ...] = ("-", "+")
_WORD = re.compile(r"\w+(?:['’]\w+)*|\s+|[^\w\s]")
_SENTENCE = re.compile(r"[^.!?\n]*[.!?\n]*\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comparison, and which of the two versions has it. ``lang``: of its text, empty where it is none."""

    sign: Sign
    text: str
    lang: str = ""


def words(before: str, after: str, lang: str = "") -> tuple[Part, ...]:
    """Return both texts as one, word by word; long stretches that both have are cut to the words around the changes."""
    cut = _WORD.findall
    old, new = cut(before), cut(after)
    if len(old) + len(new) > LONG:
        old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    parts = list(_joined(_runs(old, new), lang))
    return tuple(_short(part, index > 0, index < len(parts) - 1) for index, part in enumerate(parts))


def lines(before: str, after: str, context: int = 3) -> tuple[Part, ...]:
    """Return the lines that differ with ``context`` lines around; ``…`` stands for those that both have."""
    runs = list(_runs(before.splitlines(), after.splitlines()))
    parts: list[Part] = []
    for index, (sign, run) in enumerate(runs):
        first, last = index == 0, index == len(runs) - 1
        if sign or len(run) <= 2 * context + 1:
            kept: Sequence[str] = run
        else:
            head = [] if first else run[:context]
            tail = [] if last else run[len(run) - context :]
            kept = [*head, CUT, *tail]
        parts += [Part(sign, line) for line in kept]
    return tuple(parts)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sign, list[str]]]:
    """Yield what both have, then what went, then what came, in turn. What is the same at both ends is not searched."""
    start, end = _common(old, new), 0
    end = _common(old[start:][::-1], new[start:][::-1])
    if start:
        yield "", list(old[:start])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=len(middle_old) + len(middle_new) > LONG)
    for name, i, j, k, m in matcher.get_opcodes():
        if name == "equal":
            yield "", list(middle_old[i:j])
            continue
        if j > i:
            yield "-", list(middle_old[i:j])
        if m > k:
            yield "+", list(middle_new[k:m])
    if end:
        yield "", list(old[len(old) - end :])


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many pieces are the same from the beginning."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _joined(runs: Iterable[tuple[Sign, list[str]]], lang: str) -> Iterator[Part]:
    """Yield runs as parts. Two changed words with nothing but a space between them are one change."""
    texts = [(sign, "".join(run)) for sign, run in runs]
    inner = range(1, len(texts) - 1)
    changed = [bool(sign) or (index in inner and not text.strip()) for index, (sign, text) in enumerate(texts)]
    numbered = list(zip(changed, texts, strict=True))
    for change, group in groupby(numbered, key=lambda item: item[0]):
        members = [text for _, text in group]
        if not change or {sign for sign, _ in members} != {"", "-", "+"}:
            yield from (Part(sign, text, lang) for sign, text in members)
            continue
        for wanted in _SIGNS:
            yield Part(wanted, "".join(text for sign, text in members if sign in ("", wanted)), lang)


def _short(part: Part, before: bool, after: bool) -> Part:
    """Return a part that both texts have with only the words next to a change."""
    pieces = re.findall(r"\S+\s*|\s+", part.text)
    if part.sign or len(pieces) <= 2 * CONTEXT + 4:
        return part
    head = "".join(pieces[:CONTEXT]) if before else ""
    tail = "".join(pieces[len(pieces) - CONTEXT :]) if after else ""
    return Part("", f"{head}{CUT} {tail}", part.lang)

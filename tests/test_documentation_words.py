"""What the course tells people to choose stands on the screen in these words: a button that is renamed shows here."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import documentation
from tests.conftest import PROJECT

LOCALE = PROJECT / "catalogue" / "locale"
VOCABULARIES = PROJECT / "resources" / "vocabularies"
TO_BE_TYPED = re.compile(r"[A-Z]\d+\.\d+|\d+")
"""Shelf marks and numbers."""


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()


def shown(lang: str) -> re.Pattern[str]:
    """What the interface can say, with anything where a message names something, and the labels of vocabularies."""
    with (LOCALE / lang / "LC_MESSAGES" / "catalogue.po").open("rb") as file:
        messages = [message.string or "" for message in read_po(file) if message.id]
    said = [text for one in messages for text in ((one,) if isinstance(one, str) else one or ())]
    labels = [
        label.strip("\" '")
        for path in VOCABULARIES.rglob("*.yaml")
        for label in re.findall(rf'\b{lang}: ("[^"]*"|[^,}}]*)', path.read_text(encoding="utf-8"))
    ]
    patterns = [re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(plain(text))) for text in [*said, *labels] if text]
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)))


def chosen(lang: str) -> Iterator[str]:
    """What stands in bold in the steps of the exercises; before “…” a beginning."""
    course = (documentation.folder() / lang / "course.md").read_text(encoding="utf-8")
    for step in re.findall(r"^\d+\. .*", course, re.MULTILINE):
        yield from (plain(words) for words in re.findall(r"\*\*(.+?)\*\*", step))


@pytest.mark.parametrize("lang", CENTRE_LANGUAGES)
def test_what_one_is_told_to_choose_is_there(lang: str) -> None:
    screen = shown(lang)
    everything = screen.pattern
    missing = [
        words
        for words in chosen(lang)
        if not TO_BE_TYPED.fullmatch(words)
        and not screen.fullmatch(words.removesuffix(" FR").removesuffix(" NL"))
        and not (words.endswith("…") and re.escape(words[:-1]) in everything)
    ]
    assert missing == []
    assert len(list(chosen(lang))) > 80

"""The id of a new record: made from its title, and never one that was given before."""

from __future__ import annotations

import re

from catalogue.contents import Contents
from catalogue.folding import fold
from catalogue.values import TEXT_LANGUAGES, Text

LONGEST = 60
_SMALL = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "un", "une", "the", "of"}
_SMALL |= {"het", "een", "van", "voor", "in", "op", "te"}


def new_id(title: Text, contents: Contents) -> str:
    """Return an id for a new record: the telling words of its title, with a number where that was given before."""
    text = next((title[lang] for lang in TEXT_LANGUAGES if lang in title), "")
    words = [word for word in re.split(r"[^a-z0-9]+", fold(text)) if word]
    telling = [word for word in words if word not in _SMALL] or words
    base = "-".join(telling)[:LONGEST].strip("-") or "record"
    if len(base) < 2:
        base = f"record-{base}"
    taken = {old for record in contents.records.values() for old in record.replaces}
    taken |= {*contents.records, *contents.tombstones}
    number, id = 1, base
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    return id


def next_mark(mark: str) -> str:
    """Return the shelf mark behind one: ``B2.14`` → ``B2.15``; the same where it does not end in a number."""
    found = re.fullmatch(r"(.*?)(\d+)", mark)
    if not found or "." not in mark:
        return mark
    number = found[2]
    return f"{found[1]}{int(number) + 1:0{len(number)}}"

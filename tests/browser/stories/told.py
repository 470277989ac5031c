"""How many interactions each story takes: the numbers of docs/en/stories.md, which the stories count again."""

from __future__ import annotations

import re

from tests.conftest import PROJECT

STORIES = PROJECT / "docs" / "en" / "stories.md"
MOST = 10
"""Interactions to find, choose and take home (issue 5)."""
MOST_KEYS = 25
"""Keys of an advisor for an interview's list, beyond typing the queries."""

INTERACTIONS = {
    "mother": 7,
    "pupil": 7,
    "worker": 8,
    "blind": 10,
    "student": 7,
    "advisor": 19,
    "interviewed": 4,
    "trainer": 14,
    "participant": 3,
    "no-diploma": 6,
    "newcomer": 5,
    "elsewhere": 9,
    "leaving": 7,
    "phone": 3,
    "low-reader": 9,
}


def told() -> dict[str, int]:
    """Return what the table of docs/en/stories.md says: a story's name → its interactions."""
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| (\d+) \|$", STORIES.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: int(count) for name, count in rows}

"""The table of docs/en/stories.md and the stories tell the same."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.browser.stories.told import INTERACTIONS, told


def test_the_table_has_every_story_with_its_number() -> None:
    assert told() == INTERACTIONS


def test_every_number_is_counted_by_a_story() -> None:
    counted = {
        node.slice.value
        for path in Path(__file__).parent.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "INTERACTIONS"
        and isinstance(node.slice, ast.Constant)
    }
    assert counted == set(INTERACTIONS)

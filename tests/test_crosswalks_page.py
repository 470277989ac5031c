"""``docs/en/crosswalks.md`` says what the declarations say: where each field goes, and what does not come back."""

from __future__ import annotations

import pytest

from catalogue.exchange.crosswalk import Crosswalk
from catalogue.exchange.registry import FORMATS
from tests.conftest import PROJECT

PAGE = PROJECT / "docs" / "en" / "crosswalks.md"
CROSSWALKS = {format.crosswalk.name: format.crosswalk for format in FORMATS.values() if format.crosswalk}


def as_markdown(crosswalk: Crosswalk) -> str:
    """Return the part of the page about one format."""
    rows = [f"| {c.field} | {c.element} | {c.note} |".replace("|  |", "| |") for c in crosswalk.crossings]
    lost: dict[str, list[str]] = {}
    for name, reason in crosswalk.lost.items():
        lost.setdefault(reason, []).append(f"`{name}`")
    reasons = [f"- {', '.join(names)}: {reason}." for reason, names in lost.items()]
    table = "\n".join(["| our field | stands in | |", "|---|---|---|", *rows])
    return f"## {crosswalk.name}\n\n{table}\n\nDoes not come back:\n\n" + "\n".join(reasons) + "\n"


@pytest.mark.parametrize("name", CROSSWALKS)
def test_the_page_has_the_table_of_the_declaration(name: str) -> None:
    wanted = as_markdown(CROSSWALKS[name])
    assert wanted in PAGE.read_text(encoding="utf-8"), f"this belongs on the page:\n\n{wanted}"

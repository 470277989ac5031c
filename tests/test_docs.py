"""The documents fail when the code moves: commands, settings, addresses, dependencies are compared with the code."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from dataclasses import fields
from itertools import chain
from pathlib import Path

import pytest

from catalogue.cli import _parser
from catalogue.fields import FACETS
from catalogue.i18n import languages
from catalogue.instance_commands import DEPLOY
from catalogue.settings import PREFIX, Settings
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web.app import ROUTES
from tests.conftest import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")
PAGES = [PROJECT / "README.md", *sorted(p for lang in CENTRE_LANGUAGES for p in (PROJECT / "docs" / lang).glob("*.md"))]
STAND_INS = {"YEAR": "2026", "ROLE": "advisor", "NAME": "catalogue.service"}
COMMAND = re.compile(r"\bcatalogue (?!catalogue)((?:--instance )?[a-z][^<>\"\n]*)")
AT_LEAST = {
    "README.md": 12,
    "install.md": 12,
    "backup.md": 5,
    "accounts.md": 4,
    "links.md": 3,
    "report.md": 2,
    "leaving.md": 3,
}
"""How many commands a page has: a test that finds none would prove nothing."""


def test_both_commands_stand_on_the_first_screen() -> None:
    first = README.splitlines()[:20]
    assert any("make run" in line for line in first)
    assert any("make test" in line for line in first)
    assert any("Windows" in line for line in first)


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(CATALOGUE_\w+)` \|(.*?)\|", README, re.MULTILINE))
    assert rows.keys() == {PREFIX + f.name.upper() for f in fields(Settings)}
    for f in fields(Settings):
        assert rows[PREFIX + f.name.upper()].strip("` ") == str(f.default)


def test_every_command_is_documented_and_none_that_is_not_there() -> None:
    actions = _parser(languages()["en"])._actions
    (commands,) = (a.choices for a in actions if isinstance(a, argparse._SubParsersAction))
    assert set(re.findall(r"^\| `catalogue (\w+)", README, re.MULTILINE)) == set(commands)


def test_every_address_is_documented() -> None:
    described = README[README.index("## Addresses") : README.index("## More")]
    for route in ROUTES:
        path = re.sub(r":\w+}", "}", route.path)
        shown, dot, ending = path.removesuffix("/problem").partition("{id}.")
        shown = f"{shown}{{id}}" if dot else shown
        assert not dot or f"`.{ending}`" in described, path
        assert f"`{shown}`" in described, path
    for facet in FACETS:
        assert f"`{facet}`" in described


def written(text: str) -> list[str]:
    """What stands as code in a page: lines of blocks, and words between backquotes."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in re.sub(r" \\\n\s*", " ", block).splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def typed(line: str) -> str:
    """A line with what a reader or the shell would put in the place of words that stand for something."""
    line = re.sub(r'"\$\([^)]*\)"', "catalogue.zip", line.replace("\\", "/").replace("$unit", "catalogue.service"))
    return re.sub(r"\b(YEAR|ROLE|NAME)\b", lambda m: STAND_INS[m[0]], line)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_command_that_one_types_is_understood(path: Path) -> None:
    parser = _parser(languages()["en"])
    (commands,) = (a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    code = map(typed, written(path.read_text(encoding="utf-8")))
    found = [match[1] for line in code if (match := COMMAND.search(line)) and match[1] not in commands]
    for line in found:
        parsed = parser.parse_args(shlex.split(line))
        if parsed.run.__name__ == "_service" and parsed.file:
            assert (DEPLOY / parsed.file).exists(), line
    assert len(found) >= AT_LEAST.get(path.name, 0)


def test_every_file_named_in_the_architecture_is_there() -> None:
    text = (PROJECT / "docs" / "en" / "architecture.md").read_text(encoding="utf-8")
    roots = [PROJECT / name for name in ("catalogue", "tests", "bench")]
    there = [f"/{path.relative_to(PROJECT).as_posix()}" for root in roots for path in root.rglob("*.*")]
    named = set(re.findall(r"`([\w/-]+\.(?:py|js|html|md))`", text)) - {"server.py"}
    assert len(named) > 50
    assert not {name for name in named if not any(path.endswith(f"/{name}") for path in there)}
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"`make (\w+)`", text)) <= targets


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_target_and_file_named_is_there(text: str) -> None:
    targets = set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)`?", text)) <= targets | {"run", "test"}
    for path in re.findall(r"`((?:catalogue|docs|tests)/[\w/.-]+)`", text):
        assert (PROJECT / path).exists(), path
    for path in re.findall(r"\]\((?!http)([\w/.-]+)\)", text):
        assert (PROJECT / path).exists(), path


def test_each_dependency_has_its_reason_and_is_used() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    names = {re.split(r"[<>=;\[ ]", line)[0].lower() for line in wanted}
    table = (PROJECT / "docs" / "en" / "dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([\w.-]+) \| [^|]{10,}", table, re.MULTILINE)) - {"package"} == names


def test_dependencies_have_lower_bounds() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]:
        assert re.search(r"[>=]=\d", line), line


def test_nothing_speaks_of_a_machine_it_was_made_on() -> None:
    # Written in two parts, so that this file does not find itself.
    words = re.compile(r"/(?:wo" + r"rk|ro" + r"ot)/[\w.]|/tmp" + "/bash")
    for path in PROJECT.rglob("*"):
        relative = path.relative_to(PROJECT)
        hidden = relative.parts[0].startswith(".") and relative.parts[0] != ".ci"
        if not hidden and path.suffix in {".py", ".md", ".toml", ".yaml", ".html", ".css"} and path.is_file():
            assert not words.search(path.read_text(encoding="utf-8")), path

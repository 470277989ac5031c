"""The worked examples of the documentation, followed to the letter in a copy of the project.

A block of code in ``docs/en/add-*.md`` says behind its language what becomes of it:

    file=PATH                   a new file
    file=PATH after="TEXT"      lines that go behind the only line with this text in it
    file=PATH instead="TEXT"    lines that go into its place
    file=PATH end               lines that go to the end
    run                         Python, or commands (a line each), that must succeed: they assert what the page promises

A block without any of these is only shown.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from catalogue.settings import PREFIX
from tests.conftest import PROJECT

PAGES = sorted(path.stem for path in (PROJECT / "docs" / "en").glob("add-*.md"))
LONG = ("add-a-format", "add-an-engine")
"""Followed in the soak: they take longer than the others together."""
COPIED = ("catalogue", "resources", "tests", "pyproject.toml")
LEFT_OUT = ("browser", "learn", "move", "occupations", "orient", "lists", "question-*.yaml")
"""Of these folders: what would only take time. A part of the example centre is a centre too."""
PROGRAMS = {"catalogue": (sys.executable, "-m", "catalogue"), "python": (sys.executable,)}


@dataclass(frozen=True)
class Block:
    """A block of code: its language, what is said behind it, its text, and the line of the page it stands on."""

    language: str
    traits: Sequence[str]
    text: str
    line: int

    def trait(self, name: str) -> str:
        """Return what is said of ``name``; nothing where nothing is."""
        return next((t.removeprefix(f"{name}=") for t in self.traits if t.startswith(f"{name}=")), "")


def blocks(page: str) -> Iterator[Block]:
    text = (PROJECT / "docs" / "en" / f"{page}.md").read_text(encoding="utf-8")
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence":
            language, *traits = shlex.split(token.info) or [""]
            yield Block(language, traits, token.content, (token.map or [0])[0] + 1)


def write(project: Path, block: Block) -> None:
    """Do to a file what a block says."""
    path, instead = project / block.trait("file"), block.trait("instead")
    mark = instead or block.trait("after")
    if not mark and "end" not in block.traits:
        assert not path.exists(), f"line {block.line}: {path} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    places = [number for number, line in enumerate(lines, 1) if mark in line] if mark else [len(lines)]
    assert len(places) == 1, f"line {block.line}: “{mark}” stands {len(places)} times in {path}"
    lines[places[0] - bool(instead) : places[0]] = block.text.splitlines(keepends=True)
    path.write_text("".join(lines), encoding="utf-8")


def run(project: Path, block: Block) -> None:
    """Run a block and fail with what it printed."""
    commands = [[sys.executable, "-c", block.text]]
    if block.language != "python":
        typed = (shlex.split(line, comments=True) for line in block.text.splitlines())
        commands = [[*PROGRAMS[program], *arguments] for program, *arguments in filter(None, typed)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "PYTEST"))}
    for command in commands:
        done = subprocess.run(
            command,
            cwd=project,
            env=environ | {"PYTHONPATH": str(project), "PYTHONUTF8": "1", "LANG": "en"},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if done.returncode:
            pytest.fail(f"the block on line {block.line}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}", pytrace=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project without what it made while it ran."""
    for name in COPIED:
        of, to = PROJECT / name, tmp_path / "project" / name
        to.parent.mkdir(exist_ok=True)
        if of.is_dir():
            shutil.copytree(of, to, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy2(of, to)
    return tmp_path / "project"


@pytest.mark.parametrize("page", [pytest.param(page, marks=pytest.mark.soak if page in LONG else ()) for page in PAGES])
def test_who_follows_the_page_gets_what_it_promises(page: str, project: Path) -> None:
    followed = [block for block in blocks(page) if block.traits]
    assert any("run" in block.traits for block in followed), "a page that promises nothing"
    for block in followed:
        if "run" in block.traits:
            run(project, block)
        else:
            write(project, block)
    changed = {path for block in followed if (path := block.trait("file")).endswith(".py")}
    for rules in (["check"], ["format", "--check"]) if changed else ():
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *rules, "--no-cache", *sorted(changed)],
            cwd=project,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout

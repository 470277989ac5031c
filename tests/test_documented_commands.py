"""What the administrators' pages tell one to type is typed here: their blocks of ``sh``, one page after the other.

A block marked ``console`` wants root, a network, another machine or a person, or never ends: tests/test_docs.py reads
it. The blocks are the same in both languages (tests/test_documentation.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from catalogue.state import State
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import documentation
from tests.conftest import PROJECT

ADMINISTRATORS = documentation.PAGES["administrators"]
NEEDED = {"LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"}
"""What a command needs of the environment; nothing of it is a setting."""

needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="no bash")


def page(name: str, lang: str = "fr") -> str:
    return (documentation.folder() / lang / f"{name}.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[tuple[str, str]]:
    """The blocks of code of a page: for what they are, and what stands in them."""
    return re.findall(r"^```(\S*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def type_all(names: Iterable[str], folder: Path, seconds: int) -> None:
    """Type what the pages say, each page in a shell of its own, all in one folder, as their reader does."""
    environ = {name: value for name, value in os.environ.items() if name in NEEDED}
    programs = str(Path(sys.executable).parent)
    environ |= {"HOME": str(folder), "PATH": os.pathsep.join((programs, environ["PATH"])), "PYTHONPATH": str(PROJECT)}
    for name in names:
        script = "".join(code for kind, code in blocks(page(name)) if kind == "sh")
        command = ["bash", "-euxo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == 0, (name, done.stdout, done.stderr)


@pytest.mark.soak
@needs_bash
def test_install_back_up_restore(tmp_path: Path) -> None:
    type_all(("install", "backup"), tmp_path, 120)
    assert not (tmp_path / "password").exists()
    assert "reverse_proxy 127.0.0.1:8000" in (tmp_path / "Caddyfile").read_text(encoding="utf-8")
    (backup,) = (tmp_path / "backups").glob("catalogue-*.zip")
    assert backup.stat().st_mode & 0o077 == 0
    assert any((tmp_path / "restored" / "resources" / "records").rglob("*.yaml"))
    with State.open(f"sqlite:///{tmp_path / 'restored' / 'var' / 'catalogue.db'}", interval=0) as state:
        assert [(account.name, account.role) for account in state.accounts.list()] == [("piet", "administrator")]
    assert (tmp_path / "documentation" / "fr" / "backup.html").exists()


@needs_bash
@pytest.mark.soak
def test_all_pages(tmp_path: Path) -> None:
    type_all(ADMINISTRATORS, tmp_path, 300)
    assert "<svg" in (tmp_path / "report-2026.html").read_text(encoding="utf-8")
    assert len([*(tmp_path / "report-2026").glob("*.csv")]) > 10


@pytest.mark.parametrize("lang", CENTRE_LANGUAGES)
def test_no_command_stands_in_a_block_that_nobody_reads(lang: str) -> None:
    for name in ADMINISTRATORS:
        for kind, code in blocks(page(name, lang)):
            if re.search(r"^(?:\S*[/\\])?catalogue |\b(?:apt|pip|systemctl|sudo) ", code, re.MULTILINE):
                assert kind in ("sh", "console"), (name, code)

"""What the browser tests share: the real server over a copy of the example centre, and Debian's Chromium.

``example()`` copies the example resources and adds a few hard cases (``tests/browser/hard``: a title of 180 characters,
a withdrawn record, a record with nothing in it …). ``running()`` starts the server process on a free port over a folder
of resources, with an index and a state of its own. ``chromium()`` starts the browser.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from catalogue.service import Catalogue
from catalogue.settings import Settings
from catalogue.state import State
from tests.ports import free_port

PROJECT = Path(__file__).parent.parent.parent
RESOURCES = PROJECT / "resources"
HARD_CASES = Path(__file__).parent / "hard"

CHROMIUM = Path("/usr/bin/chromium")
"""Where Debian puts it; a test can skip where it is not."""

HEADLESS = Path("/usr/bin/chromium-headless-shell")
"""The same browser without what nobody sees without a window: a quarter less work. It has no reader of PDFs."""

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

START_TIMEOUT = 60.0

_MEDIA = ("gids.pdf", "film.mp4")


def example(folder: Path, hard_cases: bool = True) -> Path:
    """Copy the example centre to ``folder/resources``, the hard cases beside its records, and return that place."""
    resources = folder / "resources"
    shutil.copytree(RESOURCES, resources)
    if hard_cases:
        shutil.copytree(HARD_CASES, resources, dirs_exist_ok=True)
        media = resources / "media" / "hard"
        media.mkdir(parents=True, exist_ok=True)
        for name in _MEDIA:
            (media / name).write_bytes(b"0" * 1_234_567)
    return resources


def environment(resources: Path, work: Path, port: int, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a server over ``resources`` that writes below ``work`` only.

    Settings of the caller's own shell are left out; ``settings`` (``{"CATALOGUE_BASE_URL": …}``) come on top.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CATALOGUE_")}
    return inherited | {
        "PYTHONPATH": str(PROJECT),
        "CATALOGUE_RESOURCES": str(resources),
        "CATALOGUE_INDEX": str(work / "index"),
        "CATALOGUE_STATE": f"sqlite:///{work / 'state' / 'catalogue.db'}",
        "CATALOGUE_CACHE": str(work / "cache"),
        "CATALOGUE_PORT": str(port),
        "CATALOGUE_BASE_URL": f"http://127.0.0.1:{port}",
        **(settings or {}),
    }


@contextmanager
def running(resources: Path, work: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run ``catalogue serve``, as ``make run`` does, over ``resources`` on a free port
    until the block ends; give its address, without a slash.

    Raises RuntimeError with what the server printed when it does not answer within ``START_TIMEOUT`` seconds.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (work / "state").mkdir(parents=True, exist_ok=True)
    if not (work / "index").exists():
        for kept in ("index", "cache"):
            shutil.copytree(_begun() / kept, work / kept, dirs_exist_ok=True)
    log = work / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "catalogue", "serve"],
            cwd=work,
            env=environment(resources, work, port, settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, address, log)
        yield address
    except Exception as error:
        if process.poll() is not None:
            error.add_note(f"the server ended by itself ({process.returncode}):\n{log.read_text(errors='replace')}")
        raise
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def example_site(hard_cases: bool = True, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run the server over a temporary copy of the example centre; give its address."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as name:
        folder = Path(name)
        with running(example(folder, hard_cases), folder, settings) as address:
            yield address


@contextmanager
def chromium(*args: str, text_size: int = 100) -> Iterator[Browser]:
    """Run Chromium without a window until the block ends; ``args`` are added to its command line.

    ``text_size`` is the reader's own text size in per cent, as set in the browser: sizes in rem, and media queries in
    em, follow it.
    """
    extra = [] if text_size == 100 else [f"--blink-settings=defaultFontSize={round(16 * text_size / 100)}"]
    found = [path for path in (HEADLESS, CHROMIUM) if path.exists()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found[0]) if found else None, args=[*CHROMIUM_ARGS, *extra, *args]
        )
        try:
            yield browser
        finally:
            browser.close()


def add_account(resources: Path, work: Path, name: str, role: str, password: str) -> None:
    """Open an account of the staff in the state of a server that is to run over ``work``."""
    with State.open(environment(resources, work, 1)["CATALOGUE_STATE"], interval=0) as state:
        state.accounts.add(name, role, password)


@cache
def _begun() -> Path:
    """Return a folder with the index of the example centre, and the cache of what is made of its files.

    A server that begins with a copy has little to add: else each would read and picture the same files once more.
    """
    folder = Path(tempfile.mkdtemp(prefix="catalogue-begun-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    state = f"sqlite:///{folder / 'catalogue.db'}"
    catalogue = Catalogue.open(
        Settings(resources=RESOURCES, index=str(folder / "index"), cache=folder / "cache", state=state)
    )
    with closing(catalogue):
        catalogue.file_texts.look()
        catalogue.file_pictures.look()
    return folder


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer:\n{log.read_text(errors='replace')}")

"""From a folder of wheels to a site that was upgraded, as on a clean machine: no step knows anything of this project.

wheel folder → install without network → init → service → first account → first record → backup → restore elsewhere →
upgrade from the wheel of the commit before.
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.parse
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalogue import migrations
from catalogue.state import copying
from tests.conftest import PROJECT
from tests.ports import free_port
from tests.test_backup import rows
from tests.test_instance import files

pytestmark = pytest.mark.soak

PASSWORD = "vier losse woorden hier"
RECORD = {
    "kind": "website",
    "themes": "work",
    "title.fr": "Quokka pour tous",
    "title.nl": "Quokka voor iedereen",
    "summary.fr": "À quoi il sert.",
    "summary.nl": "Waarvoor het dient.",
    "holdings.0.url": "https://example.org",
    "seen": "",
    "key": "new/1",
    "do": "publish",
}
NEEDED = {"HOME", "LANG", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"}
"""What a command needs of the environment; nothing of it says where the code is."""


class Machine:
    """A virtual environment and a working directory, as a newcomer has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        venv.create(folder / "venv", with_pip=True)
        self.environ = {name: value for name, value in os.environ.items() if name in NEEDED}

    def install(self, *arguments: str) -> None:
        """Install from folders only."""
        python = str(self.folder / "venv" / "bin" / "python")
        self.run(python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", *arguments)

    def catalogue(self, *arguments: str, typed: str = "") -> str:
        """Run the command that was installed."""
        return self.run(str(self.folder / "venv" / "bin" / "catalogue"), *arguments, typed=typed)

    def run(self, *command: str, typed: str = "") -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self.environ, input=typed, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    @contextmanager
    def serving(self, site: str, port: int) -> Iterator[Browser]:
        """Run the service over a folder, as the unit does: in it, with nothing but its settings file and a port."""
        with (self.folder / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [str(self.folder / "venv" / "bin" / "catalogue"), "serve"],
                cwd=self.folder / site,
                env={**self.environ, "CATALOGUE_PORT": str(port)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Browser(port, self.folder / "server.log", process)
        finally:
            process.terminate()
            process.wait(20)


class Browser:
    """Somebody at a PC, with cookies."""

    def __init__(self, port: int, log: Path, process: subprocess.Popen[bytes]) -> None:
        self.address = f"http://localhost:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.get("/healthz")
                return
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)

    def get(self, path: str) -> str:
        with self._opener.open(f"{self.address}{path}", timeout=30) as answer:
            return str(answer.read().decode())

    def post(self, path: str, form: dict[str, str]) -> str:
        """Send a form; returns the address one is led to."""
        asked = urllib.request.Request(f"{self.address}{path}", urllib.parse.urlencode(form).encode())
        asked.add_header("Origin", self.address)
        with self._opener.open(asked, timeout=30) as answer:
            return str(answer.url)

    def sign_in(self) -> None:
        assert not self.post("/desk/fr/sign-in", {"name": "piet", "password": PASSWORD}).endswith("sign-in")

    def add_record(self) -> None:
        assert "/desk/fr/records/" in self.post("/desk/fr/records/new", RECORD)

    def totals(self) -> list[int]:
        """Return what a few searches find."""
        return [json.loads(self.get(f"/api/search?q={text}"))["total"] for text in ("quokka", "emploi", "opleiding")]


def wheel(source: Path, into: Path, *arguments: str) -> None:
    """Build the wheel of a folder of code. Skips where nothing can be fetched to build it with."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "-w", str(into)]
    done = subprocess.run([*command, *arguments, str(source)], capture_output=True, text=True, timeout=600)
    if done.returncode and ("No matching distribution" in done.stderr or "connection" in done.stderr.casefold()):
        pytest.skip(f"wheels cannot be fetched here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that one carries to a machine without network."""
    folder, packed = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("sdist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(packed)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    (sdist,) = packed.iterdir()
    wheel(sdist, folder)  # so that both are known to be whole
    return folder


def test_from_a_folder_of_wheels_to_a_site_restored_elsewhere(wheels: Path, tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    machine.install("--find-links", str(wheels), "catalogue")
    assert "site" in machine.catalogue("init", "site")
    machine.catalogue(
        "--instance", "site", "user", "add", "piet", "--role", "administrator", "--password-stdin", typed=PASSWORD
    )
    with machine.serving("site", free_port()) as browser:
        browser.sign_in()
        browser.add_record()
        assert "Quokka" in browser.get("/nl/record/quokka-pour-tous")
        found = browser.totals()
        assert found[0] == 1
        assert "read back" in machine.catalogue("backup", "site.zip", "--instance", "site")
        assert json.loads(browser.get("/healthz?strict"))["wrong"] == []
        machine.catalogue("restore", "site.zip", "elsewhere/site")
        restored, site = machine.folder / "elsewhere" / "site", machine.folder / "site"
        assert files(restored / "resources") == files(site / "resources")
        assert (restored / "catalogue.env").read_bytes() == (site / "catalogue.env").read_bytes()
        state = rows(restored / "var" / "catalogue.db")
        assert {name: state[name] for name in ("accounts", "actions", "revisions")} == {
            name: kept
            for name, kept in rows(site / "var" / "catalogue.db").items()
            if name in ("accounts", "actions", "revisions")
        }
    with machine.serving("elsewhere/site", free_port()) as browser:
        assert browser.totals() == found
        browser.sign_in()
        assert "Quokka" in browser.get("/desk/fr/records/quokka-pour-tous/history")


def before(folder: Path) -> Path:
    """Return the code of the commit before this one. Skips where there is none."""
    if not shutil.which("git"):
        pytest.skip("git is not there")
    packed = folder / "before.tar"
    command = ["git", "archive", "-o", str(packed), "HEAD~1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"there is no commit before this one here: {done.stderr.strip()}")
    with tarfile.open(packed) as archive:
        archive.extractall(folder / "before", filter="data")
    return folder / "before"


def test_an_upgrade_from_the_commit_before_keeps_everything(wheels: Path, tmp_path: Path) -> None:
    old = before(tmp_path)
    wheel(old, tmp_path / "old", "--no-deps")
    machine = Machine(tmp_path / "machine")
    (package,) = (tmp_path / "old").glob("catalogue-*.whl")
    machine.install("--find-links", str(wheels), str(package))
    if (old / "catalogue" / "instance.py").exists():
        machine.catalogue("init", "site")
    else:  # it kept its files beside the code
        shutil.copytree(old / "resources", machine.folder / "site" / "resources")
    site = machine.folder / "site"
    with machine.serving("site", free_port()) as browser:
        state = f"sqlite:///{site / 'var' / 'catalogue.db'}"
        machine.environ["CATALOGUE_STATE"] = state
        machine.catalogue("user", "add", "piet", "--role", "administrator", "--password-stdin", typed=PASSWORD)
        del machine.environ["CATALOGUE_STATE"]
        browser.sign_in()
        browser.add_record()
        found = browser.totals()
    kept, history = files(site / "resources"), rows(site / "var" / "catalogue.db")["revisions"]

    machine.install("--find-links", str(wheels), "--force-reinstall", "--no-deps", "catalogue")
    with machine.serving("site", free_port()) as browser:
        assert browser.totals() == found
        browser.sign_in()
        assert "Quokka" in browser.get("/fr/record/quokka-pour-tous")
        assert json.loads(browser.get("/healthz"))["status"] in ("ok", "degraded")
    assert files(site / "resources") == kept
    assert rows(site / "var" / "catalogue.db")["revisions"] == history
    assert copying.revision(site / "var" / "catalogue.db") == migrations.HEAD

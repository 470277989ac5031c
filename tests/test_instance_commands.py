"""``catalogue init``, ``backup``, ``restore``, ``service`` as they are used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from catalogue.cli import main
from catalogue.instance_commands import DEPLOY
from catalogue.settings import FILE
from tests.conftest import PROJECT, write
from tests.test_instance import files

PROXIES = ("Caddyfile", "Caddyfile-network", "nginx.conf", "nginx-network.conf")

Called = Callable[..., tuple[int, str, str]]


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Called:
    """Run a command in ``tmp_path``; returns its status, what it prints and what it complains of."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CATALOGUE_", "LC_", "LANG"))}

    def called(*arguments: str, **environ: str) -> tuple[int, str, str]:
        monkeypatch.setattr("os.environ", {**kept, **environ})
        monkeypatch.chdir(tmp_path)
        status = main(arguments)
        return status, *capsys.readouterr()

    return called


def test_made_backed_up_and_restored(called: Called, tmp_path: Path) -> None:
    status, shown, _ = called("init", "site", "--empty", LANG="nl_BE.UTF-8")
    assert status == 0
    assert shown.startswith("“site” is klaar.")
    assert "catalogue --instance site serve" in shown
    status, shown, complained = called("--instance", "site", "backup", "b.zip", LANG="fr_BE.UTF-8")
    assert (status, complained) == (0, "")
    assert f"fichiers sont dans {tmp_path / 'b.zip'} (" in shown, "a file is where one stood, not in the instance"
    assert called("restore", "b.zip", "again")[0] == 0
    assert files(tmp_path / "again" / "resources") == files(tmp_path / "site" / "resources")
    status, shown, complained = called("restore", "b.zip", "again", LANG="nl_BE.UTF-8")
    assert (status, shown) == (1, "")
    assert complained.endswith(
        "again” bestaat al en is niet leeg. Er is niets veranderd. Geef de naam van een nieuwe map.\n"
    )


def test_backups_by_date(called: Called, tmp_path: Path) -> None:
    called("init", "site", "--empty")
    write(tmp_path / "nightly" / "catalogue-20200101-000000.zip", "old")
    status, shown, _ = called("backup", "nightly", "--keep", "1", "--instance", "site")
    assert status == 0
    assert f"Removed: {tmp_path / 'nightly' / 'catalogue-20200101-000000.zip'}" in shown
    assert len(list((tmp_path / "nightly").iterdir())) == 1


@pytest.mark.parametrize("keep", ["0", "-1", "all", "²", "99999999"])
def test_how_many_are_kept_is_a_number(called: Called, keep: str) -> None:
    with pytest.raises(SystemExit):
        called("backup", "nightly", "--keep", keep)


def test_the_settings_of_the_instance_are_used_and_the_environment_wins(called: Called, tmp_path: Path) -> None:
    called("init", "site", "--empty")
    write(tmp_path / "site" / FILE, "CATALOGUE_PORT=8123\n")
    assert "127.0.0.1:8123" in called("--instance", "site", "service", "catalogue.socket")[1]
    assert "127.0.0.1:8124" in called("--instance", "site", "service", "catalogue.socket", CATALOGUE_PORT="8124")[1]
    write(tmp_path / "site" / FILE, "CATALOGUE_PRT=8123\n")
    assert "Did you mean CATALOGUE_PORT" in called("--instance", "site", "check")[2]


def test_an_instance_that_is_not_there(called: Called) -> None:
    status, _, complained = called("--instance", "nowhere", "check")
    assert (status, complained) == (
        1,
        "catalogue: There is no folder “nowhere”. Make it with: catalogue init nowhere\n",
    )


def test_files_of_a_service_are_listed_and_filled_in(called: Called, tmp_path: Path) -> None:
    called("init", "site", "--empty")
    names = called("service")[1].split()
    assert {"catalogue.service", "catalogue.socket", "catalogue-backup.timer", "Caddyfile", "nginx.conf"} <= {*names}
    for name in names:
        status, shown, _ = called("--instance", "site", "service", name, CATALOGUE_BASE_URL="https://our.example:444/x")
        assert status == 0
        assert not [
            word for word in ("@FOLDER@", "@BACKUPS@", "@PROGRAM@", "@HOST@", "@PORT@", "@SITE@") if word in shown
        ]
        if name in PROXIES:
            assert "our.example" in shown
    assert f"WorkingDirectory={tmp_path / 'site'}\n" in called("--instance", "site", "service", "catalogue.service")[1]
    status, _, complained = called("service", "catalogue.servise")
    assert (status, "Did you mean catalogue.service?" in complained) == (1, True)


def test_a_proxy_is_told_where_the_processes_are(called: Called) -> None:
    called("init", "site", "--empty")
    for name in ("nginx-network.conf", "Caddyfile-network"):
        status, shown, _ = called("--instance", "site", "service", name, CATALOGUE_PORT="8123")
        places = re.findall(r"(?:server|to) (127\.\S+)", shown.replace(";", " "))
        assert (status, set(places)) == (0, {"127.0.0.1:8001", "127.0.0.1:8002", "127.0.0.1:8123"})
        asked = ("service", name, "--visitors", "9001", "web.example:9002", "[::1]:9003", "--desk", "desk.example:80")
        shown = called(*asked)[1].replace(";", " ")
        places = re.findall(r"(?:server|to) (\S+:\d+)", shown)
        assert set(places) == {"127.0.0.1:9001", "web.example:9002", "[::1]:9003", "desk.example:80"}


@pytest.mark.parametrize("place", ["", "web", "web:", ":80", "web:http", "a b:80", "web:80;", "::1:80", "²"])
def test_a_place_is_a_port_or_a_host_with_one(called: Called, place: str) -> None:
    with pytest.raises(SystemExit):
        called("service", "nginx-network.conf", "--visitors", place)


def test_no_proxy_writes_who_looked_at_what() -> None:
    for name in PROXIES:
        text = (DEPLOY / name).read_text()
        if "nginx" in name:
            assert text.count("access_log off;") == text.count("error_log stderr emerg;") == 2
            assert text.count("\nserver {") == 2
        else:
            assert "exclude http.log http.handlers.reverse_proxy" in text
    ElementTree.parse(DEPLOY / "windows-service.xml")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd")
def test_systemd_understands_its_files(called: Called, tmp_path: Path) -> None:
    called("init", "site", "--empty")
    (tmp_path / "units").mkdir()
    units = [path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".socket", ".timer")]
    for name in units:
        shown = called("--instance", "site", "service", name)[1]
        (tmp_path / "units" / name).write_text(shown.replace("User=catalogue", f"User={os.getuid()}"))
    paths = [str(tmp_path / "units" / name.replace("@.", "@8001.")) for name in units]  # one of the template
    done = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "catalogue" in line and "Command" not in line]
    assert ours == []


def test_the_program_named_is_the_one_that_runs(tmp_path: Path) -> None:
    own = {k: v for k, v in os.environ.items() if not k.startswith("CATALOGUE_")} | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-m", "catalogue", "service", "catalogue.service"]
    shown = subprocess.run(command, cwd=tmp_path, env=own, capture_output=True, text=True, check=True).stdout
    (program,) = [line.partition("=")[2].split()[0] for line in shown.splitlines() if line.startswith("ExecStart=")]
    assert Path(program) == Path(sys.executable).with_name("catalogue")

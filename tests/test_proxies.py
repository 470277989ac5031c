"""The proxies take the files that ``catalogue service`` prints as they are. What they do is in test_soak_rolling.py."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from catalogue.instance_commands import DEPLOY, filled
from catalogue.settings import Settings
from tests.conftest import write
from tests.proxies import FILES, NGINX, certificate, program


@pytest.mark.parametrize("name", [*FILES.values(), "nginx.conf", "Caddyfile"])
def test_a_file_is_understood(name: str, tmp_path: Path) -> None:
    text = filled((DEPLOY / name).read_text(encoding="utf-8"), Settings())
    if "nginx" in name:
        certificate(tmp_path / "fullchain.pem")
        shutil.copy(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
        write(tmp_path / "catalogue.conf", text.replace("/etc/ssl/catalogue", str(tmp_path)))
        main = write(tmp_path / "nginx.conf", NGINX.format(folder=tmp_path))
        command = [program("nginx"), "-t", "-q", "-c", str(main), "-p", str(tmp_path)]
    else:
        path = write(tmp_path / "Caddyfile", text)
        command = [program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(path)]
    environ = {"PATH": "/usr/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=tmp_path, env=environ)
    assert done.returncode == 0, done.stderr

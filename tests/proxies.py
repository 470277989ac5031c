"""A real proxy before the processes of a test: nginx or Caddy, with the very file that ``catalogue service`` prints."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
import trustme

from catalogue.instance_commands import DEPLOY, filled
from catalogue.settings import Settings
from tests.conftest import write
from tests.ports import free_port

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log emerg;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/catalogue.conf;
}}
"""
FILES = {"nginx": "nginx-network.conf", "caddy": "Caddyfile-network"}


@contextmanager
def proxy(kind: str, folder: Path, visitors: list[str], desk: str) -> Iterator[tuple[str, ssl.SSLContext]]:
    """Run a proxy of a kind on a port of its own until the block ends; give its address, and who trusts it.

    ``visitors``, ``desk``: where the processes are, HOST:PORT. Skips where Debian's package is not installed.
    """
    started = program(kind)
    folder.mkdir()
    trust = certificate(folder / "both.pem")
    port = free_port()
    text = filled((DEPLOY / FILES[kind]).read_text(encoding="utf-8"), Settings(), visitors, desk)
    command = [started, *{"nginx": _nginx, "caddy": _caddy}[kind](folder, text, port)]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        running = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        address = f"https://localhost:{port}"
        _wait(address, trust, running, folder / "proxy.log")
        yield address, trust
    finally:
        running.terminate()
        running.wait(20)


def program(kind: str) -> str:
    """Return where a proxy is installed. Skips where it is not."""
    found = shutil.which(kind) or shutil.which(kind, path="/usr/sbin")
    return found or pytest.skip(f"there is no {kind} here: apt-get install {kind}")


def certificate(path: Path) -> ssl.SSLContext:
    """Write a certificate of ``localhost`` with its key; return who trusts it."""
    authority, trust = trustme.CA(), ssl.create_default_context()
    authority.configure_trust(trust)
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(path)
    return trust


def _nginx(folder: Path, text: str, port: int) -> list[str]:
    """Change no more of the file than where it listens and what its certificate is."""
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("    listen [::]:443 ssl;\n", "")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{free_port()};").replace("    listen [::]:80;\n", "")
    text = re.sub(r"/etc/ssl/catalogue/\w+\.pem", str(folder / "both.pem"), text)
    write(folder / "catalogue.conf", text)
    return ["-c", str(write(folder / "nginx.conf", NGINX.format(folder=folder))), "-p", str(folder)]


def _caddy(folder: Path, text: str, port: int) -> list[str]:
    """As ``_nginx``; and Caddy's own door for orders stays closed."""
    text = text.replace("catalogue.example {", f"localhost:{port} {{")
    text = text.replace("# tls internal", f"tls {folder / 'both.pem'} {folder / 'both.pem'}")
    text = text.replace("{\n\tlog default", "{\n\tadmin off\n\tauto_https disable_redirects\n\tlog default", 1)
    return ["run", "--adapter", "caddyfile", "--config", str(write(folder / "Caddyfile", text))]


def _wait(address: str, trust: ssl.SSLContext, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            httpx2.get(f"{address}/healthz", verify=trust, timeout=10)
            return
        except httpx2.TransportError:
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)

"""The Compose file as it is printed: by the schema of Compose, and by what it says of us and of its own parts.

It is not run here, for want of Docker; the certificates that it makes are made and used.
"""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalogue import __version__
from catalogue.instance_commands import DEPLOY, filled
from catalogue.search.opensearch.address import Address
from catalogue.settings import PREFIX, Settings
from tests.conftest import PROJECT, write

TEXT = filled((DEPLOY / "compose.yaml").read_text(encoding="utf-8"), Settings(base_url="https://our.example"))
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
FILE: dict[str, Any] = yaml.safe_load(TEXT)
NODES = ("opensearch1", "opensearch2", "opensearch3")
OURS = ("desk", "visitors1", "visitors2")


def test_it_is_a_compose_file(tmp_path: Path) -> None:
    path = write(tmp_path / "compose.yaml", TEXT)
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_names_is_there() -> None:
    conditions = {"service_healthy", "service_completed_successfully"}
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in conditions, name
            assert "healthcheck" in SERVICES[other] or how["condition"] == "service_completed_successfully", name
        assert set(service.get("networks", [])) <= FILE["networks"].keys()
        assert {config["source"] for config in service.get("configs", [])} <= FILE["configs"].keys()
        volumes = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in volumes if not volume.startswith("./")} <= FILE["volumes"].keys(), name
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used - {"./site", "./Caddyfile"} == FILE["volumes"].keys()


def test_every_part_is_watched_and_of_a_version_that_is_told() -> None:
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w/-]+:\d[\w.]*\d[\w.-]*", service["image"]), "no part changes by itself"
        assert name == "certificates" or {"test", "interval", "timeout", "retries"} <= service["healthcheck"].keys()
        assert "localhost" not in service["image"]
        if name in OURS:
            assert service["image"] == f"catalogue:{__version__}"
            assert "/healthz" in service["healthcheck"]["test"][-1]
            compile(service["healthcheck"]["test"][-1], name, "exec")
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert FILE["networks"]["back"] == {"internal": True}, "index and state are reached by us only"


def test_it_gives_settings_that_there_are() -> None:
    known = {PREFIX + f.name.upper() for f in fields(Settings)}
    for name in OURS:
        environment = SERVICES[name]["environment"]
        given = {key: value for key, value in environment.items() if key.startswith(PREFIX)}
        assert given.keys() <= known
        read = Settings.from_env({**given, "CATALOGUE_INDEX_PASSWORD": "secret"})
        assert bool(read.desk) == (name == "desk")
        assert read.base_url == "https://our.example"
        address = Address.of(read.index, read.index_user, read.index_password)
        assert {host for host, _ in address.hosts} == {*NODES} <= SERVICES.keys()
        assert read.state.partition("@")[2].partition("/")[0] in SERVICES
    assert [volume for volume in SERVICES["desk"]["volumes"] if volume.startswith("./")] == ["./site:/site"]
    for name in ("visitors1", "visitors2"):
        assert "./site:/site:ro" in SERVICES[name]["volumes"]


def test_no_password_stands_in_it() -> None:
    for variable in ("INDEX_PASSWORD", "STATE_PASSWORD"):
        assert set(re.findall(rf"(?:PASSWORD|PGPASSWORD): (\S*{variable}.*)", TEXT)) == {f"${{{variable}:?in .env}}"}
    hashed = yaml.safe_load(FILE["configs"]["users"]["content"].replace("$$", "$"))["catalogue"]
    assert hashed["hash"] == "${envbc.INDEX_PASSWORD}"
    roles = yaml.safe_load(FILE["configs"]["roles"]["content"])
    assert set(hashed["opendistro_security_roles"]) <= roles.keys()
    assert roles["catalogue"]["index_permissions"][0]["index_patterns"] == ["catalogue*"]


def test_the_proxy_knows_where_they_are() -> None:
    visitors = [f"{name}:8000" for name in OURS[1:]]
    text = filled((DEPLOY / "Caddyfile-network").read_text(encoding="utf-8"), Settings(), visitors, "desk:8000")
    assert re.findall(r"^\t*to (\S+)$", text, re.MULTILINE) == ["desk:8000", *visitors]


def test_the_image_is_made_of_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for names in re.findall(r"^COPY (?!--from)(.+) /source", text, re.MULTILINE):
        assert all((PROJECT / name).exists() for name in names.split()), names
    assert len(set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))) == 1


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")
def test_the_certificates_it_makes_are_believed(tmp_path: Path) -> None:
    script = FILE["configs"]["make"]["content"].replace("$$", "$").replace("chown 1000:1000", "ls")
    for _ in range(2):  # the second time nothing is left to do
        subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {"authority.pem", "node.pem", "node.key", "trusted.pem"}, "the authority signs nothing else"
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "node.pem", tmp_path / "node.key")
    client = ssl.create_default_context(cafile=str(tmp_path / "trusted.pem"))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    for name in NODES:
        shake_hands(server, client, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, client, "elsewhere")


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """Begin a connection in memory. Raises ssl.SSLError."""
    one, other = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(one, other, server_hostname=name)
    answering = server.wrap_bio(other, one, server_side=True)
    for _ in range(4):
        for side in (asking, answering):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue

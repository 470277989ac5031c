"""Start a cluster of OpenSearch on loopback: ``python -m tests.opensearch.cluster``, stopped by Ctrl+C or SIGTERM.

OpenSearch comes from Maven Central (``pom.xml``); it needs mvn and Java 17. Each node is a JVM of its own, so that a
test can kill one. ``CATALOGUE_TEST_OPENSEARCH`` is to name what is printed. Options: a folder, the first port.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "catalogue-test"
NODES = 3
HERE = Path(__file__).parent
JAVA = "-Xms128m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""Of each node: small, and quick to start."""

PATIENCE = 300.0
"""Seconds for a node to start: three JVMs at once on two busy cores take one or two minutes."""


def classpath(folder: Path) -> str:
    """Return the jars of OpenSearch, fetched from Maven Central where they are not kept yet."""
    kept = folder / "classpath"
    if not kept.exists():
        fetch = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
        subprocess.run([*fetch, f"-Dmdep.outputFile={kept}"], check=True)
    return kept.read_text(encoding="utf-8").strip()


def start_node(folder: Path, number: int, port: int, options: str = JAVA) -> subprocess.Popen[bytes]:
    """Start one node, whose files and log lie in ``folder``; ``port`` is that of the first node."""
    java = ["java", *options.split(), "-cp", classpath(folder)]
    with (folder / f"node{number}.log").open("ab") as log:
        return subprocess.Popen(
            [*java, str(HERE / "Node.java"), str(folder), str(number), str(port), str(NODES)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C is for us
        )


def ask(port: int, path: str, method: str = "GET") -> Any:
    """Return what the first node answers, or the next where it does not; ``port`` is that of the first.

    Raises OSError.
    """
    for number in range(NODES):
        asked = urllib.request.Request(f"http://127.0.0.1:{port + number}{path}", method=method)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError:
            raise
        except OSError:
            if number == NODES - 1:
                raise
    return None


def wait(port: int, patience: float = PATIENCE) -> None:
    """Wait until the nodes are together and every shard has its copies. Raises TimeoutError."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            health = ask(port, "/_cluster/health")
            if health["number_of_nodes"] == NODES and health["status"] == "green":
                return
        time.sleep(0.5)
    raise TimeoutError("the cluster does not come together")


def running(port: int) -> dict[str, tuple[int, Path]]:
    """Return the process and the folder of each node of our cluster by its name. Raises OSError.

    Raises RuntimeError where the cluster is another: nothing of others is ever killed.
    """
    found = ask(port, "/_nodes/process,settings")
    if found["cluster_name"] != NAME:
        raise RuntimeError(f"{found['cluster_name']} is not the cluster of the tests")
    return {
        node["name"]: (int(node["process"]["id"]), Path(node["settings"]["path"]["home"]).parents[1])
        for node in found["nodes"].values()
    }


@contextlib.contextmanager
def used(port: int, *, alone: bool) -> Iterator[None]:
    """Have the cluster for a test, together with those of other processes or ``alone``."""
    with (Path(tempfile.gettempdir()) / f"{NAME}-{port}.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)  # let go of when it is closed
        yield


def remove(port: int, name: str) -> None:
    """Remove the indexes of a name, whatever stands behind it."""
    indexes = [found["index"] for found in ask(port, f"/_cat/indices/{name}*?format=json")]
    if indexes:
        ask(port, f"/{','.join(indexes)}?ignore_unavailable=true", "DELETE")


def address(port: int, name: str) -> str:
    """Return the setting ``CATALOGUE_INDEX`` for an index on the cluster."""
    return f"opensearch+http://{','.join(f'127.0.0.1:{port + n}' for n in range(NODES))}/{name}"


def main() -> int:
    """Start the nodes, say where they are, wait to be stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.opensearch.cluster", description=__doc__)
    parser.add_argument("--port", type=int, default=9400, help="of the first node; 103 in all are used")
    parser.add_argument("--folder", type=Path, help="where they keep their files; removed at the end if not given")
    parser.add_argument("--java", default=JAVA, help="options of each node's Java; to measure: --java=-Xmx1g")
    options = parser.parse_args()
    folder = (options.folder or Path(tempfile.mkdtemp(prefix="opensearch-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    nodes = [start_node(folder, number, options.port, options.java) for number in range(NODES)]
    begun = time.monotonic()
    try:
        wait(options.port)
        print(f"CATALOGUE_TEST_OPENSEARCH=127.0.0.1:{options.port}  ({time.monotonic() - begun:.0f} s)", flush=True)
        stop.wait()
    finally:
        for node in nodes:
            node.terminate()
        for node in nodes:
            node.wait()
        _end_restarted(folder)
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _end_restarted(folder: Path) -> None:
    """End the nodes that a test started again: each left its process in the folder."""
    for path in folder.glob("*.restarted"):
        try:
            os.kill(int(path.read_text(encoding="utf-8")), signal.SIGTERM)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    sys.exit(main())

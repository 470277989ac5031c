"""A request finds its answer: on the next node, after a pause, within its time; what it holds is never logged."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalogue.errors import IndexUnavailable
from catalogue.search.opensearch import cluster as module
from catalogue.search.opensearch.address import Address
from catalogue.search.opensearch.cluster import Cluster, Missing
from catalogue.search.opensearch.indexes import Indexes
from catalogue.search.words import NO_WORDS

Answer = tuple[int, object]


@contextmanager
def node(answer: Callable[[str, str], Answer]) -> Iterator[int]:
    """Run a server that answers as ``answer(path, body)`` says; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, said = answer(self.path, body.decode("latin-1"))
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def cluster(*ports: int) -> Iterator[Cluster]:
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    with closing(Cluster(Address.of(f"opensearch+http://anna:secret@{hosts}/x"))) as made:
        yield made


def in_turn(*answers: Answer) -> Callable[[str, str], Answer]:
    left = list(answers)
    return lambda path, body: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("status", sorted(module.BUSY))
def test_a_busy_node_is_asked_again_after_pauses_that_grow(
    status: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    with node(in_turn((status, {}), (status, {}), (status, {}), (200, {"n": 1}))) as port, cluster(port) as asked:
        monkeypatch.setattr(asked._stopping, "wait", pauses.append)
        assert asked.ask("GET", "/x")["n"] == 1
    assert len(pauses) == 3
    assert all(0 < pause <= module.LONGEST_PAUSE for pause in pauses)
    assert pauses[2] > pauses[0]
    assert not caplog.records


def test_a_cluster_that_stays_busy_is_given_up_in_time(caplog: pytest.LogCaptureFixture) -> None:
    with node(in_turn((503, {}))) as port, cluster(port) as asked:
        begun = time.monotonic()
        with pytest.raises(IndexUnavailable):
            asked.ask("GET", "/x", within=0.5)
        assert time.monotonic() - begun < 2
    assert "too busy" in caplog.text


def test_a_node_that_is_gone_is_followed_by_the_next() -> None:
    with node(in_turn((200, {"n": 1}))) as port, cluster(free_port(), free_port(), port) as asked:
        for _ in range(6):
            assert asked.ask("GET", "/x")["n"] == 1


def test_a_silent_node_leaves_time_to_ask_another() -> None:
    with ExitStack() as opened:
        silent = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = opened.enter_context(node(in_turn((200, {"n": 1}))))
        asked = opened.enter_context(cluster(silent.getsockname()[1], port))
        begun = time.monotonic()
        for _ in range(4):
            assert asked.ask("GET", "/x", within=3)["n"] == 1
        assert time.monotonic() - begun < 4.5, "who was silent once is left alone for a while"


def test_where_no_node_answers_nobody_waits_long_and_it_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    with cluster(port, free_port()) as asked:
        begun = time.monotonic()
        with pytest.raises(IndexUnavailable):
            asked.ask("GET", "/x")
        assert time.monotonic() - begun < 5
        begun = time.monotonic()
        with pytest.raises(IndexUnavailable):
            asked.ask("GET", "/x")
        assert time.monotonic() - begun < 0.2, "meanwhile nobody waits at all"
        asked._rests_until = 0
        with pytest.raises(IndexUnavailable):
            asked.ask("GET", "/x")
    assert caplog.text.count("does not answer") == 1


def test_neither_what_is_asked_nor_who_asks_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    said = {"error": {"type": "parsing_exception", "reason": "failed to parse [burn-out]"}, "status": 400}
    with node(in_turn((400, said), (503, {}), (200, {"responses": [said]}))) as port, cluster(port) as asked:
        with pytest.raises(IndexUnavailable):
            asked.ask("POST", "/x/_search", {"query": "burn-out"})
        with pytest.raises(IndexUnavailable):
            asked.searches("x", [{"query": "burn-out"}])
    with cluster(port) as asked, pytest.raises(IndexUnavailable):
        asked.searches("x", [{"query": "burn-out"}])
    assert "parsing_exception" in caplog.text
    for secret in ("burn-out", "secret", "anna"):
        assert secret not in caplog.text


def test_what_is_not_there_is_told_apart() -> None:
    missing = in_turn((404, {"error": {"type": "index_not_found_exception"}}))
    with node(missing) as port, cluster(port) as asked, pytest.raises(Missing):
        asked.ask("GET", "/x")


def test_a_count_of_some_parts_is_no_count() -> None:
    some, all_ = {"count": 3, "_shards": {"failed": 1}}, {"count": 8, "_shards": {"failed": 0}}
    with node(in_turn((200, some), (200, all_))) as port, cluster(port) as asked:
        assert asked.count("x") == 8


def test_an_index_of_which_no_part_answers_is_there_all_the_same() -> None:
    with node(in_turn((200, {}))) as port, cluster(port) as asked, pytest.raises(IndexUnavailable):
        Indexes(asked).state()


def test_an_index_is_made_though_the_answer_to_the_first_request_was_lost() -> None:
    made: list[str] = []

    def answer(path: str, body: str) -> Answer:
        index = path.split("?")[0]
        if "?" not in path:
            return (404, {}) if "*" in path or path.endswith("_mapping") else (201, {})
        made.append(index)
        if made.count(index) == 1:
            return 503, {}
        return 400, {"error": {"type": "resource_already_exists_exception", "reason": index}, "status": 400}

    with node(answer) as port, cluster(port) as asked:
        described = Indexes(asked).create("f", {}, NO_WORDS, 1)
    assert made == [f"/{described.index}"] * 2 + ["/x-words"] * 2


def test_only_what_was_put_off_is_written_again() -> None:
    sent: list[list[str]] = []

    def answer(path: str, body: str) -> Answer:
        ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        sent.append(ids)
        states = [429 if len(sent) == 1 and id == "b" else 201 for id in ids]
        return 200, {"errors": True, "items": [{"index": {"status": state}} for state in states]}

    with node(answer) as port, cluster(port) as asked:
        asked._client.transport.get_connection().http_compress = False
        asked.write("x", [({"index": {"_id": id}}, {"id": id}) for id in "abc"])
    assert sent == [["a", "b", "c"], ["b"]]


def test_a_document_that_the_cluster_refuses_is_no_success() -> None:
    refused = {"index": {"status": 400, "error": {"type": "mapper_parsing_exception", "reason": "x"}}}
    answers = in_turn((200, {"items": [refused]}))
    with node(answers) as port, cluster(port) as asked, pytest.raises(IndexUnavailable):
        asked.write("x", [({"index": {"_id": "a"}}, {"id": "a"})])


def test_what_is_deleted_and_not_there_is_no_fault() -> None:
    answers = in_turn((200, {"items": [{"delete": {"status": 404, "result": "not_found"}}]}))
    with node(answers) as port, cluster(port) as asked:
        asked.write("x", [({"delete": {"_id": "a"}}, None)])

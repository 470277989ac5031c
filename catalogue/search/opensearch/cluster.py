"""One request to a cluster: asked of the next node where one does not answer, and again where it is too busy.

What is asked is never logged: it may hold what a visitor searches.
"""

from __future__ import annotations

import json
import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import OpenSearchException, TransportError

from catalogue.errors import IndexUnavailable
from catalogue.search.opensearch.address import Address

log = logging.getLogger("catalogue.index")
for _name in ("opensearch", "opensearchpy.trace"):  # the last one writes down every request
    logging.getLogger(_name).setLevel(logging.CRITICAL)

T = TypeVar("T")
Json = Mapping[str, Any]

READING = 6.0
"""Seconds within which a visitor is answered, whatever has to be asked again."""

WRITING = 60.0
"""Seconds for what no visitor waits for: a write, all the words. A lost node needs some until another takes over."""

BUSY = frozenset({429, 502, 503, 504})
"""Statuses that pass: too many requests, no cluster manager, a shard that moves."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0
ROUNDS = 3
"""So many times every node is asked where none can be reached."""

REST = 2.0
"""Seconds in which a cluster of which no node answered is not asked again: everybody would wait for it in vain."""

_BACK_AFTER = 5.0  # seconds until a node that did not answer is tried again


class Missing(Exception):
    """The index or document that was asked for is not there."""


class Present(Exception):
    """The index that was to be made is there already."""


class Busy(Exception):
    """Worth asking again."""


class Cluster:
    """The nodes of one address. Safe from many threads. Raises IndexUnavailable, and Missing where it says so."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._client = OpenSearch(
            hosts=[{"host": host, "port": port} for host, port in address.hosts],
            http_auth=(address.user, address.password) if address.user else None,
            use_ssl=address.secure,
            # The system's certificates, or those of SSL_CERT_FILE: a centre may have its own.
            ssl_context=ssl.create_default_context() if address.secure else None,
            max_retries=0,  # asking again is ours: with pauses, within a time
            retry_on_timeout=True,  # so that who is silent is left alone for a while
            dead_timeout=_BACK_AFTER,
            timeout_cutoff=1,
            pool_maxsize=20,
        )
        self._answered = 0.0
        self._rests_until = 0.0
        self._silent = False  # whether it was said that it does not answer
        self._stopping = threading.Event()

    def ask(self, method: str, path: str, body: Json | None = None, *, within: float = 0, **params: Any) -> Any:
        """Return the answer to one request. Raises Missing for a 404. ``within``: seconds, else ``READING``."""
        return self._again(lambda left: self._perform(method, path, body, left, params), within)

    def searches(self, index: str, bodies: Sequence[Json], *, within: float = 0) -> list[Any]:
        """Return the answers to several searches of one index, all or none. Raises Missing where it is not there."""
        head = json.dumps({"index": index, "allow_partial_search_results": False})
        lines = "".join(f"{head}\n{json.dumps(body)}\n" for body in bodies)

        def ask(left: float) -> list[Any]:
            answers = self._perform("POST", "/_msearch", lines, left, {})["responses"]
            for answer in answers:
                self._judge(int(answer.get("status", 200)), answer.get("error"))
            return list(answers)

        return self._again(ask, within)

    def count(self, index: str, *, within: float = 0) -> int:
        """Return how many documents an index has. Raises Missing."""

        def ask(left: float) -> int:
            answer = self._perform("GET", f"/{index}/_count", None, left, {})
            if answer["_shards"]["failed"]:  # told with status 200, and what is there of the others
                raise Busy
            return int(answer["count"])

        return self._again(ask, within)

    def write(self, index: str, lines: Iterable[tuple[Json, Json | None]], *, refresh: bool = False) -> None:
        """Carry out the lines of a bulk request, (action, document) each; those that the cluster put off again.

        ``index`` must be an alias or index that is there. What is deleted and not there is no fault.
        """
        left = list(lines)

        def ask(seconds: float) -> None:
            nonlocal left
            text = "".join(json.dumps(line) + "\n" for pair in left for line in pair if line is not None)
            params = {"refresh": "true"} if refresh else {}
            answer = self._perform("POST", f"/{index}/_bulk", text, seconds, params)
            results = [next(iter(item.values())) for item in answer["items"]]
            left = [line for line, result in zip(left, results, strict=True) if result["status"] in BUSY]
            for result in results:
                if result["status"] not in BUSY and "error" in result:
                    self._judge(result["status"], result["error"])
            if left:
                raise Busy

        if left:
            self._again(ask, WRITING)

    def close(self) -> None:
        """Let go of the connections; who waits to ask again gives up."""
        self._stopping.set()
        self._client.close()

    def _perform(self, method: str, path: str, body: Any, left: float, params: Mapping[str, Any]) -> Any:
        asked: dict[str, Any] = {**params, "request_timeout": max(left, 0.1)}
        headers = {"content-type": "application/x-ndjson" if isinstance(body, str) else "application/json"}
        try:
            return self._client.transport.perform_request(method, path, params=asked, body=body, headers=headers)
        except NoConnection:
            raise
        except TransportError as error:
            self._judge(int(error.status_code), error.info)
            raise IndexUnavailable from error
        except OpenSearchException as error:
            log.error("index: the cluster was not understood (%s)", type(error).__name__)
            raise IndexUnavailable from error

    def _judge(self, status: int, reason: Any) -> None:
        """Raise what an answer that is none means."""
        if status < 400:
            return
        if status in BUSY:
            raise Busy
        if status == 404:
            raise Missing
        if _kind(reason) == "resource_already_exists_exception":
            raise Present
        log.error("index: the cluster refuses (%s, %s)", status, _kind(reason))
        raise IndexUnavailable

    def _again(self, ask: Callable[[float], T], within: float = 0) -> T:
        """Ask until there is an answer or the time is over."""
        begun, within = time.monotonic(), within or READING
        if begun < self._rests_until:
            raise IndexUnavailable
        until = begun + within
        nodes, lost, busy = len(self.address.hosts), 0, 0
        while True:
            try:
                # A node that is silent leaves time to ask another.
                answer = ask(min(until - time.monotonic(), within / 2))
            except (Busy, NoConnection) as error:
                lost += isinstance(error, NoConnection)
                busy += isinstance(error, Busy)
                # At once of every other node; then of all again, with pauses that grow.
                pause = _pause(lost + busy - nodes if lost else busy)
                alone = lost >= max(ROUNDS * nodes, 6) and not busy
                if alone or time.monotonic() + pause >= until or self._stopping.wait(pause):
                    # A write that takes too long says nothing of the searches that others had answered meanwhile.
                    self._give_up(lost=not busy, rest=alone and self._answered < begun)
                    raise IndexUnavailable from error
            else:
                self._answers()
                return answer

    def _give_up(self, *, lost: bool, rest: bool) -> None:
        self._rests_until = time.monotonic() + REST if rest else 0.0
        if not self._silent:
            log.error("index: the cluster %s", "does not answer" if lost else "is too busy")
        self._silent = True

    def _answers(self) -> None:
        self._answered = time.monotonic()
        if self._silent:
            log.warning("index: the cluster answers again")
        self._silent = False


def _pause(again: int) -> float:
    """Return how long to wait, in seconds: none below 0, then twice as long each time, and never all at once."""
    most = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(again, 10))
    return most * random.uniform(0.5, 1) if again >= 0 else 0.0  # noqa: S311 - chance, no secret


def _kind(reason: Any) -> str:
    """Return the type of an error of the cluster: what it says about it may hold what was searched."""
    found = reason.get("error", reason) if isinstance(reason, Mapping) else reason
    return str(found.get("type", "")) if isinstance(found, Mapping) else type(found).__name__

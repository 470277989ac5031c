"""A web server on this machine that answers as the open catalogues of books do, and as broken sites do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_SRU = """<?xml version="1.0" encoding="UTF-8"?>
<srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/" xmlns="http://catalogue.bnf.fr/namespaces/InterXMarc">
<srw:version>1.2</srw:version><srw:numberOfRecords>{count}</srw:numberOfRecords>
<srw:records>{records}</srw:records></srw:searchRetrieveResponse>"""

SRU = _SRU.format(
    count=1,
    records="""<srw:record><srw:recordSchema>dc</srw:recordSchema><srw:recordPacking>xml</srw:recordPacking>
<srw:recordData><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier>https://catalogue.bnf.fr/ark:/12148/cb000000000</dc:identifier>
<dc:title>Le guide des métiers de la santé [Texte imprimé] : 2024 / Onisep ; [réd. Albert Camus]</dc:title>
<dc:creator>Camus, Albert (1913-1960). Auteur du texte</dc:creator>
<dc:creator>Tolkien, J. R. R.. Traducteur</dc:creator>
<dc:creator>Onisep (France). Éditeur scientifique</dc:creator>
<dc:publisher>Onisep (Lognes)</dc:publisher><dc:date>DL 2024</dc:date>
<dc:subject xml:lang="fre">Infirmières -- Guides pratiques et mémentos</dc:subject>
<dc:language>fre</dc:language><dc:language>français</dc:language>
<dc:type xml:lang="fre">texte imprimé</dc:type><dc:format>1 vol. (186 p.)</dc:format>
</oai_dc:dc></srw:recordData></srw:record>""",
)
"""An answer of the national library of France, in the form of its SRU service."""

EMPTY_SRU = _SRU.format(count=0, records="")

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'

OPEN_LIBRARY: dict[str, Any] = {
    "ISBN:9782070368228": {
        "url": "https://openlibrary.org/books/OL1M/x",
        "title": "Verpleegkundige worden",
        "subtitle": "een gids",
        "authors": [{"url": "https://openlibrary.org/authors/OL1A/x", "name": "An Peeters"}],
        "number_of_pages": 186,
        "publishers": [{"name": "Lannoo"}],
        "publish_date": "March 2019",
        "languages": [{"key": "/languages/dut"}],
        "subjects": [{"name": "Verpleegkundige", "url": "https://openlibrary.org/subjects/x"}],
    }
}


@dataclass
class Web:
    """A server that runs; ``asked``: the paths it was asked for."""

    port: int
    asked: list[str] = field(default_factory=list)

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def web_server() -> Iterator[Web]:
    """Run the server."""
    web = Web(0)
    handler = type("Handler", (_Handler,), {"web": web})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    web.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    web: Web

    def do_GET(self) -> None:
        self.web.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path.startswith("/status-"):
            return self._answer("text/plain", b"no", int(path[8:]))
        if path.startswith("/drip"):
            return self._drip(path)
        if path == "/cut":
            return self._answer("application/xml", SRU.encode()[:700])
        kind, body = {
            "/sru": ("text/xml;charset=UTF-8", SRU),
            "/nothing": ("text/xml", EMPTY_SRU),
            "/books": ("application/json", json.dumps(OPEN_LIBRARY)),
        }.get(path, ("text/html", "<html><title>A page</title></html>"))
        return self._answer(kind, body.encode())

    def _answer(self, kind: str, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, path: str) -> None:
        """Send a byte now and then, each long before a socket would lose patience."""
        begun = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n" + (b"\r\n" if path == "/drip-body" else b"X-A: ")
        with suppress(OSError):
            self.wfile.write(begun)
            for _ in range(400):
                time.sleep(0.05)
                self.wfile.write(b" ")
                self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass

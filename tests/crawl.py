"""Every public address of a site that can be reached from its entrance, and what it answers, byte for byte."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from starlette.testclient import TestClient

_LINK = re.compile(r'(?:href|src|poster|action)="([^"]+)"')
_STARTS = ("/", "/fr/", "/nl/", "/en/", "/fr/api", "/nl/api", "/en/api", "/fr/nowhere", "/colours.css")
_NOT = ("/desk", "/station", "/docs", "/static")
"""Pages of the staff, one that shows the time to the millisecond, and what is of the program, not of the centre."""

Answer = tuple[int, str, bytes]


def crawl(client: TestClient, *more: str, parameters: int = 1) -> dict[str, Answer]:
    """Return status, type and bytes of every address of ours, beginning at the entrance and at ``more``.

    ``parameters``: how many an address may have; with many there is no end of combinations of filters.
    """
    waiting, found = [*_STARTS, *more], dict[str, Answer]()
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = client.get(address, follow_redirects=False)
        kind = answer.headers.get("content-type", "")
        found[address] = (answer.status_code, kind, answer.content)
        links = _LINK.findall(answer.text.replace("&amp;", "&")) if kind.startswith("text/html") else []
        links += [answer.headers["location"]] if answer.is_redirect else []
        waiting += [link for link in (_ours(address, link, parameters) for link in links) if link and link not in found]
    return found


def _ours(page: str, link: str, parameters: int) -> str:
    parts = urlsplit(urljoin(f"http://testserver{page}", link))
    if parts.netloc != "testserver" or parts.path.startswith(_NOT) or parts.query.count("=") > parameters:
        return ""
    return f"{parts.path}{'?' if parts.query else ''}{parts.query}"

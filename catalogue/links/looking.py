"""One address looked at: redirects followed, what the page says of itself read, and what that means for the link."""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from catalogue.folding import fold
from catalogue.links.asking import BUSY, LOOP, PROTOCOL, RESET, TIMEOUT, Answer, Asker, host_of

ANSWERS, ABSENT, DOUBTFUL, UNKNOWN, LATER = "answers", "absent", "doubtful", "unknown", "later"
"""What was found: it answers; the server says there is nothing (404, 410); it answers with a page that seems to say so;
it cannot be told; the host asks to be left alone for now."""

HOME, WORDS, SAME = "home", "words", "same"
"""Why a page is doubted: one is led to the home page; it says itself that it is not there; an address that nobody ever
made shows the same."""

_PERMANENT, _REDIRECTS = (301, 308), (301, 302, 303, 307, 308)
_ROOT = re.compile(r"/?([a-z]{2}([-_][a-z]{2})?/?)?((index|home|default)(\.\w{1,5})?)?/?", re.IGNORECASE)
_GONE = re.compile(
    r"\b404\b|\bnot found\b|\bno longer (exists|available)\b|\bdoes ?n.t exist\b|\bpage gone\b"
    r"|\bintrouvable|\bpage (non trouvee|inexistante)|\bn.existe (pas|plus)\b|\bn.est plus disponible\b"
    r"|\bniet (meer )?gevonden\b|\bbestaat niet\b|\bniet (meer )?beschikbaar\b|\bonvindbaar\b"
)
_FEW_WORDS = 20  # a page with fewer words than this is no page to compare: a script fills it in
_ALIKE = 0.9  # the share of words in common from which two pages are the same


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at an address. ``target``: where it leads for good, empty where it leads nowhere else."""

    url: str
    outcome: str
    reason: str = ""
    status: int = 0
    target: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A web page: its title and first heading, folded, and its words."""

    url: str
    title: str
    words: frozenset[str]

    @classmethod
    def read(cls, answer: Answer) -> Page:
        """Return what a page says."""
        reader = _Reader()
        with contextlib.suppress(AssertionError):  # what html.parser raises at a declaration that is none
            reader.feed(answer.text)
            reader.close()
        title = fold(" ".join(" ".join((*reader.title, "·", *reader.heading)).split()))
        return cls(answer.url, title, frozenset(" ".join(reader.text).casefold().split()))

    @property
    def says_gone(self) -> bool:
        """Whether it says of itself that it is not there, in French, Dutch or English."""
        return bool(_GONE.search(self.title))

    def is_like(self, other: Page) -> bool:
        """Tell whether two pages show the same."""
        both = self.words | other.words
        return len(both) >= _FEW_WORDS and len(self.words & other.words) / len(both) > _ALIKE


@dataclass(slots=True)
class _Way:
    """A chain of redirects: ``target``: as far as it is permanent; ``answer``: what stands at its end."""

    answer: Answer
    target: str = ""
    steps: int = 0
    seen: dict[str, int] = field(default_factory=dict)


class Looker:
    """Looks at addresses, and remembers what each host shows at an address that nobody ever made."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self._nowhere: dict[str, Page | None] = {}

    async def look(self, url: str) -> Finding:
        """Return what is found at an address: asked for its head, and for the page where that does not tell."""
        way = await self._follow("HEAD", url)
        if _is_odd(way.answer) or (_is_right(way.answer) and way.answer.is_page):
            way = await self._follow("GET", url)
        return await self._finding(url, way)

    async def _follow(self, method: str, url: str) -> _Way:
        visit, way, permanent = self.asker.visit(), _Way(Answer(url)), True
        here = url
        while True:
            way.answer = await self.asker.ask(visit, method, here)
            if way.answer.status not in _REDIRECTS or not way.answer.location:
                return way
            way.seen[here] = way.seen.get(here, 0) + 1
            way.steps += 1
            # Twice the same is a cookie that had to be set; three times is a circle.
            if way.seen[here] > 2 or way.steps > self.asker.manners.redirects:
                way.answer = Answer(here, way.answer.status, reason=LOOP)
                return way
            here = urljoin(here, way.answer.location)
            permanent = permanent and way.answer.status in _PERMANENT
            if permanent:
                way.target = here

    async def _finding(self, url: str, way: _Way) -> Finding:
        answer = way.answer
        if answer.reason == BUSY:
            return Finding(url, LATER, BUSY, answer.status)
        if answer.reason:
            return Finding(url, UNKNOWN, answer.reason, answer.status)
        if answer.status in (404, 410):
            return Finding(url, ABSENT, str(answer.status), answer.status)
        if not _is_right(answer):
            return Finding(url, UNKNOWN, str(answer.status), answer.status)
        doubt = await self._doubt(url, way)
        if doubt:
            return Finding(url, DOUBTFUL, doubt, answer.status)
        return Finding(url, ANSWERS, "", answer.status, _with_fragment(way.target, url))

    async def _doubt(self, url: str, way: _Way) -> str:
        """Return why a page that answers is perhaps not the one that was meant; empty where it seems to be."""
        if _is_root(url):
            return ""
        if way.steps and _is_root(way.answer.url):
            return HOME
        if not way.answer.is_page or not way.answer.text:
            return ""
        page = Page.read(way.answer)
        if page.says_gone:
            return WORDS
        other = await self._shown_for_nothing(page.url)
        return SAME if other and (page.is_like(other) or (way.steps and page.url == other.url)) else ""

    async def _shown_for_nothing(self, url: str) -> Page | None:
        """Return the page that a host shows with a right status at an address that was never there, if it does."""
        host, parts = host_of(url), urlsplit(url)
        if host not in self._nowhere:
            nowhere = f"{parts.scheme}://{parts.netloc}/{secrets.token_hex(8)}"
            answer = (await self._follow("GET", nowhere)).answer
            self._nowhere[host] = Page.read(answer) if _is_right(answer) and answer.is_page else None
        return self._nowhere[host]


def _is_right(answer: Answer) -> bool:
    return not answer.reason and 200 <= answer.status < 300


def _is_odd(answer: Answer) -> bool:
    """Tell whether a request for the head alone was refused, or answered in a way that a whole one may not be."""
    if answer.reason or answer.status in (429, 503):
        return answer.reason in (RESET, TIMEOUT, LOOP, PROTOCOL)
    return not _is_right(answer)


def _is_root(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and bool(_ROOT.fullmatch(parts.path))


def _with_fragment(target: str, url: str) -> str:
    fragment = urlsplit(url).fragment
    return f"{target}#{fragment}" if target and fragment and "#" not in target else target


class _Reader(HTMLParser):
    """Collects the title, the first heading and the text that is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.heading: list[str] = []
        self.text: list[str] = []
        self._inside = ""
        self._headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("title", "script", "style", "noscript"):
            self._inside = tag
        elif tag == "h1":
            self._inside = tag if not self._headings else ""
            self._headings += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title.append(data)
        elif self._inside not in ("script", "style", "noscript"):
            self.text.append(data)
            if self._inside == "h1":
                self.heading.append(data)

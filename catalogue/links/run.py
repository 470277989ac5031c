"""A run over addresses: several hosts at once, each at its own pace; what is found is kept at once, so that a run that
was cut short goes on where it was. A machine that is offline notes nothing."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from catalogue.errors import N_, ErrorCode, Unavailable
from catalogue.links.asking import UNREACHED, Asker, host_of
from catalogue.links.judging import WORKS, judge
from catalogue.links.looking import LATER, Finding, Looker
from catalogue.state import Links

HOSTS_AT_ONCE = 8
SITES_DOWN = 5
"""The number of sites in a row that do not answer at all, from which it is asked whether this machine is offline."""

WITNESSES = 5
"""The number of other sites that are asked then."""


class Offline(Unavailable):
    """Several sites that have nothing to do with each other could not be reached: nothing was noted of them."""

    code = ErrorCode.OFFLINE
    message = N_("This machine seems to have no access to the internet. Nothing was noted about the links.")


class Stopped(Exception):
    """Somebody stopped the run, or the program ends."""


class Run:
    """One run. ``told(done, total)`` is called after each address and says whether to go on."""

    def __init__(
        self,
        asker: Asker,
        links: Links,
        clock: Callable[[], datetime.datetime],
        id: str,
        told: Callable[[int, int], bool] = lambda _done, _total: True,
    ) -> None:
        self._asker, self._looker = asker, Looker(asker)
        self._links, self._clock, self._id, self._told = links, clock, id, told
        self._known = links.all()
        self._held: list[tuple[float, Finding]] = []  # sites not reached and when, until another one is reached after
        self._asking_others = asyncio.Lock()
        self._done = self._total = 0
        self._urls: Sequence[str] = ()

    async def over(self, urls: Iterable[str]) -> None:
        """Look at the addresses that this run has not looked at yet. Raises Offline, Stopped, StateUnavailable."""
        self._urls = tuple(dict.fromkeys(urls))
        rest = [url for url in self._urls if url not in self._known or self._known[url].run != self._id]
        self._total, self._done = len(self._urls), len(self._urls) - len(rest)
        slots = asyncio.Semaphore(HOSTS_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as tasks:
                for queue in _by_host(rest).values():
                    tasks.create_task(self._through(queue, slots))
        except ExceptionGroup as group:
            raise _first(group) from None
        if self._held:
            await self._ask_others()

    async def _through(self, urls: Iterable[str], slots: asyncio.Semaphore) -> None:
        async with slots:
            for url in urls:
                began = asyncio.get_running_loop().time()
                await self._take(await self._looker.look(url), began)

    async def _take(self, finding: Finding, began: float) -> None:
        if finding.reason in UNREACHED:
            self._held.append((asyncio.get_running_loop().time(), finding))
            async with self._asking_others:
                if len(self._sites_down()) >= SITES_DOWN:
                    await self._ask_others()
        else:
            # What was under way when the net went says nothing of it: only an answer to what was asked later does.
            self._release(began if finding.status else 0.0)
            self._keep([finding])
        self._done += 1
        if not self._told(self._done, self._total):
            raise Stopped

    async def _ask_others(self) -> None:
        """Ask sites that are not among those that failed, first those that answered before. Raises Offline."""
        down = self._sites_down()
        states = sorted(self._known.values(), key=lambda state: state.checked, reverse=True)
        candidates = [state.url for state in states if state.verdict == WORKS] + list(self._urls)
        others = {site_of(url): url for url in reversed(candidates)}
        asked = [url for url in dict.fromkeys(candidates) if site_of(url) not in down and url in others.values()]
        if not any(await asyncio.gather(*(self._asker.reaches(url) for url in asked[:WITNESSES]))):
            raise Offline
        self._release(asyncio.get_running_loop().time())

    def _release(self, moment: float) -> None:
        """Keep what was found of sites that were not reached up to a moment: this machine was online later."""
        self._keep(finding for at, finding in self._held if at <= moment)
        self._held = [(at, finding) for at, finding in self._held if at > moment]

    def _sites_down(self) -> set[str]:
        return {site_of(finding.url) for _at, finding in self._held}

    def _keep(self, findings: Iterable[Finding]) -> None:
        found = [finding for finding in findings if finding.outcome != LATER]
        states = [judge(self._known.get(finding.url), finding, self._clock(), self._id) for finding in found]
        self._links.put(states)


def site_of(url: str) -> str:
    """Return what tells sites apart that have nothing to do with each other: the end of a name, or a number."""
    host = urlsplit(url).hostname or ""
    return host if re.fullmatch(r"[\d.]+|.*:.*", host) else ".".join(host.split(".")[-2:])


def _by_host(urls: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return addresses by host, the host with most of them first: it takes longest."""
    found: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        found[host_of(url)].append(url)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error

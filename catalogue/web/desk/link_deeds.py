"""What a button of the page of links does: to one link, or to the run over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue.errors import N_, BadInput, NotFound
from catalogue.links import changes
from catalogue.links.checks import LinkChecks
from catalogue.links.collected import RECORD, Use
from catalogue.links.judging import vouched
from catalogue.state import Account
from catalogue.web import addresses
from catalogue.web.frame import language_of
from catalogue.web.present import Presenter

SINGLE_WAIT = 8.0
"""How many seconds somebody waits for one link that is looked at again, before the page shows that it is on its way."""


class Doing:
    """What was asked of one link. ``rest``: what stands behind the name of the deed, an id."""

    def __init__(self, request: Request, account: Account, values: Mapping[str, str], rest: str) -> None:
        self.checks, self.account, self.rest = checks_of(request), account.name, rest
        self.presenter = Presenter(request.app.state.catalogue, language_of(request))
        self.catalogue = self.presenter.catalogue
        self.url, self.new, self.shown = values.get("url", ""), values.get("new", ""), values.get("show", "")

    def do(self, does: str) -> Response:
        """Do it, and lead back. Raises NotFound, BadInput, InvalidRecord, Conflict."""
        runs: Mapping[str, Callable[[], None]] = {"run": self._run, "go-on": self._run, "stop": self._stop}
        if does in runs:
            runs[does]()
            return self._back("", 0)
        deeds: Mapping[str, Callable[[], tuple[str, int]]] = {
            "works": self._works,
            "again": self._again,
            "replace": self._replace,
            "suspend": self._suspend,
            "offer": self._offer,
            "withdraw": self._withdraw,
        }
        if does not in deeds or self.url not in self.checks.named:
            raise NotFound
        return self._back(*deeds[does]())

    def _run(self) -> None:
        self.checks.start(self.account)

    def _stop(self) -> None:
        if job := self.checks.running():
            self.checks.stop(job)

    def _works(self) -> tuple[str, int]:
        links = self.catalogue.state.links
        links.put([vouched(links.all().get(self.url), self.url, self.catalogue.now(), self.account)])
        return "works", 0

    def _again(self) -> tuple[str, int]:
        job = self.checks.start(self.account, [self.url], SINGLE_WAIT)
        if problem := job.data.get("problem"):
            raise BadInput(problem[0], **problem[1])
        return "" if self.checks.is_active else "looked", 0

    def _replace(self) -> tuple[str, int]:
        label, uses = f"{self.url} → {self.new}", self.checks.named[self.url]
        action = changes.replace(self.catalogue, uses, {self.url: self.new}, account=self.account, label=label)
        if action and not self.checks.running():
            self.checks.start(self.account, [self.new])
        return "replaced" if action else "", action

    def _suspend(self) -> tuple[str, int]:
        label = self.presenter._(N_("Suspended: %(url)s")) % {"url": self.url}
        return "suspended", self._suspended(label, True)

    def _offer(self) -> tuple[str, int]:
        label = self.presenter._(N_("Offered again: %(url)s")) % {"url": self.url}
        return "offered", self._suspended(label, False)

    def _suspended(self, label: str, suspend: bool) -> int:
        day = self.catalogue.now().date() if suspend else None
        ids = records_of(self.checks.named, [self.url])
        return changes.suspend(self.catalogue, ids, [self.url], day, account=self.account, label=label)

    def _withdraw(self) -> tuple[str, int]:
        if self.rest not in records_of(self.checks.named, [self.url]):
            raise NotFound
        title = self.catalogue.contents.records[self.rest].title.best(self.presenter.lang).text
        return "withdrawn", changes.withdraw(self.catalogue, self.rest, account=self.account, label=title)

    def _back(self, did: str, action: int) -> Response:
        return RedirectResponse(here_of(self.presenter.lang, show=self.shown, did=did, action=action), 303)


def records_of(named: Mapping[str, tuple[Use, ...]], urls: Iterable[str]) -> list[str]:
    """Return the ids of the records that name one of these addresses."""
    return list(dict.fromkeys(use.id for url in urls for use in named.get(url, ()) if use.kind == RECORD))


def here_of(lang: str, **asked: object) -> str:
    """Return the address of the page of links; what is empty of what is asked is left out."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return addresses.desk(lang, "links/") + (f"?{query}" if query else "")


def checks_of(request: Request) -> LinkChecks:
    """Return what checks the links of this site."""
    checks: LinkChecks = request.app.state.links
    return checks

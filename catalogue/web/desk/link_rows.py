"""A link in words: whether it answers, since when, where it stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from catalogue.errors import N_
from catalogue.links.collected import CENTRE, PAGE, RECORD, TERM, Use
from catalogue.links.judging import BROKEN, MOVED, PERHAPS_GONE, UNCLEAR, VERDICT_NAMES, WORKS
from catalogue.state import LinkState
from catalogue.values import UNDETERMINED, Said
from catalogue.web import addresses
from catalogue.web.present import Presenter

REASONS: Mapping[str, str] = {
    "name": N_("No site has this name."),
    "connect": N_("The site cannot be reached."),
    "timeout": N_("The site takes too long to answer."),
    "reset": N_("The site cuts the connection."),
    "protocol": N_("The site answers in a way that no browser understands."),
    "expired": N_("The certificate of the site has expired."),
    "certificate": N_("The certificate of the site is not trusted."),
    "tls": N_("A secure connection to the site is not possible."),
    "loop": N_("The site leads in a circle."),
    "robots": N_("The site does not want programs to look at it: look yourself."),
    "inside": N_("This is an address inside a network: look yourself."),
    "address": N_("This is no web address."),
    "401": N_("The site asks for a password: look yourself."),
    "403": N_("The site does not let programs in: look yourself."),
    "429": N_("The site asked us to come back later."),
    "home": N_("It leads to the home page of the site."),
    "words": N_("The page says that it is not there."),
    "same": N_("The site shows the same page for an address that does not exist."),
}
"""Why a link does not simply answer."""

OTHER_STATUS = N_("The site answers with an error (%(status)s).")
MOVED_TO = N_("It leads elsewhere for good.")
SUSPENDED = N_("Suspended since %(day)s")


@dataclass(frozen=True)
class UseView:
    """Where a link stands. ``withdraw``: the id of a record that can be weed out; ``suspended``: since when it is."""

    title: Said
    href: str
    about: str
    withdraw: str
    suspended: str


@dataclass(frozen=True)
class LinkRow:
    """A link as it is printed. ``new``: what to replace it by, as far as that is known."""

    url: str
    host: str
    verdict: str
    label: str
    what: str
    times: tuple[str, ...]
    target: str
    new: str
    uses: tuple[UseView, ...]
    can_suspend: bool
    is_suspended: bool


class LinkRows:
    """The links of the collection for a reader."""

    def __init__(self, presenter: Presenter) -> None:
        self._presenter, self._, self._language = presenter, presenter._, presenter.language
        self._contents = presenter.catalogue.contents

    def row(self, url: str, state: LinkState | None, uses: tuple[Use, ...]) -> LinkRow:
        """Return a link that stands at ``uses``; ``state`` is None where it was never looked at."""
        ways = [use for use in uses if use.kind == RECORD and self._is_way(use.id, url)]
        verdict = state.verdict if state else ""
        return LinkRow(
            url=url,
            host=(urlsplit(url).hostname or "").removeprefix("www."),
            verdict=verdict,
            label=self._(VERDICT_NAMES[verdict]) if verdict else self._(N_("Not looked at yet")),
            what=self.what(state) if state else "",
            times=self.times(state) if state else (),
            target=state.target if state and verdict == MOVED else "",
            new=state.target if state and state.target else url,
            uses=tuple(self._use(use) for use in uses),
            can_suspend=any(not use.suspended for use in ways),
            is_suspended=any(use.suspended for use in ways),
        )

    def what(self, state: LinkState) -> str:
        """Return in a sentence what was found; nothing where it answers."""
        if state.verdict == MOVED:
            return self._(MOVED_TO)
        if state.reason in ("404", "410"):
            sentence = self._language.ngettext(
                "The site says that this page is not there (%(status)s), on %(count)s day.",
                "The site says that this page is not there (%(status)s), on %(count)s days.",
                state.failures,
            )
            return sentence % {"status": state.status, "count": state.failures}
        if state.reason and state.verdict != WORKS:
            return self._(REASONS.get(state.reason, OTHER_STATUS)) % {"status": state.status}
        return ""

    def times(self, state: LinkState) -> tuple[str, ...]:
        """Return since when it is so, when it last answered, who looked."""
        day = self._language.day
        said = []
        if state.verdict in (BROKEN, PERHAPS_GONE, UNCLEAR):
            said.append(self._(N_("So since %(day)s")) % {"day": day(state.since)})
        if state.answered:
            said.append(self._(N_("Answered on %(day)s")) % {"day": day(state.answered)})
        elif state.verdict == BROKEN:
            said.append(self._(N_("Never seen to answer")))
        if state.vouched:
            said.append(self._(N_("%(name)s looked on %(day)s")) % {"name": state.account, "day": day(state.vouched)})
        return tuple(said)

    # --- inside ----------------------------------------------------------------------------------------------

    def _is_way(self, id: str, url: str) -> bool:
        record = self._contents.records.get(id)
        return bool(record) and any(way.url == url for way in record.holdings) if record else False

    def _use(self, use: Use) -> UseView:
        lang, frame = self._presenter.lang, self._contents.frame
        record = self._contents.records.get(use.id) if use.kind == RECORD else None
        if record:
            page, title = f"records/{quote(use.id)}", record.title.best(lang)
            about = "" if record.is_public else self._(N_("Draft"))
            suspended = self._(SUSPENDED) % {"day": self._language.day(use.suspended)} if use.suspended else ""
            return UseView(title, addresses.desk(lang, page), about, use.id if record.is_public else "", suspended)
        title, page = Said(use.id, UNDETERMINED), "centre"
        if use.kind == TERM:
            title, page = self._presenter.label(use.vocabulary, use.id), f"words/{use.vocabulary}/{quote(use.id)}"
        elif use.kind == PAGE and use.id in frame.pages:
            title, page = frame.pages[use.id].title.best(lang), f"texts/{quote(use.id)}"
        elif use.kind == CENTRE:
            title = frame.centre.name.best(lang)
        about = {TERM: self._(N_("Words")), PAGE: self._(N_("Texts")), CENTRE: self._(N_("The centre"))}[use.kind]
        return UseView(title, addresses.desk(lang, page), about, "", "")

"""``catalogue links``: every web address of the collection is looked at, without the site; the desk shows the rest."""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from urllib.parse import urlsplit

from catalogue.contents import Contents
from catalogue.errors import N_, BadInput
from catalogue.i18n import Language
from catalogue.links.checks import DONE, LinkChecks, manners_of
from catalogue.links.collected import RECORD, collected
from catalogue.links.judging import BROKEN, PERHAPS_GONE, VERDICT_NAMES
from catalogue.settings import Settings
from catalogue.state import State

Read = Callable[[Settings], Contents]
Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]


@dataclass(frozen=True)
class _Collection:
    """What has links where no site runs over it in this process."""

    contents: Contents
    state: State

    def now(self) -> datetime.datetime:
        return self.contents.frame.centre.now()


def add_to(parser: argparse.ArgumentParser, language: Language, read: Read, bar: Bar) -> None:
    """Give ``parser`` the arguments of ``catalogue links``; ``read`` reads the resources, ``bar`` shows progress."""
    _ = language.gettext
    parser.add_argument("--list", action="store_true", help=_(N_("only list the addresses, with what names them")))
    parser.add_argument("--hosts", action="store_true", help=_(N_("only the hosts, with the records that name them")))

    def run(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
        contents = read(settings)
        if arguments.list or arguments.hosts:
            return _list(contents, arguments.hosts, language)
        with State.open(settings.state, interval=0, clock=contents.frame.centre.now) as state:
            return _check(_Collection(contents, state), settings, language, bar)

    parser.set_defaults(run=run)


def _list(contents: Contents, hosts: bool, language: Language) -> int:
    found: dict[str, list[str]] = {}
    for address, uses in collected(contents, contents.frame.centre.now().date()).items():
        key = urlsplit(address).hostname or "" if hosts else address
        ids = [use.id for use in uses if use.kind == RECORD or not hosts]
        if ids:
            found.setdefault(key, []).extend(ids)
    for key, ids in sorted(found.items()):
        print(f"{key}  {', '.join(dict.fromkeys(ids))}")
    print(language.ngettext("%(count)s address", "%(count)s addresses", len(found)) % {"count": len(found)})
    return 0


def _check(collection: _Collection, settings: Settings, language: Language, bar: Bar) -> int:
    """Look at every address; print what is broken, and how many there are of each verdict."""
    _, state = language.gettext, collection.state
    checks = LinkChecks(collection, settings.var, lambda: manners_of(collection, settings.links_contact))
    with bar(_(N_("Checking links"))) as progress:
        job = checks.work(checks.begin("").id, progress)
    if job.state != DONE:
        message, params = job.data.get("problem") or (N_("The check was stopped."), {})
        raise BadInput(message, **params)
    known = {url: found for url, found in state.links.all().items() if url in checks.named}
    for url, found in sorted(known.items()):
        if found.verdict in (BROKEN, PERHAPS_GONE):
            ids = ", ".join(dict.fromkeys(use.id for use in checks.named[url]))
            print(f"{_(VERDICT_NAMES[found.verdict])}: {url}  {ids}")
    for verdict, count in Counter(found.verdict for found in known.values()).most_common():
        print(f"{_(VERDICT_NAMES[verdict])}: {language.number(count)}")
    return 0

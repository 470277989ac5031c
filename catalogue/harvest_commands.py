"""``catalogue harvest``: the records of other catalogues, without the site; the site notices what changes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager

from catalogue.errors import N_, BadInput
from catalogue.exchange.sources import FILE, HarvestSource, rewritten
from catalogue.harvest.runs import DONE, Harvests, pace_of
from catalogue.harvest.taking import FATES
from catalogue.i18n import Language
from catalogue.import_commands import Folder
from catalogue.settings import Settings
from catalogue.state import Job, State
from catalogue.terminal import print_table
from catalogue.writing import Change

Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
STATE_NAMES = {"running": N_("Under way"), "stopped": N_("Cut short"), "done": N_("Complete")}
"""What a run is."""


def add_to(parser: argparse.ArgumentParser, language: Language, bar: Bar) -> None:
    """Give ``parser`` the verbs of ``catalogue harvest``; ``bar`` shows progress."""
    _ = language.gettext
    verbs = parser.add_subparsers(required=True, metavar="command")
    verbs.add_parser("list", help=_(N_("the sources, and when each was harvested last"))).set_defaults(run=_list)

    add = verbs.add_parser("add", help=_(N_("add a source to %(file)s")) % {"file": f"resources/{FILE}"})
    add.add_argument("id", metavar="ID", help=_(N_("a short name, such as ville-de-liege")))
    add.add_argument("url", metavar="URL", help=_(N_("where its OAI-PMH answers")))
    add.add_argument("--mark", required=True, metavar="TEXT", help=_(N_("what its records say they are from")))
    add.add_argument("--prefix", default="oai_dc", help=_(N_("in which format: oai_dc, marcxml …")))
    add.add_argument("--set", default="", help=_(N_("only this part of it")))
    help = _(N_("what every record of it is, such as kind=book; several times"))
    add.add_argument("--default", action="append", default=[], metavar="FIELD=VALUE", help=help)
    add.set_defaults(run=_add)

    run = verbs.add_parser(
        "run", help=_(N_("take over what changed there; without SOURCE from all that are not paused"))
    )
    run.add_argument("source", nargs="*", metavar="SOURCE")
    run.add_argument("--all", action="store_true", help=_(N_("everything again, not only what changed")))
    run.set_defaults(run=lambda arguments, settings, language: _run(arguments, settings, language, bar))

    report = verbs.add_parser("report", help=_(N_("what became of the records of a source in its last run")))
    report.add_argument("source", metavar="SOURCE")
    report.set_defaults(run=_report)


def _harvests(settings: Settings, state: State) -> Harvests:
    folder = Folder(settings, state)
    inside = bool(settings.harvest_inside)
    return Harvests(folder, settings.resources, settings.var, lambda: pace_of(folder, settings.links_contact, inside))


def _list(_arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    _ = language.gettext
    with State.open(settings.state, interval=0) as state:
        harvests, rows = _harvests(settings, state), []
        for source in harvests.sources.values():
            last = next(iter(harvests.runs(source.id)), None)
            when = f"{language.day(last.created.date())} {language.time(last.created)}" if last else _(N_("never"))
            told = _(N_("Paused")) if source.paused else _(STATE_NAMES[last.state]) if last else ""
            rows.append((source.id, source.mark, source.url, when, told))
    print_table((_(N_("source")), _(N_("from")), _(N_("address")), _(N_("last harvested")), ""), rows)
    return 0


def _add(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    source: dict[str, object] = {"id": arguments.id, "url": arguments.url, "mark": arguments.mark}
    source |= {"prefix": arguments.prefix} | ({"set": arguments.set} if arguments.set else {})
    pairs = [text.partition("=") for text in arguments.default]
    if pairs:
        source["defaults"] = {name: value for name, _, value in pairs}
    path = settings.resources / FILE
    with State.open(settings.state, interval=0) as state:
        writer = Folder(settings, state).writer
        with writer.turn():
            before = writer.version(path)
            writer.write([Change(path, rewritten(before.data or b"", source), before.digest)], kind="texts")
    print(
        language.gettext(N_("“%(id)s” is in %(file)s. Harvest it: catalogue harvest run %(id)s"))
        % {"id": arguments.id, "file": path}
    )
    return 0


def _run(arguments: argparse.Namespace, settings: Settings, language: Language, bar: Bar) -> int:
    with State.open(settings.state, interval=0) as state:
        harvests = _harvests(settings, state)
        named = [harvests.source(id) for id in arguments.source]
        status = 0
        for source in named or [source for source in harvests.sources.values() if not source.paused]:
            status |= _run_one(harvests, source, arguments.all, language, bar)
    return status


def _run_one(harvests: Harvests, source: HarvestSource, everything: bool, language: Language, bar: Bar) -> int:
    with bar(source.mark) as progress:
        job = harvests.work(harvests.begin(source, everything=everything).id, progress)
    _tell(job, source, language)
    return 0 if job.state == DONE else 1


def _report(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    with State.open(settings.state, interval=0) as state:
        harvests = _harvests(settings, state)
        source = harvests.source(arguments.source)
        last = next(iter(harvests.runs(source.id)), None)
    if last is None:
        raise BadInput(N_("“%(id)s” was never harvested."), id=source.id)
    for identifier, id, message, params in last.data["notes"]:
        print(f"{identifier}{f' ({id})' if id else ''}: {language.gettext(message) % params}")
    if more := last.data.get("more"):
        print(language.gettext(N_("… and %(count)s more")) % {"count": more})
    _tell(last, source, language)
    return 0


def _tell(job: Job, source: HarvestSource, language: Language) -> None:
    """Print what became of the records of a run, and what stopped it."""
    _ = language.gettext
    print(f"{source.mark}: {_(STATE_NAMES[job.state])}")
    for fate, label in FATES.items():
        if count := job.data["counts"].get(fate):
            print(f"  {_(label)}: {language.number(count)}")
    if problem := job.data.get("problem"):
        print(f"  {_(problem[0]) % problem[1]}")

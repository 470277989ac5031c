"""An item of a to-do list in words: what it is called, what is the matter, where it is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from catalogue.errors import N_, Problem
from catalogue.query import Query
from catalogue.resource import FIELDS
from catalogue.shapes import ID
from catalogue.state import ProblemReport
from catalogue.state.dismissals import Dismissal
from catalogue.todo import Item
from catalogue.values import UNDETERMINED, Said
from catalogue.web import addresses
from catalogue.web.present import Presenter

REASONS: Mapping[str, str] = {
    "isbn": N_("Same ISBN"),
    "file": N_("Same file"),
    "url": N_("Same web address"),
    "title": N_("Same title"),
    "near": N_("Nearly the same title"),
    "captions-fr": N_("No subtitles in French"),
    "captions-nl": N_("No subtitles in Dutch"),
    "text-fr": N_("No text in French"),
    "text-nl": N_("No text in Dutch"),
}
REPORTED: Mapping[str, str] = {
    "link": N_("The link does not work"),
    "outdated": N_("It is out of date"),
    "mistake": N_("There is a mistake"),
    "shelf": N_("It is not on the shelf"),
}


@dataclass(frozen=True)
class Row:
    """An item as it is printed. ``href`` is empty where nothing at the desk mends it."""

    key: str
    href: str
    title: Said
    second: Said  # the other title of a pair
    details: tuple[str, ...]
    aside: str  # who put it aside and when; empty where it waits


class Rows:
    """The items of one list for a reader."""

    def __init__(self, presenter: Presenter, name: str) -> None:
        self._presenter, self._name, self._ = presenter, name, presenter._
        self._contents = presenter.catalogue.contents

    def row(self, item: Item, place: int, aside: Dismissal | None = None) -> Row:
        """Return an item that stands at a place (from 0) of its list."""
        return Row(
            key=item.key,
            href=self.href(item, place),
            title=self._title(item),
            second=self._record_title(item.other),
            details=self._details(item),
            aside=self._put_aside(aside) if aside else "",
        )

    def href(self, item: Item, place: int) -> str:
        """Return where an item is mended; it then knows the way back."""
        lang = self._presenter.lang
        if item.question:
            return addresses.search(lang, Query(text=item.question.query))
        page = self._page(item)
        joint = "&" if "?" in page else "?"
        return addresses.desk(lang, f"{page}{joint}{urlencode({'from': f'{self._name}~{place}'})}") if page else ""

    def field(self, name: str) -> str:
        """Return what a field is called."""
        return self._(FIELDS[name].label) if name in FIELDS else name

    def _page(self, item: Item) -> str:
        if item.other:
            return f"duplicates/{quote(item.id)}/{quote(item.other)}"
        if item.id:
            return f"records/{quote(item.id)}"
        if item.draft:
            kind, _, id = item.draft.key.partition("/")
            return f"texts/{quote(id)}" if kind == "page" else f"records/new?{urlencode({'draft': item.draft.key})}"
        return self._page_of_file(item.problems[0].path) if item.problems else ""

    def _page_of_file(self, path: Path) -> str:
        root = self._presenter.catalogue.settings.resources
        folder = path.relative_to(root).parts[0] if path.is_relative_to(root) else ""
        if folder == "records":  # what cannot be read cannot be edited; an earlier version can be brought back
            return f"records/{quote(path.stem)}/history" if ID.fullmatch(path.stem) else ""
        pages = {"pages": f"texts/{quote(path.stem)}", "lists": "advise/lists/", "centre.yaml": "centre"}
        pages["vocabularies"] = f"words/{quote(path.stem)}"
        return pages.get(folder, "")

    def _title(self, item: Item) -> Said:
        if item.question:
            return Said(item.question.query, UNDETERMINED)
        if item.id:
            return self._record_title(item.id)
        if item.draft:
            typed = dict(item.draft.form)
            lang = next((code for code in (self._presenter.lang, "fr", "nl") if typed.get(f"title.{code}")), "")
            return (
                Said(typed[f"title.{lang}"], lang) if lang else Said(self._(N_("No title yet")), self._presenter.lang)
            )
        return Said(self._file(item.problems[0]) if item.problems else item.key, UNDETERMINED)

    def _record_title(self, id: str) -> Said:
        record = self._contents.records.get(id)
        return record.title.best(self._presenter.lang) if record else Said(id, UNDETERMINED)

    def _file(self, problem: Problem) -> str:
        root = self._presenter.catalogue.settings.resources
        return problem.path.relative_to(root).as_posix() if problem.path.is_relative_to(root) else str(problem.path)

    def _details(self, item: Item) -> tuple[str, ...]:
        details = [self._(REASONS[reason]) for reason in item.reasons]
        details += dict.fromkeys(self.field(name.partition(".")[0]) for name in item.fields)
        details += [self._problem(problem) for problem in item.problems]
        details += [self._report(report) for report in item.reports]
        if item.day and not item.reports:
            words = N_("To check by %(day)s") if self._name == "review" else N_("Over since %(day)s")
            details.append(self._(words) % {"day": self._presenter.language.day(item.day)})
        if item.draft:
            details.append(self._presenter.moment(item.draft.at))
        if item.question:
            details.append(self._(N_("On %(count)s days")) % {"count": item.question.days})
        return tuple(details or self._of_record(item.id))

    def _of_record(self, id: str) -> list[str]:
        record = self._contents.records.get(id)
        if record is None:
            return []
        kind = self._presenter.label("kinds", record.kind).text
        added = (
            self._(N_("added on %(day)s")) % {"day": self._presenter.language.day(record.added)} if record.added else ""
        )
        return [part for part in (kind, added) if part]

    def _problem(self, problem: Problem) -> str:
        line = self._(N_("line %(line)s")) % {"line": problem.line} if problem.line else ""
        return " · ".join(part for part in (line, problem.field, problem.text(self._)) if part)

    def _report(self, report: ProblemReport) -> str:
        params = {"what": self._(REPORTED[report.reason]), "count": report.count}
        params["day"] = self._presenter.language.day(report.last_day)
        return self._(N_("%(what)s: %(count)s×, last on %(day)s")) % params

    def _put_aside(self, dismissal: Dismissal) -> str:
        params = {"name": dismissal.account, "day": self._presenter.language.day(dismissal.at.date())}
        return self._(N_("Put aside by %(name)s on %(day)s")) % params

"""What waits for the documentalists: lists of records, files and questions, worked out from the catalogue itself.

Nothing is ticked off: what is done leaves its list by itself. What needs nothing is put aside by its *key*, which
changes when the thing changes, so that it comes back when there is something new to look at.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from catalogue.contents import Contents
from catalogue.duplicates import Duplicates
from catalogue.errors import Problem, Severity
from catalogue.fields import Holding
from catalogue.inside import PICTURES, PROBLEMS
from catalogue.media import captions
from catalogue.resource import Resource
from catalogue.state import Draft, ProblemReport, ZeroResult
from catalogue.values import CENTRE_LANGUAGES

LISTS = (
    "faults",
    "reports",
    "edits",
    "drafts",
    "terms",
    "unread",
    "scans",
    "no-holding",
    "past",
    "captions",
    "review",
    "duplicates",
    "to-dutch",
    "to-french",
    "unchecked",
    "no-results",
)
"""The lists, what harms visitors most first."""

_LANGUAGES = {"to-french": CENTRE_LANGUAGES[0], "to-dutch": CENTRE_LANGUAGES[1]}
_LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on a list. ``id``: its record, empty where it has none; the other attributes are as its list needs."""

    key: str
    id: str = ""
    other: str = ""  # the second record of a pair
    reasons: tuple[str, ...] = ()  # why two records may be the same
    fields: tuple[str, ...] = ()  # dotted names of texts that are missing
    problems: tuple[Problem, ...] = ()
    reports: tuple[ProblemReport, ...] = ()
    day: datetime.date | None = None
    draft: Draft | None = None
    question: ZeroResult | None = None

    def concerns(self, wanted: str) -> bool:
        """Tell whether it is about a record, or has this key."""
        return wanted in (self.key, self.id, self.other)


class Todo:
    """The lists that follow from one state of the catalogue, each worked out when it is first asked for."""

    def __init__(self, contents: Contents, duplicates: Duplicates, root: Path) -> None:
        self.contents = contents
        self._duplicates = duplicates
        self._root = root
        self._records = f"{root / 'records'}{os.sep}"

    def items(self, name: str, now: datetime.datetime) -> Sequence[Item]:
        """Return a list that follows from the contents; a part of it for ``to-dutch.summary``. Empty for others."""
        whole, _, part = name.partition(".")
        if whole in _LANGUAGES:
            items = self._untranslated[_LANGUAGES[whole]]
            return [item for item in items if part in _top_level(item.fields)] if part else items
        if whole == "review":
            return [item for item in self._reviews if item.day and item.day < now.date()]
        if whole == "past":
            return [item for item in self._events if self.contents.records[item.id].is_past(now)]
        found: Mapping[str, Sequence[Item]] = self._by_list
        return found.get(whole, ())

    def reported(self, reports: Iterable[ProblemReport]) -> list[Item]:
        """Return what visitors reported, by record, those that moved followed and those that are gone left out."""
        by_record: dict[str, list[ProblemReport]] = defaultdict(list)
        for report in reports:
            id = self.contents.redirects.get(report.record_id, report.record_id)
            if id in self.contents.records:
                by_record[id].append(report)
        return [_reported(id, found) for id, found in by_record.items()]

    @cached_property
    def _by_list(self) -> Mapping[str, Sequence[Item]]:
        records = sorted(self.contents.records.values(), key=lambda record: record.id)
        public = [record for record in records if record.is_public]
        return {
            "drafts": [Item(record.id, record.id) for record in records if record.status == "draft"],
            "unchecked": [Item(record.id, record.id) for record in public if not record.checked],
            "no-holding": [Item(r.id, r.id) for r in public if not (r.holdings or r.dates or r.contact)],
            "captions": list(self._without_captions(public)),
            "terms": list(self._faulty(Severity.WARNING)),
            "faults": list(self._faulty(Severity.ERROR)),
            "duplicates": [Item(p.key, p.one, p.other, p.reasons) for p in self._duplicates.pairs()],
        }

    def _without_captions(self, public: Iterable[Resource]) -> Iterator[Item]:
        """Give the records whose films lack subtitles, or recordings a text, in a language of the centre (WCAG 1.2)."""
        for record in public:
            faults = tuple(problem for holding in record.offered for problem in self._broken(holding))
            if (lacks := record.lacks_captions) or faults:
                said = (f"{problem.path} {problem.line} {problem.message}" for problem in faults)
                yield Item(_key(record.id, *lacks, *said), record.id, reasons=lacks, problems=faults)

    def _broken(self, holding: Holding) -> Iterator[Problem]:
        """Give the first fault of each file of captions, as a place to begin."""
        for name in (holding.captions or {}).values():
            with contextlib.suppress(OSError):  # what is not there is named in "Unknown terms and missing files"
                for fault in captions.check(self._root / name)[:1]:
                    yield Problem(self._root / name, fault.line, name, fault.message, fault.params)

    @cached_property
    def _untranslated(self) -> Mapping[str, Sequence[Item]]:
        missing: dict[str, dict[str, list[str]]] = {lang: defaultdict(list) for lang in CENTRE_LANGUAGES}
        for problem in self.contents.problems:
            lang = problem.params.get("lang")
            if problem.severity is Severity.GAP and lang in missing and (id := self._record_of(problem.path)):
                missing[str(lang)][id].append(problem.field)
        return {
            lang: [Item(_key(id, *fields), id, fields=tuple(fields)) for id, fields in sorted(found.items())]
            for lang, found in missing.items()
        }

    @cached_property
    def _reviews(self) -> Sequence[Item]:
        due = [(r.review_by, r.id) for r in self.contents.public if r.review_by]
        return [Item(f"{id} {day}", id, day=day) for day, id in sorted(due)]

    @cached_property
    def _events(self) -> Sequence[Item]:
        ends = [(r.expires, r.id) for r in self.contents.public if r.expires]
        return [Item(f"{id} {end.isoformat()}", id, day=_last_day(end)) for end, id in sorted(ends)]

    def _faulty(self, severity: Severity) -> Iterator[Item]:
        by_file: dict[Path, list[Problem]] = defaultdict(list)
        for problem in self.contents.faults(severity):
            if problem.severity is severity:
                by_file[problem.path].append(problem)
        for path, problems in sorted(by_file.items()):
            name = path.relative_to(self._root).as_posix() if path.is_relative_to(self._root) else str(path)
            said = (f"{problem.field}: {problem.text()}" for problem in problems)
            yield Item(_key(name, *said), self._record_of(path), problems=tuple(problems))

    def _record_of(self, path: Path) -> str:
        if not str(path).startswith(self._records):  # ten thousand times: not by the parts of the path
            return ""
        return path.stem if path.stem in self.contents.records else ""


def edits(drafts: Iterable[Draft]) -> list[Item]:
    """Return somebody's unfinished edits, the last first."""
    return [Item(d.key, d.key.removeprefix("record/") if d.key.startswith("record/") else "", draft=d) for d in drafts]


def unsearched(contents: Contents, problems: Mapping[str, tuple[str, str]], name: str) -> list[Item]:
    """Return the files whose text cannot be searched as it should: ``scans``, those without any, or all the others.

    ``problems``: by a file's path what is wrong (``catalogue.inside.PROBLEMS``) and the digest of its content.
    """
    found = [
        (path, wrong, digest) for path, (wrong, digest) in problems.items() if (wrong in PICTURES) == (name == "scans")
    ]
    naming = [(path, wrong, digest, contents.naming.get(path, ())) for path, wrong, digest in found]
    return [
        Item(_key(path, wrong, digest), records[0].id, problems=(Problem(Path(path), 0, path, PROBLEMS[wrong]),))
        for path, wrong, digest, records in naming
        if records
    ]


def questions(found: Iterable[ZeroResult]) -> list[Item]:
    """Return the searches that found nothing."""
    return [Item(result.query, question=result) for result in found]


def by_field(items: Iterable[Item]) -> Mapping[str, int]:
    """Return in how many records each field lacks its text, the most often first."""
    counted = Counter(name for item in items for name in _top_level(item.fields))
    return dict(counted.most_common())


def _reported(id: str, reports: Sequence[ProblemReport]) -> Item:
    last = max(report.last_day for report in reports)
    count = sum(report.count for report in reports)
    return Item(f"{id} {last} {count}", id, reports=tuple(reports), day=last)


def _top_level(fields: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(name.partition(".")[0] for name in fields)


def _last_day(end: datetime.datetime) -> datetime.date:
    return (end - datetime.timedelta(microseconds=1)).date()


def _key(name: str, *details: str) -> str:
    mark = hashlib.sha256("\n".join(details).encode()).hexdigest()[:16]
    return f"{name[: _LONGEST_KEY - 17]} {mark}"

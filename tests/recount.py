"""The report of a year, worked out a second time: from the log of a simulation and the files of the centre.

    python -m tests.recount LOG.json RESOURCES CSV_FOLDER YEAR DAY

It knows nothing of the catalogue: PyYAML, the csv module, and what the report's own words promise. ``DAY`` is the day
the report was made. Prints every difference and ends with 1 where there is one.
"""

from __future__ import annotations

import csv
import datetime
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

LANGS = ("fr", "nl", "en")
THEMES = ("orient", "learn", "work", "start", "move")
SIMPLE = (
    "end", "theme", "print", "list", "code", "advice", "group", "opened", "end-found", "end-partly", "end-not-found",
    "reading-help", "read-aloud", "occupation", "occupations", "sector", "selection", "steps",
)  # fmt: skip

Rows = dict[str, list[str]]


class Recount:
    """What the report must say. ``wrong`` gathers where it says something else."""

    def __init__(self, log: list[dict[str, Any]], resources: Path, folder: Path, year: int, day: datetime.date) -> None:
        self.log, self.folder, self.year, self.day = log, folder, year, day
        self.records = dict(read_records(resources))
        self.wrong: list[str] = []
        self.seen = 0  # figures that were compared

    def all(self) -> list[str]:
        """Compare every table; return the differences."""
        self.usage()
        self.openings()
        self.answers()
        self.collection()
        self.partners()
        self.vain()
        self.problems()
        return self.wrong

    # --- what was counted ---

    def events(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield name, month, language, theme, kind of everything that is to be counted."""
        for done in self.log:
            month, lang = done["day"][:7], done["lang"]
            if not month.startswith(str(self.year)):
                continue
            if done["what"] in SIMPLE:
                yield done["what"], month, lang, done.get("theme", ""), ""
            elif done["what"] == "record":
                record = self.records[done["record"]]
                yield "record", month, lang, record["themes"][0], record["kind"]
            elif done["what"] == "search" and "page" not in done["params"]:
                yield "search", month, lang, done["params"].get("theme", ""), done["params"].get("kind", "")
                if not done["total"]:
                    yield "no-result", month, lang, "", ""

    def usage(self) -> None:
        """Compare the sums of the year, by month and by language."""
        by_name, by_month, by_lang = Counter[Any](), Counter[Any](), Counter[Any]()
        for name, month, lang, _, _ in self.events():
            by_name[name] += 1
            by_month[name, month] += 1
            by_lang[name, lang] += 1
        for name, cells in self.table("year").items():
            self.hidden("year", name, cells[:1], [by_name[name]])
        columns = ("end", "search", "record", "print", "code", "opened")
        for month, cells in self.table("months").items():
            counts = by_name if month == "total" else {name: by_month[name, month] for name in columns}
            self.hidden("months", month, cells, [counts[name] for name in columns])
        for name, cells in self.table("languages").items():
            self.hidden("languages", name, cells, [*(by_lang[name, lang] for lang in LANGS), by_name[name]])

    def openings(self) -> None:
        """Compare what was opened and searched by theme, kind, language, month and all of them together."""
        events = list(self.events())
        for id, name, at in (
            ("record-theme", "record", 3),
            ("record-kind", "record", 4),
            ("search-theme", "search", 3),
        ):
            counted = Counter((event[at] or "none", event[2]) for event in events if event[0] == name)
            for value, cells in self.table(id).items():
                each = [
                    sum(n for (v, la), n in counted.items() if la == lang and value in (v, "total")) for lang in LANGS
                ]
                self.hidden(id, value, cells, [*each, sum(each)])
            self.covers(id, {value for value, _ in counted})
        months = Counter((event[1], event[3]) for event in events if event[0] == "record")
        for month, cells in self.table("record-month").items():
            each = [sum(n for (m, t), n in months.items() if t == theme and month in (m, "total")) for theme in THEMES]
            self.hidden("record-month", month, cells, [*each, sum(each)])
        crossed = Counter(f"{t} {lang} {kind} {month}" for name, month, lang, t, kind in events if name == "record")
        for key, cells in self.table("record-all").items():
            self.hidden("record-all", key, cells[-1:], [crossed[key]])
        for key in self.table("record-all"):
            self.same("record-all", key, str(crossed[key] >= 5), True)

    def answers(self) -> None:
        """Compare what was said at the end."""
        counted = Counter((name, lang) for name, _, lang, _, _ in self.events())
        whole = sum(n for (name, _), n in counted.items() if name.startswith("end-"))
        for name, cells in self.table("answers").items():
            each = [counted[name, lang] for lang in LANGS]
            self.hidden("answers", name, cells[:-1], [*each, sum(each)])
            if cells[-1]:
                self.same("answers", name, cells[-1], percent(sum(each), whole))

    def partners(self) -> None:
        """Compare whose documents there are and whose stood among the first ten."""
        public = self.public()
        held, listed = Counter(r.get("publisher", "") for r in public.values()), Counter[str]()
        for done in self.log:
            if done["what"] == "search" and not done["params"].keys() & {"page", "publisher"}:
                listed.update(self.records[id].get("publisher", "") for id in done["shown"][:10])
        for id, cells in self.table("partners").items():
            key = "" if id == "none" else id
            total = id == "total"
            self.same("partners", id, cells[0], len(public) if total else held[key])
            self.hidden("partners", id, cells[2:3], [listed.total() if total else listed[key]])
            self.same("partners", id, cells[1], percent(len(public) if total else held[key], len(public)))
            if cells[3]:
                self.same("partners", id, cells[3], percent(listed[key], listed.total()))
        self.covers("partners", {publisher or "none" for publisher in {*held, *listed}})

    def vain(self) -> None:
        """Compare what was searched in vain on three days, and what was acquired since."""
        days: dict[str, set[str]] = defaultdict(set)
        times = Counter[str]()
        for done in self.log:
            if done["what"] == "search" and not done["total"] and done["params"].keys() == {"q"}:
                days[done["params"]["q"]].add(done["day"])
                times[done["params"]["q"]] += 1
        expected = {query for query in days if len(days[query]) >= 3}
        self.same("no-results", "queries", " ".join(sorted(self.table("no-results"))), " ".join(sorted(expected)))
        for query, cells in self.table("no-results").items():
            last = datetime.date.fromisoformat(max(days[query]))
            sunday = last + datetime.timedelta(days=7 - last.isoweekday())
            fresh = [id for id, r in self.public().items() if date(r, "added") > sunday and query in str(r["title"])]
            self.same("no-results", query, cells[0], len(days[query]))
            self.hidden("no-results", query, cells[1:2], [times[query]])
            self.same("no-results", query, cells[3], len(fresh))

    def problems(self) -> None:
        """Compare what was reported, and what was mended since (``mended`` in the log, by hand)."""
        reports = [done for done in self.log if done["what"] == "problem"]
        mended = {done["record"]: done["day"] for done in self.log if done["what"] == "mended"}
        last = {done["record"]: done["day"] for done in reports}
        for reason, cells in self.table("problems").items():
            mine = [done for done in reports if reason in (done["reason"], "total")]
            records = {done["record"] for done in mine}
            done_with = {id for id in records if mended.get(id, "") >= last[id]}
            self.same("problems", reason, " ".join(cells), f"{len(mine)} {len(records)} {len(done_with)}")

    # --- what there is ---

    def collection(self) -> None:
        """Compare the collection by theme, language, kind, age, its two languages and its freshness."""
        public = self.public()
        for theme in (*THEMES, "total"):
            mine = [r for r in public.values() if theme in (*r["themes"], "total")]
            self.by_band("collection-language", theme, mine, (*LANGS, "other", "none"), languages_of)
            ages = ("0-1", "2-3", "4-5", "6-", "unknown")
            self.by_band("collection-age", theme, mine, ages, lambda r: {self.age(r)})
            self.by_band("freshness", theme, mine, ("12", "24", "older", "never"), lambda r: {self.checked(r)})
            both = [r for r in mine if all(lang in r.get(f, {}) for f in ("title", "summary") for lang in ("fr", "nl"))]
            shared = Counter(map(shared_in, mine))
            bands = [shared[band] for band in ("both", "fr", "nl", "other", "unknown")]
            cells = [len(mine), len(both), percent(len(both), len(mine)), *bands, percent(shared["both"], len(mine))]
            self.same("parity", theme, " ".join(self.table("parity")[theme]), " ".join(map(str, cells)))
        kinds = Counter(r["kind"] for r in public.values())
        fresh = Counter(r["kind"] for r in public.values() if r.get("added", "").startswith(str(self.year)))
        for kind, found in self.table("collection-kind").items():
            one = (len(public), fresh.total()) if kind == "total" else (kinds[kind], fresh[kind])
            self.same("collection-kind", kind, " ".join(found), f"{one[0]} {percent(one[0], len(public))} {one[1]}")
        self.crossed(public)

    def crossed(self, public: dict[str, dict[str, Any]]) -> None:
        """Compare the whole table of the collection."""
        counted = Counter(
            f"{theme} {lang} {r['kind']} {self.age(r)}"
            for r in public.values()
            for theme in r["themes"]
            for lang in r["_languages"] or [""]
        )
        self.covers("collection-all", set(counted))
        for key, cells in self.table("collection-all").items():
            self.same("collection-all", key, cells[-1], counted[key])

    def by_band(
        self, id: str, theme: str, mine: list[dict[str, Any]], bands: tuple[str, ...], of: Callable[[Any], set[str]]
    ) -> None:
        """Compare a line of a table of the collection."""
        counted = Counter(band for record in mine for band in of(record))
        expected = [*(counted[band] for band in bands), len(mine)]
        self.same(id, theme, " ".join(self.table(id)[theme]), " ".join(map(str, expected)))

    def public(self) -> dict[str, dict[str, Any]]:
        """Return the published records that were there on the day of the report."""
        published = {id: r for id, r in self.records.items() if r["status"] == "published"}
        return {id: r for id, r in published.items() if "added" not in r or date(r, "added") <= self.day}

    def age(self, record: dict[str, Any]) -> str:
        """Return the age of the content of a record."""
        copies = [int(holding.get("year", 0)) for holding in record.get("holdings", [])]
        year = int(record.get("year", 0)) or max(copies, default=0)
        years = self.year - year
        return "unknown" if not year else "0-1" if years < 2 else "2-3" if years < 4 else "4-5" if years < 6 else "6-"

    def checked(self, record: dict[str, Any]) -> str:
        """Return how long ago a record was checked."""
        if "checked" not in record:
            return "never"
        days = (self.day - date(record, "checked")).days
        return "12" if days <= 365 else "24" if days <= 730 else "older"

    # --- comparing ---

    def table(self, id: str) -> Rows:
        """Return the rows of a table of the report, by their ids, without their labels."""
        with (self.folder / f"{self.year}-{id}.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row[0]: row[2:] for row in list(csv.reader(file))[1:]}

    def hidden(self, table: str, row: str, cells: list[str], expected: list[int]) -> None:
        """Compare counts: 1 to 4 are never told, “<5” is never more, and what is told is right."""
        if len(cells) != len(expected):
            self.wrong.append(f"{table}/{row}: {len(cells)} cells for {len(expected)} counts")
        for cell, count in zip(cells, expected, strict=False):
            self.seen += 1
            fine = {"<5": 0 < count < 5, "*": count > 0}.get(cell, cell == str(count) and not 0 < count < 5)
            if not fine:
                self.wrong.append(f"{table}/{row}: the report says {cell}, there were {count}")

    def same(self, table: str, row: str, cell: str, expected: object) -> None:
        """Compare one figure."""
        self.seen += 1
        if cell != str(expected):
            self.wrong.append(f"{table}/{row}: the report says {cell}, it is {expected}")

    def covers(self, table: str, values: set[str]) -> None:
        """Compare which rows there must be."""
        if missing := values - {*self.table(table)}:
            self.wrong.append(f"{table}: no rows for {sorted(missing)}")


def read_records(resources: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every record by its id, with its languages worked out."""
    for path in (resources / "records").rglob("*.yaml"):
        record = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        holdings = [h.get("language") for h in record.get("holdings", [])]
        record["_languages"] = record.get("languages") or list(dict.fromkeys(filter(None, holdings)))
        yield path.stem, record


def languages_of(record: dict[str, Any]) -> set[str]:
    """Return under which languages a record is counted."""
    return {lang if lang in LANGS else "other" for lang in record["_languages"]} or {"none"}


def shared_in(record: dict[str, Any]) -> str:
    """Return in which of the two languages a document is."""
    has = [lang for lang in ("fr", "nl") if lang in record["_languages"]]
    return "both" if len(has) == 2 else has[0] if has else "other" if record["_languages"] else "unknown"


def date(record: dict[str, Any], name: str) -> datetime.date:
    """Return a date of a record; long ago where it has none."""
    return datetime.date.fromisoformat(record.get(name, "1900-01-01"))


def percent(part: int, whole: int) -> object:
    """Return a share as the report writes it."""
    return f"{round(100 * part / whole, 1):g}" if whole else ""


def main(log: str, resources: str, folder: str, year: str, day: str) -> int:
    """Compare, and print what differs."""
    done = json.loads(Path(log).read_text(encoding="utf-8"))
    recount = Recount(done, Path(resources), Path(folder), int(year), datetime.date.fromisoformat(day))
    for line in recount.all():
        print(line)
    print(f"{recount.seen} figures compared, {len(recount.wrong)} differ")
    return 1 if recount.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

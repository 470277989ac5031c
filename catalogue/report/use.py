"""How the catalogue was used, from the sums of the months."""

from __future__ import annotations

import datetime

from catalogue.counters import COUNTERS, DIMENSIONS
from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.report.model import Chart, Row, Section, Table, share
from catalogue.report.setting import Setting, row
from catalogue.report.sums import Sums
from catalogue.values import Said

_NOT_A_USE = ("listed",)  # told with the organisations
_BY_MONTH = ("end", "search", "record", "print", "code", "opened")
_ANSWERS = ("end-found", "end-partly", "end-not-found")
_WITHOUT = {"theme": N_("no theme"), "kind": N_("no kind"), "publisher": N_("no organisation named")}
TOTAL = N_("Together")


def use(setting: Setting, sums: Sums, before: Sums) -> Section:
    """Return what was done, in the year and by month and language."""
    intro = (
        N_("Sums by month, without anything about who. Numbers of 1 to 4 are printed as “<5”."),
        N_("An asterisk (*) stands for a number that is not told, because a hidden one could be computed from it."),
    )
    tables = (_year(setting, sums, before), _months(setting, sums), _languages(setting, sums))
    return Section("use", setting.say(N_("The year in figures")), tuple(map(setting.say, intro)), tables)


def opened(setting: Setting, sums: Sums) -> Section:
    """Return which documents were opened, and what searches were narrowed to."""
    tables = (
        _by_lang(setting, sums, "record", "theme", N_("Documents opened, by theme and language of the site")),
        _by_lang(setting, sums, "record", "kind", N_("Documents opened, by kind and language of the site")),
        _themes_by_month(setting, sums),
        _crossed(setting, sums),
        _by_lang(setting, sums, "search", "theme", N_("Searches, by the theme they were narrowed to")),
    )
    return Section("opened", setting.say(N_("Documents opened and searches")), (), tables)


def answers(setting: Setting, sums: Sums) -> Section:
    """Return what visitors said at the end."""
    said = [sums.told(event) for event in _ANSWERS]
    whole = sum(n for n in said if isinstance(n, int)) if all(isinstance(n, int) for n in said) else None
    rows = [
        row(event, setting.said(COUNTERS[event].label), *_langs(sums, event), told, share(told, whole))
        for event, told in zip(_ANSWERS, said, strict=True)
    ]
    head = (N_("Answer"), *(language.name for language in languages().values()), TOTAL, N_("Share"))
    table = setting.table(
        "answers",
        N_("“Did you find what you were looking for?”"),
        head,
        rows,
        notes=(N_("Whoever wanted to answered with one tap when the visit ended."),),
        charts=(Chart("grouped", (len(languages()),)),),
    )
    return Section("answers", setting.say(N_("What visitors say they found")), (), (table,))


def _year(setting: Setting, sums: Sums, before: Sums) -> Table:
    rows = [
        row(counter.name, setting.said(counter.label), sums.told(counter.name), before.told(counter.name), detail)
        for counter in COUNTERS.values()
        if counter.name not in _NOT_A_USE
        for detail in [setting.said(counter.detail)]
    ]
    head = (N_("What was counted"), str(setting.year), str(setting.year - 1), N_("What exactly"))
    return setting.table("year", N_("What visitors did"), head, rows)


def _months(setting: Setting, sums: Sums) -> Table:
    days = [datetime.date(setting.year, month, 1) for month in range(1, 13)]
    rows = [
        row(f"{day:%Y-%m}", _month(setting, day), *(sums.told(event, month=f"{day:%Y-%m}") for event in _BY_MONTH))
        for day in days
        if day <= setting.today
    ]
    rows.append(row("total", setting.said(TOTAL), *(sums.told(event) for event in _BY_MONTH), is_total=True))
    head = (N_("Month"), *(COUNTERS[event].label for event in _BY_MONTH))
    charts = tuple(Chart("months", (column,)) for column in range(3))
    return setting.table("months", N_("Month by month"), head, rows, charts=charts)


def _month(setting: Setting, day: datetime.date) -> Said:
    return Said(setting.language.month(day), setting.lang)


def _languages(setting: Setting, sums: Sums) -> Table:
    rows = [
        row(name, setting.said(counter.label), *_langs(sums, name), sums.told(name))
        for name, counter in COUNTERS.items()
        if "lang" in counter.dimensions
    ]
    head = (N_("What was counted"), *(language.name for language in languages().values()), TOTAL)
    return setting.table("languages", N_("In which language of the site"), head, rows)


def _langs(sums: Sums, event: str, **chosen: str) -> list[int | str]:
    return [sums.told(event, lang=lang, **chosen) for lang in languages()]


def _by_lang(setting: Setting, sums: Sums, event: str, axis: str, title: str) -> Table:
    """Return the sums of an event by an axis and the language of the site, with totals both ways."""
    vocabulary, found = f"{axis}s", {*sums.values(event, axis)}
    values = setting.themes(found) if axis == "theme" else setting.ordered(vocabulary, found)
    rows = [
        row(
            value or "none",
            setting.name(vocabulary, value, _WITHOUT[axis]),
            *_langs(sums, event, **{axis: value}),
            sums.told(event, **{axis: value}),
        )
        for value in values
    ]
    rows.append(row("total", setting.said(TOTAL), *_langs(sums, event), sums.told(event), is_total=True))
    head = (DIMENSIONS[axis], *(language.name for language in languages().values()), TOTAL)
    charts = (Chart("stacked", tuple(range(len(languages())))),)
    return setting.table(f"{event}-{axis}", title, head, rows, charts=charts)


def _themes_by_month(setting: Setting, sums: Sums) -> Table:
    themes = setting.themes({*sums.values("record", "theme")})
    months = [m for number in range(1, 13) if (m := f"{setting.year}-{number:02}") <= f"{setting.today:%Y-%m}"]
    rows = [
        row(
            month,
            _month(setting, datetime.date.fromisoformat(f"{month}-01")),
            *(sums.told("record", month=month, theme=theme) for theme in themes),
            sums.told("record", month=month),
        )
        for month in months
    ]
    totals = (sums.told("record", theme=theme) for theme in themes)
    rows.append(row("total", setting.said(TOTAL), *totals, sums.told("record"), is_total=True))
    head = (N_("Month"), *(setting.name("themes", t, _WITHOUT["theme"]).text for t in themes), TOTAL)
    return setting.table("record-month", N_("Documents opened, by month and theme"), head, rows)


def _crossed(setting: Setting, sums: Sums) -> Table:
    axes = ("theme", "lang", "kind", "month")
    rows: list[Row] = []
    for (theme, lang, kind, month), told in sums.crossed("record", axes):
        label = setting.name("themes", theme, _WITHOUT["theme"])
        names = languages()[lang].name if lang in languages() else lang, setting.name("kinds", kind, _WITHOUT["kind"])
        rows.append(row(f"{theme} {lang} {kind} {month}", label, *names, month, told))
    head = (DIMENSIONS["theme"], DIMENSIONS["lang"], DIMENSIONS["kind"], N_("Month"), COUNTERS["record"].label)
    title = N_("Documents opened, by theme, language of the site, kind and month")
    notes = (N_("Sums of 5 and more only: what does not stand here is 0, or hidden."),)
    return setting.table("record-all", title, head, rows, notes=notes, on_page=-1)

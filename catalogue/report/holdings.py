"""What the collection is: its themes, languages, kinds and age; both languages; how fresh it is."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from catalogue.counters import DIMENSIONS
from catalogue.errors import N_
from catalogue.fields import FACETS
from catalogue.report.model import Cell, Chart, Row, Section, Table, share
from catalogue.report.setting import Setting, row
from catalogue.report.use import TOTAL
from catalogue.resource import Resource
from catalogue.values import CENTRE_LANGUAGES, TEXT_LANGUAGES

AGES = {
    "0-1": N_("this year or the last"),
    "2-3": N_("2 or 3 years"),
    "4-5": N_("4 or 5 years"),
    "6-": N_("older"),
    "unknown": N_("no year given"),
}
CHECKS = {
    "12": N_("within 12 months"),
    "24": N_("within 24 months"),
    "older": N_("longer ago"),
    "never": N_("never"),
}
SHARING = {
    "both": N_("in both"),
    "fr": N_("in French only"),
    "nl": N_("in Dutch only"),
    "other": N_("in other languages only"),
    "unknown": N_("no language given"),
}
_YEAR = datetime.timedelta(days=365)
_EACH = N_(
    "A document with several themes or languages is counted under each of them, and once in “Together” and “Documents”."
)
_DOCUMENTS = N_("Documents")


def collection(setting: Setting) -> Section:
    """Return what there is, by theme, language, kind and age."""
    text = setting.say(N_("Published documents on %(day)s."), day=setting.language.day(setting.until))
    if setting.year < setting.today.year:
        text += " " + setting.say(N_("What was taken away since then is not among them."))
    tables = (
        _by_theme(setting, "collection-language", N_("By theme and language of the document"), _languages(setting)),
        _kinds(setting),
        _by_theme(setting, "collection-age", N_("By theme and age of the content"), _bands(setting, AGES, age)),
        _crossed(setting),
    )
    return Section("collection", setting.say(N_("The collection")), (text,), tables)


def parity(setting: Setting) -> Section:
    """Return how much there is in both languages of the centre."""
    groups = _groups(setting)
    rows = []
    for id, records in groups.items():
        described = sum(map(_is_described_in_both, records))
        kinds = Counter(map(sharing, records))
        cells = (len(records), described, share(described, len(records)))
        rows.append(
            _theme_row(setting, id, *cells, *(kinds[band] for band in SHARING), share(kinds["both"], len(records)))
        )
    head = (
        DIMENSIONS["theme"],
        _DOCUMENTS,
        N_("described in both"),
        N_("share described in both"),
        *SHARING.values(),
        N_("share itself in both"),
    )
    notes = (
        N_("Described in both: title and summary in French and in Dutch. The other columns: the document itself."),
        _EACH,
    )
    chart = Chart("grouped", (2, len(head) - 2))
    table = setting.table("parity", N_("Both languages of the centre"), head, rows, notes=notes, charts=(chart,))
    return Section("parity", setting.say(N_("French and Dutch")), (), (table,))


def freshness(setting: Setting) -> Section:
    """Return how long ago the content was checked by a person, and whether links answer."""
    checks = _by_theme(
        setting,
        "freshness",
        N_("When the content was last checked by a person"),
        _bands(setting, CHECKS, checked),
    )
    links = _links(setting)
    texts = () if links else (setting.say(N_("Whether links answer has not been checked here.")),)
    tables = (checks, links) if links else (checks,)
    return Section("freshness", setting.say(N_("How fresh it is")), texts, tables)


def age(setting: Setting, record: Resource) -> str:
    """Return how old the content is: by its year, or the newest of its copies, before the year of the report."""
    year = record.year or max((holding.year for holding in record.holdings), default=0)
    if not year:
        return "unknown"
    years = setting.year - year
    return "0-1" if years <= 1 else "2-3" if years <= 3 else "4-5" if years <= 5 else "6-"


def checked(setting: Setting, record: Resource) -> str:
    """Return how long before the day of the report a person last checked the content."""
    if record.checked is None:
        return "never"
    since = setting.until - record.checked
    return "12" if since <= _YEAR else "24" if since <= 2 * _YEAR else "older"


def sharing(record: Resource) -> str:
    """Return in which of the centre's languages the document itself is."""
    ours = [lang for lang in CENTRE_LANGUAGES if lang in record.document_languages]
    if len(ours) == len(CENTRE_LANGUAGES):
        return "both"
    return ours[0] if ours else "other" if record.document_languages else "unknown"


def _is_described_in_both(record: Resource) -> bool:
    return all(lang in text for text in (record.title, record.summary) for lang in CENTRE_LANGUAGES)


def _groups(setting: Setting) -> Mapping[str, Sequence[Resource]]:
    """Return the records by theme, and all of them as ``total``."""
    themes: dict[str, list[Resource]] = {theme: [] for theme in setting.themes()}
    for record in setting.records:
        for theme in record.themes:
            themes[theme].append(record)
    return {**themes, "total": setting.records}


def _theme_row(setting: Setting, id: str, *cells: Cell) -> Row:
    total = id == "total"
    label = setting.said(TOTAL) if total else setting.name("themes", id, TOTAL)
    return Row(id, label, cells, total)


Columns = tuple[Mapping[str, str], Callable[[Resource], Iterable[str]]]
"""Names of columns by what a record is counted under, and what that is for a record."""


def _languages(setting: Setting) -> Columns:
    names = {lang: setting.name("languages", lang, TOTAL).text for lang in TEXT_LANGUAGES}
    columns = {**names, "other": N_("other languages"), "none": N_("no language given")}

    def of(record: Resource) -> Iterable[str]:
        found = record.document_languages
        return dict.fromkeys(lang if lang in names else "other" for lang in found) or ("none",)

    return columns, of


def _bands(setting: Setting, names: Mapping[str, str], band: Callable[[Setting, Resource], str]) -> Columns:
    return names, lambda record: (band(setting, record),)


def _by_theme(setting: Setting, id: str, title: str, columns: Columns) -> Table:
    names, of = columns
    rows = []
    for theme, records in _groups(setting).items():
        counted = Counter(value for record in records for value in of(record))
        rows.append(_theme_row(setting, theme, *(counted[value] for value in names), len(records)))
    head = (DIMENSIONS["theme"], *names.values(), _DOCUMENTS)
    charts = (Chart("stacked", tuple(range(len(names)))),)
    return setting.table(id, title, head, rows, notes=(_EACH,), charts=charts)


def _kinds(setting: Setting) -> Table:
    counted = Counter(record.kind for record in setting.records)
    fresh = Counter(r.kind for r in setting.records if r.added and r.added.year == setting.year)
    whole = len(setting.records)
    rows = [
        row(kind, setting.name("kinds", kind, TOTAL), counted[kind], share(counted[kind], whole), fresh[kind])
        for kind in setting.ordered("kinds", {*counted})
    ]
    rows.append(row("total", setting.said(TOTAL), whole, share(whole, whole), fresh.total(), is_total=True))
    head = (DIMENSIONS["kind"], _DOCUMENTS, N_("Share"), N_("added in the year"))
    return setting.table("collection-kind", N_("By kind"), head, rows, charts=(Chart("grouped", (0,)),))


def _crossed(setting: Setting) -> Table:
    counted: Counter[tuple[str, ...]] = Counter()
    for record in setting.records:
        for theme in record.themes:
            for lang in record.document_languages or ("",):
                counted[theme, lang, record.kind, age(setting, record)] += 1
    rows = [
        row(
            " ".join(key),
            setting.name("themes", key[0], TOTAL),
            setting.name("languages", key[1], N_("no language given")),
            setting.name("kinds", key[2], TOTAL),
            setting.say(AGES[key[3]]),
            count,
        )
        for key, count in sorted(counted.items())
    ]
    head = (DIMENSIONS["theme"], FACETS["language"].label, DIMENSIONS["kind"], N_("Age of the content"), _DOCUMENTS)
    title = N_("The collection by theme, language, kind and age")
    return setting.table("collection-all", title, head, rows, notes=(_EACH,), on_page=-1)


def _links(setting: Setting) -> Table | None:
    """Return how many addresses of the records answered when they were last asked; None where nobody asked any."""
    known = getattr(setting.catalogue.state, "links", None)
    states = known.all() if known else {}
    if not states:
        return None
    counted: dict[str, int] = defaultdict(int)
    for url in {holding.url for record in setting.records for holding in record.holdings if holding.url}:
        state = states.get(url)
        answered = state is not None and state.answered is not None and state.answered >= state.checked.date()
        counted["answers" if answered else "silent" if state else "unknown"] += 1
    whole = sum(counted.values())
    names = {
        "answers": N_("answered when last asked"),
        "silent": N_("did not answer when last asked"),
        "unknown": N_("not asked yet"),
    }
    rows = [row(id, setting.said(name), counted[id], share(counted[id], whole)) for id, name in names.items()]
    rows.append(row("total", setting.said(TOTAL), whole, share(whole, whole), is_total=True))
    head = (N_("Web addresses of documents"), N_("Addresses"), N_("Share"))
    return setting.table("links", N_("Do the links answer?"), head, rows)

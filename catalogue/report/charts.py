"""Charts of a report's tables as SVG, drawn here: bars in rows and months in columns.

Each names itself (``title``, ``desc``: the table below says the same), carries its numbers as text, and tells series
apart by pattern as well as by colour. Colours are classes of ``report.css``: ``s0`` … ``s4``, ``label``, ``value``.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from catalogue.i18n import Language
from catalogue.report.model import Cell, Chart, Row, Share, Table

WIDTH = 760
_LABELS = 250  # for the names of rows
_VALUES = 70  # for the numbers behind the bars
_BAR, _GAP, _LEGEND = 20, 12, 26
_LETTERS = 31  # of a name; the table has it in full
_SERIES = 5
_COLUMN, _TALL = 46, 180

_PATTERNS = (
    Markup(""),
    Markup('<path d="M-2 2 2-2M0 8 8 0M6 10 10 6" class="stroke"/>'),
    Markup('<circle cx="4" cy="4" r="2" class="dot"/>'),
    Markup('<path d="M0 4h8M4 0v8" class="stroke"/>'),
    Markup('<path d="M0 2h8" class="stroke"/>'),
)


def draw(table: Table, number: int, language: Language) -> Markup:
    """Return the chart ``number`` of a table as an ``svg`` element; empty where there is nothing to draw."""
    chart, id = table.charts[number], f"{table.id}-{number}"
    rows = [row for row in table.on_paper if not row.is_total][: chart.rows]
    if not rows or not any(_amount(row.cells[column]) for row in rows for column in chart.columns):
        return Markup("")
    series = [table.head[column + 1] for column in chart.columns]
    title = table.title if len(series) > 1 else f"{table.title} – {series[0]}"
    drawing = {"stacked": _stacked, "grouped": _grouped, "months": _months}[chart.kind]
    height, drawn = drawing(id, rows, chart, language)
    legend, top = _legend(id, series) if len(series) > 1 else (Markup(""), 0)
    return Markup(
        '<svg class="chart chart-{kind}" role="img" aria-labelledby="{id}-title {id}-desc" '
        'viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{desc}</desc>'
        '<defs>{defs}</defs>{legend}<g transform="translate(0 {top})">{drawn}</g></svg>'
    ).format(
        id=id,
        kind=chart.kind,
        width=WIDTH,
        height=height + top,
        title=title,
        desc=language.gettext("The table says the same in numbers."),
        defs=_patterns(id, len(series)),
        legend=legend,
        top=top,
        drawn=drawn,
    )


def _stacked(id: str, rows: Sequence[Row], chart: Chart, language: Language) -> tuple[int, Markup]:
    most = max(sum(_amount(row.cells[column]) for column in chart.columns) for row in rows)
    room, drawn = WIDTH - _LABELS - _VALUES, []
    for place, row in enumerate(rows):
        y, x = place * (_BAR + _GAP), float(_LABELS)
        drawn.append(_label(row.label.text, y))
        for series, column in enumerate(chart.columns):
            length = _amount(row.cells[column]) / most * room
            drawn.append(_bar(id, series, x, y, length, _BAR))
            x += length
        drawn.append(_value(_said(row.cells[-1], language), x, y))
    return len(rows) * (_BAR + _GAP), Markup("").join(drawn)


def _grouped(id: str, rows: Sequence[Row], chart: Chart, language: Language) -> tuple[int, Markup]:
    most = max(_amount(row.cells[column]) for row in rows for column in chart.columns)
    room, drawn = WIDTH - _LABELS - _VALUES, []
    step = len(chart.columns) * (_BAR + 2) + _GAP
    for place, row in enumerate(rows):
        drawn.append(_label(row.label.text, place * step + (step - _GAP - _BAR) / 2))
        for series, column in enumerate(chart.columns):
            y, cell = place * step + series * (_BAR + 2), row.cells[column]
            length = _amount(cell) / most * room
            drawn.append(_bar(id, series, _LABELS, y, length, _BAR))
            drawn.append(_value(_said(cell, language), _LABELS + length, y))
    return len(rows) * step, Markup("").join(drawn)


def _months(id: str, rows: Sequence[Row], chart: Chart, language: Language) -> tuple[int, Markup]:
    (column,) = chart.columns
    most = max(_amount(row.cells[column]) for row in rows)
    step, drawn = WIDTH / len(rows), []
    for place, row in enumerate(rows):
        cell, middle = row.cells[column], (place + 0.5) * step
        high = _amount(cell) / most * _TALL
        drawn.append(_bar(id, 0, middle - _COLUMN / 2, 20 + _TALL - high, _COLUMN, high))
        drawn.append(_text("value middle", middle, 14 + _TALL - high, _said(cell, language)))
        drawn.append(_text("month middle", middle, 40 + _TALL, row.label.text.split()[0]))
    return _TALL + 52, Markup("").join(drawn)


def _legend(id: str, series: Sequence[str]) -> tuple[Markup, int]:
    """Return the names of the series with their patterns, and how high that is."""
    drawn, x, y = [], 0.0, 0
    for place, name in enumerate(series):
        wide = 34 + 8.2 * len(name)
        if x and x + wide > WIDTH:
            x, y = 0, y + _LEGEND
        drawn.append(_bar(id, place, x, y, _BAR, _BAR))
        drawn.append(_text("label", x + _BAR + 6, y + 15, name))
        x += wide + 12
    return Markup("").join(drawn), y + _LEGEND + _GAP


def _patterns(id: str, many: int) -> Markup:
    return Markup("").join(
        Markup(
            '<pattern id="{}-p{}" class="s{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<rect width="8" height="8" class="ground"/>{}</pattern>'
        ).format(id, series % _SERIES, series % _SERIES, _PATTERNS[series % _SERIES])
        for series in range(min(many, _SERIES))
    )


def _bar(id: str, series: int, x: float, y: float, width: float, height: float) -> Markup:
    if not width or not height:
        return Markup("")
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="url(#{}-p{})" class="bar-{}"/>'
    ).format(x, y, width, height, id, series % _SERIES, series % _SERIES)


def _label(text: str, y: float) -> Markup:
    short = text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1].rstrip()}…"
    return _text("label", 0, y + 15, short)


def _value(text: str, x: float, y: float) -> Markup:
    return _text("value", x + 6, y + 15, text)


def _text(classes: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(classes, x, y, escape(text))


def _amount(cell: Cell) -> float:
    """Return how long a cell is drawn; a hidden one is not."""
    if isinstance(cell, Share):
        return cell.percent
    return cell if isinstance(cell, int) else 0


def _said(cell: Cell, language: Language) -> str:
    if isinstance(cell, Share):
        return f"{language.number(cell.percent)}\N{NO-BREAK SPACE}%"
    return language.number(cell) if isinstance(cell, int) else str(cell or "")

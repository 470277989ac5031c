"""What renewing a series would change, before it does."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from catalogue import renewal
from catalogue.i18n import languages
from catalogue.renewal import Renewed
from catalogue.resource import FIELDS
from catalogue.values import Said
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.series_asked import HOLDING_LABELS, STATUSES, Asked
from catalogue.web.frame import Frame, make_frame
from catalogue.web.render import html


@dataclass(frozen=True)
class ChangeView:
    """What changes in one record."""

    title: Said
    fate: str
    changes: tuple[tuple[str, str, str], ...]  # label, before, after


@dataclass(frozen=True)
class RenewPage:
    """What would change, before it does. ``hidden``: the form as it was filled in."""

    frame: Frame
    desk: Desk
    name: Said
    here: str
    changes: tuple[ChangeView, ...]
    missing: tuple[Said, ...]
    hidden: tuple[tuple[str, str], ...]
    changed: bool  # somebody else changed one of them since this was shown


def preview(asked: Asked, renewed: Sequence[Renewed], seen: Mapping[str, str], changed_since: bool) -> Response:
    """Show what would change. ``seen``: the digests of the files, by record; ``changed_since``: they were others."""
    page = RenewPage(
        frame=make_frame(asked.request),
        desk=make_desk(asked.request, asked.account),
        name=asked.name,
        here=asked.here,
        changes=tuple(_change(asked, one) for one in renewed if one.shifts),
        missing=tuple(one.before.title.best(asked.lang) for one in renewed if one.row.fate == "missing"),
        hidden=tuple(_hidden(asked, seen)),
        changed=changed_since,
    )
    return html("desk_renew.html", page, asked.lang, 409 if changed_since else 200)


def _change(asked: Asked, renewed: Renewed) -> ChangeView:
    shifts = tuple(
        (_label(asked, s), _said(asked, s.field, s.before), _said(asked, s.field, s.after)) for s in renewed.shifts
    )
    return ChangeView(renewed.before.title.best(asked.lang), asked.gettext(renewal.FATES[renewed.row.fate]), shifts)


def _hidden(asked: Asked, seen: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the form as it was filled in."""
    yield "edition", asked.edition
    for row in asked.rows.values():
        if row.fate:
            yield f"fate:{row.id}", row.fate
        yield from ((f"{name}:{row.id}", value) for name, value in row.values.items())
    yield from ((f"seen:{id}", digest) for id, digest in seen.items())


def _label(asked: Asked, shift: renewal.Shift) -> str:
    label = HOLDING_LABELS.get(shift.field) or FIELDS[shift.field].label
    return f"{asked.gettext(label)} {shift.where}".strip()


def _said(asked: Asked, field: str, value: str) -> str:
    if field in ("checked", "review_by") and value:
        return languages()[asked.lang].day(datetime.date.fromisoformat(value))
    if field == "status":
        return asked.gettext(STATUSES[value])
    if field == "series":
        return asked.catalogue.contents.frame.vocabularies.label("series", value, asked.lang).text if value else ""
    return value

"""What the record form shows: its sections with every message beside its field, and what stands beside the form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from catalogue import network, three_way
from catalogue.custody import may_change, refusal, tied_to
from catalogue.errors import InvalidRecord, Problem, Severity
from catalogue.fields import CENTRE, WORD_NAMES
from catalogue.i18n import languages
from catalogue.resource import FIELDS, Resource
from catalogue.service import Catalogue
from catalogue.state import Account, Draft
from catalogue.values import CENTRE_LANGUAGES
from catalogue.web import addresses
from catalogue.web.controls import Control, Option, Printer, Row, by_path
from catalogue.web.desk import links
from catalogue.web.desk.duplicates import FoundPage, alike
from catalogue.web.desk.file_pages import UploadForm, upload_form
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.link_rows import LinkRow
from catalogue.web.desk.records import editing
from catalogue.web.desk.records.beginning import NOTHING, Asked
from catalogue.web.desk.records.editing import Edit
from catalogue.web.desk.records.pictured import cover_for_staff
from catalogue.web.desk.records.sections import HOLDING_FIELDS, LANGUAGE_NAMES, SECTIONS
from catalogue.web.desk.todo_strip import Strip, strip
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.pages import Card
from catalogue.web.present import Presenter
from catalogue.web.render import environment, html


@dataclass(frozen=True)
class SectionView:
    """A part of the form with its controls."""

    id: str
    title: str
    controls: tuple[Control, ...]
    closed: bool


@dataclass(frozen=True)
class Message:
    """A sentence about a field, with the place on the page where it stands."""

    href: str
    label: str
    text: str


@dataclass(frozen=True)
class ConflictView:
    """A field that somebody else changed too: what they wrote, and what stands in the form."""

    label: str
    theirs: str
    mine: str
    path: str


@dataclass(frozen=True)
class Side:
    """What stands beside the form: what is missing, and the record as it will stand in a list, in both languages."""

    missing: tuple[Message, ...]
    cards: tuple[tuple[str, Card], ...]
    alike: FoundPage


@dataclass(frozen=True)
class FormPage:
    """The record form."""

    frame: Frame
    desk: Desk
    id: str
    title: str
    action: str
    key: str
    seen: str
    came_from: str
    status: str
    sections: tuple[SectionView, ...]
    refusal: str  # why this account may only read it; empty where it may change it
    wrong: tuple[Message, ...]
    conflicts: tuple[ConflictView, ...]
    said: str
    told: str
    begin: Asked
    upload: UploadForm
    side: Side
    draft_at: str
    saved: bool
    is_public: bool
    public_page: str
    history: str
    strip: Strip | None
    links: tuple[LinkRow, ...]
    checked: str
    links_page: str


class View:
    """Makes the pages of the record form for who is signed in."""

    def __init__(self, request: Request, account: Account) -> None:
        self.request, self.account = request, account
        self.catalogue: Catalogue = request.app.state.catalogue
        self.lang = language_of(request)
        self.language = languages()[self.lang]
        self.translate = self.language.gettext

    @property
    def came_from(self) -> str:
        """The to-do list from which somebody came to a record; empty where they came otherwise."""
        return "".join(c for c in self.request.query_params.get("from", "") if c.isalnum() or c in "-.~_")[:80]

    def page(
        self,
        edit: Edit,
        key: str,
        *,
        status: int = 200,
        draft: Draft | None = None,
        said: str = "",
        told: str = "",
        begin: Asked = NOTHING,
    ) -> Response:
        """Return the form with this edit in it. ``draft``: one that was begun and can be gone on with.

        ``said``: what did not go well; ``told``: what did; ``begin``: what was asked to begin with, to be corrected.
        """
        frame = make_frame(self.request)
        record = self.catalogue.contents.records.get(edit.id)
        page = FormPage(
            frame=frame,
            desk=make_desk(self.request, self.account),
            id=edit.id,
            title=record.title.best(self.lang).text if record else edit.id,
            action=addresses.desk(self.lang, f"records/{edit.id}" if edit.id else "records/new"),
            key=key,
            seen=edit.seen,
            came_from=self.came_from,
            status=str(edit.mapping.get("status", "")),
            sections=self._sections(edit),
            refusal=self._refusal(record),
            wrong=self._messages(edit.problems),
            conflicts=tuple(self._conflict(edit, path) for path in edit.conflicts),
            said=said,
            told=told,
            begin=begin,
            upload=upload_form(self.language),
            side=self._side(edit),
            draft_at=self.language.time(draft.at) if draft else "",
            saved="saved" in self.request.query_params,
            is_public=bool(record and record.is_public),
            public_page=addresses.record(self.lang, edit.id) if edit.id else "",
            history=addresses.desk(self.lang, f"records/{edit.id}/history") if edit.id else "",
            strip=strip(self.request, self.account, edit.id) if edit.id else None,
            links=links.of_record(self.request, record),
            checked=self.language.day(record.checked) if record and record.checked else "",
            links_page=addresses.desk(self.lang, "links/"),
        )
        return html("desk_record.html", page, self.lang, status)

    def side(self, edit: Edit) -> Response:
        """Return what stands beside the form, alone."""
        template = environment(self.lang).get_template("desk_record_side.html")
        text = template.render(side=self._side(edit), frame=make_frame(self.request))
        return HTMLResponse(text, headers={"Content-Language": self.lang})

    # --- inside ----------------------------------------------------------------------------------------------

    def _sections(self, edit: Edit) -> tuple[SectionView, ...]:
        printer = Printer(
            self.catalogue.contents.frame.vocabularies,
            self.lang,
            self.translate,
            by_path(edit.problems, self.translate),
            WORD_NAMES,
            {code: self.translate(name) for code, name in LANGUAGE_NAMES.items()},
        )
        views = []
        hidden = network.unseen(printer.vocabularies)
        for section in SECTIONS:
            fields = {name: FIELDS[name] for name in section.fields if name not in hidden}
            controls = printer.controls(fields, edit.mapping, edit.sent)
            controls = tuple(self._fixed(_arranged(control, edit.mapping)) for control in controls)
            if not controls:
                continue
            shut = section.closed and not any(control.filled or control.wrong for control in controls)
            views.append(SectionView(section.id, self.translate(section.title), controls, shut))
        return tuple(views)

    def _fixed(self, control: Control) -> Control:
        """Return the control of the centre as a text for who writes the records of one centre only."""
        if control.name != CENTRE or not tied_to(self.account, self.catalogue.contents.frame.vocabularies):
            return control
        label = self.catalogue.contents.frame.vocabularies.label("centres", control.value, self.lang).text
        return dataclasses.replace(control, kind="fixed", options=(Option(control.value, label, True),))

    def _refusal(self, record: Resource | None) -> str:
        vocabularies = self.catalogue.contents.frame.vocabularies
        if record is None or may_change(self.account, record, vocabularies):
            return ""
        return refusal(record.id, record.centre, vocabularies).text(self.translate)

    def _messages(self, problems: Iterable[Problem]) -> tuple[Message, ...]:
        found = (Message(self._place(p.field), self._label(p.field), p.text(self.translate)) for p in problems)
        return tuple(dict.fromkeys(found))

    def _place(self, path: str) -> str:
        """Return where on the page a field stands; a list that has one control for all stands as a whole."""
        parts = path.split(".")
        if len(parts) == 2 and parts[1].isdecimal():
            parts = parts[:1]
        return "#f-" + "-".join(parts)

    def _label(self, path: str) -> str:
        first, _, rest = path.partition(".")
        label = self.translate(FIELDS[first].label) if first in FIELDS else first
        language = rest.rpartition(".")[2]
        return f"{label}, {self.translate(LANGUAGE_NAMES[language])}" if language in LANGUAGE_NAMES else label

    def _conflict(self, edit: Edit, path: str) -> ConflictView:
        mine, theirs = (three_way.at(side, path) for side in (edit.mapping, edit.theirs))
        return ConflictView(self._label(path), _shown(theirs), _shown(mine), path)

    def _side(self, edit: Edit) -> Side:
        frame = make_frame(self.request)
        found = alike(frame, self.catalogue, edit.mapping, edit.id)
        if not edit.mapping.get("title"):
            return Side((), (), found)
        try:
            record = editing.made(self.catalogue, edit)
        except InvalidRecord as error:
            return Side(self._messages(error.problems), (), found)
        gaps = (p for p in editing.gaps(record, self.catalogue) if p.severity is not Severity.ERROR)
        return Side(self._messages(gaps), tuple(self._card(record, lang) for lang in CENTRE_LANGUAGES), found)

    def _card(self, record: Resource, lang: str) -> tuple[str, Card]:
        presenter = Presenter(self.catalogue, lang)
        return lang, dataclasses.replace(presenter.card(record), cover=cover_for_staff(presenter, record))


def _arranged(control: Control, mapping: Mapping[str, Any]) -> Control:
    """Return the control of the holdings with what each kind of holding needs; any other as it is."""
    if control.name != "holdings":
        return control
    rows = []
    for row in control.rows:
        by_name = {inner.name.rpartition(".")[2]: inner for inner in row.controls}
        value = mapping["holdings"][row.number]  # an empty row has the key of what it is to be
        kind = next((kind for kind in HOLDING_FIELDS if kind in value), "url")
        first, more = ([by_name[name] for name in names] for names in HOLDING_FIELDS[kind])
        more += [inner for inner in row.controls if inner not in (*first, *more) and (inner.filled or inner.wrong)]
        rows.append(Row(row.number, tuple(first), tuple(more)))
    return dataclasses.replace(control, rows=tuple(rows))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)

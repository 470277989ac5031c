"""``/desk/{lang}/texts/``: theme introductions, visitors' questions and help, and the centre's own particulars."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from catalogue import wordlists
from catalogue.centre import Centre
from catalogue.contents import Contents
from catalogue.errors import N_, NotFound, Problem, Translate
from catalogue.fields import THEMES
from catalogue.i18n import languages
from catalogue.page import Page
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import TEXT_LANGUAGES, Said
from catalogue.web import addresses
from catalogue.web.desk import boxes, concept, fileform, words
from catalogue.web.desk.boxes import Box
from catalogue.web.desk.fileform import FileForm
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.pages import Link
from catalogue.web.render import html

UNKNOWN_RECORD = N_("There is no record “%(id)s”.")
BODY_ROWS = 16


@dataclass(frozen=True)
class TextsPage:
    """Every text that staff can edit, by what it is."""

    frame: Frame
    desk: Desk
    centre: str
    new: str
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    done: str


def every(request: Request) -> Response:
    """Show the texts."""
    account = require(request, "documentalist")
    lang, pages = language_of(request), words.contents_of(request).frame.pages
    names = {"theme": N_("Introductions of the themes"), "question": N_("Visitors’ questions"), "page": N_("Pages")}
    groups = tuple(
        (languages()[lang].gettext(name), tuple(_link(page, lang) for page in pages.values() if page.kind == kind))
        for kind, name in names.items()
    )
    page = TextsPage(
        make_frame(request),
        make_desk(request, account),
        addresses.desk(lang, "centre"),
        _address(lang, "new"),
        groups,
        words.done(request),
    )
    return html("desk_texts.html", page, lang)


def show(request: Request, account: Account) -> Response:
    """Show one text."""
    return fileform.show(request, account, _text_form(request))


def take(request: Request, account: Account, form: FormData) -> Response:
    """Preview one text, or save it."""
    return fileform.take(request, account, _text_form(request, form), form)


def show_centre(request: Request, account: Account) -> Response:
    """Show the centre's particulars."""
    return fileform.show(request, account, _centre_form(request))


def take_centre(request: Request, account: Account, form: FormData) -> Response:
    """Save the centre's particulars."""
    return fileform.take(request, account, _centre_form(request), form)


# --- a text ----------------------------------------------------------------------------------------------------------


def _text_form(request: Request, data: FormData | None = None) -> FileForm:
    catalogue: Catalogue = request.app.state.catalogue
    lang, pages = language_of(request), catalogue.contents.frame.pages
    id = request.path_params.get("page", "")
    if id and id not in pages:
        raise NotFound
    kind = pages[id].kind if id else "question"
    _ = languages()[lang].gettext
    title = pages[id].title.best(lang) if id else Said(_(N_("New question")), lang)
    id = id or _new_id(pages, data)
    public = {"theme": addresses.theme(lang, id.removeprefix("theme-")), "question": addresses.questions(lang, id)}
    return FileForm(
        path=catalogue.settings.resources / "pages" / f"{id}.yaml",
        group=Page,
        here=_address(lang, id if id in pages else "new"),
        then=_address(lang, id),
        back=addresses.desk(lang, "texts/"),
        title=title,
        rows=partial(_text_rows, catalogue.contents, kind, _, lang),
        both=("title", "body"),
        lists=("themes", "records"),
        prose="body",
        given={"id": id},
        fixed={"kind": kind},
        check=partial(_unknown_records, catalogue.contents),
        public=public.get(kind, addresses.page(lang, id)) if id in pages else "",
    )


def _new_id(pages: Container[str], data: FormData | None) -> str:
    """Return the id of a new question, made from its French title; until that is typed, one that is not kept."""
    label = str(data.get("title.fr", "")) if data else ""
    return wordlists.proposed_id(f"question {label}", pages.__contains__) if label else "question-x"


def _text_rows(contents: Contents, kind: str, _: Translate, lang: str, values: Mapping[str, str]) -> boxes.Rows:
    rows = [
        _sides("title", _(N_("Title")), values, required=True),
        _sides("body", _(N_("Text")), values, rows=BODY_ROWS, required=True),
    ]
    if kind == "question":
        themes = tuple((id, contents.frame.vocabularies.label("themes", id, lang).text) for id in THEMES)
        hint = _(N_("Ids of records, one on each line, in their order."))
        rows.append(
            (
                Box("themes", _(N_("Themes")), values.get("themes", ""), "ticks", options=themes),
                Box("records", _(N_("Records")), values.get("records", ""), "area", hint=hint, rows=5),
                Box("order", _(N_("Order")), values.get("order", ""), "number"),
            )
        )
    return tuple(rows)


def _unknown_records(contents: Contents, mapping: Mapping[str, Any]) -> tuple[Problem, ...]:
    ids = mapping.get("records", ())
    return tuple(
        Problem(concept.FORM, 0, "records", UNKNOWN_RECORD, {"id": id}) for id in ids if id not in contents.records
    )


# --- the centre ------------------------------------------------------------------------------------------------------


def _centre_form(request: Request) -> FileForm:
    catalogue: Catalogue = request.app.state.catalogue
    lang = language_of(request)
    _ = languages()[lang].gettext
    return FileForm(
        path=catalogue.settings.resources / "centre.yaml",
        group=Centre,
        here=addresses.desk(lang, "centre"),
        then=addresses.desk(lang, "centre"),
        back=addresses.desk(lang, "texts/"),
        title=Said(_(N_("The centre: hours, advisors, contact")), lang),
        rows=partial(_centre_rows, catalogue.contents, _, lang),
        both=("name",),
        either=("tagline", "advisors", "contact.hours", "contact.address"),
        lists=("contact.spoken",),
        label="centre.yaml",
        public=addresses.home(lang),
    )


def _centre_rows(contents: Contents, _: Translate, lang: str, values: Mapping[str, str]) -> boxes.Rows:
    terms = contents.frame.vocabularies.terms.get("languages", {}).values()
    spoken = tuple((term.id, term.labels.best(lang).text) for term in terms if not term.retired)

    def line(name: str, label: str, kind: str = "line", hint: str = "") -> Box:
        return Box(name, label, values.get(name, ""), kind, hint=hint)

    closes = _(N_("Such as 17:00. Until then the code of a list is valid."))
    walk_in = ("true", _(N_("Without appointment")))
    return (
        _sides("contact.hours", _(N_("Opening hours")), values, rows=3),
        _sides("advisors", _(N_("Advisors present")), values, rows=3),
        _sides("contact.address", _(N_("Address")), values, rows=2),
        (
            line("contact.phone", _(N_("Telephone"))),
            line("contact.email", _(N_("E-mail"))),
            line("website", _(N_("Web address"))),
            line("closes", _(N_("Closes at")), hint=closes),
        ),
        (
            Box("contact.spoken", _(N_("Languages spoken")), values.get("contact.spoken", ""), "ticks", options=spoken),
            Box(
                "contact.walk_in", _(N_("Appointment")), values.get("contact.walk_in", ""), "ticks", options=(walk_in,)
            ),
        ),
        _sides("name", _(N_("Name")), values, required=True),
        _sides("tagline", _(N_("Tagline")), values, rows=2),
    )


def _sides(name: str, label: str, values: Mapping[str, str], rows: int = 1, required: bool = False) -> tuple[Box, ...]:
    return tuple(
        Box(
            f"{name}.{lang}",
            label,
            values.get(f"{name}.{lang}", ""),
            "area" if rows > 1 else "line",
            lang,
            rows=rows,
            required=required and lang != "en",
        )
        for lang in TEXT_LANGUAGES
    )


def _link(page: Page, lang: str) -> Link:
    return Link(_address(lang, page.id), page.title.best(lang))


def _address(lang: str, id: str) -> str:
    return addresses.desk(lang, f"texts/{id}")

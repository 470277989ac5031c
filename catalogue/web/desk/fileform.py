"""A file of the centre as a bilingual form: a page, or the centre itself.

Saved only where it is as it was seen; where somebody else was first, both show. A text that changed in one language
alone is saved, and the other is pointed at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import edits
from catalogue.contents import Contents
from catalogue.errors import Problem
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import CENTRE_LANGUAGES, Said, Text
from catalogue.web.desk import boxes, words
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.markdown import to_html
from catalogue.web.render import html


@dataclass(frozen=True)
class FileForm:
    """What is edited, and how. ``lists``: boxes of one item a line; ``prose``: a text of CommonMark, shown as readers
    see it; ``check``: what the fields cannot know by themselves. ``here``, ``then`` (once it is
    saved) and ``back``: the addresses of pages.
    """

    path: Path
    group: Any
    here: str
    then: str
    back: str
    title: Said
    rows: Callable[[Mapping[str, str]], boxes.Rows]
    both: tuple[str, ...]
    either: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    prose: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[Mapping[str, Any]], tuple[Problem, ...]] = lambda _mapping: ()
    label: str = ""
    public: str = ""  # where visitors see it


@dataclass(frozen=True)
class Preview:
    """A text as readers see it."""

    lang: str
    title: str
    body: Markup


@dataclass(frozen=True)
class FileFormPage:
    """The form. ``only``: the language in which alone something changed; ``previews``: the text as readers see it."""

    frame: Frame
    desk: Desk
    title: Said
    here: str
    back: str
    public: str
    seen: str
    rows: boxes.Rows
    previews: tuple[Preview, ...]
    may_preview: bool
    problem: str
    problems: int
    conflict: bool
    only: str
    done: str


def show(request: Request, account: Account, form: FileForm) -> Response:
    """Show a file as it is."""
    version = _catalogue(request).writer.version(form.path)
    values = _values(edits.entry_of(version) if version.data else {**form.fixed}, form)
    only = request.query_params.get("only", "")
    return _page(request, account, form, values, version.digest, only=only if only in CENTRE_LANGUAGES else "")


def take(request: Request, account: Account, form: FileForm, data: FormData) -> Response:
    """Show what was typed as readers see it, or save it."""
    catalogue, values = _catalogue(request), _typed(data, form)
    seen = str(data.get("seen", ""))
    if data.get("do") == "preview":
        entry = edits.entry_of(catalogue.writer.version(form.path))
        only = _only(_values(entry, form), values, form) if entry else ""
        return _page(request, account, form, values, seen, previews=True, only=only)
    with catalogue.writer.turn():
        version = catalogue.writer.version(form.path)
        entry = edits.entry_of(version) if version.data else {**form.fixed}
        if version.digest != seen:
            return _page(request, account, form, values, version.digest, now=_values(entry, form))
        mapping, problems = _read(catalogue.contents, entry, values, form)
        if problems:
            found = boxes.problems_by_box(problems, list(values), languages()[language_of(request)].gettext)
            return _page(request, account, form, values, seen, problems=found)
        change = edits.rewritten(version, form.path, mapping, form.group)
        action = catalogue.write_files([change], account=account.name, kind="texts", label=_label(mapping, form))
    only = _only(_values(entry, form), values, form) if version.data else ""
    return RedirectResponse(f"{form.then}?done={action}{'&only=' if only else ''}{only}", 303)


def _read(
    contents: Contents, entry: Mapping[str, Any], values: Mapping[str, str], form: FileForm
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    typed = boxes.nested(values, form.lists)
    mapping = boxes.over(entry, typed, values)
    for lang, text in mapping.get(form.prose, {}).items():  # a text of several lines ends with one
        old = entry.get(form.prose, {})
        mapping[form.prose][lang] = text if old.get(lang) == text else text.rstrip("\n") + "\n"
    _made, faults = edits.checked(form.group, mapping, contents.frame.vocabularies, **form.given)
    return mapping, (*edits.in_both(typed, form.both, form.either), *form.check(mapping), *faults)


def _names(form: FileForm) -> tuple[str, ...]:
    return tuple(box.name for row in form.rows({}) for box in row)


def _values(entry: Mapping[str, Any], form: FileForm) -> dict[str, str]:
    """Return a file by the names of its boxes; a text that is the same in every language stands in each."""
    found = boxes.flat(entry)
    return {name: found.get(name, found.get(name.rpartition(".")[0], "")).strip("\n") for name in _names(form)}


def _typed(data: FormData, form: FileForm) -> dict[str, str]:
    typed = boxes.texts(data)
    ticked = {box.name for row in form.rows({}) for box in row if box.kind == "ticks"}
    return {
        name: "\n".join(boxes.every(data, name)) if name in ticked else typed.get(name, "") for name in _names(form)
    }


def _only(before: Mapping[str, str], after: Mapping[str, str], form: FileForm) -> str:
    """Return the language of the centre in which alone a text changed; empty where none or both did."""
    for name in (*form.both, *form.either):
        changed = [lang for lang in CENTRE_LANGUAGES if before.get(f"{name}.{lang}") != after.get(f"{name}.{lang}")]
        if len(changed) == 1 and any(before.get(f"{name}.{lang}") for lang in CENTRE_LANGUAGES):
            return changed[0]
    return ""


def _label(mapping: Mapping[str, Any], form: FileForm) -> str:
    return form.label or Text(mapping.get("title", {})).best("fr").text


def _page(
    request: Request,
    account: Account,
    form: FileForm,
    values: Mapping[str, str],
    seen: str,
    problems: Mapping[str, str] | None = None,
    now: Mapping[str, str] | None = None,
    previews: bool = False,
    only: str = "",
) -> Response:
    wrong = problems or {}
    page = FileFormPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        title=form.title,
        here=form.here,
        back=form.back,
        public=form.public,
        seen=seen,
        rows=boxes.marked(form.rows(values), wrong, now or {}),
        previews=_previews(values, form) if previews else (),
        may_preview=bool(form.prose),
        problem=wrong.get("", ""),
        problems=sum(1 for name in wrong if name),
        conflict=now is not None,
        only={"fr": "nl", "nl": "fr"}.get(only, ""),
        done=words.done(request) if request.method != "POST" else "",
    )
    return html("desk_file_form.html", page, page.frame.lang, 409 if page.conflict else 422 if wrong else 200)


def _previews(values: Mapping[str, str], form: FileForm) -> tuple[Preview, ...]:
    shown = (
        (lang, values.get(f"title.{lang}", ""), values.get(f"{form.prose}.{lang}", "")) for lang in ("fr", "nl", "en")
    )
    return tuple(Preview(lang, title, to_html(body, 3)) for lang, title, body in shown if title or body)


def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue

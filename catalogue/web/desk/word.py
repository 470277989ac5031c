"""``/desk/{lang}/words/{vocabulary}/{id}``: an entry of a list of words, to correct, add, retire, merge, take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import edits, wordlists
from catalogue.errors import N_, BadInput, NotFound, Problem
from catalogue.fields import THEMES
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.values import Said
from catalogue.vocabulary import Term
from catalogue.web import addresses
from catalogue.web.desk import boxes, concept, words
from catalogue.web.desk.boxes import Box
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.frame import Frame, language_of, make_frame
from catalogue.web.pages import Link
from catalogue.web.present import Presenter
from catalogue.web.render import html

SHOWN = 30
"""Records that use an entry, named on its page."""

TAKEN = N_("“%(id)s” is the id of another entry.")
TERM_BOXES = ("labels.fr", "labels.nl", "labels.en", "detail.fr", "detail.nl", "detail.en", "order", "colour", "url")
_SEEN, _DO = "seen", "do"


@dataclass(frozen=True)
class WordPage:
    """One entry. ``sides``: boxes that stand side by side, by language; ``users``: records that name it.

    ``conflict``: somebody else saved it meanwhile; ``merging``: what a merge into ``into`` would change.
    """

    frame: Frame
    desk: Desk
    vocabulary: str
    list_name: str
    back: str
    here: str
    id: str
    name: Said
    new: bool
    seen: str
    rows: tuple[tuple[Box, ...], ...]
    problem: str
    problems: int
    conflict: bool
    retired: bool
    replaced_by: str
    users: tuple[Link, ...]
    used: int
    published: int
    naming: tuple[Link, ...]
    may_retire: bool
    may_merge: bool
    may_delete: bool
    choices: tuple[tuple[str, str], ...]
    suggest: str
    thesaurus: bool
    esco: bool
    into: str
    done: str


@dataclass(frozen=True)
class MergePage:
    """What a merge would do, before it is done."""

    frame: Frame
    desk: Desk
    here: str
    name: Said
    into: str
    into_name: Said
    seen: str
    thesaurus: bool
    words: tuple[Said, ...]
    users: tuple[Link, ...]
    used: int


def show(request: Request, account: Account) -> Response:
    """Show an entry as it is, or an empty one for ``new``."""
    catalogue, vocabulary, id = _asked(request)
    entry = edition(catalogue, vocabulary).entry(id) if id else {}
    if id and (not entry or _kind(vocabulary) not in ("", entry.get("kind"))):
        raise NotFound
    return _page(request, account, entry, _values(vocabulary, entry, language_of(request), catalogue), {})


def take(request: Request, account: Account, form: FormData) -> Response:
    """Carry out what a button of the page asks for."""
    do = str(form.get(_DO, "save"))
    actions = {"save": _save, "retire": _retire, "restore": _retire, "merge": _merge, "delete": _delete}
    return actions.get(do, _save)(request, account, form)


def edition(catalogue: Catalogue, vocabulary: str) -> wordlists.Edition:
    """Return the files of a list, ready to be changed."""
    return wordlists.Edition(catalogue.settings.resources, catalogue.writer.version, vocabulary)


def _save(request: Request, account: Account, form: FormData) -> Response:
    catalogue, vocabulary, id = _asked(request)
    lang, values = language_of(request), _typed(form)
    with catalogue.writer.turn():
        made = edition(catalogue, vocabulary)
        entry = made.entry(id) if id else {}
        if id and not entry:
            raise NotFound
        names = _names(vocabulary)
        typed, problems = _read(catalogue, vocabulary, values, id, lang)
        new_id = id or typed.get("id", "")
        if not id and new_id and made.entry(new_id):
            problems = (*problems, _problem("id", TAKEN, id=new_id))
        if id and edits.digest(entry) != form.get(_SEEN):
            return _page(request, account, entry, values, {}, conflict=True)
        if problems:
            found = boxes.problems_by_box(problems, ("id", *names), languages()[lang].gettext)
            return _page(request, account, entry, values, found)
        if vocabulary in wordlists.THESAURUS:
            action = concept.save(catalogue, made, entry, typed, account.name)
        else:
            made.put({"id": new_id, **boxes.over({k: v for k, v in entry.items() if k != "id"}, typed, names)})
            action = _write(catalogue, made.changes(), account, _label(typed, new_id))
    return _to(lang, vocabulary, new_id, action)


def _retire(request: Request, account: Account, form: FormData) -> Response:
    """Let an entry no longer be offered, or offer it again; what names it keeps it."""
    catalogue, vocabulary, id = _asked(request)
    lang, other = language_of(request), str(form.get("replaced_by", "")).strip()
    with catalogue.writer.turn():
        made = edition(catalogue, vocabulary)
        entry = _unchanged(made.entry(id), form)
        if entry is None or vocabulary in wordlists.FIXED:
            return _again(request, account, made.entry(id))
        kept = {key: value for key, value in entry.items() if key not in ("retired", "replaced_by")}
        if form.get(_DO) == "retire":
            kept["retired"] = True
            if other:
                kept["replaced_by"], problem = _other(catalogue, vocabulary, other, id, lang)
                if problem:
                    return _again(request, account, entry, problem)
        made.put(kept)
        action = _write(catalogue, made.changes(), account, _label(kept, id))
    return _to(lang, vocabulary, id, action)


def _merge(request: Request, account: Account, form: FormData) -> Response:
    """Show what a merge would change; where that was seen (``sure``), do it."""
    catalogue, vocabulary, id = _asked(request)
    lang = language_of(request)
    with catalogue.writer.turn():
        made = edition(catalogue, vocabulary)
        entry = _unchanged(made.entry(id), form)
        if entry is None:
            return _again(request, account, made.entry(id))
        into, problem = _other(catalogue, vocabulary, str(form.get("into", "")), id, lang)
        if problem:
            return _again(request, account, entry, problem, into=str(form.get("into", "")))
        try:
            plan = wordlists.merge(catalogue.contents, made, id, into, not form.get("sure") or form.get("words") == "1")
        except BadInput as error:
            return _again(request, account, entry, error.text(languages()[lang].gettext))
        if not form.get("sure"):
            return _show_merge(request, account, entry, into, plan)
        changes = (*plan.files, *catalogue.changes(plan.records))
        action = _write(
            catalogue, changes, account, f"{_label(entry, id)} → {_name(catalogue, vocabulary, into, lang)}"
        )
    return _to(lang, vocabulary, into, action)


def _delete(request: Request, account: Account, form: FormData) -> Response:
    catalogue, vocabulary, id = _asked(request)
    lang = language_of(request)
    with catalogue.writer.turn():
        made = edition(catalogue, vocabulary)
        entry = _unchanged(made.entry(id), form)
        if entry is None:
            return _again(request, account, made.entry(id))
        try:
            plan = wordlists.delete(catalogue.contents, made, id)
        except BadInput as error:
            return _again(request, account, entry, error.text(languages()[lang].gettext))
        action = _write(catalogue, plan.files, account, _label(entry, id))
    return RedirectResponse(f"{words.address(lang, vocabulary)}?done={action}", 303)


# --- reading what was typed ------------------------------------------------------------------------------------------


def _read(
    catalogue: Catalogue, vocabulary: str, values: Mapping[str, str], id: str, lang: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Return the entry that was typed, and every problem of it; a new one gets an id made from its label."""
    if vocabulary in wordlists.THESAURUS:
        return concept.read(catalogue.contents.frame.vocabularies, vocabulary, values, id, lang)
    typed = boxes.nested({name: values.get(name, "") for name in TERM_BOXES if name in values})
    problems = edits.in_both(typed, ("labels",), ("detail",))
    if not id:
        terms = catalogue.contents.frame.vocabularies.terms[vocabulary]
        typed["id"] = values.get("id") or _proposed(vocabulary, typed, terms)
        if not typed["id"]:
            problems = (*problems, _problem("id", edits.MISSING))
    _made, faults = edits.checked(Term, {"id": id, **typed})
    return typed, (*problems, *faults)


def _proposed(vocabulary: str, typed: Mapping[str, Any], terms: Mapping[str, Term]) -> str:
    label = typed.get("labels", {}).get("fr", "")
    given = vocabulary in wordlists.GIVEN_IDS or not label
    return "" if given else wordlists.proposed_id(label, lambda id: id in terms)


def _typed(form: FormData) -> dict[str, str]:
    typed = boxes.texts(form)
    for name in concept.LINKS:
        if name in typed:
            typed[name] = "\n".join(boxes.every(form, name))
    return typed


def _other(catalogue: Catalogue, vocabulary: str, text: str, id: str, lang: str) -> tuple[str, str]:
    """Return the entry that was named by id or label, and a problem where there is none such."""
    _ = languages()[lang].gettext
    vocabularies = catalogue.contents.frame.vocabularies
    other, problem = concept.Names(words.entries_of(vocabularies, vocabulary)).find(text)
    if not problem and (other is None or other.id == id):
        problem = Problem(concept.FORM, 0, "", N_("Choose another entry of the same list, one that is in use."))
    return (other.id if other else ""), problem.text(_) if problem else ""


def _unchanged(entry: dict[str, Any], form: FormData) -> dict[str, Any] | None:
    """Return an entry if it is as the form saw it. Raises NotFound where it is gone."""
    if not entry:
        raise NotFound
    return entry if edits.digest(entry) == form.get(_SEEN) else None


def _problem(field: str, message: str, **params: object) -> Problem:
    return Problem(concept.FORM, 0, field, message, params)


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(catalogue: Catalogue, changes: Any, account: Account, label: str) -> int:
    return catalogue.write_files(changes, account=account.name, kind="terms", label=label)


def _to(lang: str, vocabulary: str, id: str, action: int) -> Response:
    return RedirectResponse(f"{words.address(lang, vocabulary, id)}?done={action}", 303)


def _label(entry: Mapping[str, Any], id: str) -> str:
    labels = entry.get("labels", {}).get("fr") or id
    return str(labels[0] if isinstance(labels, list) else labels)


def _name(catalogue: Catalogue, vocabulary: str, id: str, lang: str) -> str:
    return catalogue.contents.frame.vocabularies.label(vocabulary, id, lang).text


# --- showing ---------------------------------------------------------------------------------------------------------


def _asked(request: Request) -> tuple[Catalogue, str, str]:
    """Return the catalogue, the list and the id that a page is about (empty: a new entry). Raises NotFound."""
    catalogue: Catalogue = request.app.state.catalogue
    vocabulary = words.known(catalogue.contents, request.path_params["vocabulary"])
    id = request.path_params.get("id", "")
    if not id and vocabulary in wordlists.FIXED:
        raise NotFound
    return catalogue, vocabulary, id


def _led(entry: Mapping[str, Any]) -> bool:
    """Tell whether an entry leads to another, by whose name it would be called."""
    return bool(entry.get("replaced_by"))


def _kind(vocabulary: str) -> str:
    return wordlists.THESAURUS.get(vocabulary, "")


def _names(vocabulary: str) -> tuple[str, ...]:
    if vocabulary in wordlists.THESAURUS:
        return concept.BOXES
    return tuple(name for name in TERM_BOXES if name != "colour" or vocabulary == "shelves")


def _values(vocabulary: str, entry: Mapping[str, Any], lang: str, catalogue: Catalogue) -> dict[str, str]:
    if vocabulary in wordlists.THESAURUS:
        return concept.values(catalogue.contents.frame.vocabularies, entry, lang)
    return boxes.flat(entry)


def _again(request: Request, account: Account, entry: dict[str, Any], problem: str = "", into: str = "") -> Response:
    """Show the page again: with a problem, or as it is now where somebody else changed it."""
    catalogue, vocabulary, _id = _asked(request)
    values = _values(vocabulary, entry, language_of(request), catalogue)
    return _page(request, account, entry, values, {"": problem} if problem else {}, conflict=not problem, into=into)


def _page(
    request: Request,
    account: Account,
    entry: dict[str, Any],
    values: Mapping[str, str],
    problems: Mapping[str, str],
    conflict: bool = False,
    into: str = "",
) -> Response:
    catalogue, vocabulary, id = _asked(request)
    lang, contents = language_of(request), catalogue.contents
    _ = languages()[lang].gettext
    users = wordlists.users(contents, vocabulary, id) if id else ()
    now = _values(vocabulary, entry, lang, catalogue) if conflict else {}
    rows = concept.rows(values, _) if vocabulary in wordlists.THESAURUS else _rows(vocabulary, values, _, not id)
    marked = tuple(
        tuple(_marked(box, problems.get(box.name, ""), now.get(box.name, ""), conflict) for box in row) for row in rows
    )
    presenter = Presenter(catalogue, lang)
    naming = edition(catalogue, vocabulary).naming(id) if id else ()
    free = id and vocabulary not in wordlists.FIXED
    page = WordPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        vocabulary=vocabulary,
        list_name=_(words.list_name(vocabulary)),
        back=words.address(lang, vocabulary),
        here=words.address(lang, vocabulary, id or "new"),
        id=id,
        name=contents.frame.vocabularies.label(vocabulary, id, lang)
        if not _led(entry)
        else Said(_label(entry, id), "fr"),
        new=not id,
        seen=edits.digest(entry),
        rows=marked,
        problem=problems.get("", ""),
        problems=sum(1 for name in problems if name),
        conflict=conflict,
        retired=entry.get("retired") in (True, "true"),
        replaced_by=_name(catalogue, vocabulary, entry["replaced_by"], lang) if entry.get("replaced_by") else "",
        users=tuple(Link(record_address(lang, r.id), r.title.best(lang)) for r in users[:SHOWN]),
        used=len(users),
        published=sum(record.is_public for record in users),
        naming=tuple(Link(words.address(lang, vocabulary, n), presenter.label(vocabulary, n)) for n in naming[:SHOWN]),
        may_retire=bool(free),
        may_merge=bool(free and entry.get("replaced_by") is None),
        may_delete=bool(free and not users and not naming and vocabulary not in wordlists.UNCOUNTED),
        choices=_choices(catalogue, vocabulary, id, lang),
        suggest=addresses.desk(lang, "words/labels") if vocabulary in wordlists.THESAURUS else "",
        thesaurus=vocabulary in wordlists.THESAURUS,
        esco=str(entry.get("uri", "")).startswith("http://data.europa.eu/esco/"),
        into=into,
        done=words.done(request),
    )
    return html("desk_word.html", page, lang, 409 if conflict else 422 if problems else 200)


def _marked(box: Box, problem: str, now: str, conflict: bool) -> Box:
    theirs = now if conflict and now != box.value else ""
    return replace(box, problem=problem, theirs=theirs)


def _rows(vocabulary: str, values: Mapping[str, str], _: Any, new: bool) -> tuple[tuple[Box, ...], ...]:
    def side_by_side(name: str, label: str, hint: str = "", required: bool = False) -> tuple[Box, ...]:
        return tuple(
            Box(
                f"{name}.{code}",
                label,
                values.get(f"{name}.{code}", ""),
                lang=code,
                hint=hint,
                required=required and code != "en",
            )
            for code in ("fr", "nl", "en")
        )

    rows = [side_by_side("labels", _(N_("Label")), required=True), side_by_side("detail", _(N_("Second line")))]
    last = [
        Box(
            "order",
            _(N_("Order")),
            values.get("order", ""),
            "number",
            hint=_(N_("A number; without numbers, the list keeps its order.")),
        )
    ]
    if vocabulary == "shelves":
        options = (("", "–"), *((theme, theme) for theme in (*THEMES, "neutral")))
        last.append(Box("colour", _(N_("Colour")), values.get("colour", ""), "choice", options=options))
    last.append(Box("url", _(N_("Web address")), values.get("url", "")))
    if new:
        given = vocabulary in wordlists.GIVEN_IDS
        hint = "" if given else _(N_("Left empty, it is made from the French label. It never changes afterwards."))
        last.insert(0, Box("id", _(N_("Id")), values.get("id", ""), hint=hint, required=given))
    return (*rows, tuple(last))


def record_address(lang: str, id: str) -> str:
    """Return the page of the desk where a record is corrected."""
    return addresses.desk(lang, f"records/{id}")


def _choices(catalogue: Catalogue, vocabulary: str, id: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the entries that another can be replaced by, where the list is short enough to be chosen from."""
    if vocabulary in wordlists.THESAURUS:
        return ()
    terms = catalogue.contents.frame.vocabularies.terms[vocabulary].values()
    return tuple((term.id, term.labels.best(lang).text) for term in terms if not term.retired and term.id != id)


def _show_merge(request: Request, account: Account, entry: dict[str, Any], into: str, plan: wordlists.Plan) -> Response:
    catalogue, vocabulary, id = _asked(request)
    lang = language_of(request)
    labels = entry["labels"] if vocabulary in wordlists.THESAURUS else {}
    vocabularies = catalogue.contents.frame.vocabularies
    page = MergePage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        here=words.address(lang, vocabulary, id),
        name=Said(_label(entry, id), "und"),
        into=into,
        into_name=vocabularies.label(vocabulary, into, lang),
        seen=edits.digest(entry),
        thesaurus=vocabulary in wordlists.THESAURUS,
        words=tuple(Said(", ".join(items), code) for code, items in labels.items()),
        users=tuple(Link(record_address(lang, r.id), r.title.best(lang)) for r in plan.records[:SHOWN]),
        used=len(plan.records),
    )
    return html("desk_word_merge.html", page, lang)

"""``/desk/{lang}/words/{vocabulary}/{id}``: an entry of a list of words, to correct, add, retire, merge, take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from catalogue import edits, wordlists
from catalogue.errors import N_, BadInput, NotFound, Problem
from catalogue.state import Account
from catalogue.web.desk import boxes, concept, new_word, word_form, words
from catalogue.web.desk.word_asked import Asked, label_of
from catalogue.web.desk.word_pages import entry_page, merge_page
from catalogue.writing import Change

TAKEN = N_("“%(id)s” is the id of another entry.")
_SEEN, _DO = "seen", "do"


def show(request: Request, account: Account) -> Response:
    """Show an entry as it is, or an empty one for ``new``."""
    asked = Asked(request, account)
    entry = asked.edition().entry(asked.id) if asked.id else {}
    kind = wordlists.THESAURUS.get(asked.vocabulary, "")
    if asked.id and (not entry or kind not in ("", entry.get("kind"))):
        raise NotFound
    given = word_form.values(asked, entry) | ({} if asked.id else new_word.begun(request))
    return entry_page(asked, entry, given, {})


def take(request: Request, account: Account, form: FormData) -> Response:
    """Carry out what a button of the page asks for."""
    asked = Asked(request, account)
    actions = {"retire": _retire, "restore": _retire, "merge": _merge, "delete": _delete}
    do = str(form.get(_DO, "save"))
    if do.startswith("use:"):
        return new_word.use(request, account, do.removeprefix("use:"))
    action = actions.get(do)
    with asked.catalogue.writer.turn():
        edition = asked.edition()
        entry = edition.entry(asked.id) if asked.id else {}
        if not entry and (asked.id or action):
            raise NotFound
        if action is None:
            return _save(asked, edition, entry, form)
        if edits.digest(entry) != form.get(_SEEN):
            return _again(asked, entry)
        return action(asked, edition, entry, form)


def _save(asked: Asked, edition: wordlists.Edition, entry: dict[str, Any], form: FormData) -> Response:
    given = word_form.typed(form)
    typed, problems = word_form.read(asked, given)
    id = asked.id or typed.get("id", "")
    if not asked.id and id and edition.entry(id):
        problems = (*problems, Problem(concept.FORM, 0, "id", TAKEN, {"id": id}))
    if asked.id and edits.digest(entry) != form.get(_SEEN):
        return entry_page(asked, entry, given, {}, conflict=True)
    names = word_form.names(asked)
    if problems:
        found = boxes.problems_by_box(problems, ("id", *names), asked.gettext)
        if new_word.wants_json(asked.request):
            return new_word.refused(found)
        return entry_page(asked, entry, given, found)
    if asked.is_thesaurus:
        action = concept.save(asked.catalogue, edition, entry, typed, asked.account.name)
    else:
        edition.put({"id": id, **boxes.over({k: v for k, v in entry.items() if k != "id"}, typed, names)})
        action = _write(asked, edition.changes(), label_of(typed, id))
    if not asked.id and (fetched := new_word.fetched(asked.request, asked.account, asked.vocabulary, id)):
        return fetched
    return _to(asked, id, action)


def _retire(asked: Asked, edition: wordlists.Edition, entry: dict[str, Any], form: FormData) -> Response:
    """Let an entry no longer be offered, or offer it again; what names it keeps it."""
    if asked.is_fixed:
        return _again(asked, entry)
    kept = {key: value for key, value in entry.items() if key not in ("retired", "replaced_by")}
    if form.get(_DO) == "retire":
        kept["retired"] = True
        if other := str(form.get("replaced_by", "")).strip():
            kept["replaced_by"], problem = _other(asked, other)
            if problem:
                return _again(asked, entry, problem)
    edition.put(kept)
    return _to(asked, asked.id, _write(asked, edition.changes(), label_of(kept, asked.id)))


def _merge(asked: Asked, edition: wordlists.Edition, entry: dict[str, Any], form: FormData) -> Response:
    """Show what a merge would change; where that was seen (``sure``), do it."""
    named, sure = str(form.get("into", "")), bool(form.get("sure"))
    into, problem = _other(asked, named)
    if problem:
        return _again(asked, entry, problem, into=named)
    try:
        keep_words = not sure or form.get("words") == "1"
        plan = wordlists.merge(asked.catalogue.contents, edition, asked.id, into, keep_words)
    except BadInput as error:
        return _again(asked, entry, error.text(asked.gettext))
    if not sure:
        return merge_page(asked, entry, into, plan)
    changes = (*plan.files, *asked.catalogue.changes(plan.records))
    return _to(asked, into, _write(asked, changes, f"{label_of(entry, asked.id)} → {asked.name(into)}"))


def _delete(asked: Asked, edition: wordlists.Edition, entry: dict[str, Any], _form: FormData) -> Response:
    try:
        plan = wordlists.delete(asked.catalogue.contents, edition, asked.id)
    except BadInput as error:
        return _again(asked, entry, error.text(asked.gettext))
    return _to(asked, "", _write(asked, plan.files, label_of(entry, asked.id)))


def _other(asked: Asked, text: str) -> tuple[str, str]:
    """Return the entry that was named by id or label, and a problem where there is none such."""
    other, problem = concept.Names(words.entries_of(asked.vocabularies, asked.vocabulary)).find(text)
    if not problem and (other is None or other.id == asked.id):
        problem = Problem(concept.FORM, 0, "", N_("Choose another entry of the same list, one that is in use."))
    return (other.id if other else ""), problem.text(asked.gettext) if problem else ""


def _again(asked: Asked, entry: Mapping[str, Any], problem: str = "", into: str = "") -> Response:
    """Show the page again: with a problem, or as it is now where somebody else changed it."""
    given = word_form.values(asked, entry)
    return entry_page(asked, entry, given, {"": problem} if problem else {}, conflict=not problem, into=into)


def _write(asked: Asked, changes: Sequence[Change], label: str) -> int:
    return asked.catalogue.write_files(changes, account=asked.account.name, kind="terms", label=label)


def _to(asked: Asked, id: str, action: int) -> Response:
    """Lead to an entry, or to the list, where the action is told."""
    return RedirectResponse(f"{words.address(asked.lang, asked.vocabulary, id)}?done={action}", 303)

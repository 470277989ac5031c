"""What the pages of an entry of a list of words show: the entry and its uses, and what a merge would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from catalogue import edits, wordlists
from catalogue.resource import Resource
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.desk import boxes, new_word, word_form, words
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.word_asked import Asked, label_of
from catalogue.web.frame import Frame, make_frame
from catalogue.web.pages import Link
from catalogue.web.present import Presenter
from catalogue.web.render import html

SHOWN = 30
"""Records that use an entry, named on its page."""


@dataclass(frozen=True)
class Uses:
    """The records that name an entry: the first of them, how many there are, how many visitors see."""

    links: tuple[Link, ...]
    count: int
    published: int


@dataclass(frozen=True)
class May:
    """What can be done with an entry beside correcting it."""

    retire: bool
    merge: bool
    delete: bool


@dataclass(frozen=True)
class WordPage:
    """One entry. ``rows``: boxes that stand side by side; ``naming``: entries that lead to it.

    ``errand``: it is added for a record form; ``alike``: entries, by id and label, that may be what a new one means;
    ``conflict``: somebody else saved it meanwhile; ``choices``, ``suggest``: what can be named to take its place, from
    a short list or as labels are typed; ``into``: what was.
    """

    frame: Frame
    desk: Desk
    list_name: str
    back: str
    here: str
    id: str
    name: Said
    seen: str
    rows: boxes.Rows
    problem: str
    problems: int
    conflict: bool
    retired: bool
    replaced_by: str
    uses: Uses
    naming: tuple[Link, ...]
    may: May
    choices: tuple[tuple[str, str], ...]
    suggest: str
    esco: bool
    into: str
    done: str
    errand: bool
    alike: tuple[tuple[str, str], ...]

    @property
    def new(self) -> bool:
        """Whether it is not in the list yet."""
        return not self.id


@dataclass(frozen=True)
class MergePage:
    """What a merge would do, before it is done. ``words``: the labels that could become the other entry's."""

    frame: Frame
    desk: Desk
    here: str
    name: Said
    into: str
    into_name: Said
    seen: str
    words: tuple[Said, ...]
    uses: Uses


def entry_page(
    asked: Asked,
    entry: Mapping[str, Any],
    given: Mapping[str, str],
    problems: Mapping[str, str],
    conflict: bool = False,
    into: str = "",
) -> Response:
    """Show an entry (empty: a new one), its boxes filled with what is ``given``, the ``problems`` by box."""
    users = wordlists.users(asked.catalogue.contents, asked.vocabulary, asked.id) if asked.id else ()
    naming = asked.edition().naming(asked.id) if asked.id else ()
    page = WordPage(
        frame=make_frame(asked.request),
        desk=make_desk(asked.request, asked.account),
        list_name=asked.gettext(words.NAMES.get(asked.vocabulary, asked.vocabulary)),
        back=new_word.back(asked.request) or words.address(asked.lang, asked.vocabulary),
        here=asked.here + new_word.errand_query(asked.request),
        id=asked.id,
        name=_name(asked, entry),
        seen=edits.digest(entry),
        rows=_rows(asked, given, problems, entry if conflict else {}),
        problem=problems.get("", ""),
        problems=sum(1 for name in problems if name),
        conflict=conflict,
        retired=entry.get("retired") in (True, "true"),
        replaced_by=asked.name(entry["replaced_by"]) if entry.get("replaced_by") else "",
        uses=_uses(users, asked.lang),
        naming=_naming(asked, naming),
        may=_may(asked, entry, bool(users or naming)),
        choices=_choices(asked),
        suggest=addresses.desk(asked.lang, "words/labels") if asked.is_thesaurus else "",
        esco=str(entry.get("uri", "")).startswith("http://data.europa.eu/esco/"),
        into=into,
        done=words.done(asked.request),
        errand=bool(new_word.errand_query(asked.request)),
        alike=() if asked.id else new_word.alike(asked.request, asked.vocabulary, given),
    )
    return html("desk_word.html", page, asked.lang, 409 if conflict else 422 if problems else 200)


def merge_page(asked: Asked, entry: Mapping[str, Any], into: str, plan: wordlists.Plan) -> Response:
    """Show what a merge would change."""
    labels = entry["labels"] if asked.is_thesaurus else {}
    page = MergePage(
        frame=make_frame(asked.request),
        desk=make_desk(asked.request, asked.account),
        here=asked.here,
        name=Said(label_of(entry, asked.id), "und"),
        into=into,
        into_name=asked.vocabularies.label(asked.vocabulary, into, asked.lang),
        seen=edits.digest(entry),
        words=tuple(Said(", ".join(items), code) for code, items in labels.items()),
        uses=_uses(plan.records, asked.lang),
    )
    return html("desk_word_merge.html", page, asked.lang)


def _name(asked: Asked, entry: Mapping[str, Any]) -> Said:
    """Return what an entry is called; one that leads to another by its own name, not the other's."""
    if entry.get("replaced_by"):
        return Said(label_of(entry, asked.id), "fr")
    return asked.vocabularies.label(asked.vocabulary, asked.id, asked.lang)


def _rows(asked: Asked, given: Mapping[str, str], problems: Mapping[str, str], entry: Mapping[str, Any]) -> boxes.Rows:
    """Return the boxes; ``entry``: as somebody else saved it meanwhile."""
    return boxes.marked(word_form.rows(asked, given), problems, word_form.values(asked, entry) if entry else {})


def _uses(records: Sequence[Resource], lang: str) -> Uses:
    links = (Link(addresses.desk(lang, f"records/{r.id}"), r.title.best(lang)) for r in records[:SHOWN])
    return Uses(tuple(links), len(records), sum(record.is_public for record in records))


def _naming(asked: Asked, ids: Sequence[str]) -> tuple[Link, ...]:
    label, lang = Presenter(asked.catalogue, asked.lang).label, asked.lang
    return tuple(Link(words.address(lang, asked.vocabulary, id), label(asked.vocabulary, id)) for id in ids[:SHOWN])


def _may(asked: Asked, entry: Mapping[str, Any], used: bool) -> May:
    free = bool(asked.id) and not asked.is_fixed
    kept = used or asked.vocabulary in wordlists.UNCOUNTED
    return May(free, free and entry.get("replaced_by") is None, free and not kept)


def _choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the entries that another can be replaced by, where the list is short enough to be chosen from."""
    if asked.is_thesaurus:
        return ()
    terms = asked.vocabularies.terms[asked.vocabulary].values()
    offered = (term for term in terms if not term.retired and term.id != asked.id)
    return tuple((term.id, term.labels.best(asked.lang).text) for term in offered)

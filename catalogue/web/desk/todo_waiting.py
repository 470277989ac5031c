"""What waits on each to-do list and what of it is put aside; what the lists are called, and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from catalogue import todo
from catalogue.contents import Contents
from catalogue.custody import may_change, tied_to
from catalogue.errors import N_, NotFound
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.state.dismissals import Dismissal
from catalogue.todo import LISTS, Item
from catalogue.web import addresses
from catalogue.web.present import Presenter

NAMES: Mapping[str, tuple[str, str]] = {
    "faults": (N_("Files with an error"), N_("Visitors do not see them: mend the line that is named.")),
    "reports": (N_("Reported by visitors"), N_("Look at it, mend it, then put the report aside.")),
    "edits": (N_("My unfinished edits"), N_("Typed and not yet saved: go on, or give up.")),
    "drafts": (N_("Drafts"), N_("Finish them and publish them.")),
    "terms": (N_("Unknown terms and missing files"), N_("A word that is in no list, a file that is not there.")),
    "unread": (
        N_("Files that cannot be read"),
        N_("Visitors cannot open them, or search does not look inside: replace the file."),
    ),
    "scans": (N_("PDFs that are only pictures"), N_("Search does not look inside them: put in one with a text.")),
    "no-holding": (N_("No way to get it"), N_("Add a link, a shelf mark or a file, or weed.")),
    "past": (N_("Past events"), N_("Visitors no longer find them: give new dates, or weed.")),
    "captions": (
        N_("Films without subtitles"),
        N_("Subtitles for films, a text for recordings, in French and in Dutch; and subtitles to correct."),
    ),
    "review": (N_("To check again"), N_("The day by which to check them is past.")),
    "duplicates": (N_("Perhaps the same document twice"), N_("Compare the two, merge them or keep them apart.")),
    "to-dutch": (N_("To translate into Dutch"), N_("Published, with a text that has no Dutch.")),
    "to-french": (N_("To translate into French"), N_("Published, with a text that has no French.")),
    "unchecked": (N_("Never checked"), N_("Published, and nobody has noted that the content was checked.")),
    "no-results": (N_("Searched, nothing found"), N_("A word to add to a record, or a document to acquire.")),
}
"""What a list is called, and what is to be done with it."""


@dataclass(frozen=True)
class Count:
    """A list on the desk's home."""

    name: str
    label: str
    detail: str
    href: str
    count: int


@dataclass(frozen=True)
class Waiting:
    """The items of a list that wait, and those put aside with who did."""

    items: Sequence[Item]
    aside: Sequence[tuple[Item, Dismissal]]

    @classmethod
    def of(cls, items: Sequence[Item], aside: Mapping[str, Dismissal]) -> Waiting:
        """Part items by what was put aside, by its key."""
        if not aside:
            return cls(items, ())
        put_aside = [(item, aside[item.key]) for item in items if item.key in aside]
        return cls([item for item in items if item.key not in aside], put_aside)


def counts(catalogue: Catalogue, account: Account, presenter: Presenter) -> tuple[Count, ...]:
    """Return every list with what waits on it. Raises StateUnavailable."""
    aside = catalogue.state.dismissals.all()

    def count(name: str) -> Count:
        label, detail = map(presenter._, NAMES[name])
        waits = Waiting.of(items_of(catalogue, account, name), aside.get(name, {})).items
        return Count(name, label, detail, address(presenter.lang, name), len(waits))

    return tuple(map(count, LISTS))


def waiting(catalogue: Catalogue, account: Account, name: str) -> Waiting:
    """Return what waits on a list, or on the part of it behind a point. Raises StateUnavailable."""
    aside = catalogue.state.dismissals.all().get(whole(name), {})
    return Waiting.of(items_of(catalogue, account, name), aside)


def items_of(catalogue: Catalogue, account: Account, name: str) -> Sequence[Item]:
    """Return every item of a list, put aside or not, but for those about records that ``account`` may not change.

    Unfinished edits are its own. Raises StateUnavailable.
    """
    items, contents = _every(catalogue, account, name), catalogue.contents
    if not tied_to(account, contents.frame.vocabularies):
        return items
    return [item for item in items if _is_theirs(item, account, contents)]


def _is_theirs(item: Item, account: Account, contents: Contents) -> bool:
    """Tell whether an account may do something about an item: about one of its records, or about no record."""
    about = [contents.records[id] for id in (item.id, item.other) if id in contents.records]
    return not about or any(may_change(account, record, contents.frame.vocabularies) for record in about)


def _every(catalogue: Catalogue, account: Account, name: str) -> Sequence[Item]:
    if whole(name) == "edits":
        return todo.edits(catalogue.state.drafts.of(account.name))
    if whole(name) == "reports":
        return catalogue.todo.reported(catalogue.state.problem_reports())
    if whole(name) in ("unread", "scans"):
        return todo.unsearched(catalogue.contents, catalogue.file_problems, whole(name))
    if whole(name) == "no-results":
        return todo.questions(catalogue.state.zero_results())
    return catalogue.todo.items(name, catalogue.now())


def whole(name: str) -> str:
    """Return the list of which ``name`` may be a part: ``to-dutch`` for ``to-dutch.summary``. Raises NotFound."""
    found = name.partition(".")[0]
    if found not in LISTS:
        raise NotFound
    return found


def address(lang: str, name: str, **asked: str) -> str:
    """Return the address of a list."""
    return addresses.desk(lang, f"todo/{quote(name)}") + (f"?{urlencode(asked)}" if asked else "")


def dismissal(presenter: Presenter, name: str) -> str:
    """Return the words of the button that puts aside."""
    return presenter._(N_("Handled") if name == "reports" else N_("Nothing to do here"))

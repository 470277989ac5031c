"""Many records changed together: one value added, removed, replaced or set, the beginning of addresses replaced.

An ``Edit`` says what is wanted; ``preview`` what it would do to each record, and to which it cannot be done, and why.
Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.errors import N_, BadInput, InvalidRecord, Problem
from catalogue.folding import fold
from catalogue.resource import FIELDS, Resource
from catalogue.shapes import Choice, Code, Day, Line, Many, Number, Place, Shape, Truth, Words, as_value
from catalogue.values import TEXT_LANGUAGES
from catalogue.vocabulary import Vocabularies
from catalogue.yamlfile import Document

ADDRESSES = "addresses"
"""The name of what is no field: every web address of a record, of which the beginning can be replaced."""

DEEDS = {"list": ("add", "remove", "replace"), "single": ("set", "fill", "replace", "clear"), "addresses": ("replace",)}
"""What can be done, by the form of a field."""

NEEDS = {"add": ("new",), "remove": ("old",), "replace": ("old", "new"), "set": ("new",), "fill": ("new",), "clear": ()}
"""The values each of them needs."""

SENTENCES = {
    "add": N_("%(field)s: “%(new)s” added"),
    "remove": N_("%(field)s: “%(old)s” removed"),
    "replace": N_("%(field)s: “%(old)s” becomes “%(new)s”"),
    "set": N_("%(field)s: “%(new)s” everywhere"),
    "fill": N_("%(field)s: “%(new)s” where there was none"),
    "clear": N_("%(field)s: emptied"),
}
"""What was done, in a sentence of the history."""

SAME = N_("Already so.")
ABSENT = N_("This value is not there.")
FILLED = N_("There is a value already.")
OF_OTHERS = N_("Of another centre: its own staff can change it.")
NO_ADDRESS = N_("No address begins like this.")
_REASONS = {"add": SAME, "remove": ABSENT, "replace": ABSENT, "set": SAME, "fill": FILLED, "clear": SAME}

_BY_HAND = ("replaces", "added")  # each record's own: never the same in many
_SIMPLE = Code | Choice | Number | Day | Line | Truth


@dataclass(frozen=True, slots=True)
class Editable:
    """Something that can be changed in many records. ``form``: ``list``, ``single`` or ``addresses``."""

    name: str  # a field; keywords.fr for the words of one language
    label: str
    form: str
    shape: Shape[Any]  # of one value
    lang: str = ""

    @property
    def vocabulary(self) -> str:
        """The vocabulary its values come from; empty where they come from none."""
        return self.shape.vocabulary if isinstance(self.shape, Code) else ""


def _editables() -> Iterable[Editable]:
    for name, field in FIELDS.items():
        shape = field.shape
        if isinstance(shape, Words):
            yield from (Editable(f"{name}.{lang}", field.label, "list", Line(), lang) for lang in TEXT_LANGUAGES)
        elif name in _BY_HAND:
            continue
        elif isinstance(shape, Many) and isinstance(shape.shape, _SIMPLE):
            yield Editable(name, field.label, "list", shape.shape)
        elif isinstance(shape, _SIMPLE):
            yield Editable(name, field.label, "single", shape)
    yield Editable(ADDRESSES, N_("Beginning of web addresses"), "addresses", Line())


EDITABLES: Mapping[str, Editable] = {editable.name: editable for editable in _editables()}
"""What can be changed in many records at once, by name, in the order of a file."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change wanted: what to do (a key of ``NEEDS``) to which field, from which value, to which."""

    field: str
    does: str
    old: str = ""
    new: str = ""

    @classmethod
    def asked(cls, field: str, does: str, old: str, new: str, vocabularies: Vocabularies) -> Edit:
        """Return the change that a form asks for: labels become ids. Raises BadInput, with ``field`` in ``params``."""
        editable = EDITABLES.get(field)
        if editable is None or does not in DEEDS[editable.form]:
            raise BadInput(N_("Choose what is to be done."), field="does")
        old, new = old.strip() if "old" in NEEDS[does] else "", new.strip() if "new" in NEEDS[does] else ""
        for name, value in (("old", old), ("new", new)):
            if name in NEEDS[does] and not value:
                raise BadInput(N_("Say which value."), field=name)
        if editable.form == "addresses":
            return cls(field, does, _beginning(old, "old"), _beginning(new, "new"))
        old = _id_of(editable, old, vocabularies)
        new = _id_of(editable, new, vocabularies)
        _check(editable, new, vocabularies)
        return cls(field, does, old, new)

    def on(self, record: Resource) -> Mapping[str, Any]:
        """Return the mapping of a record's file after the change, the same where nothing changes."""
        mapping = record.to_mapping()
        if self.field == ADDRESSES:
            return _moved(mapping, self.old, self.new)
        name, _, lang = self.field.partition(".")
        outer = dict(mapping.get(name) or {}) if lang else mapping
        key = lang or name
        plain = outer.get(key)
        value: Any = self._list(plain or []) if EDITABLES[self.field].form == "list" else self._single(plain)
        changed = {**outer, key: value}
        if not value:
            del changed[key]
        return {**mapping, name: changed} if lang else changed

    def _list(self, values: Sequence[str]) -> list[str]:
        if self.does == "add":
            return [*values, *([] if self.new in values else [self.new])]
        if self.does == "remove":
            return [value for value in values if value != self.old]
        return list(dict.fromkeys(self.new if value == self.old else value for value in values))

    def _single(self, value: Any) -> Any:
        plain = as_value(value)
        wanted = {"set": True, "fill": not plain, "replace": plain == self.old, "clear": True}[self.does]
        return self.new if wanted else value


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. ``changes``: each record before and after; ``stays``: how many, by why (a msgid);
    ``refused``: those that would be no right record any more, with what would be wrong."""

    changes: tuple[tuple[Resource, Resource], ...]
    stays: Mapping[str, int]
    refused: tuple[tuple[Resource, tuple[Problem, ...]], ...]


def preview(
    edit: Edit,
    records: Iterable[Resource],
    vocabularies: Vocabularies,
    may: Callable[[Resource], bool] = lambda record: True,
) -> Preview:
    """Return what a change would do to these records. ``may``: whether who wants it may change a record."""
    changes: list[tuple[Resource, Resource]] = []
    refused: list[tuple[Resource, tuple[Problem, ...]]] = []
    stays: Counter[str] = Counter()
    for record in records:
        wanted = edit.on(record)
        if as_value(wanted) == as_value(record.to_mapping()):
            stays[NO_ADDRESS if edit.field == ADDRESSES else _REASONS[edit.does]] += 1
            continue
        if not may(record):
            stays[OF_OTHERS] += 1
            continue
        try:
            changes.append((record, Resource.from_mapping(record.id, wanted, vocabularies)))
        except InvalidRecord as error:
            refused.append((record, error.problems))
    return Preview(tuple(changes), stays, tuple(refused))


def values_in(editable: Editable, records: Iterable[Resource]) -> Mapping[str, int]:
    """Return the values these records have, with how many have each; those that most have come first."""
    name, _, lang = editable.name.partition(".")
    counted: Counter[str] = Counter()
    for record in records:
        value = record.to_mapping().get(name)
        value = (value or {}).get(lang) if lang else value
        values = value if isinstance(value, list) else [value] if value else []
        counted.update({str(as_value(item)) for item in values})
    return dict(counted.most_common())


# --- inside ------------------------------------------------------------------------------------------------------


def _id_of(editable: Editable, typed: str, vocabularies: Vocabularies) -> str:
    """Return the id of a term that was typed by its label in any language, or what was typed."""
    if not editable.vocabulary or not typed:
        return typed
    terms = vocabularies.terms.get(editable.vocabulary, {})
    labels: dict[str, Iterable[str]] = {id: term.labels.values() for id, term in terms.items()}
    if editable.vocabulary in ("subjects", "occupations"):
        labels = {id: vocabularies.concepts[id].all_labels for id in vocabularies.known(editable.vocabulary)}
    if typed in labels:
        return typed
    wanted = fold(typed)
    return next((id for id, names in labels.items() if wanted in map(fold, names)), typed)


def _check(editable: Editable, value: str, vocabularies: Vocabularies) -> None:
    """Raise BadInput where a new value is not what the field takes; a term has to be one of its list."""
    problems: list[Problem] = []
    if value:
        editable.shape.read(value, Place(Document(Path("form"), None), problems, vocabularies))
    if problems:
        raise BadInput(problems[0].message, **{**problems[0].params, "field": "new"})


def _beginning(typed: str, field: str) -> str:
    if not typed.startswith(("http://", "https://")) or len(typed) < len("http://x") or any(c in typed for c in ' <>"'):
        message = N_("“%(value)s” is not a web address; it begins with https://")
        raise BadInput(message, value=typed, field=field)
    return typed


def _moved(mapping: Mapping[str, Any], old: str, new: str) -> Mapping[str, Any]:
    """Return a record's mapping with the beginning of its addresses replaced: of holdings, and of dates."""

    def one(entry: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        address = str(entry.get(key, ""))
        return {**entry, key: new + address.removeprefix(old)} if address.startswith(old) else entry

    places = (("holdings", "url"), ("dates", "register"))
    moved = {name: [one(entry, key) for entry in mapping[name]] for name, key in places if name in mapping}
    return {**mapping, **moved}

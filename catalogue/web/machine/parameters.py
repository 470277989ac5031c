"""What an endpoint of the API can be asked: each parameter says what it is, and reads by that what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from catalogue.errors import N_, BadInput
from catalogue.i18n import DEFAULT, languages
from catalogue.query import MAX_TEXT, NOT_ASKED, clamped, clean
from catalogue.shapes import ID

Schema = Mapping[str, Any]
"""A JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it)."""


class Form(Protocol):
    """What the value of a parameter can be."""

    @property
    def schema(self) -> Schema:
        """What it is, for those who write programs."""
        ...

    def read(self, name: str, given: Sequence[str]) -> Any:
        """Return the value of what was sent, or its default where ``given`` is empty. Raises BadInput."""
        ...


@dataclass(frozen=True)
class Words:
    """What somebody types: cleaned, and cut where it is longer than a search looks at."""

    default: str = ""

    @property
    def schema(self) -> Schema:
        return {"type": "string", "default": self.default}

    def read(self, name: str, given: Sequence[str]) -> str:
        return clean(given[-1])[:MAX_TEXT].strip() if given else self.default


@dataclass(frozen=True)
class OneOf:
    """One word of a fixed few; ``message`` names the ``value`` that is none of them."""

    words: tuple[str, ...]
    default: str
    message: str

    @property
    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.words), "default": self.default}

    def read(self, name: str, given: Sequence[str]) -> str:
        value = given[-1] if given else self.default
        if value not in self.words:
            raise BadInput(self.message, field=name, value=clean(value)[:40])
        return value


@dataclass(frozen=True)
class Bounded:
    """A whole number, or the nearest bound to it; what is no number is as if nothing was sent."""

    low: int
    high: int
    default: int

    @property
    def schema(self) -> Schema:
        return {"type": ["integer", "string"], "default": self.default}

    def read(self, name: str, given: Sequence[str]) -> int:
        return clamped(given[-1], self.low, self.high, self.default) if given else self.default


@dataclass(frozen=True)
class Several:
    """Values of which one must be there; ``known`` names them where they are the same everywhere."""

    known: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        examples = {"examples": [list(self.known)]} if self.known else {}
        return {"type": "array", "items": {"type": "string"}, **examples}

    def read(self, name: str, given: Sequence[str]) -> tuple[str, ...]:
        return tuple(given)


class RecordId:
    """The id of a record, or nothing."""

    @property
    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{ID.pattern}$"}

    def read(self, name: str, given: Sequence[str]) -> str:
        if given and not ID.fullmatch(given[-1]):
            raise BadInput(N_("“%(value)s” is not the id of a record."), field=name, value=clean(given[-1])[:40])
        return given[-1] if given else ""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address. ``about``: a msgid; ``place``: ``query`` or ``path``."""

    name: str
    about: str
    form: Form
    place: str = "query"


UNKNOWN_LANGUAGE = N_("“%(value)s” is not a language of this site.")
_LANG = N_("The language of the interface: of labels, reasons, messages, and of the pages that “url” leads to.")


def language(default: str = DEFAULT) -> Parameter:
    """Return the parameter that says in which language one is answered."""
    return Parameter("lang", _LANG, OneOf(tuple(languages()), default, UNKNOWN_LANGUAGE))


LANG = language()
ID_IN_PATH = Parameter("id", N_("The id of a record; it never changes and is never given again."), RecordId(), "path")


def read(parameters: Sequence[Parameter], given: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the value of every parameter of an address by name. Raises BadInput for what cannot be asked."""
    asked = {parameter.name: parameter for parameter in parameters if parameter.place == "query"}
    sent: dict[str, list[str]] = {name: [] for name in asked}
    for name, value in given:
        if name not in asked:
            raise BadInput(NOT_ASKED, field=clean(name)[:40])
        sent[name].append(value)
    return {name: asked[name].form.read(name, values) for name, values in sent.items()}

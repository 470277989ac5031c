"""The plain value of any declared field in words: lines of text, each in its language."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from catalogue.errors import N_
from catalogue.fields import WORD_NAMES
from catalogue.resource import FIELDS
from catalogue.shapes import Code, Group, Many, Shape, Truth, declared
from catalogue.values import UNDETERMINED, Said
from catalogue.web.present import USES, Presenter

_WORDS: Mapping[str, Mapping[str, str]] = {"status": WORD_NAMES, "use": USES}


def lines(presenter: Presenter, name: str, value: Any) -> tuple[Said, ...]:
    """Return what a field of a record holds (as ``to_mapping`` has it), line by line; nothing where it is empty."""
    return tuple(_lines(presenter, name, FIELDS[name].shape, value)) if value not in (None, "", [], {}) else ()


def _lines(presenter: Presenter, name: str, shape: Shape[Any], value: Any) -> list[Said]:
    if isinstance(value, list):
        inner = shape.shape if isinstance(shape, Many) else shape
        if isinstance(inner, Group):
            return [line for item in value for line in _lines(presenter, name, inner, item)]
        each = [line.text for item in value for line in _lines(presenter, name, inner, item)]
        return [Said(", ".join(each), UNDETERMINED)]
    if isinstance(value, Mapping):
        return _group(presenter, shape, value) if isinstance(shape, Group) else _by_language(value)
    return [_one(presenter, name, shape, value)]


def _by_language(value: Mapping[str, Any]) -> list[Said]:
    return [Said(", ".join(text) if isinstance(text, list) else str(text), lang) for lang, text in value.items()]


def _group(presenter: Presenter, shape: Group[Any], value: Mapping[str, Any]) -> list[Said]:
    fields, said = declared(shape.group), []
    for name, item in value.items():
        text = " / ".join(line.text for line in _lines(presenter, name, fields[name].shape, item))
        said.append(presenter._(N_("%(what)s: %(which)s")) % {"what": presenter._(fields[name].label), "which": text})
    return [Said(" · ".join(said), UNDETERMINED)]


def _one(presenter: Presenter, name: str, shape: Shape[Any], value: Any) -> Said:
    if isinstance(shape, Code):
        return presenter.label(shape.vocabulary, str(value))
    if isinstance(shape, Truth):
        return Said(presenter._(N_("yes") if value else N_("no")), presenter.lang)
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return Said(presenter.language.day(value), presenter.lang)
    words = _WORDS.get(name, {})
    if value in words:
        return Said(presenter._(words[value]), presenter.lang)
    return presenter.label("themes", str(value)) if name == "themes" else Said(str(value), UNDETERMINED)

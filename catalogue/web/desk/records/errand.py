"""Errands away from the record form: to add a file or a term, and back, without a script and without losing a word.

The form is kept as a draft, the page of the errand carries which draft and which field it is for, and what is brought
back is put into that field of the draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from catalogue import shapes
from catalogue.resource import FIELDS
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.state.drafts import Form
from catalogue.web import addresses, forms
from catalogue.wordlists import EXTENDABLE

BEGIN_FILE, BEGIN_NAME = "begin.file", "begin.name"
"""The fields of a file with which a new record begins, and of what its owner calls it."""

_LONGEST = 120


@dataclass(frozen=True)
class Errand:
    """Something is fetched for ``field`` of the draft ``key``; ``came``: the to-do list the form was opened from."""

    key: str
    field: str
    came: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Errand | None:
        """Return the errand that the parameters of an address tell of, if any."""
        key, field, came = (params.get(name, "")[:_LONGEST] for name in ("draft", "field", "from"))
        return cls(key, field, came) if key.startswith(("new/", "record/")) and field else None

    def query(self, **more: str) -> str:
        """Return the errand as the end of an address."""
        params = {"draft": self.key, "field": self.field, "from": self.came, **more}
        return f"?{urlencode({name: value for name, value in params.items() if value})}"

    def form(self, lang: str) -> str:
        """Return the form with its draft, at the field that the errand was for."""
        id = self.key.removeprefix("record/") if self.key.startswith("record/") else ""
        params = {"draft": "1" if id else self.key, **({"from": self.came} if self.came else {})}
        place = "section-begin" if self.field == BEGIN_FILE else f"f-{self.field.replace('.', '-')}"
        return f"{addresses.desk(lang, f'records/{id}' if id else 'records/new')}?{urlencode(params)}#{place}"

    def bring(self, catalogue: Catalogue, account: Account, value: str, name: str = "") -> None:
        """Put what was fetched into the draft; ``name``: what the owner of a file calls it. A draft that is gone stays
        gone."""
        draft = catalogue.state.drafts.get(account.name, self.key)
        if draft:
            catalogue.state.drafts.put(account.name, self.key, self._put(draft.form, value, name), draft.seen)

    def _put(self, form: Form, value: str, name: str) -> Form:
        gone = {f"{self.field}.{forms.ADD}", f"{self.field}.{forms.OFFERED}", BEGIN_NAME}
        if not _takes_many(self.field):
            gone.add(self.field)
        kept = [(key, old) for key, old in form if key not in gone and (key, old) != (self.field, value)]
        named = [(BEGIN_NAME, name)] if self.field == BEGIN_FILE and name else []
        return [*kept, (self.field, value), *named]


def _takes_many(field: str) -> bool:
    return field in FIELDS and isinstance(FIELDS[field].shape, shapes.Many)


def leave(catalogue: Catalogue, account: Account, errand: Errand, pairs: Form, lang: str, do: str) -> str:
    """Keep the form as a draft; returns the page where what the button ``do`` asks for is fetched."""
    sent = forms.Sent(pairs)
    kept = [pair for pair in pairs if pair[0] != "do"]
    catalogue.state.drafts.put(account.name, errand.key, kept, sent.one("seen"))
    if do == "word":
        vocabulary = forms.vocabulary_of(FIELDS, errand.field)
        if vocabulary not in EXTENDABLE:
            return errand.form(lang)
        label = sent.one(f"{errand.field}.{forms.ADD}") or sent.one(f"{errand.field}.{forms.OFFERED}")
        return addresses.desk(lang, f"words/{vocabulary}/new{errand.query(label=label)}")
    return addresses.desk(lang, f"files/choose{errand.query()}{'#files-here' if do == 'choose' else ''}")

"""What a page of ``/desk/{lang}/series/{id}`` is about: a series, its records, and what was typed in their table."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request

from catalogue import renewal
from catalogue.errors import N_, NotFound, Translate
from catalogue.folding import collation_key
from catalogue.i18n import languages
from catalogue.renewal import Renewed, Row
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.web import addresses
from catalogue.web.desk import boxes
from catalogue.web.frame import language_of

HOLDING_LABELS = {"url": N_("Link"), "copies": N_("Copies"), "file": N_("File"), "year": N_("Year")}
STATUSES = {"draft": N_("draft"), "published": N_("published"), "withdrawn": N_("withdrawn")}
_STOPPED = N_("Stopped by its publisher, noted on %(day)s.")


def address(lang: str, series: str, part: str = "") -> str:
    """Return the page of a series."""
    return addresses.desk(lang, f"series/{series}{'/' if part else ''}{part}")


class Asked:
    """Who asks for which series, and what the form of its table says."""

    def __init__(self, request: Request, account: Account, form: FormData | None = None) -> None:
        """Raises NotFound for a series there is not."""
        self.request, self.account = request, account
        self.catalogue: Catalogue = request.app.state.catalogue
        self.lang, self.series = language_of(request), request.path_params["series"]
        self.gettext: Translate = languages()[self.lang].gettext
        term = self.catalogue.contents.frame.vocabularies.terms.get("series", {}).get(self.series)
        if term is None:
            raise NotFound
        self.name, self.here = term.labels.best(self.lang), address(self.lang, self.series)
        self.records = renewal.members(self.catalogue.contents, self.series)
        self.records.sort(key=lambda record: collation_key(record.title.best(self.lang).text))
        texts = boxes.texts(form) if form else {}
        self.edition = texts.get("edition", "")
        self.rows = {record.id: _row(record, texts) for record in self.records} if form else {}

    def row(self, id: str) -> Row:
        """Return what was filled in for a record; an empty row where nothing was."""
        return self.rows.get(id, Row(id))

    def renewed(self) -> list[Renewed]:
        """Return what the rows make of the records; those of which nothing is asked too."""
        today = self.catalogue.now().date()
        note = self.gettext(_STOPPED) % {"day": languages()[self.lang].day(today)}
        terms, root = self.catalogue.contents.frame.vocabularies, self.catalogue.settings.resources
        return [
            renewal.renew(record, self.row(record.id), self.edition, today, note, terms, root)
            for record in self.records
        ]


def _row(record: Resource, texts: Mapping[str, str]) -> Row:
    names = [*renewal.held(record), "new.url", "new.file"]
    values = {name: texts.get(f"{name}:{record.id}", "") for name in names}
    fate = texts.get(f"fate:{record.id}", "")
    return Row(
        record.id, fate if fate in renewal.FATES else "", {name: value for name, value in values.items() if value}
    )

"""What a page of ``/desk/{lang}/words/{vocabulary}/{id}`` is about: a list, and an entry of it or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from catalogue import wordlists
from catalogue.errors import NotFound, Translate
from catalogue.i18n import languages
from catalogue.service import Catalogue
from catalogue.state import Account
from catalogue.vocabulary import Vocabularies
from catalogue.web.desk import words
from catalogue.web.frame import language_of

NEW = "new"


class Asked:
    """Who asks for which entry of which list. ``id`` is empty for a new entry."""

    def __init__(self, request: Request, account: Account) -> None:
        """Raises NotFound for a list there is not, or one that takes no new entry."""
        self.request, self.account = request, account
        self.catalogue: Catalogue = request.app.state.catalogue
        self.lang = language_of(request)
        self.vocabulary = words.known(self.catalogue.contents, request.path_params["vocabulary"])
        self.id: str = request.path_params.get("id", "")
        if not self.id and self.is_fixed:
            raise NotFound

    @property
    def vocabularies(self) -> Vocabularies:
        """Every list."""
        return self.catalogue.contents.frame.vocabularies

    @property
    def gettext(self) -> Translate:
        """What translates for the reader."""
        return languages()[self.lang].gettext

    @property
    def is_thesaurus(self) -> bool:
        """Whether its entries are concepts."""
        return self.vocabulary in wordlists.THESAURUS

    @property
    def is_fixed(self) -> bool:
        """Whether only the words of its entries can change."""
        return self.vocabulary in wordlists.FIXED

    @property
    def here(self) -> str:
        """The address of the page."""
        return words.address(self.lang, self.vocabulary, self.id or NEW)

    def edition(self) -> wordlists.Edition:
        """Return the files of the list, ready to be changed."""
        return wordlists.Edition(self.catalogue.settings.resources, self.catalogue.writer.version, self.vocabulary)

    def name(self, id: str) -> str:
        """Return what an entry of the list is called."""
        return self.vocabularies.label(self.vocabulary, id, self.lang).text


def label_of(entry: Mapping[str, Any], id: str) -> str:
    """Return the first French label of an entry as it stands in its file: so the history names it."""
    labels = entry.get("labels", {}).get("fr") or id
    return str(labels[0] if isinstance(labels, list) else labels)

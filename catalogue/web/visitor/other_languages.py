"""``/languages/{code}``: for those who read neither French nor Dutch nor English, in their own script.

The site speaks three languages; documents speak more. This page belongs to none of the three: it says in the reader's
language what is there, shows each document under its titles, and opens onto the three languages of the site.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_, NotFound
from catalogue.fields import Holding
from catalogue.i18n import direction, languages
from catalogue.query import Query
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.web import addresses
from catalogue.web.browsing import LanguageDocument, LanguageDoor, LanguagePage, LanguageWay
from catalogue.web.frame import Frame, language_before, language_of, make_frame
from catalogue.web.pages import OtherLanguage
from catalogue.web.present import Presenter
from catalogue.web.render import html

DOCUMENTS_SHOWN = 20

# A sign language has no writing of its own: its name is read in the language written around it.
WRITTEN_AROUND = {"sfb": "fr", "vgt": "nl"}


def other_languages(catalogue: Catalogue) -> tuple[OtherLanguage, ...]:
    """Return the languages beside the site's own in which there are published documents, in vocabulary order."""
    counts = catalogue.contents.languages
    known = catalogue.contents.frame.vocabularies.terms.get("languages", {})
    return tuple(
        OtherLanguage(name, direction(name.lang), addresses.other_language(code), counts[code])
        for code in known
        if counts.get(code) and code not in languages() and (name := own_name(catalogue, code))
    )


def own_name(catalogue: Catalogue, code: str) -> Said:
    """Return what a language is called by those who use it, else in French."""
    labels = catalogue.contents.frame.vocabularies.terms["languages"][code].labels
    return labels.best(WRITTEN_AROUND.get(code, code))


def language(request: Request) -> Response:
    """Say in a language what there is in it, show the newest of it, and open onto the rest. 404 where there is none."""
    catalogue: Catalogue = request.app.state.catalogue
    code = request.path_params["code"]
    if addresses.other_language(code) not in {other.href for other in other_languages(catalogue)}:
        raise NotFound
    frame, name = _frame(request), own_name(catalogue, code)
    found = catalogue.browse(Query(sort="newest", per_page=DOCUMENTS_SHOWN).with_("language", code), frame.lang)
    page = LanguagePage(
        frame=frame,
        language=name,
        direction=direction(name.lang),
        told=catalogue.contents.frame.vocabularies.terms["languages"][code].detail.get(name.lang, ""),
        documents=tuple(_document(catalogue, record, code, frame.bar) for record in found.records),
        doors=tuple(_door(catalogue, lang, code, found.results.total) for lang in languages()),
    )
    return html("language.html", page, frame.lang)


def _frame(request: Request) -> Frame:
    """Return the surroundings in the language the reader came from; in all the centre's side by side where in none."""
    lang = language_before(request)
    if lang:
        return make_frame(request, lang=lang)
    wanted = language_of(request)
    bar = sorted(CENTRE_LANGUAGES, key=lambda code: code != wanted)
    return make_frame(request, lang=bar[0], bar=tuple(bar))


def _document(catalogue: Catalogue, record: Resource, code: str, bar: tuple[str, ...]) -> LanguageDocument:
    presenters = [Presenter(catalogue, lang) for lang in bar]
    when = tuple(Said(day, each.lang) for each in presenters if (day := each.when(record)))
    titled = [lang for lang in languages() if lang in record.title]
    titles = [(addresses.record(lang, record.id), Said(record.title[lang], lang)) for lang in titled]
    ways = tuple(_way(presenters[0], holding) for holding in record.offered if holding.language in (code, ""))
    return LanguageDocument(record.id, record.kind, record.title.best(bar[0]), when, tuple(titles), ways)


def _way(presenter: Presenter, holding: Holding) -> LanguageWay:
    way = presenter.way(holding)
    return LanguageWay(way.form, way.href, way.mark or way.host or PurePosixPath(holding.file).name, way.colour)


def _door(catalogue: Catalogue, lang: str, code: str, total: int) -> LanguageDoor:
    language = languages()[lang]
    name = catalogue.contents.frame.vocabularies.label("languages", code, lang).text
    said = language.gettext(N_("Language: %(languages)s")) % {"languages": name}
    counted = language.ngettext("%(number)s document", "%(number)s documents", total) % {"number": total}
    return LanguageDoor(
        lang, language.name, f"{said} · {counted}", addresses.search(lang, Query().with_("language", code))
    )

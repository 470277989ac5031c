"""``/{lang}/feed.xml``: what is new, of a theme too, as an Atom feed (RFC 4287)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response

from catalogue.errors import N_, NotFound
from catalogue.exchange.dublin_core import XML_LANG
from catalogue.exchange.marc import xml_text
from catalogue.i18n import languages
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses
from catalogue.web.frame import language_of, site_address
from catalogue.web.machine.conditional import ASK_AGAIN, is_known, tag_of
from catalogue.web.present import Presenter

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 50
_SINCE = 2026  # of tag addresses (RFC 4151): the year in which whoever gives them out had the name


@dataclass(frozen=True)
class _Feed:
    """What a feed is made of. ``base``: the address of the site; ``authority``: the name in ids that never change."""

    presenter: Presenter
    base: str
    authority: str
    theme: str

    @property
    def lang(self) -> str:
        return self.presenter.lang

    def id(self, path: str) -> str:
        return f"tag:{self.authority},{_SINCE}:{path.lstrip('/')}"


def feed(request: Request) -> Response:
    """The newest records that visitors may see, newest first; ``theme``: only of one. Raises NotFound for others."""
    catalogue: Catalogue = request.app.state.catalogue
    theme = request.query_params.get("theme", "")
    if theme and theme not in catalogue.contents.frame.vocabularies.terms.get("themes", {}):
        raise NotFound
    base = site_address(request)
    about = _Feed(Presenter(catalogue, language_of(request)), base, _authority(catalogue, base), theme)
    records = catalogue.newest(ENTRIES, lambda record: not theme or theme in record.themes)
    data = tostring(_feed(about, records), encoding="utf-8", xml_declaration=True)
    headers = {"ETag": tag_of(data), "Cache-Control": ASK_AGAIN, "Access-Control-Allow-Origin": "*"}
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="application/atom+xml", headers=headers)


def _authority(catalogue: Catalogue, base: str) -> str:
    """Return whose the ids are: the site by its settings, else the centre by its website, else as it was asked."""
    known = (catalogue.settings.address, catalogue.contents.frame.centre.website, base)
    return next(filter(None, (urlsplit(each).hostname for each in known)), "catalogue.invalid")


def _feed(about: _Feed, records: Sequence[Resource]) -> Element:
    catalogue, lang = about.presenter.catalogue, about.lang
    centre = catalogue.contents.frame.centre.name.best(lang)
    names = [about.presenter._(N_("What is new")), str(centre)]
    if about.theme:
        names.insert(1, about.presenter.label("themes", about.theme).text)
    top = Element("feed", {"xmlns": ATOM, XML_LANG: lang})
    _text(top, "id", about.id(addresses.feed(lang, about.theme)))
    _text(top, "title", " – ".join(names))
    _text(top, "updated", _moment(max(map(_changed, records), default=datetime.date(_SINCE, 1, 1))))
    _text(SubElement(top, "author"), "name", str(centre))
    _link(top, "self", about.base + addresses.feed(lang, about.theme), "application/atom+xml")
    page = addresses.theme(lang, about.theme) if about.theme else addresses.page(lang, "new")
    _link(top, "alternate", about.base + page, "text/html", lang)
    for other in languages():
        if other != lang:
            _link(top, "alternate", about.base + addresses.feed(other, about.theme), "application/atom+xml", other)
    for record in records:
        _entry(top, about, record)
    return top


def _entry(top: Element, about: _Feed, record: Resource) -> None:
    lang, presenter = about.lang, about.presenter
    address = addresses.record(lang, record.id)
    entry = SubElement(top, "entry")
    _text(entry, "id", about.id(address))
    _said(entry, "title", record.title.best(lang), lang)
    _text(entry, "updated", _moment(_changed(record)))
    _text(entry, "published", _moment(record.added or _changed(record)))
    _link(entry, "alternate", about.base + address, "text/html", lang)
    _said(entry, "summary", record.summary.best(lang) or presenter.label("kinds", record.kind), lang)
    for theme in record.themes:
        SubElement(entry, "category", {"term": theme, "label": presenter.label("themes", theme).text})


def _changed(record: Resource) -> datetime.date:
    return max(filter(None, (record.added, record.checked)), default=datetime.date(_SINCE, 1, 1))


def _moment(day: datetime.date) -> str:
    """Return a day as Atom has it (RFC 3339); ours know no time."""
    return f"{day.isoformat()}T00:00:00Z"


def _said(parent: Element, name: str, said: Said, lang: str) -> None:
    _text(parent, name, said.text)
    if said.lang not in (lang, "und"):
        parent[-1].set(XML_LANG, said.lang)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = xml_text(text)


def _link(parent: Element, rel: str, href: str, type: str, lang: str = "") -> None:
    SubElement(parent, "link", {"rel": rel, "href": href, "type": type} | ({"hreflang": lang} if lang else {}))

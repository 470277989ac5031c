"""What every page has around it: language, centre, switch of language, search box, someone to talk to."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request

from catalogue.fields import CENTRE, Contact
from catalogue.i18n import DEFAULT, languages
from catalogue.network import EVERY
from catalogue.query import Query
from catalogue.service import Catalogue
from catalogue.values import CENTRE_LANGUAGES, Said
from catalogue.vocabulary import Vocabularies
from catalogue.web import addresses


@dataclass(frozen=True)
class Switch:
    """A link to the same page in another language, written in that language."""

    lang: str
    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class ContactView:
    """How to reach someone, in the reader's language."""

    address: Said
    phone: str
    email: str
    hours: Said
    spoken: tuple[str, ...]
    walk_in: bool

    @property
    def phone_href(self) -> str:
        """The number as a ``tel:`` address."""
        return "tel:" + "".join(c for c in self.phone if c.isdigit() or c == "+")


@dataclass(frozen=True)
class ThemeLink:
    """A theme with its second line."""

    id: str
    label: Said
    detail: Said
    href: str


@dataclass(frozen=True)
class Offer:
    """The centre whose site narrows what is found to what it offers, and the address of the same for all centres."""

    centre: Said
    everything: str


@dataclass(frozen=True)
class Frame:
    """The surroundings of a page. ``query`` fills the search box."""

    lang: str
    centre: Said
    tagline: Said
    website: str
    switches: tuple[Switch, ...]
    contact: ContactView
    advisors: Said  # who of them is there, and when
    themes: tuple[ThemeLink, ...]
    query: Query
    home: str
    search: str
    suggest: str
    end: str
    idle_minutes: int  # without a move, before a visit is erased; 0: never
    offer: Offer | None  # None: nothing is narrowed, or the visitor chose centres
    bar: tuple[str, ...]  # the languages of what stands around the page: one, but where the reader's is not known

    @property
    def voices(self) -> tuple[str, ...]:
        """The languages of what anyone who sits down here must understand: the reader's, then the centre's."""
        return tuple(dict.fromkeys((self.lang, *CENTRE_LANGUAGES)))

    def page(self, id: str, lang: str = "") -> str:
        """The address of an editorial page."""
        return addresses.page(lang or self.lang, id)


def make_frame(request: Request, query: Query | None = None, lang: str = "", bar: tuple[str, ...] = ()) -> Frame:
    """Return the surroundings of the page that ``request`` asks for, in ``lang`` where its address does not tell.

    ``bar``: the languages they speak, where it is not that one alone.
    """
    catalogue: Catalogue = request.app.state.catalogue
    lang = lang or language_of(request)
    frame = catalogue.contents.frame
    return Frame(
        lang=lang,
        centre=frame.centre.name.best(lang),
        tagline=frame.centre.tagline.best(lang),
        website=frame.centre.website,
        switches=_switches(request, lang),
        contact=contact_view(frame.centre.contact, frame.vocabularies, lang),
        advisors=frame.centre.advisors.best(lang),
        themes=_themes(catalogue, lang),
        query=query or Query(),
        home=addresses.home(lang),
        search=addresses.search(lang),
        suggest=addresses.suggest(lang),
        end=addresses.end(lang),
        idle_minutes=catalogue.settings.idle_minutes,
        offer=_offer(catalogue, lang, query or Query()),
        bar=bar or (lang,),
    )


def _offer(catalogue: Catalogue, lang: str, query: Query) -> Offer | None:
    home, vocabularies = catalogue.home, catalogue.contents.frame.vocabularies
    if not home or query.chosen(CENTRE):
        return None
    return Offer(vocabularies.label("centres", home, lang), addresses.search(lang, query.only(CENTRE, EVERY)))


def site_address(request: Request) -> str:
    """Return the address of the site for links on paper and screens: as the settings have it, else as it was asked."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue.settings.address or str(request.base_url).rstrip("/")


def language_of(request: Request) -> str:
    """Return the interface language of a page: the first part of its path, else what the browser prefers."""
    _prefix, lang, _rest = _parts(request.url.path)
    if lang:
        return lang
    wanted = request.headers.get("accept-language", "").replace(";", ",").split(",")
    return next((code for w in wanted if (code := w.strip()[:2].lower()) in languages()), DEFAULT)


def language_before(request: Request) -> str:
    """Return the interface language of the page of ours whose link was followed; empty where there is none."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no browser sends that
        return ""
    return _parts(before.path)[1] if before.netloc == request.headers.get("host") else ""


def contact_view(contact: Contact, vocabularies: Vocabularies, lang: str) -> ContactView:
    """Return a contact in the reader's language."""
    return ContactView(
        address=contact.address.best(lang),
        phone=contact.phone,
        email=contact.email,
        hours=contact.hours.best(lang),
        spoken=tuple(vocabularies.label("languages", code, lang).text for code in contact.spoken),
        walk_in=contact.walk_in,
    )


def _themes(catalogue: Catalogue, lang: str) -> tuple[ThemeLink, ...]:
    terms = catalogue.contents.frame.vocabularies.terms.get("themes", {})
    return tuple(
        ThemeLink(term.id, term.labels.best(lang), term.detail.best(lang), addresses.theme(lang, term.id))
        for term in terms.values()
    )


def _switches(request: Request, lang: str) -> tuple[Switch, ...]:
    prefix, _lang, rest = _parts(request.url.path)
    params = list(request.query_params.multi_items())
    query = f"?{urlencode(params)}" if params and rest else ""
    return tuple(
        Switch(code, language.name, f"{prefix}/{code}/{rest}{query}", code == lang)
        for code, language in languages().items()
    )


def _parts(path: str) -> tuple[str, str, str]:
    """Return what stands before the language in a path (the staff's ``/desk``), the language, and what comes after."""
    prefix, below = ("/desk", path[5:]) if path.startswith("/desk/") else ("", path)
    lang, _, rest = below.removeprefix("/").partition("/")
    return (prefix, lang, rest) if lang in languages() else (prefix, "", "")

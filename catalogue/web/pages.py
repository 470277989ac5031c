"""What each template gets: one frozen dataclass per page, holding exactly what is printed."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from catalogue.search.explain import Marked
from catalogue.values import Said
from catalogue.web.described import Described
from catalogue.web.frame import ContactView, Frame, ThemeLink
from catalogue.web.player import PlayerView, ReaderView


@dataclass(frozen=True)
class Link:
    """A link with its text, in the language of the text."""

    href: str
    label: Said


@dataclass(frozen=True)
class Way:
    """One way to get a document. ``form``: shelf, link or file; ``colour``: a theme's id, or neutral."""

    form: str
    href: str
    title: Said
    host: str
    mark: str
    shelf: Said
    colour: str
    use: str
    language: Said
    language_code: str
    year: int
    copies: int
    size: int  # bytes of a file, 0 when unknown
    pages: int = 0  # of a PDF
    plays: str = ""  # ``film`` or ``sound``
    length: str = ""  # of these: ``02:31``
    display: str = ""  # until when the document is on display in the room, and so not at its shelf


@dataclass(frozen=True)
class InsideView:
    """Where the words of a query stand inside a document. ``place``: ``page 12`` or ``at 02:31``, empty for neither."""

    place: str
    href: str
    text: Marked
    lang: str


@dataclass(frozen=True)
class CoverView:
    """A cover. Without ``src`` there is no picture: its title is set instead, by its kind, on its theme's colour.

    ``width`` and ``height``: of the largest in ``srcset``, in pixels; ``path``: of the file it comes from.
    """

    theme: str
    kind: str
    title: Said
    src: str = ""
    srcset: str = ""
    width: int = 0
    height: int = 0
    alt: Said = Said("", "")
    path: str = ""


@dataclass(frozen=True)
class Card:
    """A record in a list: kind, title, summary, one reason, one line of how to get it."""

    id: str
    href: str
    kind: str
    kind_label: Said
    title: Marked
    title_lang: str
    other_languages: tuple[str, ...]  # names of the document's languages where the reader's is not one
    summary: Marked
    summary_lang: str
    why: str
    ways: tuple[Way, ...]
    when: str
    easy: Said  # the easy text; empty where there is none
    easy_tested: bool
    inside: InsideView | None = None
    cover: CoverView | None = None


@dataclass(frozen=True)
class Choice:
    """A value of a facet: how many results it would give, and the address that chooses it or lets go of it."""

    value: str
    label: Said
    count: int
    selected: bool
    href: str


@dataclass(frozen=True)
class FacetView:
    """A filter: its first values, and the others behind "more"."""

    param: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True)
class ExpansionView:
    """A concept that was recognised: the words typed, and what else was searched for them."""

    term: str
    also: tuple[Said, ...]


@dataclass(frozen=True)
class CorrectionView:
    """Words that may have been meant: the text in pieces (True: a word that was changed) and how much it finds."""

    pieces: Marked
    total: int
    href: str


@dataclass(frozen=True)
class Counted:
    """Another search, and how many documents it finds; the address is empty where it finds none."""

    label: str
    total: int
    href: str


@dataclass(frozen=True)
class Pager:
    """The pages around the present one."""

    page: int
    pages: int
    previous: str
    next: str
    numbers: tuple[tuple[int, str], ...]  # 0 stands for a gap


@dataclass(frozen=True)
class OtherLanguage:
    """A language beside those of the site in which there are documents, by its own name."""

    name: Said
    direction: str
    href: str
    count: int


@dataclass(frozen=True)
class EntrancePage:
    """``/``: French and Dutch the same size, then English and the others."""

    frame: Frame
    names: tuple[Said, ...]
    other_languages: tuple[OtherLanguage, ...]


@dataclass(frozen=True)
class EndPage:
    """``/{lang}/end``: the end of a visit. ``thanks``: what was found has just been said."""

    frame: Frame
    thanks: bool


@dataclass(frozen=True)
class StationPage:
    """``/station``: what one of the centre's PCs has. Times are milliseconds since 1970, as browsers count them."""

    frame: Frame
    version: str
    reached_by: str
    base_url: str
    server_time: int


@dataclass(frozen=True)
class ThemeTile:
    """A theme on the home page."""

    theme: ThemeLink
    count: int


@dataclass(frozen=True)
class QuestionView:
    """A visitors' question: its few lines and the records that answer it."""

    id: str
    title: Said
    body: Markup
    body_lang: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class HomePage:
    """``/{lang}/``."""

    frame: Frame
    tiles: tuple[ThemeTile, ...]
    questions: tuple[Link, ...]
    all_questions: str
    occupations: int
    sectors: int
    occupations_href: str
    new: tuple[Card, ...]
    total: int
    lists: EditorialLinks


@dataclass(frozen=True)
class Guide:
    """A visitors' question, a step-by-step list or a selection that answers a search. ``icon`` says which."""

    href: str
    label: Said
    icon: str


@dataclass(frozen=True)
class SearchPage:
    """``/{lang}/search``. ``line`` is how many cards of this page come before the line where leading matches end.

    Where the words typed find nothing but a correction does, ``typed`` holds them, ``insist`` is the address that
    searches them all the same, and everything else is of the correction.
    """

    frame: Frame
    typed: str
    insist: str
    corrections: tuple[CorrectionView, ...]
    total: int
    full: int
    cards: tuple[Card, ...]
    line: int | None
    facets: tuple[FacetView, ...]
    chosen: tuple[Choice, ...]
    clear: str
    expansions: tuple[ExpansionView, ...]
    close: tuple[Said, ...]  # concepts close to the query that were searched too
    unexpanded: str
    sorts: tuple[Choice, ...]
    views: tuple[Choice, ...]
    pager: Pager | None
    notices: tuple[str, ...]
    words: tuple[Counted, ...]  # where no document has all the words: each of them by itself
    less: tuple[Counted, ...]  # where there is nothing: the same search with less asked
    guides: tuple[Guide, ...]  # what the centre wrote about just this
    related: tuple[Link, ...]  # searches for broader, narrower and related subjects and occupations
    from_esco: bool  # an expansion is a concept of ESCO


@dataclass(frozen=True)
class Fact:
    """A labelled line of a record: its values, linked to the search for them where that makes sense."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class OccasionView:
    """A date of an event, in words."""

    day: str
    hours: str
    where: Said
    register: str
    past: bool


@dataclass(frozen=True)
class RecordPage:
    """``/{lang}/record/{id}``."""

    frame: Frame
    id: str
    kind: str
    kind_label: Said
    title: Said
    other_titles: tuple[Said, ...]
    themes: tuple[ThemeLink, ...]
    summary: Said
    easy: Said
    easy_tested: bool
    body: Markup
    body_lang: str
    ways: tuple[Way, ...]
    occasions: tuple[OccasionView, ...]
    contact: ContactView | None
    audiences: tuple[str, ...]
    facts: tuple[Fact, ...]
    languages: tuple[str, ...]
    publisher: Link | None
    freshness: str
    stale: bool
    similar: tuple[Card, ...]
    permalink: str
    thanks: bool
    player: PlayerView | None
    cover: CoverView | None  # a picture of the document, where neither the player nor the reader shows it
    reader: ReaderView | None
    from_esco: bool
    described: Described | None = None  # for programs; not of a record that is not out


@dataclass(frozen=True)
class ThemePage:
    """``/{lang}/theme/{id}``."""

    frame: Frame
    theme: ThemeLink
    intro: Markup
    intro_lang: str
    kinds: tuple[Choice, ...]
    sectors: tuple[Choice, ...]
    occupations: int  # how many there are from A to Z; 0 where the theme is not about them
    occupations_href: str
    questions: tuple[Link, ...]
    all_questions: str
    cards: tuple[Card, ...]
    total: int
    all: str
    lists: EditorialLinks


@dataclass(frozen=True)
class NewPage:
    """``/{lang}/new``: by month, newest first."""

    frame: Frame
    months: tuple[tuple[str, tuple[Card, ...]], ...]


@dataclass(frozen=True)
class TextPage:
    """An editorial page. ``questions``: on the help page, the address of the visitors' questions."""

    frame: Frame
    id: str
    title: Said
    body: Markup
    body_lang: str
    questions: str


@dataclass(frozen=True)
class ListLink:
    """An editorial list as it is announced: title, how many documents or steps; ``theme``: the colour it stands in."""

    href: str
    title: Said
    intro: Said
    count: int
    theme: str


@dataclass(frozen=True)
class EditorialLinks:
    """Editorial lists, apart by kind, the newest first; ``all`` is the page that has every one."""

    steps: tuple[ListLink, ...]
    selections: tuple[ListLink, ...]
    all: str


@dataclass(frozen=True)
class Item:
    """A record of an editorial list, and why it stands there."""

    note: Said
    card: Card


@dataclass(frozen=True)
class EditorialPage:
    """``/{lang}/selection/{slug}`` and ``/{lang}/steps/{slug}``. ``qr``: of the public address, for paper; or empty."""

    frame: Frame
    kind: str
    title: Said
    intro: Said
    themes: tuple[ThemeLink, ...]
    items: tuple[Item, ...]
    display: str
    address: str
    qr: str
    others: EditorialLinks


@dataclass(frozen=True)
class SelectionsPage:
    """``/{lang}/selections``."""

    frame: Frame
    lists: EditorialLinks


@dataclass(frozen=True)
class Figure:
    """A weight of the ranking, and what it is of."""

    label: str
    value: float


@dataclass(frozen=True)
class OrderingPage:
    """``/{lang}/how-results-are-ordered``. ``places``: where a word can stand; ``weights``: all other figures."""

    frame: Frame
    places: tuple[Figure, ...]
    weights: tuple[Figure, ...]


@dataclass(frozen=True)
class ErrorPage:
    """404, 410, 500 …: what happened, what to do, who to ask."""

    frame: Frame
    status: int
    title: str
    message: str
    about: Said | None  # the title of a withdrawn document

"""What the templates of the ways in without a search get: occupations, sectors, questions, other languages."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue.values import Said
from catalogue.web.frame import Frame, ThemeLink
from catalogue.web.pages import Card, Choice, Link, QuestionView


@dataclass(frozen=True)
class OccupationLine:
    """An occupation in a list. ``see``: its preferred name, where the line has another one."""

    href: str
    name: Said
    also: tuple[str, ...]
    see: Said | None


@dataclass(frozen=True)
class Letter:
    """A letter of the alphabet: the address of its list, empty where no name begins with it."""

    name: str
    href: str
    current: bool


@dataclass(frozen=True)
class LetterGroup:
    """The lines under one letter."""

    letter: str
    anchor: str
    lines: tuple[OccupationLine, ...]


@dataclass(frozen=True)
class CountedLink:
    """A link and how much there is behind it."""

    href: str
    label: Said
    count: int


@dataclass(frozen=True)
class OccupationsPage:
    """``/{lang}/occupations``. ``typed`` narrows: ``found`` then holds what is left, ``more`` how much is not shown."""

    frame: Frame
    total: int
    typed: str
    found: tuple[OccupationLine, ...]
    more: int
    search: str  # the whole catalogue, for what was typed
    letters: tuple[Letter, ...]
    groups: tuple[LetterGroup, ...]
    sectors: tuple[CountedLink, ...]
    address: str
    from_esco: bool


@dataclass(frozen=True)
class SectorPage:
    """``/{lang}/occupations/sector/{id}``: the occupations of a sector, and everything else the centre has in it."""

    frame: Frame
    sector: Said
    occupations: tuple[OccupationLine, ...]
    kinds: tuple[Choice, ...]
    cards: tuple[Card, ...]
    total: int
    all: str
    others: tuple[CountedLink, ...]
    index: str
    from_esco: bool


@dataclass(frozen=True)
class CardGroup:
    """Documents of one sort under a plain heading; ``more`` are folded away."""

    id: str
    title: str
    first: tuple[Card, ...]
    more: tuple[Card, ...]


@dataclass(frozen=True)
class NeighbourLink:
    """An occupation close by and how many documents are about it; 0: the catalogue is searched for its name."""

    href: str
    label: Said
    count: int


@dataclass(frozen=True)
class OccupationPage:
    """``/{lang}/occupation/{id}``."""

    frame: Frame
    name: Said
    also: tuple[str, ...]
    also_more: tuple[str, ...]  # ESCO gives some occupations eighty names
    translations: tuple[Said, ...]
    sectors: tuple[Link, ...]
    groups: tuple[CardGroup, ...]
    total: int
    near: tuple[Card, ...]
    broader: tuple[NeighbourLink, ...]
    narrower: tuple[NeighbourLink, ...]
    related: tuple[NeighbourLink, ...]
    search: str
    found: int  # by that search
    index: str
    from_esco: bool


@dataclass(frozen=True)
class QuestionGroup:
    """The visitors' questions of a theme; each stands once, under its first theme."""

    theme: ThemeLink | None
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True)
class QuestionsPage:
    """``/{lang}/questions``: all of them."""

    frame: Frame
    groups: tuple[QuestionGroup, ...]


@dataclass(frozen=True)
class LanguageWay:
    """A way to get a document in the language of the page. ``form``: shelf, link or file."""

    form: str
    href: str
    text: str
    colour: str


@dataclass(frozen=True)
class LanguageDocument:
    """A document in another language: its titles in the languages of the site, each with its address.

    ``title`` is the one it goes by on the reader's list.
    """

    id: str
    kind: str
    title: Said
    when: tuple[Said, ...]  # the next date of an event, in the languages of the bar
    titles: tuple[tuple[str, Said], ...]
    ways: tuple[LanguageWay, ...]


@dataclass(frozen=True)
class LanguageDoor:
    """A language of the site: all the documents in the other language, in its words."""

    lang: str
    name: str
    text: str
    href: str


@dataclass(frozen=True)
class LanguagePage:
    """``/languages/{code}``: for those who read another language. ``told``: what they see, in that language."""

    frame: Frame
    language: Said
    direction: str
    told: str
    documents: tuple[LanguageDocument, ...]
    doors: tuple[LanguageDoor, ...]

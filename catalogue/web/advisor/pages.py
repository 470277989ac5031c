"""What the templates of the advisors' pages get."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from catalogue.query import Query
from catalogue.values import Said
from catalogue.web.desk.frame import Desk
from catalogue.web.frame import Frame, Switch
from catalogue.web.pages import Card, FacetView
from catalogue.web.phrases import Phrase
from catalogue.web.walk import Walk


@dataclass(frozen=True)
class Result:
    """A document that was found, and whether it is on the list."""

    card: Card
    ticked: bool


@dataclass(frozen=True)
class Row:
    """A document on the list that is being made. ``problem``: what is missing before a code can be made."""

    id: str
    title: Said
    phrase: str
    day: str
    own: str
    problem: str


@dataclass(frozen=True)
class Making:
    """For whom the list is, in which language, until when. ``latest`` is the last day a group's code may be valid."""

    recipient: str  # person or group
    sheet: str
    until: str  # an ISO date, or what was typed
    earliest: datetime.date
    latest: datetime.date


@dataclass(frozen=True)
class EditorPage:
    """``/desk/{lang}/advise/``: the advisor's search, and the list beside it. ``code``: of a list that is changed."""

    frame: Frame
    desk: Desk
    action: str
    code: str
    query: Query
    searched: str  # the words the results are for, where they are not those typed
    asked: bool
    total: int
    results: tuple[Result, ...]
    facets: tuple[FacetView, ...]
    previous: int
    next: int
    rows: tuple[Row, ...]
    said: str  # how many documents are on the list, to be read aloud
    phrases: tuple[Phrase, ...]
    languages: tuple[Switch, ...]
    making: Making
    problems: tuple[str, ...]
    typed_code: str
    code_problem: str


@dataclass(frozen=True)
class Heading:
    """A heading of the sheet: in the reader's language, and small beside it in the centre's other ones."""

    main: Said
    others: tuple[Said, ...]


@dataclass(frozen=True)
class Place:
    """Where a copy stands. ``rank`` grows along the walk; ``shelf`` is said once for copies that stand together."""

    rank: Walk
    mark: str
    shelf: Said
    colour: str
    use: str
    language: str  # of the copy, where it is not the reader's


@dataclass(frozen=True)
class SheetItem:
    """A document on the sheet. ``address`` is short enough to be typed; ``href`` leads to it on the screen."""

    number: int
    titles: tuple[Said, ...]
    why: Said
    places: tuple[Place, ...]
    address: str
    phone: str
    when: str
    href: str


@dataclass(frozen=True)
class Step:
    """A stop on the walk along the shelves, and which documents stand there."""

    place: Place
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """A list as it is printed, in the reader's language."""

    lang: str
    centre: tuple[Said, ...]
    title: Heading
    how: Heading
    code: str  # in groups of three
    link: str
    qr: str
    valid: Heading
    nobody: Heading  # that nobody's name is kept
    items: tuple[SheetItem, ...]
    walk_title: Heading
    walk: tuple[Step, ...]


@dataclass(frozen=True)
class ListPage:
    """``/desk/{lang}/advise/list/{code}``."""

    frame: Frame
    desk: Desk
    origin: str
    code: str
    language: str
    until: str
    link: str
    qr: str
    sheet: Sheet
    missing: int
    change: str  # empty for a visitor's list: only they change it
    screen: str
    start: str


@dataclass(frozen=True)
class ScreenPage:
    """``/desk/{lang}/advise/list/{code}/screen``, for a projector."""

    frame: Frame
    lang: str
    centre: tuple[Said, ...]
    code: str
    qr: str
    steps: tuple[Heading, ...]
    valid: Heading
    back: str

"""THE declaration: the fields of a record, the facets that filter, the ways to sort, what search reads.

Adding a field is one line here (and its label in the .po files): parsing, checking, indexing, forms, pages and
exports read this module. ``docs/en/add-a-field.md`` is a worked example, and says where one line is not enough.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from catalogue.errors import N_
from catalogue.shapes import (
    Address,
    Choice,
    Code,
    Codes,
    Day,
    Files,
    Group,
    Line,
    Many,
    MediaFile,
    Moment,
    Number,
    Pattern,
    Place,
    Prose,
    ShelfMark,
    Texts,
    Truth,
    Words,
    declare,
)
from catalogue.values import CENTRE_LANGUAGES, Text

THEMES = ("orient", "learn", "work", "start", "move")
STATUSES = ("draft", "published", "withdrawn")
USES = ("take", "read", "ask")
CENTRE = "centre"
OF_A_NETWORK = (CENTRE, "shared")
"""Fields (the first is a facet too) that only mean something where there are several centres: see ``network``."""

PLAYED: Mapping[str, tuple[str, ...]] = {"film": (".mp4", ".webm"), "sound": (".mp3", ".m4a", ".ogg")}
WORD_NAMES: Mapping[str, str] = {
    "draft": N_("Draft"),
    "published": N_("Published"),
    "withdrawn": N_("Withdrawn"),
    "written": N_("Written"),
    "tested": N_("Tested by readers"),
    "take": N_("To take home"),
    "read": N_("To read here"),
    "ask": N_("To ask for at the desk"),
    "true": N_("Yes"),
    "false": N_("No"),
}
"""What the fixed words of a record are called by staff."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that belongs to a holding; ``role``: ``file``, ``captions`` or ``transcript``."""

    path: str
    lang: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One way to get a document: a web address, a copy on a shelf, or a file of the centre."""

    url: str = declare(N_("Web address"), Address())
    shelf: str = declare(N_("Shelf mark"), ShelfMark())
    file: str = declare(N_("File"), MediaFile())
    title: Text = declare(N_("Title"), Texts(), Text())
    language: str = declare(N_("Language"), Code("languages"))
    year: int = declare(N_("Year"), Number(1800, 2100), 0)
    copies: int = declare(N_("Copies"), Number(0, 9999), 0)
    use: str = declare(N_("Use"), Choice(USES))
    captions: Mapping[str, str] = declare(N_("Captions"), Files(), None)
    transcript: Mapping[str, str] = declare(N_("Transcript"), Files(), None)
    chapters: Mapping[str, str] = declare(N_("Chapters"), Files(), None)
    suspended: datetime.date | None = declare(N_("Suspended on"), Day(), None, private=True)

    @property
    def files(self) -> tuple[HeldFile, ...]:
        """The files of the centre that belong to it: itself, its captions, its transcripts, each with its language."""
        beside = [(role, pair) for role in ("captions", "transcript") for pair in (getattr(self, role) or {}).items()]
        own = (HeldFile(self.file, self.language, "file"),) if self.file else ()
        return (*own, *(HeldFile(path, lang, role) for role, (lang, path) in beside))

    @property
    def form(self) -> str:
        """``link``, ``shelf`` or ``file``."""
        return "link" if self.url else "shelf" if self.shelf else "file"

    @property
    def plays(self) -> str:
        """``film`` or ``sound`` for a file that is played, else empty."""
        return next((kind for kind, endings in PLAYED.items() if self.file.lower().endswith(endings)), "")


def _one_way(holding: Holding, place: Place) -> None:
    if sum(map(bool, (holding.url, holding.shelf, holding.file))) != 1:
        place.fault(N_("a holding is exactly one of url, shelf or file"))


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When something takes place, or a deadline that comes back. Times are local to the centre."""

    start: datetime.datetime = declare(N_("Start"), Moment(), None, required=True)
    end: datetime.datetime | None = declare(N_("End"), Moment(), None)
    where: Text = declare(N_("Where"), Texts(plain=True), Text())
    register: str = declare(N_("Registration"), Address())

    @property
    def until(self) -> datetime.datetime:
        """The moment after which it is past: its end, or the end of its day."""
        last = self.end or self.start
        whole_day = last.time() == datetime.time()
        return last + datetime.timedelta(days=1) if whole_day else last


def _forwards(occasion: Occasion, place: Place) -> None:
    if occasion.end and occasion.end < occasion.start:
        place.at("end").fault(N_("the end comes before the start"))


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach an organisation or service."""

    address: Text = declare(N_("Address"), Texts(plain=True), Text())
    phone: str = declare(N_("Telephone"), Pattern(r"\+?[\d /.()-]{4,25}", "+32 2 000 00 00"))
    email: str = declare(N_("E-mail"), Pattern(r"[^@\s]+@[^@\s]+\.[^@\s]+", "info@example.brussels"))
    hours: Text = declare(N_("Opening hours"), Texts(plain=True), Text())
    spoken: tuple[str, ...] = declare(N_("Languages spoken"), Codes("languages"), ())
    walk_in: bool = declare(N_("Without appointment"), Truth(), False)


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """Numbers by which others know a document."""

    isbn: str = declare(N_("ISBN"), Pattern(r"[\d -]{9,17}[\dXx]", "978-2-07-036822-8"))
    issn: str = declare(N_("ISSN"), Pattern(r"\d{4}-\d{3}[\dXx]", "0378-5955"))
    ean: str = declare(N_("EAN"), Pattern(r"\d{8}|\d{13}", "9782070368228"))
    publisher_ref: str = declare(N_("Publisher's reference"), Line())


@dataclass(frozen=True, kw_only=True)
class Cover:
    """A picture of a document, with what it shows in words."""

    file: str = declare(N_("File"), MediaFile(), required=True)
    alt: Text = declare(N_("Alternative text"), Texts(), Text())


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where an imported record came from."""

    from_: str = declare(N_("From"), Line())
    id: str = declare(N_("Id"), Line())
    updated: str = declare(N_("Updated"), Line())


_RECORD_ID = Pattern(r"[a-z0-9-]{2,80}", "devenir-infirmier")


@dataclass(frozen=True, kw_only=True)
class RecordFields:
    """The fields of a record, in the order in which a file holds them."""

    kind: str = declare(N_("Kind"), Code("kinds", strict=True), required=True)
    themes: tuple[str, ...] = declare(N_("Themes"), Many(Choice(THEMES)), (), required=True)
    title: Text = declare(N_("Title"), Texts(), Text(), required=True, index="title")
    summary: Text = declare(N_("Summary"), Texts(), Text(), expected=True, index="summary")
    easy: Text = declare(N_("Easy to read"), Texts(), Text(), index="summary")
    easy_status: str = declare(N_("Status of the easy text"), Choice(("draft", "written", "tested")))
    body: Text = declare(N_("Text"), Prose(), Text(), index="body")
    languages: tuple[str, ...] = declare(N_("Languages"), Codes("languages"), ())
    audiences: tuple[str, ...] = declare(N_("For whom"), Codes("audiences"), ())
    level: str = declare(N_("Level of study"), Code("levels"))
    sectors: tuple[str, ...] = declare(N_("Sectors"), Codes("sectors"), ())
    places: tuple[str, ...] = declare(N_("Places"), Codes("places"), ())
    subjects: tuple[str, ...] = declare(N_("Subjects"), Codes("subjects"), (), index="subjects")
    occupations: tuple[str, ...] = declare(N_("Occupations"), Codes("occupations"), (), index="subjects")
    keywords: Mapping[str, tuple[str, ...]] = declare(N_("Keywords"), Words(), None, index="keywords")
    publisher: str = declare(N_("Organisation"), Code("publishers"), expected=True, index="publisher")
    authors: tuple[str, ...] = declare(N_("Authors"), Many(Line()), (), index="names")
    year: int = declare(N_("Year"), Number(1800, 2100), 0)
    series: str = declare(N_("Series"), Code("series"))
    identifiers: Identifiers | None = declare(N_("Identifiers"), Group(Identifiers), None, index="names")
    holdings: tuple[Holding, ...] = declare(N_("How to get it"), Many(Group(Holding, _one_way)), (), index="names")
    dates: tuple[Occasion, ...] = declare(N_("Dates"), Many(Group(Occasion, _forwards)), ())
    contact: Contact | None = declare(N_("Contact"), Group(Contact), None)
    cover: Cover | None = declare(N_("Cover"), Group(Cover), None)
    replaces: tuple[str, ...] = declare(N_("Replaces"), Many(_RECORD_ID), ())
    source: Source | None = declare(N_("Source"), Group(Source), None, private=True)
    centre: str = declare(N_("Centre"), Code("centres"))
    shared: bool = declare(N_("Other centres offer it too"), Truth(), False)
    added: datetime.date | None = declare(N_("Added"), Day(), None)
    checked: datetime.date | None = declare(N_("Content checked on"), Day(), None)
    review_by: datetime.date | None = declare(N_("To check again by"), Day(), None, private=True)
    status: str = declare(N_("Status"), Choice(STATUSES), required=True)
    staff_note: str = declare(N_("Note for staff"), Line(), private=True)

    @property
    def document_languages(self) -> tuple[str, ...]:
        """The languages of the document: as declared, else those of its holdings."""
        return self.languages or tuple(dict.fromkeys(h.language for h in self.holdings if h.language))

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms in which the document can be had: ``link``, ``shelf``, ``file``."""
        return tuple(dict.fromkeys(holding.form for holding in self.offered))

    @property
    def offered(self) -> tuple[Holding, ...]:
        """The ways to get the document that visitors are shown: all but those that staff suspended."""
        return tuple(holding for holding in self.holdings if not holding.suspended)

    @property
    def files(self) -> tuple[HeldFile, ...]:
        """The files of the ways to get it that visitors are shown."""
        return tuple(dict.fromkeys(file for holding in self.offered for file in holding.files))

    @property
    def pictured(self) -> tuple[HeldFile, ...]:
        """The files that may give it a cover, the best first: the picture given, else those visitors are shown."""
        own = (HeldFile(self.cover.file, "", "cover"),) if self.cover else ()
        return (*own, *(HeldFile(held.file, held.language, "file") for held in self.offered if held.file))

    @property
    def caption_languages(self) -> tuple[str, ...]:
        """The languages in which its films and recordings have captions."""
        return tuple(dict.fromkeys(lang for holding in self.offered for lang in holding.captions or ()))

    @property
    def lacks_captions(self) -> tuple[str, ...]:
        """What its films and recordings lack in the centre's languages: ``captions-fr``, ``text-nl`` …

        A film owes subtitles, a recording a text; subtitles are one, by time (WCAG 2.2, 1.2.1 and 1.2.2).
        """
        lacking = (
            f"{'captions' if holding.plays == 'film' else 'text'}-{lang}"
            for holding in self.offered
            if holding.plays
            for lang in CENTRE_LANGUAGES
            if lang not in (holding.captions or {})
            and (holding.plays == "film" or lang not in (holding.transcript or {}))
        )
        return tuple(dict.fromkeys(lacking))

    @property
    def expires(self) -> datetime.datetime | None:
        """The moment an event leaves the results: when its last date is past. None for all other kinds."""
        if self.kind != "event" or not self.dates:
            return None
        return max(occasion.until for occasion in self.dates)


@dataclass(frozen=True)
class Facet:
    """A filter of the results: its URL parameter, its label, the values a record has, the list that names them."""

    param: str
    label: str
    values: Callable[[RecordFields], Iterable[str]]
    vocabulary: str = ""
    fixed: tuple[str, ...] = ()  # its only possible values, where no vocabulary lists them


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


FACETS: Mapping[str, Facet] = {
    facet.param: facet
    for facet in (
        Facet("theme", N_("Theme"), lambda r: r.themes, "themes", fixed=THEMES),
        Facet("kind", N_("Kind of document"), lambda r: (r.kind,), "kinds"),
        Facet("format", N_("How to get it"), lambda r: r.forms, fixed=("shelf", "link", "file")),
        Facet("language", N_("Language of the document"), lambda r: r.document_languages, "languages"),
        Facet("audience", N_("For whom"), lambda r: r.audiences, "audiences"),
        Facet("level", N_("Level of study"), lambda r: _one(r.level), "levels"),
        Facet("sector", N_("Sector"), lambda r: r.sectors, "sectors"),
        Facet("subject", N_("Subject"), lambda r: r.subjects, "subjects"),
        Facet("place", N_("Place"), lambda r: r.places, "places"),
        Facet("publisher", N_("Organisation"), lambda r: _one(r.publisher), "publishers"),
        Facet("easy", N_("Easy to read"), lambda r: ("1",) if r.easy else (), fixed=("1",)),
        Facet("captions", N_("Captions"), lambda r: r.caption_languages, "languages"),
        Facet(CENTRE, N_("Centre"), lambda r: _one(r.centre), "centres"),
    )
}


@dataclass(frozen=True)
class Sort:
    """A way to order results."""

    id: str
    label: str


SORTS: Mapping[str, Sort] = {
    sort.id: sort
    for sort in (
        Sort("relevance", N_("Most relevant first")),
        Sort("newest", N_("Newest first")),
        Sort("title", N_("By title")),
    )
}


@dataclass(frozen=True)
class IndexField:
    """A field of the search index: how much a word in it counts, and how a visitor is told where it was found."""

    name: str
    label: str
    weight: float
    found: str  # msgid with %(word)s


INDEX_FIELDS: Mapping[str, IndexField] = {
    field.name: field
    for field in (
        IndexField("title", N_("Title"), 5.0, N_("the word “%(word)s” in the title")),
        IndexField("keywords", N_("Keywords"), 3.0, N_("the word “%(word)s” among the keywords")),
        IndexField("subjects", N_("Subjects and occupations"), 4.0, N_("the subject “%(word)s”")),
        IndexField("summary", N_("Summary"), 1.0, N_("the word “%(word)s” in the summary")),
        IndexField("publisher", N_("Organisation"), 2.0, N_("the organisation “%(word)s”")),
        IndexField(
            "names",
            N_("Authors, numbers, shelf marks"),
            1.5,
            N_("“%(word)s” among the authors, numbers or shelf marks"),
        ),
        IndexField("body", N_("Text"), 0.5, N_("the word “%(word)s” in the text")),
        IndexField("inside", N_("Inside the document"), 0.3, N_("the word “%(word)s” inside the document")),
    )
}

"""The JSON that the API answers with, as types: what is sent is checked against them, and documented by them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from catalogue import shapes
from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.state.lists import MOST_ITEMS

Piece = tuple[str, bool]
"""A piece of a text, and whether it was searched."""

PublicRecord = dict[str, Any]
"""A record as its file holds it; its form follows from the declaration of the fields."""

ID, URL = N_("The id of the record."), N_("The page of the record: absolute where the site knows its own address.")
_LANG = N_("The code of a language (ISO 639).")


class Also(TypedDict):
    """Another label of a concept."""

    text: str
    lang: Annotated[str, _LANG]


class Expansion(TypedDict):
    """A concept recognised among the words, and what else was searched for it."""

    term: Annotated[str, N_("The words as they were typed.")]
    lang: Annotated[str, _LANG]
    also: Annotated[list[Also], N_("What else was searched for them.")]
    concept: Annotated[str, N_("The id of the concept.")]


class Link(TypedDict):
    """A concept close to the whole query."""

    concept: Annotated[str, N_("The id of the concept.")]
    label: str
    lang: Annotated[str, _LANG]
    weight: Annotated[float, N_("How close it is, beside the closest (1).")]


class Understood(TypedDict):
    """What was searched."""

    text: Annotated[str, N_("The words, cleaned and cut at 200 characters.")]
    corrected: Annotated[str | None, N_("What may have been meant; the answer is to what was typed.")]
    expansions: Annotated[list[Expansion], N_("Concepts recognised among the words.")]
    links: Annotated[list[Link], N_("Concepts close to the words, followed where few records have all of them.")]


class Reason(TypedDict):
    """Why a record is an answer."""

    code: str
    text: Annotated[str, N_("The reason as a sentence.")]
    field: Annotated[str, N_("Where the word was found.")]
    term: Annotated[str, N_("The word that was found.")]


class Highlight(TypedDict):
    """A text in pieces."""

    lang: Annotated[str, _LANG]
    parts: Annotated[list[Piece], N_("The text in pieces, each with whether it was searched.")]


class Highlights(TypedDict):
    """Where the words are found."""

    title: list[Highlight]
    summary: list[Highlight]


class Inside(Highlight):
    """Where in a file of the record words stand that its own texts lack."""

    file: Annotated[str, N_("The file, below /.")]
    page: NotRequired[Annotated[int, N_("Of a PDF, from 1.")]]
    second: NotRequired[Annotated[int, N_("Of a film or a recording.")]]
    url: Annotated[str, N_("Where it opens at that place.")]


class Hit(TypedDict):
    """A record that answers a query."""

    id: Annotated[str, ID]
    url: Annotated[str, URL]
    title: Annotated[str, N_("The title in the language of the interface, else in another.")]
    title_lang: Annotated[str, _LANG]
    summary: str
    kind: Annotated[str, N_("The id of the kind of document.")]
    themes: Annotated[list[str], N_("The ids of the themes.")]
    languages: Annotated[list[str], N_("The languages of the document.")]
    score: Annotated[float, N_("Points; they compare within one answer only.")]
    full: Annotated[bool, N_("Whether it has all the words.")]
    why: Annotated[list[Reason], N_("Why it is here.")]
    highlights: Annotated[Highlights, N_("Where the words are found.")]
    inside: Annotated[Inside | None, N_("Where they stand in a file of the record, if only there.")]


class FacetValue(TypedDict):
    """A value of a filter."""

    value: str
    label: Annotated[str, N_("Its name in the language of the interface.")]
    count: Annotated[int, N_("How many results there would be if it were the only one chosen in its filter.")]
    selected: bool


class SearchAnswer(TypedDict):
    """The results of a search."""

    total: Annotated[int, N_("How many records have any of the words.")]
    full: Annotated[int, N_("How many have all of them.")]
    page: Annotated[int, N_("The page that was answered: the last one where a later one was asked.")]
    per_page: int
    query: Annotated[Understood, N_("What was searched.")]
    hits: Annotated[list[Hit], N_("The records of this page, the best first.")]
    facets: Annotated[dict[str, list[FacetValue]], N_("The filters, each with its values.")]


class SuggestedText(TypedDict):
    """What somebody who is typing may look for."""

    text: str
    parts: Annotated[list[Piece], N_("The text in pieces, each with whether it was typed.")]
    kind: Literal["occupation", "subject", "title", "organisation"]
    label: Annotated[str, N_("The kind in words.")]
    lang: Annotated[str, _LANG]
    language: Annotated[str | None, N_("The name of that language, where it is not that of the interface.")]
    url: Annotated[str, N_("Where it leads.")]


class SuggestAnswer(TypedDict):
    """Suggestions for what is typed."""

    query: str
    suggestions: list[SuggestedText]
    notice: Annotated[str | None, N_("What is to be shown beside them, as the owner of the words asks.")]


class RecordsAnswer(TypedDict):
    """Some of all public records, by id."""

    total: Annotated[int, N_("How many public records there are.")]
    per_page: int
    records: list[PublicRecord]
    cursor: Annotated[str | None, N_("What to ask as “cursor” for those that follow; null where there are no more.")]
    next: Annotated[str | None, N_("The address of those that follow; null where there are no more.")]


_GivenId = Annotated[str, {"pattern": f"^{shapes.ID.pattern}$"}]


class LookupQuestion(TypedDict):
    """Which records a list shows."""

    ids: Annotated[list[_GivenId], N_("Ids of records."), {"maxItems": MOST_ITEMS}]
    lang: NotRequired[Annotated[str, N_("The language of the interface."), {"enum": list(languages())}]]


class SaidText(TypedDict):
    """A text and its language."""

    text: str
    lang: Annotated[str, _LANG]


class WayToGet(TypedDict):
    """One way to get a document."""

    form: Annotated[str, N_("A copy on a shelf, a link or a file.")]
    href: Annotated[str | None, N_("Where it leads.")]
    host: Annotated[str | None, N_("The site that it leads to.")]
    mark: Annotated[str | None, N_("The shelf mark.")]
    shelf: Annotated[SaidText | None, N_("The name of the shelf.")]
    colour: Annotated[str, N_("The theme whose colour the shelf has, or “neutral”.")]
    use: Annotated[str | None, N_("Whether a copy is to take, to read or to ask for.")]
    language: SaidText | None
    year: int | None


class ListItem(TypedDict):
    """What a list shows of a record."""

    id: Annotated[str, ID]
    url: Annotated[str, URL]
    kind: Annotated[str, N_("The id of the kind of document.")]
    kind_label: SaidText
    title: str
    title_lang: Annotated[str, _LANG]
    titles: Annotated[list[SaidText], N_("The title in the language of the interface, then in the others.")]
    when: Annotated[str, N_("When it takes place, in words.")]
    ways: Annotated[list[WayToGet], N_("How to get it.")]
    walk: Annotated[int, N_("Its place where one walks along the shelves.")]
    link: Annotated[str | None, N_("An address that a phone can reach.")]
    qr: Annotated[str | None, N_("The same as a QR code (SVG).")]


class MissingRecord(TypedDict):
    """An id without a record."""

    id: str
    state: Annotated[str, N_("Whether it moved, is gone, or never was.")]
    to: NotRequired[Annotated[str, N_("The id under which it lives on.")]]


class SharedList(TypedDict):
    """A list as it is taken along."""

    link: str | None
    mailto: str
    text: str
    qr: str | None
    in_qr: int


LookupAnswer = TypedDict(  # noqa: UP013 - in a class, the key "list" would hide the type from the other lines
    "LookupAnswer",
    {
        "records": list[ListItem],
        "missing": list[MissingRecord],
        "list": Annotated[SharedList | None, N_("The list to take along: as a link, a mail, a text, a QR code.")],
    },
)
"""Records as a list shows them, in the order in which they were asked for."""


class ErrorAbout(TypedDict):
    """What is wrong."""

    code: Annotated[str, N_("What happened, in a word that does not change.")]
    message: Annotated[str, N_("What happened, in a sentence of the language that was asked for.")]
    field: Annotated[str | None, N_("The parameter that is wrong.")]


class ErrorAnswer(TypedDict):
    """What went wrong."""

    error: ErrorAbout

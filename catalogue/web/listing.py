"""Records on a list that somebody takes along: in walking order, with QR codes, as text, as a link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.errors import N_, Gone, Moved, NotFound
from catalogue.resource import Resource
from catalogue.service import Catalogue
from catalogue.state import ListItem
from catalogue.values import Said
from catalogue.web import addresses, phrases, qr
from catalogue.web.pages import Way
from catalogue.web.present import Presenter
from catalogue.web.walk import NOWHERE, Walk, walk_to

_SHORT_TITLES = (60, 36)  # letters of a title in an e-mail that must fit into a QR code


@dataclass(frozen=True)
class Listed:
    """A record as it stands on a list. ``link``: where its QR code leads, empty where there is nowhere."""

    id: str
    href: str
    kind: str
    kind_label: Said
    title: Said
    other_titles: tuple[Said, ...]
    ways: tuple[Way, ...]
    when: str
    link: str
    qr: str
    walk: Walk
    why: Said


@dataclass(frozen=True)
class Missing:
    """An id that is no longer, or never was, a public record. ``to``: the record that took its place."""

    id: str
    state: str  # gone, unknown, moved
    to: str = ""


@dataclass(frozen=True)
class Shared:
    """A list to take along. ``qr`` holds the first ``in_qr`` items of it: the public page, or an e-mail."""

    link: str
    mailto: str
    text: str
    qr: str
    in_qr: int


def find(catalogue: Catalogue, ids: Iterable[str]) -> tuple[tuple[Resource, ...], tuple[Missing, ...]]:
    """Return the public records among ``ids``, each once, those that moved followed; and what is missing."""
    found: dict[str, Resource] = {}
    missing: list[Missing] = []
    for id in dict.fromkeys(ids):
        try:
            record = _follow(catalogue, id)
        except NotFound as error:
            missing.append(Missing(id, "gone" if isinstance(error, Gone) else "unknown"))
            continue
        if record.id != id:
            missing.append(Missing(id, "moved", record.id))
        found.setdefault(record.id, record)
    return tuple(found.values()), tuple(missing)


def _follow(catalogue: Catalogue, id: str) -> Resource:
    try:
        return catalogue.record(id)
    except Moved as moved:
        return catalogue.record(moved.to)


def record_of(catalogue: Catalogue, id: str) -> Resource | None:
    """Return the public record with an id, also where it moved; None where there is none."""
    try:
        return _follow(catalogue, id)
    except NotFound:
        return None


def in_walking_order(items: Iterable[Listed]) -> tuple[Listed, ...]:
    """Return the items as one meets them; those on no shelf come last, as they were."""
    return tuple(sorted(items, key=lambda item: item.walk))


def listed(presenter: Presenter, record: Resource, why: str = "") -> Listed:
    """Return a record as it stands on a list; ``why`` is the id of a ready phrase, or a sentence."""
    # In both languages of the centre: who is shown the sheet may read the other one.
    title, *other_titles = record.title.names(presenter.lang)
    ways = presenter.ways(record)
    marks = [] if presenter.elsewhere(record) else [way.mark for way in ways if way.form == "shelf"]
    link = _link(presenter, record, ways)
    return Listed(
        id=record.id,
        href=addresses.record(presenter.lang, record.id),
        kind=record.kind,
        kind_label=presenter.label("kinds", record.kind),
        title=title,
        other_titles=tuple(other_titles),
        ways=ways,
        when=presenter.when(record),
        link=link,
        qr=qr.picture(link) if link and qr.fits(link) else "",
        walk=walk_to(presenter, marks[0]) if marks else NOWHERE,
        why=phrases.said(presenter.vocabularies, why, presenter.lang),
    )


def _link(presenter: Presenter, record: Resource, ways: Sequence[Way]) -> str:
    """Return where a phone finds the document: the public site, else its publisher's page."""
    public = presenter.catalogue.settings.public_url
    if public:
        return f"{public}{addresses.record(presenter.lang, record.id)}"
    links = [way.href for way in ways if way.form == "link"]
    return next(iter([*links, *(occasion.register for occasion in record.dates if occasion.register)]), "")


def kept(catalogue: Catalogue, items: Iterable[ListItem]) -> tuple[ListItem, ...]:
    """Return what of a list can still be shown: each item under the id its record has now."""
    found: dict[str, ListItem] = {}
    for item in items:
        record = record_of(catalogue, item.id)
        if record:
            found.setdefault(record.id, ListItem(record.id, item.why))
    return tuple(found.values())


# --- the list as a whole -------------------------------------------------------------------------------------


def share(presenter: Presenter, items: Sequence[Listed]) -> Shared:
    """Return a list as text, as an e-mail, and as a QR code: of its public page or, without one, of the e-mail."""
    _, lang, public = presenter._, presenter.lang, presenter.catalogue.settings.public_url
    subject = f"{_(N_('My list'))} – {presenter.catalogue.contents.frame.centre.name.best(lang)}"
    link, in_link = _longest(public, lang, [item.id for item in items]) if public else ("", 0)
    mail, in_mail = _mail(presenter, subject, items)
    return Shared(
        link=link,
        mailto=mail,
        text="\n\n".join([subject, *(_entry(n, item) for n, item in enumerate(items, 1))]) + "\n",
        qr=qr.picture(link or mail),
        in_qr=in_link if public else in_mail,
    )


def _longest(public: str, lang: str, ids: Sequence[str]) -> tuple[str, int]:
    for count in range(len(ids), 0, -1):
        link = f"{public}{addresses.page(lang, 'list')}#ids={','.join(ids[:count])}"
        if qr.fits(link):
            return link, count
    return f"{public}{addresses.page(lang, 'list')}", 0


def _mail(presenter: Presenter, subject: str, items: Sequence[Listed]) -> tuple[str, int]:
    """Return an e-mail that a QR code can hold: everything, else shorter entries, else only the first; it says so."""
    whole = ["\n".join((*_entry(n, item).splitlines(), "")) for n, item in enumerate(items, 1)]
    shorter = [[_short_entry(n, item, length) for n, item in enumerate(items, 1)] for length in _SHORT_TITLES]
    for entries in (whole, *shorter):
        mail = qr.mailto(subject, "\n".join(entries))
        if qr.fits(mail):
            return mail, len(items)
    for count in range(len(items) - 1, 0, -1):
        rest = presenter.language.ngettext(
            "… and one more document. The printed list has it.",
            "… and %(count)s more documents. The printed list has them.",
            len(items) - count,
        )
        mail = qr.mailto(subject, "\n".join([*shorter[-1][:count], rest % {"count": len(items) - count}]))
        if qr.fits(mail):
            return mail, count
    return qr.mailto(subject, ""), 0


def _entry(number: int, item: Listed) -> str:
    """Return an item in a few lines of plain text: its titles, its date, its shelf marks, its addresses."""
    marks = [f"{way.mark} ({way.use})" if way.use else way.mark for way in item.ways if way.form == "shelf"]
    links = dict.fromkeys([*(way.href for way in item.ways if way.form == "link"), item.link])
    lines = [item.title.text, *(said.text for said in item.other_titles), item.when, " · ".join(marks), *links]
    return f"{number}. " + "\n   ".join(filter(None, lines))


def _short_entry(number: int, item: Listed, length: int) -> str:
    """Return an item in two lines: its title, cut, and one way to get it."""
    title = item.title.text
    short = title if len(title) <= length else f"{title[: length - 1].rstrip()}…"
    ways = [way.href for way in item.ways if way.form == "link"] or [way.mark for way in item.ways if way.mark]
    return "\n".join([f"{number}. {short}", *ways[:1]])

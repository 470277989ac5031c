"""``/desk/{lang}/advise/lists/``: the editorial lists for staff, and what they print or show of each."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from catalogue.editorial import EditorialList
from catalogue.errors import N_, NotFound
from catalogue.service import Catalogue
from catalogue.values import Said
from catalogue.web import addresses, sheets
from catalogue.web.desk.frame import Desk, make_desk
from catalogue.web.desk.session import require
from catalogue.web.frame import Frame, language_of, make_frame, site_address
from catalogue.web.present import Presenter
from catalogue.web.render import html

PAPERS = ("a4", "a3")
KIND_NAMES = {"steps": N_("Step by step"), "selection": N_("Our selections")}


@dataclass(frozen=True)
class DeskList:
    """A list as staff see it: whether visitors see it, what is missing, where its parts are."""

    kind: str
    title: Said
    theme: str
    state: str
    display: str
    count: int
    missing: tuple[str, ...]
    public: str  # empty where visitors do not see it
    pick: str
    poster: str
    slides: str


@dataclass(frozen=True)
class DeskListsPage:
    """All lists. ``problems``: what is wrong in their files, as ``lists/x.yaml:3: title: …``."""

    frame: Frame
    desk: Desk
    lists: tuple[DeskList, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class PickPage:
    """What to fetch for a list."""

    frame: Frame
    title: Said
    back: str
    display: str
    list: sheets.PickList
    today: str


@dataclass(frozen=True)
class PosterPage:
    """A poster on ``paper``; ``reachable``: a phone outside the centre can open its address."""

    frame: Frame
    back: str
    theme: str
    kind: str
    paper: str
    papers: tuple[tuple[str, str], ...]
    halves: tuple[sheets.PosterHalf, ...]
    centre: tuple[Said, ...]
    reachable: bool


@dataclass(frozen=True)
class SlidesPage:
    """The slides of a list, complete: while they run nothing more is asked of the server."""

    frame: Frame
    back: str
    titles: tuple[Said, ...]
    slides: tuple[sheets.Slide, ...]


def every(request: Request) -> Response:
    """All lists, those that visitors do not see (yet, any more) too."""
    account = require(request)
    catalogue: Catalogue = request.app.state.catalogue
    presenter, frame = Presenter(catalogue, language_of(request)), catalogue.contents.frame
    root = catalogue.settings.resources
    wrong = [p for p in catalogue.contents.problems if p.path.parent == root / "lists"]
    page = DeskListsPage(
        frame=make_frame(request),
        desk=make_desk(request, account),
        lists=tuple(_desk_list(presenter, made) for made in frame.lists.values()),
        problems=tuple(problem.render(presenter._, root) for problem in wrong),
    )
    return html("desk_lists.html", page, presenter.lang)


def pick(request: Request) -> Response:
    """What to fetch from the shelves for a list, in walking order."""
    presenter, made = _asked(request)
    page = PickPage(
        frame=make_frame(request),
        title=made.title.best(presenter.lang),
        back=addresses.lists_desk(presenter.lang),
        display=presenter.display_words(made.display_until),
        list=sheets.pick_list(presenter, made.ids),
        today=presenter.language.day(presenter.catalogue.now().date()),
    )
    return html("desk_pick.html", page, presenter.lang)


def poster(request: Request) -> Response:
    """A poster of a list, ``?paper=a4`` or ``a3``, whose QR codes open its page."""
    presenter, made = _asked(request)
    settings, lang = presenter.catalogue.settings, presenter.lang
    base = site_address(request)
    paper = request.query_params.get("paper", PAPERS[0])
    here = addresses.lists_desk(lang, made.slug, "poster")
    page = PosterPage(
        frame=make_frame(request),
        back=addresses.lists_desk(lang),
        theme=next(iter(made.themes), ""),
        kind=made.kind,
        paper=paper if paper in PAPERS else PAPERS[0],
        papers=tuple((name, f"{here}?paper={name}") for name in PAPERS),
        halves=sheets.poster(
            presenter,
            KIND_NAMES[made.kind],
            made.title,
            made.intro,
            lambda code: f"{base}{addresses.editorial_list(code, made.kind, made.slug)}",
            made.display_until if made.is_on_display(presenter.catalogue.now().date()) else None,
        ),
        centre=tuple(
            presenter.catalogue.contents.frame.centre.name.best(half.lang) for half in sheets.in_both(presenter)
        ),
        reachable=bool(settings.public_url),
    )
    return html("desk_poster.html", page, lang)


def slides(request: Request) -> Response:
    """The slides of a list for a tablet. Opening them asks who it is; running asks nothing more."""
    presenter, made = _asked(request)
    page = SlidesPage(
        frame=make_frame(request),
        back=addresses.lists_desk(presenter.lang),
        titles=tuple(made.title.best(half.lang) for half in sheets.in_both(presenter)),
        slides=sheets.slides(presenter, made.ids, {entry.id: entry.note for entry in made.items}),
    )
    return html("desk_slides.html", page, presenter.lang)


def _asked(request: Request) -> tuple[Presenter, EditorialList]:
    """Return the list an address names, published or not. Raises NotFound."""
    require(request)
    catalogue: Catalogue = request.app.state.catalogue
    made = catalogue.contents.frame.lists.get(request.path_params["slug"])
    if made is None:
        raise NotFound
    return Presenter(catalogue, language_of(request)), made


def _desk_list(presenter: Presenter, made: EditorialList) -> DeskList:
    lang, today = presenter.lang, presenter.catalogue.now().date()
    found = [record.id for record in presenter.catalogue.visible(made.ids)]
    return DeskList(
        kind=made.kind,
        title=made.title.best(lang),
        theme=next(iter(made.themes), ""),
        state=_state(presenter, made),
        display=presenter.display_words(made.display_until) if made.is_on_display(today) else "",
        count=len(found),
        missing=tuple(id for id in made.ids if id not in found),
        public=addresses.editorial_list(lang, made.kind, made.slug) if made.is_public(today) else "",
        pick=addresses.lists_desk(lang, made.slug, "pick"),
        poster=addresses.lists_desk(lang, made.slug, "poster"),
        slides=addresses.lists_desk(lang, made.slug, "slides"),
    )


def _state(presenter: Presenter, made: EditorialList) -> str:
    """Return in words whether visitors see a list, and until or from when."""
    today, day = presenter.catalogue.now().date(), presenter.language.day
    if made.from_ > today:
        return presenter._(N_("Visitors see it from %(day)s on")) % {"day": day(made.from_)}
    if made.until is None:
        return presenter._(N_("Visitors see it"))
    words = N_("Visitors saw it until %(day)s") if made.is_over(today) else N_("Visitors see it until %(day)s")
    return presenter._(words) % {"day": day(made.until)}

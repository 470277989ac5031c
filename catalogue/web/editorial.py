"""Editorial lists as pages print them: announced on other pages, and each on a page of its own."""

from __future__ import annotations

from starlette.requests import Request

from catalogue.editorial import EditorialList
from catalogue.web import addresses, qr
from catalogue.web.frame import make_frame
from catalogue.web.pages import EditorialLinks, EditorialPage, Item, ListLink
from catalogue.web.present import Presenter

ANNOUNCED = 4
"""How many lists of a kind the home page and the theme pages show."""


def announced(presenter: Presenter, theme: str = "", limit: int = ANNOUNCED, but: str = "") -> EditorialLinks:
    """Return links to the newest lists of each kind (of a theme), the one named ``but`` left out."""
    lists = [made for made in presenter.catalogue.editorial_lists(theme) if made.slug != but]

    def of_kind(kind: str) -> tuple[ListLink, ...]:
        return tuple(link(presenter, made) for made in lists if made.kind == kind)[:limit]

    return EditorialLinks(of_kind("steps"), of_kind("selection"), addresses.selections(presenter.lang))


def link(presenter: Presenter, made: EditorialList) -> ListLink:
    """Return how a list is announced."""
    lang = presenter.lang
    return ListLink(
        href=addresses.editorial_list(lang, made.kind, made.slug),
        title=made.title.best(lang),
        intro=made.intro.best(lang),
        count=len(presenter.catalogue.visible(made.ids)),
        theme=next(iter(made.themes), ""),
    )


def editorial_page(request: Request, presenter: Presenter, made: EditorialList) -> EditorialPage:
    """Return the page of a list; items whose record visitors cannot see are left out."""
    lang, frame, catalogue = presenter.lang, make_frame(request), presenter.catalogue
    notes = {entry.id: entry.note for entry in made.items}
    path = addresses.editorial_list(lang, made.kind, made.slug)
    public = catalogue.settings.public_url
    base = catalogue.settings.address
    return EditorialPage(
        frame=frame,
        kind=made.kind,
        title=made.title.best(lang),
        intro=made.intro.best(lang),
        themes=tuple(theme for theme in frame.themes if theme.id in made.themes),
        items=tuple(Item(notes[r.id].best(lang), presenter.card(r)) for r in catalogue.visible(made.ids)),
        display=presenter.display_words(made.display_until if made.is_on_display(catalogue.now().date()) else None),
        address=f"{base}{path}" if base else "",
        qr=qr.picture(f"{public}{path}") if public else "",
        others=announced(presenter, next(iter(made.themes), ""), but=made.slug),
    )

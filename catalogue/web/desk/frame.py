"""What the staff's pages have around them besides the visitors' frame: who is signed in, where they can go."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from catalogue.errors import N_
from catalogue.i18n import languages
from catalogue.state import Account
from catalogue.state.accounts import ROLE_NAMES
from catalogue.web import addresses
from catalogue.web.frame import language_of


@dataclass(frozen=True)
class Task:
    """Something staff can do: its page, with an icon and a line that says what it is for."""

    href: str
    label: str
    detail: str
    icon: str
    current: bool
    daily: bool


@dataclass(frozen=True)
class Desk:
    """The surroundings of a page of the staff. ``name`` is empty where nobody is signed in."""

    name: str
    role: str
    home: str
    sign_out: str
    password: str
    tasks: tuple[Task, ...]


# page below /desk/{lang}/, the least role, label, what it is for, icon
_TASKS = (
    (
        "records/new",
        "documentalist",
        N_("Add a record"),
        N_("A brochure, a website, a film, an address: describe it once, in both languages."),
        "add",
    ),
    (
        "records",
        "documentalist",
        N_("Records"),
        N_("Find, correct or change together any record, published or not."),
        "search",
    ),
    (
        "series/",
        "documentalist",
        N_("All series"),
        N_("Renew what appears again, print its labels, claim what did not come."),
        "book",
    ),
    (
        "import/",
        "documentalist",
        N_("Import"),
        N_("Bring in a table: CSV, TSV or Excel. Look at it first, undo it afterwards."),
        "import",
    ),
    (
        "harvest/",
        "documentalist",
        N_("Other catalogues"),
        N_("Records taken over from other catalogues: how the last time went, what to look at."),
        "import",
    ),
    (
        "advise/",
        "advisor",
        N_("Lists for visitors"),
        N_("Choose documents for a visitor or a group, and hand them over by a code or on paper."),
        "talk",
    ),
    (
        "advise/lists/",
        "advisor",
        N_("Step by step and our selections"),
        N_("What to fetch from the shelves, a poster and slides for each list."),
        "steps",
    ),
    (
        "links/",
        "documentalist",
        N_("Links"),
        N_("Which are broken or have moved: replace, suspend, look again."),
        "link",
    ),
    (
        "words/",
        "documentalist",
        N_("Words"),
        N_("Organisations, series, shelves, subjects, occupations: their names, and what people also say."),
        "subject",
    ),
    (
        "texts/",
        "documentalist",
        N_("Texts"),
        N_("Hours and advisors, introductions, visitors’ questions, help: in French and Dutch side by side."),
        "press",
    ),
    (
        "files/",
        "documentalist",
        N_("Files"),
        N_("PDF documents, sound, film and pictures of the centre: add, replace, see where each is used."),
        "file",
    ),
    (
        "actions/",
        "documentalist",
        N_("What was done"),
        N_("Who changed what and when; take it back."),
        "clock",
    ),
    (
        "report/",
        "advisor",
        N_("The year"),
        N_("What was used, what there is and what was missing, for the label: to read, print or take as tables."),
        "chart",
    ),
    (
        "accounts/",
        "administrator",
        N_("Accounts"),
        N_("Who may sign in here, and what they may do."),
        "people",
    ),
)

_DAILY = ("records/new", "records", "series/", "advise/", "advise/lists/")
"""What stands in the bar itself; the rest is opened there."""


def make_desk(request: Request, account: Account | None) -> Desk:
    """Return the surroundings for ``account`` of the page that ``request`` asks for."""
    lang = language_of(request)
    _ = languages()[lang].gettext
    below = request.url.path.removeprefix(addresses.desk(lang))
    here = max((page for page, *_rest in _TASKS if below.startswith(page)), key=len, default="")
    return Desk(
        name=account.name if account else "",
        role=_(ROLE_NAMES[account.role]) if account else "",
        home=addresses.desk(lang),
        sign_out=addresses.desk(lang, "sign-out"),
        password=addresses.desk(lang, "password"),
        tasks=tuple(
            Task(href, _(label), _(detail), icon, page == here, page == here or page in _DAILY)
            for page, role, label, detail, icon in _TASKS
            if account and account.may(role) and (href := addresses.desk(lang, page))
        ),
    )

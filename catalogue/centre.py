"""The centre itself: its name, address, hours and colours, from ``centre.yaml``."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from catalogue import __version__, yamlfile
from catalogue.errors import N_, Problem
from catalogue.fields import THEMES, Contact
from catalogue.shapes import Address, Choice, Group, Line, Many, Pattern, Place, Texts, declare, read_group
from catalogue.values import Text

_COLOUR = Pattern(r"#[0-9A-Fa-f]{6}", "#5B2A86")
_TIME = Pattern(r"([01]\d|2[0-3]):[0-5]\d", "18:00")


@dataclass(frozen=True, kw_only=True)
class ThemeColour:
    """The colours of one theme: text on light paper, background, text on dark paper."""

    theme: str = declare(N_("Theme"), Choice(THEMES), required=True)
    ink: str = declare(N_("Colour of text"), _COLOUR, required=True)
    tint: str = declare(N_("Colour of background"), _COLOUR, required=True)
    dark: str = declare(N_("Colour of text in the dark"), _COLOUR, required=True)


@dataclass(frozen=True, kw_only=True)
class Centre:
    """Who offers this catalogue."""

    name: Text = declare(N_("Name"), Texts(), Text(), required=True)
    tagline: Text = declare(N_("Tagline"), Texts(), Text())
    website: str = declare(N_("Web address"), Address())
    timezone: str = declare(N_("Time zone"), Line(), "Europe/Brussels")
    languages: tuple[str, ...] = declare(N_("Languages"), Many(Line()), ("fr", "nl", "en"))
    closes: str = declare(N_("Closes at"), _TIME)
    advisors: Text = declare(N_("Advisors present"), Texts(), Text())
    contact: Contact = declare(N_("Contact"), Group(Contact), Contact())
    colours: tuple[ThemeColour, ...] = declare(N_("Colours"), Many(Group(ThemeColour)), ())

    def now(self) -> datetime.datetime:
        """Return the local time of the centre, without a zone."""
        try:
            zone = ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return datetime.datetime.now()
        return datetime.datetime.now(zone).replace(tzinfo=None)

    def closing(self, now: datetime.datetime) -> datetime.datetime:
        """Return when the centre closes on the day of ``now``; where that is past or not known, the end of the day."""
        day = datetime.datetime.combine(now.date(), datetime.time())
        closes = datetime.datetime.combine(day, datetime.time.fromisoformat(self.closes)) if self.closes else now
        return closes if closes > now else day + datetime.timedelta(days=1)

    def agent(self, what: str, contact: str = "") -> str:
        """Return the name under which we ask others something, with a web or mail address where they find us.

        ``what``: the part of the catalogue that asks; ``contact``: an address to give instead of the centre's own.
        """
        where = contact or self.website or (f"mailto:{self.contact.email}" if self.contact.email else "")
        return f"catalogue-{what}/{__version__}" + (f" (+{where})" if where else "")

    @classmethod
    def load(cls, path: Path) -> tuple[Centre, tuple[Problem, ...]]:
        """Read ``centre.yaml``. A faulty file gives a nameless centre and its problems: the site goes on."""
        document = yamlfile.read(path)
        problems = list(document.problems)
        centre = None
        if document.value is not None:
            centre = read_group(cls, document.value, Place(document, problems))
        return centre or cls(name=Text({"fr": "Catalogue", "nl": "Catalogus", "en": "Catalogue"})), tuple(problems)

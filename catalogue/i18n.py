"""The languages people see the site in: messages, dates, numbers. English is the language of the msgids.

A language is installed by a folder ``locale/<code>/LC_MESSAGES`` with a ``catalogue.po``; the .po files are read at
start (Babel), there is no compile step.
"""

from __future__ import annotations

import datetime
import gettext
import io
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.units import format_unit

FOLDER = Path(__file__).parent / "locale"
SOURCE = "en"
DEFAULT = "fr"
# The order in which languages are offered: the centre's two, equal and first, then English, then others.
_FIRST = ("fr", "nl", "en")


class Language:
    """One interface language: its messages and its way to write dates and numbers."""

    def __init__(self, code: str, translations: gettext.NullTranslations) -> None:
        self.code = code
        # Belgium's own conventions (times, separators) where the language has them.
        self._locale = Locale.parse(f"{code}_BE") if code in ("fr", "nl", "de") else Locale.parse(code)
        self.translations = translations
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext

    @property
    def name(self) -> str:
        """The language's name in itself: ``Français``."""
        return (self._locale.get_language_name(self.code) or self.code).capitalize()

    def date(self, day: datetime.date) -> str:
        """``vendredi 4 décembre 2026``, ``vrijdag 4 december 2026``."""
        return format_date(day, format="full", locale=self._locale)

    def day(self, day: datetime.date) -> str:
        """``4 décembre 2026``, ``1er décembre 2026``, ``4 december 2026``."""
        text = format_date(day, format="long", locale=self._locale)
        return text.replace("1 ", "1er ", 1) if self.code == "fr" and day.day == 1 else text

    def month(self, day: datetime.date) -> str:
        """``octobre 2026``, ``oktober 2026``."""
        return format_skeleton("yMMMM", datetime.datetime.combine(day, datetime.time()), locale=self._locale)

    def time(self, moment: datetime.datetime) -> str:
        """``14:00``."""
        return format_datetime(moment, "HH:mm", locale=self._locale)

    def size(self, count: int) -> str:
        """The size of a file: ``80 ko``, ``80 kB``, ``1,2 Mo``."""
        unit, value = ("megabyte", count / 1_000_000) if count >= 1_000_000 else ("kilobyte", max(1, count // 1000))
        return str(format_unit(round(value, 1), f"digital-{unit}", length="short", locale=self._locale))

    def number(self, value: float) -> str:
        """``1 234,5`` in French, ``1.234,5`` in Dutch, with every decimal there is."""
        return format_decimal(value, locale=self._locale, decimal_quantization=False)


@cache
def languages() -> Mapping[str, Language]:
    """Return the installed languages by code, the centre's two first."""
    codes = {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/catalogue.po")} | {SOURCE}
    ordered = [c for c in _FIRST if c in codes] + sorted(codes - set(_FIRST))
    return {code: Language(code, _translations(code)) for code in ordered}


def _translations(code: str) -> gettext.NullTranslations:
    path = FOLDER / code / "LC_MESSAGES" / "catalogue.po"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def country_names() -> tuple[str, ...]:
    """Return what countries and continents are called in the installed languages (Unicode CLDR)."""
    locales = (Locale.parse(code) for code in languages())
    return tuple(dict.fromkeys(str(name) for locale in locales for name in locale.territories.values()))


def direction(code: str) -> str:
    """Return how a language is written: ``rtl`` or ``ltr``, which is also said of one that is not known."""
    try:
        return str(Locale.parse(code).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def from_environment(environ: Mapping[str, str] | None = None) -> Language:
    """Return the language a command speaks: that of LC_ALL, LC_MESSAGES or LANG where installed, else English."""
    environ = os.environ if environ is None else environ
    wanted = next((environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(k)), "")
    return languages().get(wanted[:2].lower(), languages()[SOURCE])

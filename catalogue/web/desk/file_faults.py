"""What is wrong with a file that is kept all the same: captions line by line, what cannot be opened in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.errors import N_
from catalogue.i18n import Language
from catalogue.inside import PROBLEMS
from catalogue.media import captions
from catalogue.media.captions import CaptionFault
from catalogue.media.kinds import ending_of
from catalogue.service import Catalogue

_TOLD = 5
"""Faults that an answer to a script names; the page of the file names them all."""


def of_file(catalogue: Catalogue, path: str, language: Language) -> tuple[str, ...]:
    """Return what is wrong with the file ``media/…``; nothing where it is not there."""
    problem, _digest = catalogue.file_problems.get(path, ("", ""))
    opened = (language.gettext(PROBLEMS[problem]),) if problem else ()
    if ending_of(path) not in (".vtt", ".srt"):
        return opened
    try:
        return opened + said(captions.check(catalogue.settings.resources / path), language)
    except OSError:
        return opened


def said(faults: Sequence[CaptionFault], language: Language) -> tuple[str, ...]:
    """Return faults of captions in words, each behind its line."""
    _ = language.gettext
    return tuple(
        f"{_(N_('line %(line)s')) % {'line': fault.line}} · {_(fault.message) % fault.params}" for fault in faults
    )


def warning(faults: Sequence[CaptionFault], language: Language) -> str:
    """Return what to tell of captions that were kept with faults; empty where there are none."""
    if not faults:
        return ""
    lines = list(said(faults[:_TOLD], language))
    if len(faults) > _TOLD:
        lines.append(language.gettext(N_("further faults: %(count)s")) % {"count": len(faults) - _TOLD})
    return "\n".join((language.gettext(N_("It is kept, but look at this:")), *lines))

"""The nine digits that open a list: read as people type them, and slow for those who guess."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from catalogue.errors import N_, BadInput, Expired, NotFound
from catalogue.state import HandedList
from catalogue.state.lists import CODE_DIGITS
from catalogue.web.throttle import Throttle

_BETWEEN = re.compile(r"[\s.\-–_/]+")
NOT_A_CODE = N_("A code has nine digits, for instance %(example)s. Look once more where you have it from.")


def shown(code: str) -> str:
    """Return a code in groups of three, as people read it out: ``123 456 789``, with no-break spaces."""
    return "\N{NO-BREAK SPACE}".join(code[start : start + 3] for start in range(0, len(code), 3))


def digits(typed: str) -> str:
    """Return the digits of a code typed with spaces, points or hyphens. Raises BadInput where there are not nine."""
    joined = _BETWEEN.sub("", typed)
    if not re.fullmatch(rf"[0-9]{{{CODE_DIGITS}}}", joined):
        raise BadInput(NOT_A_CODE, field="code", example=shown("123456789"))
    return joined


async def open_list(request: Request, typed: str) -> HandedList:
    """Return the list that a code opens, after the wait of those who failed before.

    Raises BadInput (no code at all), TooManyTries, NotFound, Expired, StateUnavailable.
    """
    code = digits(typed)
    throttle: Throttle = request.app.state.code_throttle
    await throttle.turn(request)
    try:
        return await run_in_threadpool(request.app.state.catalogue.state.lists.get, code)
    except Expired:  # it was right once: whoever types it guesses nothing
        raise
    except NotFound:
        throttle.failed(request)
        raise

"""The dates of OAI-PMH: UTC, to the day or to the second (section 3.3 of the protocol)."""

from __future__ import annotations

import datetime
import re

DAY, SECONDS = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"
"""The two granularities, as the protocol writes them."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def granularity(text: str) -> str:
    """Return the granularity in which a date is written, empty where it is none of the protocol."""
    return DAY if _DAY.fullmatch(text) else SECONDS if _SECONDS.fullmatch(text) else ""


def first_second(text: str) -> int:
    """Return the first second, since 1970, of what a date names. Raises ValueError for what is no date."""
    if not granularity(text):
        raise ValueError(text)
    moment = datetime.datetime.fromisoformat(text.removesuffix("Z"))
    return int(moment.replace(tzinfo=datetime.UTC).timestamp())


def last_second(text: str) -> int:
    """Return the last second, since 1970, of what a date names. Raises ValueError for what is no date."""
    return first_second(text) + (86_399 if granularity(text) == DAY else 0)


def written(seconds: int) -> str:
    """Return a second since 1970 as the protocol writes it."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

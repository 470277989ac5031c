"""When two things that are written differently are the same: web addresses, book numbers, titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from catalogue.search.analysis import is_stop, surfaces

# What says where a reader came from, and nothing of what is read.
_TRACKING = re.compile(
    r"(utm|mtm|pk|piwik|matomo)_.*|fbclid|gclid|gbraid|wbraid|msclkid|dclid|yclid|igshid|mc_[ce]id|_ga|_gl"
)
_FRONT_PAGE = re.compile(r"/(index|default|home)\.(html?|php|aspx?|jsp)$", re.IGNORECASE)
_AROUND_DIGITS = re.compile(r"^\s*ISBN(-1[03]\b)?|[\W_]")
_PORTS = {"http": 80, "https": 443}

_LONGEST_FUNCTION_WORD = 3
_SHORTEST_MISTYPED = 6
_SHORTEST_MISTYPED_TWICE = 10
_SHORTEST_NEARLY = 4
_NEARLY = 78  # of 100 letters


def url_key(url: str) -> str:
    """Return what all spellings of one web address share; empty for what is none.

    Scheme, ``www.``, case of the host, default port, slash at the end, front page, fragment, order of parameters and
    those that only track are left out. A fragment that is a path of its own (``#/…``, ``#!…``) stays.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not host:
        return ""
    place = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{host.removeprefix('www.')}{place}{_path(parts)}"


def is_same_url(one: str, other: str) -> bool:
    """Tell whether two addresses are spellings of one; what is no web address is the same only to the letter."""
    key = url_key(one)
    return key == url_key(other) if key else one == other


def _path(parts: SplitResult) -> str:
    path = _FRONT_PAGE.sub("", unquote(parts.path)).rstrip("/")
    asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name.lower())]
    route = f"#{parts.fragment.rstrip('/')}" if parts.fragment.startswith(("/", "!")) else ""
    return path + (f"?{urlencode(sorted(asked))}" if asked else "") + route


def isbn_key(number: str) -> str:
    """Return an ISBN-10 or ISBN-13 (ISO 2108), however it is spaced or announced, as thirteen digits; else nothing.

    An EAN that begins with 978 or 979 is an ISBN. The check digit of thirteen digits is not looked at: whoever typed
    it wrong means the same book.
    """
    digits = _AROUND_DIGITS.sub("", number.upper())
    if re.fullmatch(r"\d{9}[\dX]", digits):
        body = f"978{digits[:9]}"
        return f"{body}{-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(body)) % 10}"
    return digits if re.fullmatch(r"97[89]\d{10}", digits) else ""


def title_words(title: str) -> tuple[str, ...]:
    """Return the folded words of a title in order, short function words (``le``, ``de``, ``een``) left out."""
    found = surfaces(title)
    telling = tuple(word for word in found if len(word) > _LONGEST_FUNCTION_WORD or not is_stop(word))
    return telling or tuple(found)


def may_slip(word: str) -> bool:
    """Tell whether a word is long enough to be known again when a letter is wrong; figures never are."""
    return len(word) >= _SHORTEST_MISTYPED and word.isalpha()


def is_slip(one: str, other: str) -> bool:
    """Tell whether two words of which ``may_slip`` may be one word typed twice: a letter apart, two in a long one."""
    most = 2 if min(len(one), len(other)) >= _SHORTEST_MISTYPED_TWICE else 1
    return abs(len(one) - len(other)) <= most and OSA.distance(one, other, score_cutoff=most) <= most


def are_alike(one: str, other: str) -> bool:
    """Tell whether two titles share at least half of their words."""
    a, b = set(title_words(one)), set(title_words(other))
    return 2 * len(a & b) >= max(len(a), len(b))


def nearly_the_same(name: str, others: Mapping[str, Iterable[str]], most: int) -> list[str]:
    """Return the keys of ``others`` of which a folded name has nearly the letters of ``name``, the nearest first.

    The order of words does not matter. At most ``most``; short names are told apart by a single letter and have none.
    """
    if len(name) < _SHORTEST_NEARLY:
        return []
    pairs = [(key, other) for key, names in others.items() for other in names]
    found = process.extract(
        name, [other for _, other in pairs], scorer=fuzz.token_sort_ratio, score_cutoff=_NEARLY, limit=4 * most
    )
    return list(dict.fromkeys(pairs[place][0] for _, _, place in found))[:most]


def is_front_page(key: str) -> bool:
    """Tell whether the address of a ``url_key`` is a whole site: many documents can have it as theirs."""
    return "/" not in key and "?" not in key and "#" not in key

"""What a harvester asks: a verb with its arguments, checked as section 4 of the protocol demands."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue.oai import dates
from catalogue.state.datestamps import Window

BAD_VERB, BAD_ARGUMENT, BAD_TOKEN = "badVerb", "badArgument", "badResumptionToken"
NO_FORMAT, NO_IDENTIFIER = "cannotDisseminateFormat", "idDoesNotExist"
NO_RECORDS, NO_FORMATS, NO_SETS = "noRecordsMatch", "noMetadataFormats", "noSetHierarchy"
"""The codes of section 3.6. The last is never given: there are always sets."""

TOKEN = "resumptionToken"  # noqa: S105 - no secret
VERBS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "Identify": ((), (), False),
    "ListMetadataFormats": ((), ("identifier",), False),
    "ListSets": ((), (), True),
    "GetRecord": (("identifier", "metadataPrefix"), (), False),
    "ListIdentifiers": (("metadataPrefix",), ("from", "until", "set"), True),
    "ListRecords": (("metadataPrefix",), ("from", "until", "set"), True),
}
"""By verb: the arguments it must have, those it may have, and whether a token may stand in place of all of them."""

_SET = re.compile(r"[\w.!~*'()-]+(:[\w.!~*'()-]+)*", re.ASCII)
_PREFIX = re.compile(r"[\w.!~*'()-]+", re.ASCII)


class OaiError(Exception):
    """A request that cannot be answered: the code and what is said beside it, in English as the protocol is."""

    def __init__(self, code: str, said: str) -> None:
        self.code, self.said = code, said
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that is asked for, from its start or from where a token goes on.

    ``after``: the moment of the last change that was given; ``cursor``: how many were given before.
    """

    verb: str
    prefix: str
    since: str = ""
    until: str = ""
    set: str = ""
    after: int = 0
    cursor: int = 0

    @property
    def window(self) -> Window:
        """The changes it is about."""
        since = dates.first_second(self.since) if self.since else None
        return Window(self.after, since, dates.last_second(self.until) if self.until else None, self.set)

    def token(self) -> str:
        """Return what a harvester sends to get the rest. All there is to know of a list stands in it, nothing here:
        it never expires, and a restart does not hurt it."""
        said = [self.verb, self.prefix, self.since, self.until, self.set, self.after, self.cursor]
        return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def arguments(pairs: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """Return the verb and its arguments. Raises OaiError for those that do not belong together, or come twice."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    verbs = given.pop("verb", [])
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError(BAD_VERB, f"The verb must be one of {', '.join(VERBS)}, once.")
    required, optional, resumable = VERBS[verbs[0]]
    for name, values in given.items():
        if name not in (*required, *optional) and not (resumable and name == TOKEN):
            raise OaiError(BAD_ARGUMENT, f"{verbs[0]} has no argument “{name[:40]}”.")
        if len(values) > 1:
            raise OaiError(BAD_ARGUMENT, f"The argument {name} is there more than once.")
    found = {name: values[0] for name, values in given.items()}
    if TOKEN in found and len(found) > 1:
        raise OaiError(BAD_ARGUMENT, f"Beside {TOKEN} there may be no other argument.")
    missing = [name for name in required if not found.get(name)] if TOKEN not in found else []
    if missing:
        raise OaiError(BAD_ARGUMENT, f"{verbs[0]} needs the argument {missing[0]}.")
    return verbs[0], found


def listing(verb: str, given: Mapping[str, str]) -> Listing:
    """Return the list that is asked for. Raises OaiError."""
    if TOKEN in given:
        return _resumed(verb, given[TOKEN])
    prefix, since, until, set = (given.get(name, "") for name in ("metadataPrefix", "from", "until", "set"))
    found = Listing(verb, prefix, since, until, set)
    for name in ("from", "until", "set"):
        if name in given and not given[name]:
            raise OaiError(BAD_ARGUMENT, f"The argument {name} is empty.")
    _check(found)
    return found


def _check(found: Listing) -> None:
    for name, date in (("from", found.since), ("until", found.until)):
        try:
            if date:
                dates.first_second(date)
        except (ValueError, OverflowError) as error:
            raise OaiError(BAD_ARGUMENT, f"{name} must be like 2026-03-01 or 2026-03-01T09:30:00Z.") from error
    if found.since and found.until:
        if dates.granularity(found.since) != dates.granularity(found.until):
            raise OaiError(BAD_ARGUMENT, "from and until must be written alike, both to the day or both to the second.")
        if found.since > found.until:
            raise OaiError(BAD_ARGUMENT, "from is later than until.")
    if found.set and not _SET.fullmatch(found.set):
        raise OaiError(BAD_ARGUMENT, "This cannot be the name of a set.")
    if not _PREFIX.fullmatch(found.prefix):
        raise OaiError(BAD_ARGUMENT, "This cannot be a metadataPrefix.")


def _resumed(verb: str, token: str) -> Listing:
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        said = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if [type(part) for part in said] != [str] * 5 + [int] * 2:
            raise ValueError("not a token")
        found = Listing(*said)
        _check(found)
    except (ValueError, TypeError, binascii.Error, RecursionError, OaiError) as error:
        raise OaiError(BAD_TOKEN, "This is not a token of this repository.") from error
    if found.verb != verb or not (0 < found.after < 2**63 and 0 <= found.cursor < 2**53):
        raise OaiError(BAD_TOKEN, "This is not a token of this list.")
    return found

"""Whose records an account may write: each centre of a network looks after its own.

``Custody`` is asked by the ``Writer``, where every write of every kind comes by. The pages ask ``may_change`` first, so
that nobody fills in a form in vain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from catalogue import network, yamlfile
from catalogue.errors import N_, NotFound, OfAnotherCentre
from catalogue.fields import CENTRE
from catalogue.resource import Resource
from catalogue.state import Account, Accounts, Version
from catalogue.vocabulary import Vocabularies

OF_ALL = N_("“%(record)s” belongs to all centres: you can read it, an account of the whole network can change it.")

OF_THE_NETWORK = N_("The list of centres belongs to the whole network: an account of the network can change it.")

_RECORDS = "records/"
_CENTRES = "vocabularies/centres.yaml"


class Custody:
    """Refuses what an account may not write of records. An account of the whole network may write all of them.

    Whoever works without an account (commands on the server, files changed by hand) is not asked.
    """

    def __init__(self, vocabularies: Callable[[], Vocabularies], accounts: Callable[[], Accounts]) -> None:
        self._vocabularies, self._accounts = vocabularies, accounts

    def __call__(self, account: str, changes: Sequence[tuple[Version, Version]]) -> None:
        """Raise OfAnotherCentre where ``account`` may not turn the first of a pair into the second.

        A record has to be of its centre before and after: who takes one over, or gives one away, is of the network.
        """
        vocabularies = self._vocabularies()
        own = centre_of(account, self._accounts(), vocabularies)
        for version in (version for pair in changes for version in pair) if own else ():
            if version.path == _CENTRES:  # without it there would be one centre, and nothing to guard
                raise OfAnotherCentre(OF_THE_NETWORK)
            if version.data is None or not version.path.startswith(_RECORDS):
                continue
            owner = _owner(version)
            if owner != own:
                raise refusal(Path(version.path).stem, owner, vocabularies)


def tied_to(account: Account, vocabularies: Vocabularies) -> str:
    """Return the centre whose records are all that an account may write; empty where it may write every record."""
    return account.centre if _is_kept(vocabularies) else ""


def centre_of(name: str, accounts: Accounts, vocabularies: Vocabularies) -> str:
    """Return ``tied_to`` of the account of a name; empty for a name under which nobody signs in."""
    if not name or not _is_kept(vocabularies):
        return ""
    try:
        return tied_to(accounts.get(name), vocabularies)
    except NotFound:
        return ""


def _is_kept(vocabularies: Vocabularies) -> bool:
    """Tell whether there are centres to tell apart: also where a slip of the pen makes their list unreadable."""
    unreadable = (problem.path.name == Path(_CENTRES).name for problem in vocabularies.problems)
    return bool(vocabularies.centres) or any(unreadable)


def may_change(account: Account, record: Resource, vocabularies: Vocabularies) -> bool:
    """Tell whether an account may write a record."""
    return tied_to(account, vocabularies) in ("", record.centre)


def refusal(record: str, owner: str, vocabularies: Vocabularies) -> OfAnotherCentre:
    """Return what is raised where somebody may not write a record: its id, the centre it belongs to (or none)."""
    if not owner:
        return OfAnotherCentre(OF_ALL, record=record)
    return OfAnotherCentre(record=record, centre=network.name(owner, vocabularies))


def check(account: Account, records: Iterable[Resource], vocabularies: Vocabularies) -> None:
    """Raise OfAnotherCentre where an account may not write one of these records."""
    for record in records:
        if not may_change(account, record, vocabularies):
            raise refusal(record.id, record.centre, vocabularies)


def _owner(version: Version) -> str:
    """Return the centre in the file of a record; none where it cannot be read."""
    value = yamlfile.parse(version.data or b"", Path(version.path)).value
    centre = value.get(CENTRE) if isinstance(value, dict) else None
    return str(centre) if centre else ""

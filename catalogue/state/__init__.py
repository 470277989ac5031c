"""The state database: what the catalogue must remember and cannot derive from its files."""

from catalogue.state.accounts import ROLES, Account, Accounts
from catalogue.state.counts import CountRow, ProblemReport, Total, ZeroResult, shown_total
from catalogue.state.lists import HandedList, HandedLists, ListItem
from catalogue.state.state import REASONS, State

__all__ = [
    "REASONS",
    "ROLES",
    "Account",
    "Accounts",
    "CountRow",
    "HandedList",
    "HandedLists",
    "ListItem",
    "ProblemReport",
    "State",
    "Total",
    "ZeroResult",
    "shown_total",
]

"""The state database: what the catalogue must remember and cannot derive from its files."""

from catalogue.state.accounts import ROLES, Account, Accounts
from catalogue.state.counts import CountRow, ProblemReport, Total, ZeroResult, shown_total
from catalogue.state.drafts import Draft, Drafts
from catalogue.state.harvested import HarvestedRecord
from catalogue.state.history import Action, History, Revision, Version
from catalogue.state.jobs import Job, Jobs
from catalogue.state.links import Links, LinkState
from catalogue.state.lists import HandedList, HandedLists, ListItem
from catalogue.state.state import REASONS, State

__all__ = [
    "REASONS",
    "ROLES",
    "Account",
    "Accounts",
    "Action",
    "CountRow",
    "Draft",
    "Drafts",
    "HandedList",
    "HandedLists",
    "HarvestedRecord",
    "History",
    "Job",
    "Jobs",
    "LinkState",
    "Links",
    "ListItem",
    "ProblemReport",
    "Revision",
    "State",
    "Total",
    "Version",
    "ZeroResult",
    "shown_total",
]

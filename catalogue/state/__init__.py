"""The state database: what the catalogue must remember and cannot derive from its files. For now, counters."""

from catalogue.state.counts import CountRow, ProblemReport, Total, ZeroResult, shown_total
from catalogue.state.state import REASONS, State

__all__ = ["REASONS", "CountRow", "ProblemReport", "State", "Total", "ZeroResult", "shown_total"]

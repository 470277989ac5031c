"""What SRU says where it cannot answer: http://www.loc.gov/standards/sru/diagnostics/diagnosticsList.html"""

from __future__ import annotations

from collections.abc import Mapping

MESSAGES: Mapping[int, str] = {
    1: "General system error",
    2: "System temporarily unavailable",
    4: "Unsupported operation",
    5: "Unsupported version",
    6: "Unsupported parameter value",
    7: "Mandatory parameter not supplied",
    8: "Unsupported parameter",
    10: "Query syntax error",
    12: "Too many characters in query",
    13: "Invalid or unsupported use of parentheses",
    15: "Unsupported context set",
    16: "Unsupported index",
    19: "Unsupported relation",
    20: "Unsupported relation modifier",
    22: "Unsupported combination of relation and index",
    23: "Too many characters in term",
    27: "Empty term unsupported",
    28: "Masking character not supported",
    29: "Masked words too short",
    31: "Anchoring character not supported",
    33: "Combination of proximity/adjacency and masking characters not supported",
    36: "Term in invalid format for index or relation",
    37: "Unsupported boolean operator",
    38: "Too many boolean operators in query",
    39: "Proximity not supported",
    46: "Unsupported boolean modifier",
    48: "Query feature unsupported",
    60: "Result set not created: too many matching records",
    61: "First record position out of range",
    66: "Unknown schema for retrieval",
    71: "Unsupported record packing",
    72: "XPath retrieval unsupported",
    80: "Sort not supported",
    110: "Stylesheets not supported",
}
"""The standard's number → its sentence, in English as the standard has it."""


class Diagnostic(Exception):
    """What was asked cannot be answered: ``number`` of the standard, ``details``: what it is about."""

    def __init__(self, number: int, details: str = "") -> None:
        super().__init__(f"{number} {MESSAGES[number]}: {details}")
        self.number, self.details = number, details

    @property
    def message(self) -> str:
        """The sentence of the standard."""
        return MESSAGES[self.number]

    @property
    def uri(self) -> str:
        """The name by which programs know it."""
        return f"info:srw/diagnostic/1/{self.number}"

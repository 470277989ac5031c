"""The number on the back of a document: an ISBN or another EAN, told by its check digit."""

from __future__ import annotations

import re
from typing import Any

from catalogue.errors import N_, BadInput


def identified(number: str) -> dict[str, Any]:
    """Return what a number says of a document; nothing for an empty one. Raises BadInput for what is none."""
    digits = re.sub(r"[\s-]", "", number).upper()
    if not digits:
        return {}
    if is_isbn(digits):
        return {"identifiers": {"isbn": number.strip()}, "kind": "book"}
    if is_ean(digits):
        return {"identifiers": {"ean": digits}}
    message = N_("“%(value)s” is not an ISBN or EAN: a digit is wrong or missing.")
    raise BadInput(message, value=number.strip(), field="number")


def is_isbn(digits: str) -> bool:
    """Tell whether ten or thirteen digits are an ISBN, by its check digit (ISO 2108)."""
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    return digits.startswith(("978", "979")) and is_ean(digits)


def is_ean(digits: str) -> bool:
    """Tell whether eight or thirteen digits are an EAN, by its check digit (GS1 General Specifications, 7.9)."""
    if not re.fullmatch(r"\d{8}|\d{13}", digits):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits))) % 10 == 0

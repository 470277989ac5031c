"""QR codes (ISO/IEC 18004) as pictures that a page can hold: the one place that draws them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import segno

MOST_BYTES = 1_003
"""What version 22 holds, of 105 modules a side: 38 mm wide on paper, a module is a third of a millimetre, which the
camera of a phone reads with ease."""

# What RFC 6068 lets stand unencoded in the fields of a mailto address.
_QCHAR = "!$'()*,;:@"


@lru_cache(maxsize=4_000)
def picture(text: str) -> str:
    """Return the QR code of ``text`` as an SVG in a ``data:`` address, dark on white with its quiet zone of 4 modules.

    Raises segno.DataOverflowError where ``text`` is longer than any code can hold (2,953 bytes).
    """
    code = segno.make(text, micro=False, error="l")  # raised as far as the size allows
    return code.svg_data_uri(border=4, light="#fff", omitsize=True)


def fits(text: str) -> bool:
    """Tell whether the QR code of ``text`` can be read from paper by a phone."""
    return len(text.encode()) <= MOST_BYTES


def mailto(subject: str, body: str) -> str:
    """Return the address (RFC 6068) that opens an e-mail to nobody yet, with its subject and text ready."""
    fields = {"subject": subject, "body": body.replace("\n", "\r\n")}
    return "mailto:?" + "&".join(f"{name}={quote(text, safe=_QCHAR)}" for name, text in fields.items())

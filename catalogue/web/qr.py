"""QR codes (ISO/IEC 18004) as pictures that a page can hold: the one place that draws them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import segno
from markupsafe import Markup

MOST_BYTES = 1_003
"""What version 22 holds, of 105 modules a side: 38 mm wide on paper, a module is a third of a millimetre, which the
camera of a phone reads with ease."""

# What RFC 6068 lets stand unencoded in the fields of a mailto address.
_QCHAR = "!$'()*,;:@"


def svg(text: str, label: str) -> Markup:
    """Return the QR code of ``text`` as inline SVG with its quiet zone; ``label`` says to a screen reader what it is.

    Error correction M (ISO/IEC 18004): up to 15 % of it may be smudged. Black on white whatever the page's colours:
    many phones do not read a light code on a dark ground.
    """
    made = segno.make(text, error="m", micro=False)
    size = made.symbol_size(border=4)[0]
    rows = enumerate(made.matrix_iter(border=4))
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in rows for x, module in enumerate(row) if module)
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>'
    ).format(label, size, size, size, size, dark)


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

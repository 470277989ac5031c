"""QR codes as SVG, drawn in the colour of the text around them."""

from __future__ import annotations

import segno
from markupsafe import Markup


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

"""XML as a harvester gets it, piece by piece: every text escaped, nothing in it that XML 1.0 cannot hold."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even escaped (XML 1.0, 2.2)."""


def text(plain: str) -> str:
    """Return a text as the content of an element."""
    return escape(_IMPOSSIBLE.sub("", plain))


def element(name: str, content: str = "", /, **attributes: str) -> str:
    """Return an element around markup. In the name of an attribute ``__`` stands for a colon; ``_`` may end it."""
    said = "".join(
        f" {key.rstrip('_').replace('__', ':')}={quoteattr(_IMPOSSIBLE.sub('', value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def line(name: str, plain: str, **attributes: str) -> str:
    """Return an element that holds a text."""
    return element(name, text(plain), **attributes)

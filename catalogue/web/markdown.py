"""CommonMark of editorial texts into HTML. No raw HTML passes, and no link that could run a script."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False})


@lru_cache(maxsize=2_000)
def to_html(text: str, heading: int = 2) -> Markup:
    """Return the HTML of a CommonMark text, its top headings (``#`` or ``##``) at level ``heading``."""
    tokens = _PARSER.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    shift = heading - min(levels, default=heading)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + shift)}"
    # markdown-it escapes text and refuses javascript: and data: links by itself.
    return Markup(_PARSER.renderer.render(tokens, _PARSER.options, {}))  # noqa: S704

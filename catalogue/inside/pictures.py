"""The pictures of one content: the same one in a few widths, as WebP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalogue.inside.passages import PROBLEMS

VERSION = 1
"""Raised when the same file would give other pictures: what was made before is then made again, at a new address."""

WIDTHS = (160, 320, 640)
"""Pixels: beside a form; in a grid of cards, on a screen of one or of two dots a pixel; on a page of its own."""

TALLEST = 2  # times as high as wide: what is higher is made smaller


@dataclass(frozen=True)
class Pictures:
    """``images``: WebP by width in pixels; ``width`` and ``height`` of the largest. ``problem``: of ``PROBLEMS``."""

    width: int = 0
    height: int = 0
    images: Mapping[int, bytes] = field(default_factory=dict)
    problem: str = ""

    def to_bytes(self) -> bytes:
        """Return them as they are kept: a line of JSON, then the images one behind the other."""
        lengths = [[width, len(image)] for width, image in self.images.items()]
        kept = {"version": VERSION, "problem": self.problem, "size": [self.width, self.height], "images": lengths}
        return b"".join((json.dumps(kept).encode(), b"\n", *self.images.values()))

    @classmethod
    def from_bytes(cls, data: bytes) -> Pictures:
        """Read what ``to_bytes`` wrote. Raises ValueError for anything else, and for another version."""
        line, _, rest = data.partition(b"\n")
        try:
            kept = json.loads(line)
            if kept["version"] != VERSION or kept["problem"] not in ("", *PROBLEMS):
                raise ValueError("of another version")
            images = {}
            for width, length in kept["images"]:
                images[int(width)], rest = rest[:length], rest[length:]
            width, height = map(int, kept["size"])
            return cls(width, height, images, kept["problem"])
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not the pictures of a file") from error

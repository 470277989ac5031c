"""From a file to its pictures. Runs in a process of its own (``worker``): what it opens may be made to harm."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue.inside.passages import problem_of
from catalogue.inside.pictures import TALLEST, WIDTHS, Pictures
from catalogue.media.documents import load_picture, on_white, pdf_picture
from catalogue.media.fitness import Unfit
from catalogue.media.frames import film_frame
from catalogue.media.kinds import ending_of

if TYPE_CHECKING:
    from PIL import Image

_LARGEST = (WIDTHS[-1], WIDTHS[-1] * TALLEST)
_QUALITY = 72  # of WebP: a page of text stays clean, a cover of 320 pixels has about 10 kB


def picture(path: Path) -> Pictures:
    """Return the pictures of the file at ``path``; what is wrong with it is their ``problem``. Raises OSError."""
    try:
        return _in_sizes(READERS[ending_of(path.name)](path))
    except Unfit as error:
        return Pictures(problem=problem_of(error))


def _in_sizes(found: Image.Image) -> Pictures:
    found.thumbnail(_LARGEST)
    widths = dict.fromkeys(min(width, found.width) for width in WIDTHS)  # none is made larger than it is
    return Pictures(found.width, found.height, {width: _webp(found, width) for width in widths})


def _webp(found: Image.Image, width: int) -> bytes:
    sized = found.resize((width, max(1, round(found.height * width / found.width))))
    data = io.BytesIO()
    # What a camera or a program noted in the file (where, who, when) stays behind.
    sized.save(data, "WEBP", quality=_QUALITY, method=6, exif=b"", xmp=b"", icc_profile=b"")
    return data.getvalue()


def _pdf(path: Path) -> Image.Image:
    return pdf_picture(path, _LARGEST)


def _image(path: Path) -> Image.Image:
    return on_white(load_picture(path, ending_of(path.name)))


def _film(path: Path) -> Image.Image:
    return on_white(load_picture(io.BytesIO(film_frame(path, WIDTHS[-1])), ".png"))


READERS: Mapping[str, Callable[[Path], Image.Image]] = {
    ".pdf": _pdf,
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp"), _image),
    **dict.fromkeys((".mp4", ".webm"), _film),
}
"""The endings of the files that give a picture, and what makes it."""

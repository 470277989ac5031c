"""``python -m catalogue.inside.worker FILE TASK``: one file is read, within limits; what it gives goes to its output.

``FILE text``: its text. ``FILE words fra nld``: the words on the pictures that are its pages, in these languages.
``FILE pictures``: its pictures.

The process that serves visitors never opens a file of unknown content for them: this one does, and if it, or a program
it starts, needs too much memory or time, or breaks, nobody but its parent notices.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from catalogue.media.limits import SECONDS, limit

RECOGNISING_SECONDS = 600
"""Of processor time, for drawing the pages of a scan; and for Tesseract on each of them."""


def made(path: Path, task: str, languages: Sequence[str]) -> bytes:
    """Return what ``task`` makes of a file. What is loaded for it is within the limits too."""
    if task == "pictures":
        from catalogue.inside.picturing import picture

        return picture(path).to_bytes()
    from catalogue.inside.extraction import extract, recognise

    return (recognise(path, languages) if task == "words" else extract(path)).to_bytes()


def main() -> None:
    """Read the file that is named."""
    path, task, *languages = sys.argv[1:]
    limit(seconds=RECOGNISING_SECONDS if task == "words" else SECONDS)
    if hasattr(os, "nice"):
        os.nice(15)  # it waits for everybody else
    sys.stdout.buffer.write(made(Path(path), task, languages))


if __name__ == "__main__":
    main()

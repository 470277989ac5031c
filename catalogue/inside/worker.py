"""``python -m catalogue.inside.worker FILE``: one file is read, within limits, and its text written to standard output.

``… FILE fra nld``: the words on the pictures that are its pages, in these languages.

The process that serves visitors never opens a file of unknown content for its text: this one does, and if it needs too
much memory or time, or breaks, nobody but its parent notices.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from catalogue.media.limits import SECONDS, limit

RECOGNISING_SECONDS = 600
"""Of processor time, for drawing the pages of a scan; and for Tesseract on each of them."""


def main() -> None:
    """Read the file that is named."""
    path, languages = Path(sys.argv[1]), sys.argv[2:]
    limit(seconds=RECOGNISING_SECONDS if languages else SECONDS)
    if hasattr(os, "nice"):
        os.nice(15)  # it waits for everybody else
    from catalogue.inside import extraction  # what it loads is within the limits too

    found = extraction.recognise(path, languages) if languages else extraction.extract(path)
    sys.stdout.buffer.write(found.to_json())


if __name__ == "__main__":
    main()

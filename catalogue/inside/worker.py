"""``python -m catalogue.inside.worker FILE TASK``: one file is read, within limits.

Its ``text``, or its ``pictures``, go to standard output. The process that serves visitors never opens a file of unknown
content for them: this one does, and if it, or a program it starts, needs too much memory or time, or breaks, nobody but
its parent notices.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: PDFium reads a brochure of 100 MB in half of it."""

SECONDS = 60
"""Of processor time: 2,000 pages of dense text take about ten."""


def limit(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """Let this process have no more than this (setrlimit(2)), write no files, and wait for everybody else.

    Windows has no such limits: there the parent's clock alone ends what does not end.
    """
    if sys.platform == "win32":
        return
    import resource

    limits = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_CPU: (seconds, seconds + 1),  # SIGXCPU tells the parent why it ended
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
    }
    for which, most in limits.items():
        with contextlib.suppress(OSError, ValueError):  # a lower one may be set already
            resource.setrlimit(which, most)
    os.nice(15)


def main() -> None:
    """Read the file that is named."""
    limit()
    path, task = Path(sys.argv[1]), sys.argv[2]
    # What is loaded is within the limits too.
    if task == "pictures":
        from catalogue.inside.picturing import picture

        sys.stdout.buffer.write(picture(path).to_bytes())
    else:
        from catalogue.inside.extraction import extract

        sys.stdout.buffer.write(extract(path).to_bytes())


if __name__ == "__main__":
    main()

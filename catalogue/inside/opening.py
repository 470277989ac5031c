"""``python -m catalogue.inside.opening FILE``: a PDF that just came in is opened within limits, and what it says told.

PDFium unpacks a document's tables before it tells how many pages there are, and a page before it gives its text: a few
kilobytes can stand for gigabytes. So the process that serves visitors opens none by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import catalogue
from catalogue.errors import N_
from catalogue.inside.worker import limit
from catalogue.media import documents
from catalogue.media.fitness import Unfit

PATIENCE = 30.0
"""Seconds that somebody waits for the answer to a file that was sent."""

SECONDS = 10
"""Of processor time: a brochure of 100 MB is opened in one."""

_TOO_MUCH = N_("Opening this PDF takes too much memory or time: visitors’ PCs could not show it either.")


def check_pdf(path: Path, ending: str) -> str:
    """Do as ``documents.check_pdf`` in a process of its own. Raises Unfit; returns ``ending``."""
    _opened(path, 0, ending)
    return ending


def read_pdf(path: Path, most: int) -> tuple[str, str, str]:
    """Do as ``documents.read_pdf`` in a process of its own. Raises Unfit."""
    title, language, text = _opened(path, most, ".pdf")
    return title, language, text


def _opened(path: Path, most: int, ending: str) -> tuple[str, ...]:
    home = str(Path(catalogue.__file__).parents[1])
    found = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
    command = (sys.executable, "-m", __name__, str(path.absolute()), str(most))
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": found},
            timeout=PATIENCE,
            check=True,
        )
        said = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Unfit(_TOO_MUCH) from error
    if "unfit" in said:
        raise Unfit(said["unfit"], ending=ending)
    return tuple(said["read"])


def main() -> None:
    """Open the file that is named; read as many characters as are asked for."""
    limit(seconds=SECONDS)
    path, most = Path(sys.argv[1]), int(sys.argv[2])
    try:
        documents.check_pdf(path, ".pdf")
        said: dict[str, object] = {"read": documents.read_pdf(path, most) if most else ()}
    except Unfit as error:
        said = {"unfit": error.message}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()

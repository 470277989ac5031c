"""A PDF that somebody sends, opened in a process of its own: 2 kB of it can unpack to gigabytes, at any place.

python -m catalogue.media.apart FILE [MOST]    checks it, or reads its title, language and first characters
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from catalogue.errors import N_
from catalogue.media import documents
from catalogue.media.fitness import Unfit
from catalogue.media.limits import environment, limit

PATIENCE = 30.0
"""Seconds after which the process is killed; a brochure of 100 MB is opened in one."""

_SECONDS = 10  # of processor time
_TOO_MUCH = N_("This PDF needs too much memory or time to be opened: visitors could not read it either.")


def check_pdf(path: Path, ending: str) -> str:
    """Open a PDF and count its pages. Raises Unfit; returns ``ending``."""
    _answer(path, ending)
    return ending


def read_pdf(path: Path, most: int) -> tuple[str, str, str]:
    """Return what ``documents.read_pdf`` does. Raises Unfit."""
    title, language, text = map(str, _answer(path, ".pdf", str(most)))
    return title, language, text


def _answer(path: Path, ending: str, *most: str) -> Any:
    command = [sys.executable, "-m", "catalogue.media.apart", str(path.absolute()), *most]
    try:
        told = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            env=environment(),
            check=True,
        )
        found = json.loads(told.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Unfit(_TOO_MUCH) from error
    if "unfit" in found:
        raise Unfit(found["unfit"], ending=ending)
    return found["facts"]


def main() -> None:
    """Print what is asked of a file."""
    limit(seconds=_SECONDS)
    path, most = Path(sys.argv[1]), sys.argv[2:]
    try:
        facts = documents.read_pdf(path, int(most[0])) if most else documents.check_pdf(path, ".pdf")
        said = {"facts": facts}
    except Unfit as error:
        said = {"unfit": error.message}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()

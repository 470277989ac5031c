"""``python -m examples``: write the example files of ``resources/media`` again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from examples.sheets import write_sheets
from tests.browser.site import PROJECT, chromium

MEDIA = PROJECT / "resources" / "media"


def main(arguments: list[str]) -> int:
    """Write what is asked for, say what was written; the exit code is 0."""
    parser = argparse.ArgumentParser(prog="python -m examples", description=__doc__)
    parser.add_argument("what", nargs="*", choices=["sheets", "film", []], help="sheets, film; without a word both")
    parser.add_argument("--media", type=Path, default=MEDIA, help="the folder to write to")
    parser.add_argument("--only", action="append", default=[], help="the record of a sheet to keep to; repeats")
    parsed = parser.parse_args(arguments)
    with chromium() as browser:
        for path in write_sheets(browser, parsed.media, tuple(parsed.only)):
            print(f"{path.name}: {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

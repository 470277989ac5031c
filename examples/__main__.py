"""``python -m examples``: write the example files of ``resources/media`` again.

Chromium prints the sheets and shows the pages; the film also needs ffmpeg.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from examples.film import write_film, write_texts
from examples.sheets import write_sheets
from tests.browser.site import PROJECT, chromium, example, running

MEDIA = PROJECT / "resources" / "media"
WHAT = ("sheets", "film", "captions")


def film(media: Path) -> Iterator[Path]:
    """Write the film of the example centre as it is now, served for the occasion; yield each file."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        work = Path(folder)
        with running(example(work, hard_cases=False), work) as site:
            yield from write_film(browser, site, media)


def main(arguments: list[str]) -> int:
    """Write what is asked for, say what was written; the exit code is 0."""
    parser = argparse.ArgumentParser(prog="python -m examples", description=__doc__)
    parser.add_argument(
        "what", nargs="*", choices=[*WHAT, []], metavar="WHAT", help=f"of {', '.join(WHAT)}; without a word all of it"
    )
    parser.add_argument("--media", type=Path, default=MEDIA, help="the folder to write to")
    parser.add_argument("--only", action="append", default=[], help="the record of a sheet to keep to; repeats")
    parsed = parser.parse_args(arguments)
    wanted = parsed.what or WHAT
    if "sheets" in wanted:
        with chromium() as browser:
            told(write_sheets(browser, parsed.media, tuple(parsed.only)))
    if "film" in wanted:
        told(film(parsed.media))
    if "captions" in wanted:
        told(write_texts(parsed.media))
    return 0


def told(written: Iterator[Path]) -> None:
    """Write files, and say each one's size."""
    for path in written:
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Optical character recognition: the words on a page that is a picture, by Tesseract where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import groupby

PACKAGES = ("tesseract-ocr", "tesseract-ocr-fra", "tesseract-ocr-nld")
"""What Debian calls the program and its languages."""

LANGUAGES = ("fra", "nld")
DPI = 200  # dots per inch: 300 takes twice as long, and finds no more in print of ordinary size
SECONDS_A_PAGE = 40.0
_SURE = 50.0  # per cent; what it is less sure of is a drawing, a logo, dust
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\n(?=[a-zà-ÿ])")


def languages_installed() -> tuple[str, ...]:
    """Return which of ``LANGUAGES`` can be read on this machine, as Tesseract calls them; none without it."""
    program = shutil.which("tesseract")
    if not program:
        return ()
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ()
    known = told.stdout.decode(errors="replace").split()
    return tuple(language for language in LANGUAGES if language in known)


def words_on(picture: bytes, languages: Sequence[str]) -> str:
    """Return the text of a picture (Netpbm) at ``DPI``, in several languages at once; empty for what cannot be read."""
    program = shutil.which("tesseract")
    if not program or not picture:
        return ""
    command = [program, "stdin", "stdout", "-l", "+".join(languages), "--dpi", str(DPI), "tsv"]
    one_core = os.environ | {"OMP_THREAD_LIMIT": "1"}
    try:
        told = subprocess.run(
            command, input=picture, capture_output=True, timeout=SECONDS_A_PAGE, env=one_core, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""  # the next page may do
    lines = "\n".join(_lines(told.stdout.decode(errors="replace")))
    return " ".join(_BROKEN_WORD.sub("", lines).split())


def _lines(table: str) -> Iterator[str]:
    """Yield the lines of Tesseract's table: page, block, paragraph and line first, the confidence and the word last."""
    rows = (row.split("\t") for row in table.splitlines()[1:])
    words = (row for row in rows if len(row) == 12 and float(row[10]) >= _SURE)
    for _, line in groupby(words, lambda row: row[1:5]):
        yield " ".join(row[11] for row in line)

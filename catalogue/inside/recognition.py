"""Optical character recognition: the words on a page that is a picture, by Tesseract where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import fmean

PACKAGES = ("tesseract-ocr", "tesseract-ocr-fra", "tesseract-ocr-nld")
"""What Debian calls the program and its languages."""

LANGUAGES = ("fra", "nld")
DPI = 200  # dots per inch: 300 takes twice as long, and finds no more in print of ordinary size
SECONDS_A_PAGE = 40.0
_SURE = 50.0  # per cent, on average of a line; what it is less sure of is often a drawing, a logo, dust
_LONG = 5  # letters: a word that is hardly dust
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
    words = ((row[1:5], float(row[10]), row[11]) for row in rows if len(row) == 12 and row[11].strip())
    for _, line in groupby(words, lambda word: word[0]):
        said = list(line)
        sure = fmean(confidence for _, confidence, _ in said) >= _SURE
        yield " ".join(word for _, _, word in said if sure or sum(map(str.isalpha, word)) >= _LONG)

"""A picture out of a film, taken by ffmpeg where that is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from catalogue.media.duration import duration
from catalogue.media.fitness import Unfit

FILMS = {".mp4": "mov", ".webm": "matroska"}
"""The endings of films, and what ffmpeg calls their containers."""

_NOT_AT_ONCE = 0.1  # of its length: a film begins with black, or with a logo
_LOOKED_AT = 24  # frames, among which the most ordinary one is taken


@cache
def ffmpeg() -> str:
    """Return where ffmpeg is, empty where it is not installed."""
    return shutil.which("ffmpeg") or ""


def film_frame(path: Path, width: int) -> bytes:
    """Return a frame of a film as PNG, ``width`` pixels wide. Raises Unfit where there is none to be had.

    ffmpeg takes over the limits of this process. What it needs of memory and time is for the caller to bound.
    """
    start = duration(path) * _NOT_AT_ONCE
    found = _frame(path, width, start) or (_frame(path, width, 0) if start else b"")
    if not found:
        raise Unfit(ending=path.suffix)
    return found


def _frame(path: Path, width: int, start: float) -> bytes:
    # The container is the one of the name and nothing but this file is opened: a list of other files, or of addresses,
    # that calls itself a film is none.
    opened = ["-protocol_whitelist", "file", "-f", FILMS[path.suffix.lower()], "-ss", f"{start:.2f}"]
    scaled = f"scale={width}:trunc({width}/dar/2)*2,setsar=1,thumbnail={_LOOKED_AT}"
    command = [ffmpeg(), "-nostdin", "-v", "quiet", "-threads", "1", *opened, "-i", f"file:{path.absolute()}"]
    command += ["-map", "0:v:0", "-vf", scaled, "-frames:v", "1", "-threads", "1", "-filter_threads", "1"]
    done = subprocess.run(
        [*command, "-f", "image2pipe", "-c:v", "png", "pipe:1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    if done.returncode < 0:  # ended by a limit: it is for the caller to say so
        raise MemoryError
    return done.stdout

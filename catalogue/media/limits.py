"""Limits of a process that opens files made by strangers: what is made to harm ends it, and nobody else notices."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import catalogue

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: PDFium reads a brochure of 100 MB in half of it."""

SECONDS = 60
"""Of processor time: 2,000 pages of dense text take about ten."""


def limit(memory: int = MEMORY, seconds: int = SECONDS) -> None:
    """Let this process have no more than this (setrlimit(2)), and write no files.

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


def environment() -> Mapping[str, str]:
    """Return the environment of such a process: it finds the catalogue's modules, and knows none of its settings."""
    home = str(Path(catalogue.__file__).parents[1])
    others = os.environ.get("PYTHONPATH", "")
    settings = {name: value for name, value in os.environ.items() if not name.startswith("CATALOGUE_")}
    return settings | {"PYTHONPATH": os.pathsep.join(filter(None, (home, others)))}

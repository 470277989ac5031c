"""A searchable bilingual catalogue for a career-guidance documentation centre."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("catalogue")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0"

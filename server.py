"""Serve the catalogue: settings → app → uvicorn, nothing else."""

import sys

from catalogue.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))

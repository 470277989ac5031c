"""An instance: a folder outside the code with everything that is a centre's own.

    catalogue.env   the settings
    resources/      records, vocabularies, pages, media
    var/            the state database and what else is not derived
    index/          the search index, made by itself

An upgrade of the program never touches it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from catalogue import atomic
from catalogue.errors import N_, BadInput, WriteFailed
from catalogue.settings import FILE, PREFIX, Settings, read_file

_HEAD = """\
# The settings of this catalogue. A variable of the same name in the environment wins over a line here.
# Relative paths start at this folder. Take away the # before a line to change it, then restart the catalogue.
"""
_SET = {"backup_days": "2"}
"""What an instance has otherwise than a copy of the code."""

_PLACES = ("resources", "index", "state", "cache")


def example() -> Path:
    """Return the example centre: inside the installed package, or beside it where one works on the code."""
    installed = Path(__file__).parent / "example"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "resources"


def create(folder: Path, empty: bool = False) -> None:
    """Make an instance of the example centre, or one without any record, in a folder that is empty or not there.

    Raises BadInput for a folder that holds something, WriteFailed.
    """
    with new_folder(folder) as made:
        resources = made / "resources"
        shutil.copytree(example(), resources, ignore=_left_out if empty else None)
        (resources / "records").mkdir(exist_ok=True)
        (made / "var").mkdir(mode=0o700)
        settings = made / FILE
        settings.write_text(settings_text(), encoding="utf-8")
        settings.chmod(0o600)  # it may come to hold a password


def settings_text() -> str:
    """Return a settings file in which every setting stands with its help and its default."""
    blocks = []
    for f in fields(Settings):
        if f.name != "test_data":  # for those who change the code
            given = _SET.get(f.name)
            line = f"{PREFIX}{f.name.upper()}={f.default if given is None else given}"
            blocks.append(f"\n# {f.metadata['help']}\n{'#' if given is None else ''}{line}\n")
    return _HEAD + "".join(blocks)


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes ``folder`` at the end, all at once; where anything fails nothing is left.

    What a program that was killed left of the same attempt is cleared away first.
    Raises BadInput where ``folder`` holds something, WriteFailed where the disk refuses.
    """
    folder = folder.resolve()
    _demand_empty(folder)
    unfinished = folder.with_name(f".{folder.name}.incomplete")
    lock = folder.with_name(f".{folder.name}.lock")
    with atomic.lock(lock):
        try:
            _demand_empty(folder)
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            yield unfinished
            _demand_empty(folder)
            atomic.sync_all()
            if folder.is_dir():
                folder.rmdir()  # Windows renames over nothing that is there
            unfinished.replace(folder)
        except OSError as error:
            raise WriteFailed(path=folder, reason=error.strerror or str(error)) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
            with contextlib.suppress(OSError):  # Windows removes none that is held
                lock.unlink()


def _demand_empty(folder: Path) -> None:
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        message = N_("“%(folder)s” is there already and not empty. Nothing was changed. Give the name of a new folder.")
        raise BadInput(message, folder=folder)


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What an empty centre does not have: records, and what names them or belongs to them."""
    if Path(folder) == example():
        return {"records", "lists", "media", "tombstones.yaml"} & {*names}
    return {name for name in names if Path(folder).name == "pages" and name.startswith("question-")}


def stay_inside(settings: Path) -> tuple[str, ...]:
    """Put out of use the lines of a settings file that name other places than an instance's own; returns their names.

    An instance that was restored must not work on the files of the one it was made of.
    """
    places = {f"{PREFIX}{f.name.upper()}": str(f.default) for f in fields(Settings) if f.name in _PLACES}
    given = read_file(settings)
    away = tuple(name for name in given if name in places and given[name] != places[name])
    if away:
        pattern = re.compile(rf"^\s*({'|'.join(away)})\s*=", re.MULTILINE)
        text = settings.read_text(encoding="utf-8-sig")
        settings.write_text(pattern.sub(lambda found: f"#{found[0]}", text), encoding="utf-8")
    return away

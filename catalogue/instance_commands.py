"""``catalogue init``, ``backup``, ``restore``, ``service``: an instance made, kept safe, run for years."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue import __version__, backup, instance
from catalogue.errors import N_, BadInput
from catalogue.i18n import Language
from catalogue.settings import FILE, Settings, nearest

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

DEPLOY = Path(__file__).parent / "deploy"
"""Files for the system that runs the catalogue; what stands between two @ in them differs from one to another."""

VISITORS = ("127.0.0.1:8001", "127.0.0.1:8002")
"""Where the processes for visitors are, HOST:PORT, unless it is told."""


def add_to(parser: argparse.ArgumentParser, commands: Commands, language: Language) -> None:
    """Give the command line these verbs, and every verb ``--instance``."""
    _ = language.gettext
    init = commands.add_parser("init", help=_(N_("make a folder for a centre of your own")))
    init.add_argument("folder", type=Path, metavar="FOLDER", help=_(N_("a new folder, or an empty one")))
    init.add_argument("--empty", action="store_true", help=_(N_("without the example's records")))
    init.set_defaults(run=_init)

    save = commands.add_parser("backup", help=_(N_("write everything to one file, also while the site runs")))
    help = _(N_("the file, or a folder that gets a file with the date in its name"))
    save.add_argument("file", type=Path, metavar="FILE", help=help)
    help = _(N_("of the files with a date in FILE, a folder, keep the newest N"))
    save.add_argument("--keep", type=_count, default=0, metavar="N", help=help)
    save.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help=_(N_("make a folder of a backup, exactly as it was")))
    restore.add_argument("file", type=Path, metavar="FILE", help=_(N_("a backup")))
    restore.add_argument("folder", type=Path, metavar="FOLDER", help=_(N_("a new folder, or an empty one")))
    restore.set_defaults(run=_restore)

    service = commands.add_parser("service", help=_(N_("print what systemd, a proxy or Windows needs to run it")))
    service.add_argument("file", nargs="?", metavar="FILE", help=_(N_("one of those listed without FILE")))
    help = _(N_("where the processes for visitors are, for a proxy in front of several: PORT or HOST:PORT"))
    service.add_argument("--visitors", nargs="+", type=_address, default=VISITORS, metavar="ADDRESS", help=help)
    help = _(N_("where the process with the desk is; without it as the settings say"))
    service.add_argument("--desk", type=_address, metavar="ADDRESS", help=help)
    service.set_defaults(run=_service)

    help = _(N_("the folder of the centre; without it the one you are in"))
    parser.add_argument("--instance", type=Path, metavar="FOLDER", help=help)
    for command in commands.choices.values():
        command.add_argument("--instance", type=Path, metavar="FOLDER", default=argparse.SUPPRESS, help=help)


def enter(parsed: argparse.Namespace) -> None:
    """Go into the folder of ``--instance``; files named beside it stay where they were meant. Raises BadInput."""
    folder: Path | None = parsed.instance
    if folder is None:
        return
    for name, value in vars(parsed).items():
        if isinstance(value, Path):
            setattr(parsed, name, value.absolute())
    try:
        os.chdir(folder)
    except OSError as error:
        message = N_("There is no folder “%(folder)s”. Make it with: catalogue init %(folder)s")
        raise BadInput(message, folder=folder) from error


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"1…10000, not {text}")
    return int(text)


def _address(text: str) -> str:
    host, port = ("127.0.0.1", text) if text.isdecimal() else text.rpartition(":")[::2]
    if not re.fullmatch(r"[\w.-]+|\[[\da-fA-F:]+\]", host) or not re.fullmatch(r"[0-9]{1,5}", port):
        raise argparse.ArgumentTypeError(f"PORT, HOST:PORT, not {text}")
    return f"{host}:{port}"


def _init(arguments: argparse.Namespace, _settings: Settings, language: Language) -> int:
    instance.create(arguments.folder, arguments.empty)
    message = N_(
        "“%(folder)s” is ready. Its settings are in %(file)s; the name of the centre is in resources/centre.yaml.\n"
        "First account: catalogue --instance %(folder)s user add NAME --role administrator\n"
        "Start it: catalogue --instance %(folder)s serve"
    )
    print(language.gettext(message) % {"folder": arguments.folder, "file": FILE})
    return 0


def _backup(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    made = backup.back_up(settings, arguments.file, arguments.keep)
    message = language.gettext(N_("%(count)s files are in %(path)s (%(size)s), read back and found whole."))
    size = language.size(made.path.stat().st_size)
    print(message % {"count": len(made.manifest.files), "path": made.path, "size": size})
    for path in made.removed:
        print(language.gettext(N_("Removed: %(path)s")) % {"path": path})
    return 0


def _restore(arguments: argparse.Namespace, _settings: Settings, language: Language) -> int:
    done = backup.restore(arguments.file, arguments.folder)
    message = language.gettext(
        N_(
            "%(count)s files of %(made)s are in “%(folder)s”, each exactly as it was.\n"
            "Start it: catalogue --instance %(folder)s serve"
        )
    )
    about = {"count": len(done.manifest.files), "made": done.manifest.made, "folder": arguments.folder}
    print(message % about)
    if done.set_aside:
        message = language.gettext(N_("Put out of use in %(file)s, because they name places elsewhere: %(names)s"))
        print(message % {"file": FILE, "names": ", ".join(done.set_aside)})
    return 0


def _service(arguments: argparse.Namespace, settings: Settings, language: Language) -> int:
    files = {path.name: path for path in sorted(DEPLOY.iterdir())}
    if not arguments.file:
        print("\n".join(files))
        return 0
    if arguments.file not in files:
        message = N_("There is no file “%(file)s” for a service. Did you mean %(near)s?")
        raise BadInput(message, file=arguments.file, near=nearest(arguments.file, list(files)))
    text = files[arguments.file].read_text(encoding="utf-8")
    print(filled(text, settings, arguments.visitors, arguments.desk), end="")
    return 0


def filled(text: str, settings: Settings, visitors: Sequence[str] = VISITORS, desk: str | None = None) -> str:
    """Return one of the files of ``DEPLOY`` for this machine: this folder, this program, these settings.

    ``visitors``, ``desk``: where the processes are, HOST:PORT; the desk without it: as the settings say.
    """
    folder = Path.cwd()
    program = shutil.which(sys.argv[0]) or Path(sys.executable).with_name("catalogue")
    host = settings.base_url.partition("://")[2].partition("/")[0].partition(":")[0] or "catalogue.example"
    values = {
        "FOLDER": folder,
        "BACKUPS": folder.parent / "backups",
        "PROGRAM": Path(program).absolute(),
        "HOST": f"[{settings.host}]" if ":" in settings.host else settings.host,
        "PORT": settings.port,
        "SITE": host,
        "VERSION": __version__,
        "DESK": desk or f"127.0.0.1:{settings.port}",
    }
    text = "".join(_for_each(text, "VISITOR", visitors))
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


def _for_each(text: str, name: str, values: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a file, one that holds ``name`` once for each value."""
    for line in text.splitlines(keepends=True):
        for value in values if f"@{name}@" in line else [""]:
            yield line.replace(f"@{name}@", value)

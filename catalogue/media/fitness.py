"""What a file that does not fit its name is refused with."""

from __future__ import annotations

from pathlib import Path

from catalogue.errors import N_, BadInput, ErrorCode, Translate, untranslated

_NAMED = N_("“%(name)s”: %(what)s")
_PROGRAM = N_("This file is a program, whatever its name says. Do not open it; ask where it came from.")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe")  # of Windows, Linux, macOS


class Unfit(BadInput):
    """The content of a file is not what its name says, or not what every visitor can open."""

    status = 422
    code = ErrorCode.UNFIT_FILE
    message = N_("The content of this file is not what its name says (%(ending)s): it is of another kind, or damaged.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        super().__init__(message, **{"field": "file", **params})

    def text(self, translate: Translate = untranslated) -> str:
        """Return the sentence, behind what its owner calls the file where that is known (``name``)."""
        said = super().text(translate)
        name = self.params.get("name")
        return translate(_NAMED) % {"name": name, "what": said} if name else said


def refuse_programs(path: Path) -> None:
    """Raise Unfit for a program, which no kind of file begins as."""
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(_PROGRAMS) and b"\0" in head:
        raise Unfit(_PROGRAM)

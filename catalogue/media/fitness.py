"""What a file that does not fit its name is refused with."""

from __future__ import annotations

from catalogue.errors import N_, BadInput, ErrorCode


class Unfit(BadInput):
    """The content of a file is not what its name says, or not what every visitor can open."""

    status = 422
    code = ErrorCode.UNFIT_FILE
    message = N_("The content of this file is not what its name says (%(ending)s): it is of another kind, or damaged.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        super().__init__(message, **{"field": "file", **params})

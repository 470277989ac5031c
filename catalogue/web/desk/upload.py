"""A file that staff send: read as it comes, no further than a limit, so that it fills neither disk nor memory."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path, PureWindowsPath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from catalogue.errors import N_, BadInput, WriteFailed

_AROUND = 100_000  # bytes of the form around the file
_DRAINED = 4_000_000_000


class TooBig(BadInput):
    """A file longer than ``most`` million bytes. It was not kept."""

    status = 413
    code = "too-big"
    message = N_("This file is too big: at most %(most)s MB can be read.")


async def receive_file(request: Request, folder: Path, most: int) -> tuple[Path, str]:
    """Put the file ``file`` of a posted form into ``folder``; returns where it is, and what its sender calls it.

    Raises BadInput where there is none, TooBig beyond ``most`` bytes, WriteFailed where the disk refuses.
    """
    parser = MultiPartParser(request.headers, _limited(request, most), max_files=1, max_fields=10)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        raise BadInput(N_("Choose a file first.")) from error
    except TooBig:
        for file in parser._files_to_close_on_error:  # what has come of it, in a temporary file
            file.close()
        raise
    sent = form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        await form.close()
        raise BadInput(N_("Choose a file first."))
    try:
        return await run_in_threadpool(_keep, sent, folder), PureWindowsPath(sent.filename).name[:120]
    finally:
        await form.close()


async def _limited(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    """Yield the body, up to the limit. What comes beyond is read and forgotten: a browser that cannot send everything
    shows its own error in place of our message."""
    announced = request.headers.get("content-length", "")
    stream = request.stream()
    if announced.isdigit() and int(announced) > most + _AROUND:
        await _forget(stream)
        raise TooBig(most=most // 1_000_000)
    count = 0
    async for chunk in stream:
        count += len(chunk)
        if count > most + _AROUND:
            await _forget(stream)
            raise TooBig(most=most // 1_000_000)
        yield chunk


async def _forget(stream: AsyncIterator[bytes]) -> None:
    count = 0
    async for chunk in stream:
        count += len(chunk)
        if count > _DRAINED:
            return


def _keep(sent: UploadFile, folder: Path) -> Path:
    path = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(sent.file, file)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise WriteFailed(path=folder.name, reason=error.strerror or str(error)) from error
    return path

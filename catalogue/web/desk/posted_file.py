"""Reads a form with one file in it (multipart/form-data, RFC 7578), as it comes in: the file goes to disk in pieces.

    async with receive(request, catalogue.media.incoming) as posted:
        path = await run_in_threadpool(catalogue.media.add, posted.file(), posted.fields.get("title", ""))

Where the bytes go is for the receiver to say: into the centre's files, or into a ``WorkFile``.
What is wrong with the file is raised after the whole of it was read: a browser that is still sending shows no answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from catalogue.errors import N_, BadInput, CatalogueError

PIECE = 1 << 20
"""Bytes that are written at once, in a thread."""

MOST_READ = 8_000_000_000
"""Bytes after which even what is refused is not read to its end."""

LONGEST_FIELD = 2_000
LONGEST_HEADER = 4_000
MOST_PARTS = 20

_NONE = N_("Choose a file first.")
_BROKEN = N_("The file did not come in completely. Send it again.")
_ONE = N_("One file at a time.")


class Incoming(Protocol):
    """A file on its way in: it takes bytes, and leaves nothing behind once it is discarded."""

    def write(self, data: bytes) -> None:
        """Take more bytes. Raises a CatalogueError, after which no more are given."""

    def discard(self) -> None:
        """Let go of what was not kept; called in any case."""


F = TypeVar("F", bound=Incoming)

Begin = Callable[[str, int], F]
"""Begins to take in a file, by the name its owner gives it and its announced size in bytes (0: not known)."""


@dataclass
class Posted(Generic[F]):
    """What a form sent: its fields, and its file once that has come in."""

    fields: dict[str, str] = field(default_factory=dict)
    incoming: F | None = None
    problem: CatalogueError | None = None

    def file(self) -> F:
        """Return the file. Raises what was wrong with it, or BadInput where there is none."""
        if self.problem:
            raise self.problem
        if self.incoming is None:
            raise BadInput(_NONE, field="file")
        return self.incoming


@asynccontextmanager
async def receive(request: Request, begin: Begin[F]) -> AsyncIterator[Posted[F]]:
    """Give what a request posts, its file as ``begin`` takes it in; nothing is left afterwards that was not kept.

    Raises BadInput where the body is no such form or breaks off.
    """
    form = _Form(request, begin)
    try:
        await form.read()
        yield form.posted
    finally:
        if form.posted.incoming:
            await run_in_threadpool(form.posted.incoming.discard)


class _Form(Generic[F]):
    """The parser calls the methods below for each part of the body; they note what ``read`` then does in threads."""

    def __init__(self, request: Request, begin: Begin[F]) -> None:
        self.request, self._taken_in = request, begin
        self.posted: Posted[F] = Posted()
        self._parts = 0
        self._name = self._filename = self._header = self._value = self._disposition = b""
        self._text = bytearray()
        self._file = ""  # what its owner calls it
        self._waiting: list[bytes] = []
        self._size = 0

    async def read(self) -> None:
        """Read the body to its end."""
        parser, read = self._parser(), 0
        try:
            async for chunk in self.request.stream():
                read += len(chunk)
                if read > MOST_READ:
                    raise BadInput(_BROKEN, field="file")
                parser.write(chunk)
                if self._size >= PIECE:
                    await run_in_threadpool(self._flush)
            parser.finalize()
        except (MultipartParseError, ClientDisconnect) as error:
            raise BadInput(_BROKEN, field="file") from error
        await run_in_threadpool(self._flush)

    def _parser(self) -> MultipartParser:
        kind, options = parse_options_header(self.request.headers.get("content-type", ""))
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise BadInput(_NONE, field="file")
        if self._announced() > MOST_READ:
            raise BadInput(_BROKEN, field="file")
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
            },
        )

    def _announced(self) -> int:
        length = self.request.headers.get("content-length", "")
        return int(length) if length.isdecimal() and len(length) < 20 else 0

    # --- what the parser calls -------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise MultipartParseError("too many parts")
        self._name = self._filename = self._disposition = b""
        self._text.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = _longer(self._header, data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value = _longer(self._value, data[start:end])

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name, self._filename = options.get(b"name", b""), options.get(b"filename", b"")
        if self._filename and self._file:
            self.posted.problem = self.posted.problem or BadInput(_ONE, field="file")
        elif self._filename:
            self._file = self._filename.decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._filename and not self.posted.problem:
            self._waiting.append(data[start:end])
            self._size += end - start
        elif not self._filename and len(self._text) <= LONGEST_FIELD:
            self._text += data[start:end]

    def _end(self) -> None:
        if self._name and not self._filename:
            name, value = (part.decode("utf-8", "replace") for part in (self._name, bytes(self._text)))
            self.posted.fields[name] = value[:LONGEST_FIELD]

    # --- in a thread -----------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Write what is waiting. What goes wrong is kept for later, and the rest of the file is passed over."""
        data, self._size = b"".join(self._waiting), 0
        self._waiting.clear()
        if not self._file or self.posted.problem:
            return
        try:
            if self.posted.incoming is None:
                # The form around the file is a few hundred bytes.
                announced = max(0, self._announced() - 10_000)
                self.posted.incoming = self._taken_in(self._file, announced)
            self.posted.incoming.write(data)
        except CatalogueError as error:
            self.posted.problem = error
            if self.posted.incoming:
                self.posted.incoming.discard()


def _longer(header: bytes, more: bytes) -> bytes:
    if len(header) + len(more) > LONGEST_HEADER:
        raise MultipartParseError("a header is too long")
    return header + more

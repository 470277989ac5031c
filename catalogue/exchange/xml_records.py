"""XML of others, record by record: streamed, bounded in size and depth, without entities, going on behind breaks.

Nothing is fetched, no entity is declared or unfolded (OWASP, "XML External Entity Prevention"): a file that declares
one is refused there. Elements are told by their local names, whatever their namespaces are called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.parsers import expat

from catalogue.errors import N_
from catalogue.exchange.entries import Broken

DEEPEST = 40
"""How deep elements may stand in one another."""

LONGEST = 2_000_000
"""Characters of one record."""

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Found:
    """An element with everything in it, its names without prefixes, and the line on which it begins."""

    line: int
    element: Element


class _Refused(Exception):
    """Something that is not read any further: entities, too deep, too long."""


def read(path: Path, names: Set[str]) -> Iterator[Found | Broken]:
    """Yield the outermost elements with one of these local names, and in their places those that cannot be read.

    After XML that is not well-formed, reading goes on where the next such element begins.
    """
    start, encoding = 0, _declared(path)
    while True:
        walk = _Walk(names, _line_at(path, start), encoding if start else None)
        with path.open("rb") as file:
            file.seek(start)
            yield from walk.through(file, resumed=start > 0)
        found = _next_start(path, start + walk.broke, names) if walk.broke is not None else None
        if found is None:
            return
        start = found


def _declared(path: Path) -> str | None:
    """Return the encoding that a file says it is in; None where it says nothing."""
    with path.open("rb") as file:
        found = re.match(rb"\s*<\?xml[^>]*encoding=[\"']([\w.-]+)", file.read(200))
    return found[1].decode() if found else None


def _next_start(path: Path, after: int, names: Set[str]) -> int | None:
    """Return the byte at which the next element of these names begins behind ``after``; None where there is none."""
    tag = re.compile(rb"<(?:[\w.-]+:)?(?:" + b"|".join(name.encode() for name in sorted(names)) + rb")[\s>]")
    with path.open("rb") as file:
        file.seek(after)
        held, base = b"", after
        while piece := file.read(_PIECE):
            held += piece
            if found := tag.search(held):
                return base + found.start()
            base, held = base + max(0, len(held) - 100), held[-100:]
    return None


def _line_at(path: Path, offset: int) -> int:
    """Return the line on which a byte stands."""
    line = 1
    with path.open("rb") as file:
        while offset > 0 and (piece := file.read(min(_PIECE, offset))):
            line += piece.count(b"\n")
            offset -= len(piece)
    return line


@dataclass
class _Walk:
    """One go through a file from somewhere, as expat meets things. ``broke``: the byte behind which to look again."""

    names: Set[str]
    first_line: int
    encoding: str | None
    broke: int | None = None
    _open: list[Element] = field(default_factory=list)
    _depth: int = 0
    _size: int = 0
    _begun: int = 0
    _done: list[Found] = field(default_factory=list)

    def through(self, file: BinaryIO, resumed: bool) -> Iterator[Found | Broken]:
        """Feed the parser until the file or its well-formedness ends."""
        parser = self._parser()
        shift = 0
        if resumed:
            shift = len(b"<resumed>")
            parser.Parse(b"<resumed>", False)
        try:
            while piece := file.read(_PIECE):
                parser.Parse(piece, False)
                yield from self._taken()
            parser.Parse(b"", True)
            yield from self._taken()
        except expat.ExpatError as error:
            yield from self._taken()
            yield from self._ended(parser, error, resumed)
            self.broke = max(parser.ErrorByteIndex - shift, 0) + 1
        except _Refused as refused:
            yield from self._taken()
            yield Broken(str(refused), line=self._line(parser))
            self.broke = None

    def _ended(self, parser: expat.XMLParserType, error: expat.ExpatError, resumed: bool) -> Iterator[Broken]:
        """Say what is broken; what only closes what a break in the middle has cut off is not."""
        leftovers = (expat.errors.codes[name] for name in _LEFT_OVER)
        if resumed and not self._open and error.code in leftovers:
            return
        message = N_("The XML is broken on line %(line)s (%(detail)s).")
        yield Broken(message, line=self._line(parser), detail=expat.ErrorString(error.code))

    def _line(self, parser: expat.XMLParserType) -> int:
        return self.first_line + max(parser.ErrorLineNumber, parser.CurrentLineNumber) - 1

    def _taken(self) -> Iterator[Found]:
        done, self._done = self._done, []
        yield from done

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(self.encoding)
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

        def start(name: str, attributes: dict[str, str]) -> None:
            self._depth += 1
            if self._depth > DEEPEST:
                raise _Refused(N_("The XML goes too deep on line %(line)s; nothing behind it is read."))
            local = name.rpartition(":")[2]
            if not self._open and local not in self.names:
                return
            if not self._open:
                self._size, self._begun = 0, self.first_line + parser.CurrentLineNumber - 1
            made = Element(local, {_local(key): value for key, value in attributes.items()})
            if self._open:
                self._open[-1].append(made)
            self._open.append(made)
            grow(len(name) + sum(map(len, attributes.values())))

        def end(_name: str) -> None:
            self._depth -= 1
            if self._open:
                ended = self._open.pop()
                if not self._open:
                    self._done.append(Found(self._begun, ended))

        def data(text: str) -> None:
            if self._open:
                grow(len(text))
                last = self._open[-1]
                if len(last):
                    last[-1].tail = (last[-1].tail or "") + text
                else:
                    last.text = (last.text or "") + text

        def grow(more: int) -> None:
            self._size += more
            if self._size > LONGEST:
                raise _Refused(N_("A record is too long on line %(line)s; nothing behind it is read."))

        def entity(*_about: object) -> int:
            raise _Refused(
                N_("The XML has entities of its own (line %(line)s), which can do harm; nothing behind it is read.")
            )

        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
        parser.EntityDeclHandler = entity
        parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = entity
        return parser


_LEFT_OVER = (
    expat.errors.XML_ERROR_TAG_MISMATCH,
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
)


def _local(name: str) -> str:
    """Return the name of an attribute without its prefix, but ``xml:lang`` as it is."""
    return name if name.startswith("xml:") else name.rpartition(":")[2]

"""What a provider answers, read carefully: no entities, no DTD, bounded depth; a fault in one record is told of it, and
a page that breaks off in the middle still gives the records before.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from catalogue.errors import N_
from catalogue.harvest.asking import NotAnswered
from catalogue.oai import dates

OAI = "{http://www.openarchives.org/OAI/2.0/}"
MOST_DEPTH = 50
LONGEST_IDENTIFIER, LONGEST_TOKEN = 300, 4_000

NO_RECORDS, BAD_TOKEN = "noRecordsMatch", "badResumptionToken"

_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_REFERENCE = re.compile(rb"&#(x[0-9A-Fa-f]{1,8}|[0-9]{1,8});")
_TOKEN = re.compile(rb"<(?:\w+:)?resumptionToken\b[^<>]*>\s*([^<>\s]+)\s*</(?:\w+:)?resumptionToken>")
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one record, or with a page: ``where`` is an identifier, or its place in the page."""

    where: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """A record as a provider gives it. ``metadata``: None where it was deleted there."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    metadata: Element | None


@dataclass(frozen=True, kw_only=True)
class AnswerPage:
    """A part of a list. ``is_whole``: nothing of it was lost. ``error``: the protocol's code where it gives none."""

    records: tuple[Given, ...] = ()
    faults: tuple[Fault, ...] = ()
    token: str = ""
    response_date: str = ""
    size: int = 0
    is_whole: bool = True
    error: str = ""
    said: str = ""


def identify(data: bytes) -> str:
    """Return the granularity of a provider's dates. Raises NotAnswered for what is no answer to Identify."""
    found, _ = _parsed(data)
    about = found.root.find(f"{OAI}Identify") if found.root is not None else None
    if about is None:
        raise NotAnswered(NOT_OAI)
    text = (about.findtext(f"{OAI}granularity") or "").strip()
    return dates.SECONDS if text == dates.SECONDS else dates.DAY


def read(data: bytes) -> AnswerPage:
    """Read an answer to ListRecords. Raises NotAnswered for what is none."""
    found, faults = _parsed(data)
    root = found.root
    error = root.find(f"{OAI}error") if root is not None else None
    if error is not None:
        code = error.get("code", "")[:40]
        said = " ".join((error.text or "").split())[:200]
        return AnswerPage(error=code or "error", said=said, response_date=found.response_date)
    if not found.records and not found.is_list:
        raise NotAnswered(NOT_OAI)
    records: list[Given] = []
    for number, element in enumerate(found.records, 1):
        given = _given(element, number)
        if isinstance(given, Fault):
            faults.append(given)
        else:
            records.append(given)
    token = root.find(f".//{OAI}resumptionToken") if root is not None else None
    text = (token.text or "").strip() if token is not None else _token_in(data) if not found.is_whole else ""
    size = token.get("completeListSize", "") if token is not None else ""
    return AnswerPage(
        records=tuple(records),
        faults=tuple(faults),
        token=text if len(text) <= LONGEST_TOKEN else "",
        response_date=found.response_date,
        size=int(size) if size.isascii() and size.isdecimal() and len(size) < 10 else 0,
        is_whole=found.is_whole,
    )


NOT_OAI = N_("What the source answers is not OAI-PMH.")
BROKEN = N_("this answer breaks off here: line %(line)s, column %(column)s; what comes behind is lost")
MENDED = N_("this answer holds characters that no XML may hold; they were taken out")


class _Records(TreeBuilder):
    """Builds the tree of an answer, and keeps the records that are complete: the tree may never be."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Element] = []
        self.root: Element | None = None
        self.response_date = ""
        self.is_list = False
        self.is_whole = True
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise NotAnswered(N_("What the source answers is nested too deeply."))
        self.is_list = self.is_list or tag == f"{OAI}ListRecords"
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        element = super().end(tag)
        if tag == f"{OAI}record" and self._depth == 2:
            self.records.append(element)
        elif tag == f"{OAI}responseDate" and self._depth == 1:
            self.response_date = (element.text or "").strip()
        return element


def _parsed(data: bytes) -> tuple[_Records, list[Fault]]:
    found, error = _parse(data)
    if error is None:
        return found, []
    mended = _mended(data)
    faults = [Fault("", MENDED)] if mended != data else []
    if faults:
        found, error = _parse(mended)
    if error is not None:
        line, column = error.position
        faults.append(Fault("", BROKEN, {"line": line, "column": column + 1}))
        found.is_whole = False
    return found, faults


def _parse(data: bytes) -> tuple[_Records, ParseError | None]:
    """Return what could be read, and what it failed at. Raises NotAnswered for what is dangerous."""
    found = _Records()
    parser = XMLParser(target=found, forbid_dtd=True)
    try:
        for start in range(0, len(data), _PIECE):
            parser.feed(data[start : start + _PIECE])
        found.root = parser.close()
    except ParseError as error:
        return found, error
    except DefusedXmlException as error:
        raise NotAnswered(N_("What the source answers declares entities or a DTD; it is not read.")) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise NotAnswered(NOT_OAI) from error
    return found, None


def _mended(data: bytes) -> bytes:
    """Return a page without what no XML may hold, and as UTF-8 where it says so and is not."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    declared = re.match(rb"""\s*<\?xml[^>]*encoding=["']([\w-]+)""", data.removeprefix(b"\xef\xbb\xbf"))
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        data = data.decode("utf-8", _FOREIGN).encode()
    return _REFERENCE.sub(_possible, _FORBIDDEN.sub(b"", data))


def _foreign(error: UnicodeError) -> tuple[str, int]:
    """Return bytes that are no UTF-8 as Windows has them: what catalogues that were put together of several do."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_FOREIGN = "catalogue.foreign"
codecs.register_error(_FOREIGN, _foreign)


def _possible(found: re.Match[bytes]) -> bytes:
    number = int(found[1][1:], 16) if found[1].startswith(b"x") else int(found[1])
    allowed = number in (9, 10, 13) or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0xFFFF < number < 0x110000
    return found[0] if allowed else b""


def _token_in(data: bytes) -> str:
    """Return the token behind what could not be read: without it the rest of the list would be lost."""
    found = _TOKEN.findall(data)
    return found[-1].decode("utf-8", "replace").replace("&amp;", "&") if found else ""


def _given(element: Element, number: int) -> Given | Fault:
    header = element.find(f"{OAI}header")
    identifier = _text(header, "identifier")
    where = identifier[:LONGEST_IDENTIFIER] or f"#{number}"
    if header is None or not identifier:
        return Fault(where, N_("this record has no identifier"))
    if len(identifier) > LONGEST_IDENTIFIER or not identifier.isprintable():
        return Fault(where, N_("this identifier is too long, or has characters that it must not have"))
    datestamp = _text(header, "datestamp")
    if not dates.granularity(datestamp):
        return Fault(
            where, N_("this record has no datestamp, or one that is no date: “%(value)s”"), {"value": datestamp[:40]}
        )
    sets = tuple(text for spec in header.iter(f"{OAI}setSpec") if (text := (spec.text or "").strip()))
    if header.get("status") == "deleted":
        return Given(identifier, datestamp, sets, None)
    inside: Sequence[Element] = list(element.find(f"{OAI}metadata") or ())
    if len(inside) != 1:
        return Fault(where, N_("this record holds nothing"))
    return Given(identifier, datestamp, sets, inside[0])


def _text(element: Element | None, name: str) -> str:
    return ((element.findtext(f"{OAI}{name}") if element is not None else "") or "").strip()

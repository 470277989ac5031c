"""YAML files: strict reading with positions, writing that keeps comments. The one place that knows YAML.

Reading never guesses: every scalar stays the string that stands in the file (``9:30``, ``010`` and ``no`` included),
a duplicate key is a fault, and anchors, aliases and tags are refused, so a file means what it shows.
Writing replaces only the top-level keys whose value changed; every other byte of the file stays as it was.
"""

from __future__ import annotations

import datetime
import errno
import io
import re
import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError as WritingError
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, PlainScalarString

from catalogue.errors import N_, Problem

try:
    from yaml import CLoader as Loader
except ImportError:  # PyYAML without libyaml: slower, same events
    from yaml import Loader  # type: ignore[assignment]

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""What a file holds: strings, lists and mappings of them."""

KeyPath: TypeAlias = tuple[str | int, ...]

MAX_BYTES = 10_000_000  # all of ESCO in three languages takes 3.5 million
MAX_DEPTH = 12
_LINE_WIDTH = 120
_NEVER = 1_000_000  # characters after which a line is broken
_BYTE_ORDER_MARK = "\ufeff"
_NOT_A_KEY = (" ", "\t", "{", "-")  # how a line begins that holds keys but is not the first of one
_RESOLVER = yaml.resolver.Resolver()
_LITERAL = re.compile(r"[^\r\x85\u2028\u2029]*[^\s\ufeff]\n?")  # a text that ``|`` can hold as it is


@dataclass(frozen=True)
class Document:
    """A file that was read: its value, the line (from 1) of every key and item, and the faults of its form."""

    path: Path
    value: Value | None
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, key_path: KeyPath) -> int:
        """Return the line of ``key_path``, or of the nearest place above it that has one (0: none)."""
        while key_path and key_path not in self.lines:
            key_path = key_path[:-1]
        return self.lines.get(key_path, 0)


def read(path: Path, may_be_empty: bool = False) -> Document:
    """Read ``path``. Faults are in ``Document.problems``; ``value`` is None when nothing could be made of the file."""
    try:
        document = parse(read_bytes(path), path)
    except OSError as error:
        return _unreadable(path, 0, N_("the file cannot be read (%(reason)s)"), reason=error.strerror or str(error))
    if document.value is None and not document.problems and not may_be_empty:
        return _unreadable(path, 0, N_("the file is empty"))
    return document


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, of one that is too large only enough to tell.

    Raises OSError, also for what is no file: opening a pipe would wait for ever.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def parse(data: bytes, path: Path) -> Document:
    """Read the bytes of a file; ``path`` only names it in problems."""
    if len(data) > MAX_BYTES:
        return _unreadable(path, 0, N_("the file is larger than %(limit)s bytes"), limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return _unreadable(path, line, N_("this is not UTF-8 text; save the file with the encoding UTF-8"))
    reader = _Reader(path)
    try:
        value = reader.read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text.encode()[: getattr(error, "position", 0)].count(b"\n") + 1
        detail = getattr(error, "problem", None) or str(error).splitlines()[0]
        message = N_("the YAML breaks off here (%(detail)s); a text with a colon, # or quote needs quotation marks")
        return _unreadable(path, line, message, detail=detail)
    except _TooDeepError as error:
        return _unreadable(path, error.line, N_("the lists are nested too deeply"))
    except _BadKeyError as error:
        return _unreadable(path, error.line, N_("a key must be a word, not a list"))
    return Document(path, value, reader.lines, tuple(reader.problems))


def _unreadable(path: Path, line: int, message: str, **params: object) -> Document:
    return Document(path, None, problems=(Problem(path, line, "", message, params),))


class _PlaceError(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


class _TooDeepError(_PlaceError):
    pass


class _BadKeyError(_PlaceError):
    pass


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end was not read yet; ``key`` is the one in a mapping that waits for its value."""

    value: list[Value] | dict[str, Value]
    path: KeyPath
    key: str | None = None


class _Reader:
    """Builds plain values from YAML events, without recursion, noting the line of every key and item."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[KeyPath, int] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> Value | None:
        documents: list[Value] = []
        stack = [_Open(documents, ())]
        for event in yaml.parse(text, Loader=Loader):
            if isinstance(event, yaml.NodeEvent):
                self._take(event, stack)
            elif isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent) and documents:
                self._refuse(_line(event), "", N_("a file holds one document; remove the line of dashes"))
        return documents[0] if documents else None

    def _take(self, event: yaml.NodeEvent, stack: list[_Open]) -> None:
        """Put what begins with ``event`` into the innermost list or mapping that is open, the last of ``stack``."""
        line, inner = _line(event), stack[-1]
        if event.anchor or getattr(event, "tag", None):
            self._refuse_marks(event, line)
        if isinstance(inner.value, list):
            path: KeyPath = (*inner.path, len(inner.value)) if len(stack) > 1 else ()
            value = _value(event)
            inner.value.append(value)
            self.lines[path] = line
        elif inner.key is None:
            inner.key = self._key(event, inner.value, inner.path, line)
            return
        else:
            path = (*inner.path, inner.key)
            value = inner.value[inner.key] = _value(event)
            inner.key = None
        if not isinstance(value, str):
            if len(stack) > MAX_DEPTH:
                raise _TooDeepError(line)
            stack.append(_Open(value, path))

    def _key(self, event: yaml.NodeEvent, mapping: dict[str, Value], path: KeyPath, line: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise _BadKeyError(line)
        key = str(event.value)
        path = (*path, key)
        if key in mapping:
            message = N_("this key stands here a second time; the first is on line %(first)s")
            self._refuse(line, ".".join(map(str, path)), message, first=self.lines[path])
        self.lines[path] = line
        return key

    def _refuse_marks(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor:
            self._refuse(line, "", N_("anchors (&) and aliases (*) are not used here; put the text in quotation marks"))
        if getattr(event, "tag", None) not in (None, "!"):
            self._refuse(line, "", N_("tags (!) are not used here; put the text in quotation marks"))

    def _refuse(self, line: int, where: str, message: str, **params: object) -> None:
        self.problems.append(Problem(self.path, line, where, message, params))


def _line(event: yaml.Event) -> int:
    line: int = event.start_mark.line  # type: ignore[union-attr]
    return line + 1


def _value(event: yaml.NodeEvent) -> Value:
    """Return the text of a scalar, or an empty list or mapping to be filled; an alias, which is a fault, is nothing."""
    if isinstance(event, yaml.ScalarEvent):
        return "" if not event.style and event.value in ("~", "null") else str(event.value)
    if isinstance(event, yaml.CollectionStartEvent):
        return {} if isinstance(event, yaml.MappingStartEvent) else []
    return ""


# --- writing ---------------------------------------------------------------------------------------------------


def rewrite(old: bytes, new: Mapping[str, Any], order: Sequence[str]) -> bytes:
    """Return ``old`` with its top-level mapping made equal to ``new``.

    A key whose value did not change keeps its bytes; a changed one keeps its inner comments; a new one goes
    behind the last key that precedes it in ``order``. ``new`` holds str, int, bool, date, list and dict values.
    A file whose keys do not each begin a line is written afresh below its first comments.
    Raises ValueError when ``old`` is no mapping that can be read without a fault, or ``new`` cannot be written.
    """
    document = parse(old, Path("old"))
    if document.problems or not isinstance(document.value or {}, dict):
        raise ValueError("the file to change cannot be read")
    if document.value is not None and _same(document.value, dict(new)):
        return old
    text = old.decode()
    mark = text[: text.startswith(_BYTE_ORDER_MARK)]
    for write in (_edited, _afresh):
        result = (mark + write(text[len(mark) :], document, new, order)).encode()
        if _reads_as(result, new):
            return result
    raise ValueError("the file would not read back as what was to be written")


def dump(new: Mapping[str, Any], order: Sequence[str]) -> bytes:
    """Return ``new`` as a fresh YAML file with its keys in ``order``."""
    return rewrite(b"", new, order)


def rewrite_list(old: bytes, new: Sequence[Mapping[str, Any]], order: Sequence[str]) -> bytes:
    """Return ``old``, a list of mappings that have an ``id``, made equal to ``new``; ``order`` is that of their keys.

    An item whose value did not change keeps its bytes and the comments above it; the others are written afresh below
    theirs, on one line where the list holds them so.
    Raises ValueError when ``old`` is no list that can be read without a fault, or ``new`` cannot be written.
    """
    document = parse(old, Path("old"))
    before = document.value or []
    if document.problems or not isinstance(before, list):
        raise ValueError("the file to change cannot be read")
    if _same(before, new):
        return old
    head, blocks = _items(old.decode("utf-8-sig"), document)
    known = {
        item.get("id"): (item, block) for item, block in zip(before, blocks, strict=False) if isinstance(item, dict)
    }
    written = [head]
    for item in new:
        was, block = known.get(item["id"], ({}, ""))
        on_one_line = (block or next(iter(blocks), "")).rpartition("\n- ")[2].removeprefix("- ").startswith("{")
        above, below = _first_comments(block), block[len(block.rstrip("\n")) + 1 :]
        written.append(block if _same(was, item) else above + _fresh_item(item, order, on_one_line) + below)
    result = "".join(written).encode()
    if not _reads_as(result, new):
        raise ValueError("the file would not read back as what was to be written")
    return result


def _items(text: str, document: Document) -> tuple[str, list[str]]:
    """Cut a list into its first comments and the text of each item; no items where they do not each begin a line."""
    lines = text.splitlines(keepends=True)
    starts = {str(path[0]): line for path, line in document.lines.items() if len(path) == 1}
    if any(not lines[line - 1].startswith("- ") for line in starts.values()) or not text.endswith("\n"):
        return _first_comments(text), []
    head, blocks = _blocks(lines, starts)
    return head, list(blocks.values())


def _fresh_item(item: Mapping[str, Any], order: Sequence[str], on_one_line: bool) -> str:
    node, writer = CommentedMap((key, _node(item[key])) for key in _ordered(item, order)), _made()
    if on_one_line and not any("\n" in text for text in _texts(item)):
        node.fa.set_flow_style()
        writer.width = _NEVER
    block = _dumped(writer, node)
    return "- " + block.rstrip("\n").replace("\n", "\n  ") + "\n"


def _texts(value: Any) -> Iterator[str]:
    """Yield every scalar of a plain value as text."""
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(item)
    else:
        yield str(value)


def _edited(text: str, document: Document, new: Mapping[str, Any], order: Sequence[str]) -> str:
    before = document.value if isinstance(document.value, dict) else {}
    starts = {str(k[0]): n for k, n in document.lines.items() if len(k) == 1 and k[0] in before}
    lines = text.splitlines(keepends=True)
    if any(lines[line - 1].startswith(_NOT_A_KEY) for line in starts.values()):
        return _afresh(text, document, new, order)
    head, blocks = _blocks(lines, starts)
    newline = "\r\n" if "\r\n" in text else "\n"
    for key in [k for k in before if k not in new]:
        del blocks[key]
    for key in _ordered(new, order):
        if key not in before:
            _insert(blocks, key, _fresh(key, new[key]).replace("\n", newline), order)
        elif not _same(before[key], new[key]):
            block = blocks[key].replace("\r\n", "\n")
            blocks[key] = _changed(block, key, before[key], new[key]).replace("\n", newline)
    return "".join(p if not p or p.endswith("\n") else p + newline for p in (head, *blocks.values()))


def _afresh(text: str, _document: Document, new: Mapping[str, Any], order: Sequence[str]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    fresh = (_fresh(key, new[key]).replace("\n", newline) for key in _ordered(new, order))
    return _first_comments(text) + "".join(fresh)


def _first_comments(text: str) -> str:
    comments = re.match(r"([ \t]*(#[^\n]*)?\n)*", text)
    return comments.group() if comments else ""


def _reads_as(data: bytes, new: Mapping[str, Any] | Sequence[Any]) -> bool:
    document = parse(data, Path("new"))
    empty: Value = {} if isinstance(new, Mapping) else []
    return not document.problems and _same(document.value or empty, new)


def _ordered(new: Mapping[str, Any], order: Sequence[str]) -> list[str]:
    return sorted(new, key=lambda k: order.index(k) if k in order else len(order))


def _blocks(lines: Sequence[str], starts: Mapping[str, int]) -> tuple[str, dict[str, str]]:
    """Cut ``lines`` into what precedes the first top-level key and the text of each key, with the comments above it."""
    ordered = sorted(starts.items(), key=lambda item: item[1])
    bounds = [line - 1 for _, line in ordered] + [len(lines)]
    for index in range(1, len(ordered)):
        while bounds[index] - 1 > bounds[index - 1] and lines[bounds[index] - 1].startswith("#"):
            bounds[index] -= 1
    head = "".join(lines[: bounds[0]])
    return head, {key: "".join(lines[bounds[i] : bounds[i + 1]]) for i, (key, _) in enumerate(ordered)}


def _insert(blocks: dict[str, str], key: str, block: str, order: Sequence[str]) -> None:
    before = set(order[: order.index(key)]) if key in order else set(blocks)
    keys = list(blocks)
    place = max((i + 1 for i, k in enumerate(keys) if k in before), default=0)
    rest = [(k, blocks.pop(k)) for k in keys[place:]]
    blocks[key] = block
    blocks.update(rest)


class _AllStrings(VersionedResolver):
    """Makes ruamel, like the reader, take every scalar for a string: ``010`` stays ``010``."""

    versioned_resolver: Mapping[str, Any] = {}


_of_this_thread = threading.local()  # a ruamel writer keeps what it is writing, and costs as much to make as to use


def _yaml() -> YAML:
    """Return the writer of this thread."""
    writer: YAML | None = getattr(_of_this_thread, "writer", None)
    if writer is None:
        writer = _of_this_thread.writer = _made()
    return writer


def _made() -> YAML:
    writer = YAML(typ="rt")
    writer.Resolver = _AllStrings
    writer.preserve_quotes = True
    writer.width = _LINE_WIDTH
    writer.indent(mapping=2, sequence=4, offset=2)
    return writer


def _changed(block: str, key: str, old: Value, new: Any) -> str:
    try:
        node = _yaml().load(block)
        node[key] = _merge(node[key], old, new)
        changed = _dumped(_yaml(), node)
    except WritingError:  # what one YAML reader accepts, another may not
        del _of_this_thread.writer  # which may hold half of it
        changed = ""
    return changed if _reads_as(changed.encode(), {key: new}) else _first_comments(block) + _fresh(key, new)


def _fresh(key: str, value: Any) -> str:
    return _dumped(_yaml(), CommentedMap({key: _node(value)}))


def _dumped(writer: YAML, node: CommentedMap) -> str:
    out = io.StringIO()
    writer.dump(node, out)
    return out.getvalue()


def _merge(node: Any, old: Value, new: Any) -> Any:
    """Bring a ruamel ``node`` that reads as ``old`` to ``new``, touching only what differs."""
    if _same(old, new):
        return node
    if isinstance(node, CommentedMap) and isinstance(old, dict) and isinstance(new, Mapping):
        for key in [k for k in node if k not in new]:
            del node[key]
        for key, value in new.items():
            node[key] = _merge(node[key], old[key], value) if key in old else _node(value)
        return node
    if isinstance(node, CommentedSeq) and isinstance(old, list) and isinstance(new, list):
        for index, value in enumerate(new[: len(node)]):
            node[index] = _merge(node[index], old[index], value)
        node.extend(_node(value) for value in new[len(node) :])
        del node[len(new) :]
        return node
    return _node(new)


def _node(value: Any) -> Any:
    """Make a ruamel node of a plain value; short lists and mappings go on one line."""
    if isinstance(value, Mapping):
        mapping = CommentedMap({key: _node(item) for key, item in value.items()})
        if _width(value) < _LINE_WIDTH - 30:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        sequence = CommentedSeq([_node(item) for item in value])
        if not any(isinstance(item, Mapping) for item in value) and _width(value) < _LINE_WIDTH - 30:
            sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, str):
        return _string(value)
    plain: str = PlainScalarString(_scalar_text(value))
    return plain


def _string(value: str) -> str:
    if "\n" in value and _LITERAL.fullmatch(value):
        literal: str = LiteralScalarString(value)
        return literal
    # Quote what another YAML reader would take for a number, a date, a truth value, a key or a line break.
    tag = _RESOLVER.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    ambiguous = tag != "tag:yaml.org,2002:str" or value.startswith(("?", ":")) or len(value.splitlines()) > 1
    quoted: str = DoubleQuotedScalarString(value) if ambiguous else value
    return quoted


def _width(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(len(str(k)) + 4 + _width(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return sum(2 + _width(v) for v in value)
    return 10_000 if isinstance(value, str) and "\n" in value else len(str(value))


def _same(old: Value, new: Any) -> bool:
    """Tell whether a value as it stands in a file equals one that is to be written."""
    if isinstance(new, Mapping):
        return isinstance(old, dict) and old.keys() == new.keys() and all(_same(old[k], v) for k, v in new.items())
    if isinstance(new, list | tuple):
        return (
            isinstance(old, list) and len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
        )
    return isinstance(old, str) and old == _scalar_text(new)


def _scalar_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date) else str(value)

"""Reading YAML without guessing: every fault has its line, and a file means what it shows."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalogue import yamlfile
from catalogue.yamlfile import Document, Value
from tests.conftest import write

HERE = Path("x.yaml")


def read(text: str | bytes) -> Document:
    return yamlfile.parse(text.encode() if isinstance(text, str) else text, HERE)


def faults(document: Document) -> list[str]:
    return [problem.render() for problem in document.problems]


@pytest.mark.parametrize("scalar", "9:30 010 no yes 1e3 0x1F 2026-02-30 .5 +32 1_000 Null 12:30:45 true .inf".split())
def test_a_scalar_stays_the_string_that_stands_there(scalar: str) -> None:
    assert read(f"a: {scalar}\nb: [{scalar}]\n").value == {"a": scalar, "b": [scalar]}


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_an_empty_string_unless_it_is_quoted(nothing: str) -> None:
    assert read(f"a: {nothing}\nb: '{nothing}'\n").value == {"a": "", "b": nothing}


def test_every_key_and_item_has_its_line() -> None:
    document = read("# one\na:\n  fr: x\n  nl: y\n\nb:\n  - c\n  - {d: e,\n     f: g}\n")
    assert document.lines == {
        (): 2, ("a",): 2, ("a", "fr"): 3, ("a", "nl"): 4,
        ("b",): 6, ("b", 0): 7, ("b", 1): 8, ("b", 1, "d"): 8, ("b", 1, "f"): 9,
    }  # fmt: skip
    assert document.line(("b", 1, "missing", 3)) == 8
    assert Document(HERE, None).line(("a",)) == 0


def test_every_duplicate_key_is_named_with_both_lines() -> None:
    document = read("a: 1\nb: {c: 2, c: 3}\na: 4\nl:\n  - k: v\n    k: w\na: 5\n")
    assert faults(document) == [
        "x.yaml:2: b.c: this key stands here a second time; the first is on line 2",
        "x.yaml:3: a: this key stands here a second time; the first is on line 1",
        "x.yaml:6: l.0.k: this key stands here a second time; the first is on line 5",
        "x.yaml:7: a: this key stands here a second time; the first is on line 3",
    ]


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"a: b\nc: [d\n", 3, "the YAML breaks off here"),
        (b"a: b\nc: d: e\n", 2, "needs quotation marks"),
        (b"a: b\n\tc: d\n", 2, "the YAML breaks off here"),
        (b"a: 'b\n", 2, "the YAML breaks off here"),
        (b"a: b\nc: \x00\n", 2, "control characters are not allowed"),
        (b"a: b\n\n\nc: d\x07\n", 4, "control characters are not allowed"),
        ("a: é\nb: c\n".encode("latin-1"), 1, "not UTF-8"),
        (b"a: b\nc: d\ne: caf\xe9\n", 3, "not UTF-8"),
        ("a: é\n".encode("utf-16"), 1, "not UTF-8"),
        ("a: b\n".encode("utf-16-be"), 1, "control characters are not allowed"),
        (b"a: b\nc: &x d\n", 2, "anchors (&) and aliases (*) are not used"),
        (b"&x a: b\n", 1, "anchors (&) and aliases (*) are not used"),
        (b"a: b\nc: *x\n", 2, "anchors (&) and aliases (*) are not used"),
        (b"a: b\nc: !!int 3\n", 2, "tags (!) are not used"),
        (b"a: b\n!!str c: d\n", 2, "tags (!) are not used"),
        (b"a: !!python/object/apply:os.system [ls]\n", 1, "tags (!) are not used"),
        (b"a: b\n---\nc: d\n", 2, "one document"),
        (b"a: b\n? [c]\n: d\n", 2, "a key must be a word"),
        (b"a: b\n*x : d\n", 2, "a key must be a word"),
        (b"a: b\nc: " + b"[" * 100_000, 2, "nested too deeply"),
        (b"a: b\n" + b"- " * 100_000, 2, "the YAML breaks off here"),
        (b"- " * 100_000, 1, "nested too deeply"),
        (b"a: " + b"{a: " * 100_000, 1, "nested too deeply"),
    ],
    ids=lambda value: repr(value[:30]) if isinstance(value, bytes) else None,
)
def test_a_fault_has_its_line_and_says_what_is_wrong(data: bytes, line: int, says: str) -> None:
    document = read(data)
    assert says in faults(document)[0]
    assert document.problems[0].line == line


def test_lists_may_be_nested_so_deeply_and_no_deeper() -> None:
    deepest = yamlfile.MAX_DEPTH
    assert deepest == 12
    assert read("[" * deepest + "]" * deepest).problems == ()
    assert read("[" * (deepest + 1) + "]" * (deepest + 1)).value is None


def test_a_billion_laughs_are_not_laughed() -> None:
    lines = ["a0: &a0 [ha, ha]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    started = time.perf_counter()
    document = read("\n".join(lines))
    assert len(str(document.value)) < 5000
    assert len(document.problems) == 40 + 39 * 9
    assert time.perf_counter() - started < 5


def test_a_file_may_be_just_so_large(tmp_path: Path) -> None:
    fits = b"a: " + b"x" * (yamlfile.MAX_BYTES - 3)
    assert read(fits).problems == ()
    (tmp_path / "large.yaml").write_bytes(fits + b"x" * 50)
    assert faults(yamlfile.read(tmp_path / "large.yaml")) == [
        f"{tmp_path}/large.yaml: the file is larger than 10000000 bytes"
    ]
    assert len(yamlfile.read_bytes(tmp_path / "large.yaml")) == yamlfile.MAX_BYTES + 1


def test_windows_files_read_like_others() -> None:
    plain = read("a: b # c\nd:\n  - e\nf: |\n  g\n  h\n")
    windows = read("\ufeffa: b # c\r\nd:\r\n  - e\r\nf: |\r\n  g\r\n  h\r\n")
    assert (windows.value, windows.lines, windows.problems) == (plain.value, plain.lines, ())


def test_a_file_with_nothing_in_it_is_a_fault_where_something_is_needed(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yaml", "# nothing yet\n")
    assert faults(yamlfile.read(path)) == [f"{path}: the file is empty"]
    assert yamlfile.read(path, may_be_empty=True) == Document(path, None)
    assert read("") == Document(HERE, None)


def test_what_is_no_file_is_a_problem_and_never_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "nowhere.yaml").symlink_to(tmp_path / "missing")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    found: list[str] = []

    def look() -> None:
        names = ("pipe", "folder", "nowhere", "loop", "endless", "missing")
        found.extend(text for name in names for text in faults(yamlfile.read(tmp_path / f"{name}.yaml")))

    reader = threading.Thread(target=look, daemon=True)
    reader.start()
    reader.join(5)
    assert [text.partition(": ")[2] for text in found] == [
        "the file cannot be read (not a regular file)",
        "the file cannot be read (not a regular file)",
        "the file cannot be read (No such file or directory)",
        "the file cannot be read (Too many levels of symbolic links)",
        "the file cannot be read (not a regular file)",
        "the file cannot be read (No such file or directory)",
    ]


@pytest.mark.parametrize(
    "name",
    ["iso-8859-1", "iso-8859-15", "windows-1252", "sample-french-1", "utf-16.be", "utf-8", "sample-french"],
)
def test_real_texts_in_every_encoding(test_data: Path, name: str) -> None:
    (path,) = (p for p in (test_data / "encodings").iterdir() if p.name in (name, f"{name}.txt"))
    raw = path.read_bytes()
    document = read(b"a: |\n" + b"".join(b"  " + line for line in raw.splitlines(keepends=True)))
    wrong = [number for number, line in enumerate(raw.split(b"\n"), start=2) if not _is_utf8(line)]
    assert [(p.line, "UTF-8" in p.message) for p in document.problems] == ([(wrong[0], True)] if wrong else [])
    assert bool(wrong) == (not name.startswith(("utf-8", "sample-french")) or name == "sample-french-1")
    if not wrong:
        assert isinstance(document.value, dict)
        assert str(document.value["a"]).split() == raw.decode().split()


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


# PyYAML writes these line breaks so that they do not read back.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=20)
VALUES: st.SearchStrategy[Value] = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans())
def test_what_another_writer_wrote_reads_back(value: dict[str, Value], flow: bool) -> None:
    written = yaml.safe_dump(value, allow_unicode=flow, default_flow_style=flow, sort_keys=False)
    document = read(written)
    if not document.problems:  # it may have been nested too deeply, or hold an alias for what stands twice
        assert document.value == value
    assert all("deeply" in fault or "&" in fault for fault in faults(document))


SCRAPS = st.sampled_from(
    [
        "a",
        "b:",
        "- ",
        "\n",
        "  ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "'",
        '"',
        "|",
        ">",
        "#",
        "&x",
        "*x",
        "!!t",
        "? ",
        "---",
        "...",
    ]
    + ["%", "@", "`", "\t", "\r\n", "\x00", "\u2028", "é", "<<: ", "~"]
)


@given(st.binary(max_size=60) | st.lists(SCRAPS, max_size=25).map(lambda scraps: "".join(scraps).encode()))
def test_anything_can_be_read_and_faults_lie_within_the_file(data: bytes) -> None:
    document = read(data)
    last = len(data.decode("utf-8", "replace").splitlines()) + 1
    assert all(0 <= problem.line <= last and problem.text() for problem in document.problems)
    assert all(1 <= line <= last for line in document.lines.values())

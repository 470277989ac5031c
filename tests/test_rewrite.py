"""Writing YAML (the other half of ``yamlfile``): what did not change keeps its bytes, what changed reads back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import yamlfile
from catalogue.resource import FIELDS, Resource
from tests.conftest import PROJECT

ORDER = ("a", "b", "c", "d", "e")
RECORDS = sorted((PROJECT / "resources" / "records").rglob("*.yaml"))


def rewrite(old: str, new: Mapping[str, object]) -> str:
    return yamlfile.rewrite(old.encode(), new, ORDER).decode()


def value(data: str | bytes) -> object:
    document = yamlfile.parse(data.encode() if isinstance(data, str) else data, Path("x.yaml"))
    assert document.problems == ()
    return document.value


def test_comments_stay_where_they_are() -> None:
    old = (
        "# head\n\na:   'x'   # why x\n# about b\nb:\n  # the first\n  - one  # 1\n  - two  # 2\n\n"
        "# about c\nc: {fr: y}\n# end\n"
    )
    new = {"a": "x", "b": ["one", "TWO", "three"], "c": {"fr": "y", "nl": "z"}}
    assert rewrite(old, new) == (
        "# head\n\na:   'x'   # why x\n# about b\nb:\n  # the first\n  - one  # 1\n  - TWO  # 2\n\n  - three\n"
        "# about c\nc: {fr: y, nl: z}\n# end\n"
    )


def test_the_neighbours_of_a_change_keep_their_spelling() -> None:
    old = "a: [9:30, 010, no, 1e3, 0x1F, 2026-02-30, 'q', ~]\nb: {fr: 1_000, nl: .5}\n"
    new = {"a": ["9:30", "010", "no", "1e3", "0x1F", "2026-02-30", "q", "", "new"], "b": {"fr": "1_000", "nl": "6"}}
    assert rewrite(old, new) == ("a: [9:30, 010, no, 1e3, 0x1F, 2026-02-30, 'q', ~, new]\nb: {fr: 1_000, nl: \"6\"}\n")


@pytest.mark.parametrize(
    ("old", "place"),
    [("a: 1\nc: 3\n", 1), ("a: 1\nb: 2\nd: 4\n", 2), ("b: 2\nd: 4\n", 1), ("d: 4\ne: 5\n", 0), ("e: 5\nb: 2\n", 2)],
)
def test_a_new_key_stands_behind_the_last_that_precedes_it(old: str, place: int) -> None:
    lines = old.splitlines()
    before = value(old)
    assert isinstance(before, dict)
    added = "c" if "c" not in before else "b"
    lines.insert(place, f"{added}: new")
    assert rewrite(old, {**before, added: "new"}).splitlines() == lines


def test_an_unknown_key_goes_to_the_end_and_a_removed_one_goes_with_its_comment() -> None:
    assert (
        rewrite("a: 1\n# of b\nb: 2\n# of c\nc: 3\n", {"a": "1", "c": "3", "zz": "x"}) == "a: 1\n# of c\nc: 3\nzz: x\n"
    )


def test_a_key_that_is_emptied_leaves_the_others_alone() -> None:
    old = "# of a\na:\n  # of fr\n  fr: x\n# of b\nb:   9:30 # kept\n"
    assert rewrite(old, {"a": {}, "b": "9:30"}) == "# of a\na: {}\n# of b\nb:   9:30 # kept\n"


def test_short_values_stand_on_one_line_and_long_ones_below_each_other() -> None:
    long = "un mot et " * 10
    written = yamlfile.dump(
        {"a": {"fr": "x", "nl": "y"}, "b": ["x", "y"], "c": [{"url": "u"}], "d": {"fr": long + "x"}, "e": [long + "x"]},
        ORDER,
    )
    assert written.decode() == (
        f"a: {{fr: x, nl: y}}\nb: [x, y]\nc:\n  - {{url: u}}\nd:\n  fr: {long}x\ne:\n  - {long}x\n"
    )


def test_numbers_dates_and_truths_are_written_plainly() -> None:
    written = yamlfile.dump(
        {"a": 2026, "b": datetime.date(2026, 3, 1), "c": [datetime.datetime(2026, 3, 1, 9, 30), True, False]}, ORDER
    )
    assert written == b"a: 2026\nb: 2026-03-01\nc: [2026-03-01T09:30:00, true, false]\n"
    assert yamlfile.rewrite(written.replace(b"2026\n", b"true\n"), {"a": True}, ORDER) == b"a: true\n"


SPELLINGS = [
    "a: x # c\nb: [y]\n",
    "a: x # c\r\nb: [y]\r\n",
    "\ufeffa: x # c\nb: [y]\n",
    "\ufeff# head\r\na: x\r\nb:\r\n- y # c\r\n",
    "# head\n{a: x, b: [y]}\n",
    "{a: x,\n b: [y]}",
    "# head\r\n{a: x,\r\n b: [y]}\r\n",
    "--- {a: x, b: [y]}\n",
    "---\na: x\nb: [y]\n...\n",
    "%YAML 1.2\n---\na: x\nb: [y]\n",
    "  a: x\n  b: [y]\n",
    "'a': x\n\"b\": [y]\n",
    "? a\n: x\n? b\n: - y\n",
    "a: x\rb: [y]\r",
    'a: "x"\nb: [y',
]  # fmt: skip


@pytest.mark.parametrize("old", [old if old.count("[") == old.count("]") else f"{old}]" for old in SPELLINGS])
def test_every_spelling_keeps_its_bytes_and_can_be_changed(old: str) -> None:
    assert rewrite(old, {"a": "x", "b": ["y"]}) == old
    for new in (
        {"a": "z", "b": ["y"]},
        {"a": "x", "b": ["y", "z"]},
        {"a": "x", "b": ["y"], "c": "z"},
        {"b": ["y"]},
        {},
    ):
        changed = rewrite(old, new)
        assert (value(changed) or {}) == new
        assert changed.startswith("\ufeff") == old.startswith("\ufeff")
        assert not old.startswith("# head") or changed.startswith("# head")
        assert "\r\r" not in changed
        assert "\r\n" not in old or "\n" not in changed.replace("\r\n", "")


TRICKY = [
    "no", "9:30", "010", "- a", "-", "a: b", "a:", "#x", "x #y", "'q'", '"q', "é", "😀", "", "~", "null", "{", "[a]",
    "&a", "*a", "!a", "%a", "@a", "`a", "? a", "?", ":0", "---", "...", "=", "<<", "|", ">", "\\n", "\xa0", "\ufeff",
    "\u200b", " a", "a ", "a\tb", "\ta", "a\nb", "a\n", "a\n\n", "\na", "\n", " a\nb", "a \nb", "a\n b\nc", "--- a\nb",
    "a\n---\nb", "# a\nb", "a:\nb", "a\r\nb", "a\rb", "a\x85b", "a\u2028b", "\x00", "\x1b[31m", "true", "2026-03-01",
    "1_000", "long " * 80, "é" * 200, "line\n" * 50,
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY, ids=lambda text: repr(text[:12]))
def test_any_text_reads_back_here_and_elsewhere(text: str) -> None:
    new = {"a": text, "b": [text, {"fr": text}], "c": {"fr": text, "nl": "n"}}
    old = "a: x\nb: [x]\nc: {nl: n} # kept\n"
    for written in (yamlfile.dump(new, ORDER), yamlfile.rewrite(old.encode(), new, ORDER)):
        assert value(written) == new
        assert yaml.safe_load(written) == new, "another reader would not take it for this text"


def test_what_cannot_be_written_or_changed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for old in ("a: [", "a: 1\na: 2\n", "- a\n", "just text\n", "a: &x b\n"):
        with pytest.raises(ValueError, match="the file to change cannot be read"):
            rewrite(old, {"a": "b"})
    with pytest.raises(ValueError, match="read back"):
        rewrite("a: b\n", {"a": "\ud800"})
    monkeypatch.setattr(yamlfile, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="read back"):
        rewrite("a: b\n", {"a": "x" * 100})


# --- any file, any change ----------------------------------------------------------------------------------------

WORDS = st.sampled_from(["x", "un mot", "9:30", "010", "no", "é", "l'été", "a-b", "2026-01-01", "x  y"])
TEXTS = WORDS | st.sampled_from(TRICKY)
SPELLED = st.one_of(
    WORDS.map(lambda w: (f" {w}", w)),
    WORDS.map(lambda w: (" '" + w.replace("'", "''") + "'", w)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda ws: (f" [{', '.join(ws)}]", ws)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda ws: ("".join(f"\n  - {w} # {n}" for n, w in enumerate(ws)), ws)),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda ws: ("".join(f"\n- {w}" for w in ws), ws)),
    st.dictionaries(st.sampled_from(("fr", "nl", "en")), WORDS, min_size=1).map(
        lambda d: ("".join(f"\n  # of {k}\n  {k}:   {w}" for k, w in d.items()), d)
    ),
    st.lists(WORDS, min_size=1, max_size=3).map(
        lambda ws: (" |\n" + "\n".join(f"    {w}" for w in ws), "\n".join(ws) + "\n")
    ),
)
NEW = st.one_of(
    TEXTS, st.integers(0, 9999), st.dates(), st.lists(TEXTS, max_size=3),
    st.dictionaries(st.sampled_from(("fr", "nl", "en")), TEXTS | st.lists(TEXTS, max_size=2)),
    st.lists(st.dictionaries(st.sampled_from(("url", "shelf")), TEXTS, min_size=1), max_size=2),
)  # fmt: skip


def as_read(new: object) -> object:
    if isinstance(new, dict):
        return {key: as_read(item) for key, item in new.items()}
    return [as_read(item) for item in new] if isinstance(new, list) else str(new)


@settings(deadline=None, max_examples=150)
@given(
    spelled=st.dictionaries(
        st.sampled_from(ORDER), st.tuples(SPELLED, st.sampled_from(["", "# note\n", "\n# far\n\n"]))
    ),
    changes=st.dictionaries(st.sampled_from(ORDER), NEW, max_size=3),
    removed=st.sets(st.sampled_from(ORDER), max_size=2),
    head=st.sampled_from(["", "# head\n", "---\n"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_any_change_reads_back_and_leaves_the_other_keys_bytes(
    spelled: dict[str, tuple[tuple[str, object], str]],
    changes: dict[str, object],
    removed: set[str],
    head: str,
    newline: str,
    last: bool,
) -> None:
    blocks = {key: f"{key}:{text}\n".replace("\n", newline) for key, ((text, _), _) in spelled.items()}
    notes = {key: note.replace("\n", newline) for key, (_, note) in spelled.items()}
    old = head.replace("\n", newline) + "".join(notes[key] + block for key, block in blocks.items())
    old = old if last or "|" in old else old.removesuffix(newline)
    before = {key: meant for key, ((_, meant), _) in spelled.items()}
    assert (value(old) or {}) == before
    new = {key: item for key, item in {**before, **changes}.items() if key not in removed}
    result = rewrite(old, new)
    assert (value(result) or {}) == as_read(new)
    for key in before:
        if key in new and before[key] == as_read(new[key]):
            assert blocks[key].removesuffix(newline) in result


def mapping_of(path: Path) -> dict[str, object]:
    record, _ = Resource.from_document(yamlfile.read(path))
    assert record is not None
    return record.to_mapping()


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_real_record_keeps_every_byte(path: Path) -> None:
    old = path.read_bytes()
    assert yamlfile.rewrite(old, mapping_of(path), list(FIELDS)) == old


@pytest.mark.parametrize("path", RECORDS[::10], ids=lambda path: path.stem)
def test_a_note_on_a_real_record_is_one_line_more(path: Path) -> None:
    mapping = mapping_of(path)
    mapping.pop("staff_note", None)
    plain = yamlfile.rewrite(path.read_bytes(), mapping, list(FIELDS))
    noted = yamlfile.rewrite(plain, {**mapping, "staff_note": "vérifier: l'adresse"}, list(FIELDS))
    assert noted.decode() == plain.decode() + 'staff_note: "vérifier: l\'adresse"\n'


LIST = b"# head\n\n- {id: a, d: x}  # first\n# about b\n- id: b\n  d: [y]\n\n# about c\n-   id: c\n"


def rewritten_list(old: bytes, *items: Mapping[str, object]) -> str:
    return yamlfile.rewrite_list(old, items, ("id", "a")).decode()


def test_a_list_keeps_the_bytes_of_the_items_that_did_not_change() -> None:
    a, b, c = {"id": "a", "d": "x"}, {"id": "b", "d": ["y"]}, {"id": "c"}
    assert rewritten_list(LIST, a, b, c) == LIST.decode()
    assert rewritten_list(LIST, c, {"d": ["z", "010"], "id": "b", "a": {"fr": "é"}}) == (
        '# head\n\n# about c\n-   id: c\n# about b\n- id: b\n  a: {fr: é}\n  d: [z, "010"]\n\n'
    )
    assert rewritten_list(LIST, a, b) == LIST.decode().removesuffix("# about c\n-   id: c\n")


def test_an_item_that_stood_on_one_line_is_written_on_one_line() -> None:
    old = b'# head\n- {id: a, d: x}\n# about b\n- {id: b, d: "y, z"}\n'
    long = "L'\u00e9t\u00e9, \u00e0 : \u00ab b \u00bb " * 9
    assert rewritten_list(old, {"id": "a", "d": long.strip()}, {"id": "b", "d": "y, z"}, {"id": "c", "a": 4}) == (
        f'# head\n- {{id: a, d: "{long.strip()}"}}\n# about b\n- {{id: b, d: "y, z"}}\n- {{id: c, a: 4}}\n'
    )
    block = b"- id: a\n  d: x\n"
    assert rewritten_list(block, {"id": "a", "d": "y"}, {"id": "b"}) == "- id: a\n  d: y\n- id: b\n"


@pytest.mark.parametrize(
    "old", [b"", b"# head\n", b"\xef\xbb\xbf[{id: a, d: x}]\n", b"- {id: a, d: x}\n- {d: x}", b"- word\n"]
)
def test_any_list_can_be_rewritten(old: bytes) -> None:
    new = {"id": "a", "d": ["a: b", "- c", "# d", "e" * 130, "two\n\nlines\n"]}
    assert value(rewritten_list(old, new, {"id": "b"})) == [new, {"id": "b"}]
    assert rewritten_list(old, new).startswith("# head\n") == old.startswith(b"# head")


@pytest.mark.parametrize("old", [b"a: b\n", b"- {id: [\n", b"word\n"])
def test_what_is_no_list_is_not_rewritten(old: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        rewritten_list(old, {"id": "a"})


def test_a_list_that_would_not_read_back_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlfile, "MAX_BYTES", 100)
    with pytest.raises(ValueError, match="would not read back"):
        rewritten_list(b"", {"id": "a", "d": "x" * 100})

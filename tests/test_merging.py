"""Two records made one: what is proposed, what is chosen, what leads where afterwards, and both brought back."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import BadInput, Conflict
from catalogue.merging import BOTH, ONE, OTHER, choices, merged, renaming, survivor
from catalogue.resource import Resource
from catalogue.service import Catalogue
from tests.conftest import AddRecord, write


def record(id: str, **fields: Any) -> Resource:
    plain = {"kind": "guide", "themes": ["work"], "title": {"fr": "Le guide"}, "status": "published"}
    return Resource.from_mapping(id, plain | fields)


ONE_RECORD = record(
    "one",
    title={"fr": "Le guide"},
    themes=["work"],
    holdings=[{"url": "https://www.a.be/x/"}],
    keywords={"fr": ["guide"]},
    identifiers={"isbn": "2070368228"},
    added=datetime.date(2025, 1, 1),
    checked=datetime.date(2025, 1, 1),
    replaces=["older"],
    cover={"file": "media/a.jpg", "alt": {"fr": "Un"}},
)
OTHER_RECORD = record(
    "other",
    title={"fr": "Le guide complet", "nl": "De gids"},
    themes=["learn", "work"],
    holdings=[{"url": "http://a.be/x", "language": "fr"}, {"shelf": "K1.2"}],
    keywords={"fr": ["aide"], "nl": ["hulp"]},
    identifiers={"publisher_ref": "R1"},
    publisher="siep",
    added=datetime.date(2024, 1, 1),
    checked=datetime.date(2026, 1, 1),
    status="draft",
    replaces=["oldest", "one"],
    cover={"file": "media/b.jpg", "alt": {"nl": "Twee"}},
)


def test_who_stays() -> None:
    assert survivor(ONE_RECORD, OTHER_RECORD) == "one", "published before draft"
    assert survivor(record("bb", added=datetime.date(2020, 1, 1)), record("aa")) == "bb", "the older address"


def test_what_is_proposed_keeps_everything() -> None:
    result = merged(ONE_RECORD, OTHER_RECORD, "one", {})
    assert result.id == "one"
    assert dict(result.title) == {"fr": "Le guide", "nl": "De gids"}
    assert result.themes == ("work", "learn")
    assert [h.url or h.shelf for h in result.holdings] == ["https://www.a.be/x/", "K1.2"]
    assert result.holdings[0].language == "fr", "one address in two spellings is one way, completed"
    assert result.keywords == {"fr": ("guide", "aide"), "nl": ("hulp",)}
    assert result.identifiers is not None
    assert (result.identifiers.isbn, result.identifiers.publisher_ref) == ("2070368228", "R1")
    assert (result.publisher, result.status) == ("siep", "published")
    assert (str(result.added), str(result.checked)) == ("2024-01-01", "2026-01-01")
    assert result.cover is not None
    assert (result.cover.file, dict(result.cover.alt)) == ("media/a.jpg", {"fr": "Un"}), "never half of each"
    assert result.replaces == ("older", "other", "oldest")


def test_what_is_chosen_rules() -> None:
    chosen = {"title": OTHER, "themes": ONE, "publisher": ONE, "holdings": OTHER, "keywords": BOTH}
    result = merged(ONE_RECORD, OTHER_RECORD, "other", chosen)
    assert (result.id, result.replaces) == ("other", ("oldest", "one", "older"))
    assert dict(result.title) == {"fr": "Le guide complet", "nl": "De gids"}
    assert (result.themes, result.publisher) == (("work",), "")
    assert [h.url or h.shelf for h in result.holdings] == ["http://a.be/x", "K1.2"]
    assert result.keywords == {"fr": ("aide", "guide"), "nl": ("hulp",)}


def test_only_what_differs_is_asked_and_only_what_can_be() -> None:
    asked = {choice.name: choice for choice in choices(ONE_RECORD, OTHER_RECORD, "one")}
    assert "kind" not in asked
    assert "replaces" not in asked
    assert asked["publisher"].options == (ONE, OTHER)
    assert asked["publisher"].default == OTHER
    assert asked["themes"].default == BOTH
    assert asked["cover"].options == (ONE, OTHER)
    same = choices(record("aa", themes=["work", "learn"]), record("bb", themes=["work"]), "bb")
    assert [(c.name, c.default) for c in same] == [("themes", BOTH)]


@pytest.mark.parametrize(("keep", "chosen"), [("third", {}), ("one", {"status": BOTH}), ("one", {"title": "x"})])
def test_what_cannot_be_chosen_is_refused(keep: str, chosen: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        merged(ONE_RECORD, OTHER_RECORD, keep, chosen)


def test_lists_name_the_record_that_stays_and_keep_their_comments(tmp_path: Path) -> None:
    text = "kind: steps # for all\nitems:\n  # first this\n  - id: lost\n    note: {fr: Ici}\n  - id: third\n"
    one = write(tmp_path / "one.yaml", text)
    both = write(tmp_path / "both.yaml", "items: [{id: kept}, {id: lost}, {id: x}]\n")
    page = write(tmp_path / "page.yaml", "records: [x, lost]\ntitle: {fr: lost}\n")
    others = [write(tmp_path / "none.yaml", "items: [{id: x}]\n"), write(tmp_path / "bad.yaml", "items: [\n")]
    changes = {c.path: (c.data or b"").decode() for c in renaming([one, both, page, *others], "lost", "kept")}
    assert changes.keys() == {one, both, page}
    assert changes[one] == text.replace("lost", "kept")
    assert "lost" not in changes[both]
    assert changes[both].count("kept") == 1
    assert changes[page] == "records: [x, kept]\ntitle: {fr: lost}\n"


@pytest.fixture
def pair(add: AddRecord, centre: Path) -> None:
    add("kept", "title: {fr: Le guide} # beloved", "replaces: [first]")
    add("lost", "title: {nl: De gids}", "replaces: [second]")
    add("third")
    items = "[{id: third}, {id: lost, note: {fr: Ici, nl: Hier}}]"
    texts = "title: {fr: Liste, nl: Lijst}\nintro: {fr: Une, nl: Een}"
    write(centre / "lists" / "some.yaml", f"kind: steps\n{texts}\nfrom: 2026-01-01\nitems: {items}\n")


def seen(catalogue: Catalogue) -> dict[str, str]:
    return {id: catalogue.version(id).digest for id in ("kept", "lost")}


def merge(catalogue: Catalogue, digests: dict[str, str] | None = None) -> int:
    records = catalogue.contents.records
    result = merged(records["kept"], records["lost"], "kept", {}, catalogue.contents.frame.vocabularies)
    return catalogue.merge(result, "lost", account="dirk", label="x", seen=digests or seen(catalogue))


def test_the_lost_id_leads_on_for_ever(pair: None, catalogue: Catalogue, centre: Path) -> None:
    action = merge(catalogue)
    assert not (centre / "records" / "lost.yaml").exists()
    assert "# beloved" in (centre / "records" / "kept.yaml").read_text(encoding="utf-8")
    assert dict(catalogue.contents.redirects) == {"first": "kept", "lost": "kept", "second": "kept"}
    assert catalogue.contents.frame.lists["some"].ids == ("third", "kept")
    (done,) = catalogue.state.history.actions(["merge"])
    assert (done.id, done.account, done.files) == (action, "dirk", 3)
    with pytest.raises(BadInput, match="lives on as “kept”"):
        catalogue.save(record("lost", kind="guide"), account="dirk")
    with pytest.raises(BadInput, match="lives on as “kept”"):
        catalogue.save(record("second", kind="guide"), account="dirk")


def test_what_is_weeded_after_a_merge_takes_every_old_id_along(pair: None, catalogue: Catalogue) -> None:
    merge(catalogue)
    catalogue.delete("kept", account="dirk")
    assert set(catalogue.contents.tombstones) == {"kept", "lost", "first", "second"}
    with pytest.raises(BadInput, match="deleted record"):
        catalogue.save(record("lost", kind="guide"), account="dirk")


def test_both_come_back_byte_by_byte(pair: None, catalogue: Catalogue, centre: Path) -> None:
    before = {path: path.read_bytes() for path in centre.rglob("*.yaml")}
    undone = catalogue.writer.undo(merge(catalogue), "piet")
    assert not undone.left
    assert {path: path.read_bytes() for path in centre.rglob("*.yaml")} == before
    assert dict(catalogue.contents.redirects) == {"first": "kept", "second": "lost"}
    assert catalogue.contents.frame.lists["some"].ids == ("third", "lost")


@pytest.mark.parametrize("changed", ["kept", "lost"])
def test_nothing_is_written_where_somebody_was_faster(
    pair: None, catalogue: Catalogue, centre: Path, changed: str
) -> None:
    digests = seen(catalogue)
    path = centre / "records" / f"{changed}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "year: 2026\n", encoding="utf-8")
    before = {p: p.read_bytes() for p in centre.rglob("*.yaml")}
    with pytest.raises(Conflict):
        merge(catalogue, digests)
    assert {p: p.read_bytes() for p in centre.rglob("*.yaml")} == before

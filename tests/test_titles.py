"""Titles followed from state to state: at every step the same as those read anew."""

from __future__ import annotations

import datetime
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from catalogue.fields import Occasion
from catalogue.resource import Resource
from catalogue.search import titles
from catalogue.search.titles import Titles
from catalogue.values import Text
from tests.conftest import NOW

IDS = ("aa", "bb", "cc", "dd", "ee", "ff")
STEPS = st.lists(
    st.dictionaries(
        st.sampled_from(IDS),
        st.sampled_from(("emploi un", "un emploi", "aide emploi", "bourse")) | st.sampled_from((None, "draft")),
    ),
    max_size=6,
)


def record(id: str, title: str, **fields: object) -> Resource:
    values = {"kind": "website", "themes": ("work",), "status": "published", **fields}
    return Resource(id=id, title=Text({"fr": f"{title} {id}"}), **values)  # type: ignore[arg-type]


def found(read: Titles, beginning: str = "emploi", kind: str = "title") -> list[str]:
    return list(dict.fromkeys(record.id for _, _, record in read.find(kind, "fr", [beginning])))


@given(STEPS)
def test_every_change_gives_what_reading_anew_gives(steps: list[dict[str, str | None]]) -> None:
    records = {id: record(id, "emploi") for id in IDS[:3]}
    read = Titles.of(records, NOW)
    for step in steps:
        gone, come = set(step), {}
        for id, title in step.items():
            records.pop(id, None)
            if title == "draft":
                records[id] = record(id, "emploi", status="draft")
            elif title:
                come[id] = records[id] = record(id, title)
        after = read.after(gone, come)
        assert after is not None
        read, anew = after, Titles.of(records, NOW)
        assert read.live == anew.live
        for beginning in ("emploi", "un", "bour"):
            assert found(read, beginning) == found(anew, beginning)


def test_a_change_reads_only_what_changed() -> None:
    before = Titles.of({id: record(id, "emploi") for id in IDS}, NOW)
    after = before.after(["aa"], {"aa": record("aa", "bourse")})
    assert after is not None
    assert after._read is before._read
    assert found(after, "bourse") == ["aa"]
    assert found(before) == list(IDS)  # whoever reads the old ones sees nothing change


def test_many_changes_are_better_read_anew() -> None:
    records = {f"r{number}": record(f"r{number}", "emploi") for number in range(6)}
    read = Titles.of(records, NOW)
    with patch.object(titles, "_FEW_CHANGES", 5):
        assert read.after(list(records)[:5], {}) is not None
        assert read.after(list(records), {}) is None
        assert read.after([], {f"new-{id}": record(f"new-{id}", "emploi") for id in records}) is None
        for id in list(records)[:5]:  # one by one they are too many as well
            after = read.after([id], {id: records[id]})
            assert after is not None
            read = after
        assert read.after(["r5"], {"r5": records["r5"]}) is None


def test_past_events_drafts_and_withdrawn_records_are_left_out() -> None:
    past, coming = NOW - datetime.timedelta(days=2), NOW + datetime.timedelta(days=2)
    records = {
        "past": record("past", "emploi", kind="event", dates=(Occasion(start=past),)),
        "coming": record("coming", "emploi", kind="event", dates=(Occasion(start=coming),)),
        "draft": record("draft", "emploi", status="draft"),
        "withdrawn": record("withdrawn", "emploi", status="withdrawn"),
    }
    assert found(Titles.of(records, NOW)) == ["coming"]


def test_the_titles_of_organisations_are_names() -> None:
    read = Titles.of({"vdab": record("vdab", "emploi", kind="organisation"), "aa": record("aa", "emploi")}, NOW)
    assert found(read) == ["aa"]
    assert found(read, kind="organisation") == ["vdab"]

"""Unfinished edits: each person's own, the last one kept, forgotten after a season."""

from __future__ import annotations

import datetime

import pytest

from catalogue.errors import BadInput
from catalogue.state import State
from catalogue.state.drafts import KEPT, LONGEST
from tests.databases import Database

FORM = (("title.fr", "Un métier"), ("themes", "work"), ("themes", "learn"), ("title.nl", ""))


def test_the_last_edit_of_each_thing_and_person_is_kept(database: Database) -> None:
    now = [datetime.datetime(2026, 11, 23, 10)]
    with State.open(database.url, interval=0, clock=lambda: now[0]) as state:
        state.drafts.put("marie", "record/one", FORM[:1], seen="abc")
        now[0] += datetime.timedelta(seconds=10)
        state.drafts.put("marie", "record/one", FORM, seen="abc")
        state.drafts.put("jan", "record/one", FORM[:2])
        state.drafts.put("marie", "new/1", FORM)
    with State.open(database.url, interval=0, clock=lambda: now[0]) as state:
        draft = state.drafts.get("marie", "record/one")
        assert draft is not None
        assert (draft.form, draft.seen, draft.at) == (FORM, "abc", now[0])
        assert {d.key for d in state.drafts.of("marie")} == {"record/one", "new/1"}
        state.drafts.drop("marie", "record/one")
        assert state.drafts.get("marie", "record/one") is None
        assert state.drafts.get("jan", "record/one") is not None
        now[0] += KEPT + datetime.timedelta(days=1)
        assert state.drafts.of("jan") == []


def test_a_draft_has_a_longest_length(database: Database) -> None:
    with State.open(database.url, interval=0) as state, pytest.raises(BadInput):
        state.drafts.put("marie", "record/one", [("body.fr", "x" * (LONGEST + 1))])


def test_whose_unfinished_edits_hold_a_value(database: Database) -> None:
    with State.open(database.url, interval=0) as state:
        drafts = state.drafts
        drafts.put("marie", "records/a", [("holdings.0.file", 'media/é"%_.pdf'), ("title.fr", "media/b.pdf et plus")])
        drafts.put("piet", "records/b", [("cover.file", 'media/é"%_.pdf')])
        assert sorted(drafts.holding('media/é"%_.pdf')) == ["marie", "piet"]
        assert drafts.holding("media/b.pdf") == []
        assert drafts.holding("%") == []

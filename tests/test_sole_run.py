"""One run at a time: in a thread, across what stands for two processes, and to its end."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from catalogue.errors import N_, Unavailable
from catalogue.sole_run import SoleRun

BUSY = N_("The links are being checked already.")
PATIENCE = 20.0


def test_the_second_of_two_is_told_so(tmp_path: Path) -> None:
    first, second = (SoleRun(tmp_path, "links", BUSY) for _ in range(2))
    with first.alone(0):
        assert second.is_active
        with pytest.raises(Unavailable) as refused, second.alone(0):
            pass
        assert refused.value.message == BUSY
    assert not second.is_active
    with second.alone(0):
        assert first.is_active


def test_what_is_under_way_is_not_begun_twice(tmp_path: Path) -> None:
    run, go_on, begun = SoleRun(tmp_path, "links", BUSY), threading.Event(), list[str]()

    def work(name: str) -> None:
        begun.append(name)
        go_on.wait(PATIENCE)

    thread = run.start(lambda: work("first"))
    assert run.is_active
    assert run.start(lambda: work("second")) is thread
    go_on.set()
    thread.join(PATIENCE)
    assert not run.is_active
    run.start(lambda: work("third")).join(PATIENCE)
    assert begun == ["first", "third"]


def test_closing_waits_for_the_work_to_end(tmp_path: Path) -> None:
    run, ended = SoleRun(tmp_path, "links", BUSY), list[bool]()
    run.start(lambda: ended.append(run.ended.wait(PATIENCE)))
    run.close()
    assert ended == [True]

"""Writers, readers and deaths over HTTP: every read comes to what is known; and not so once a lock is broken."""

from pathlib import Path

import pytest

from tests.faults.bank import Told, break_database, play
from tests.faults.scene import set_up
from tests.faults.stack import running

pytestmark = [pytest.mark.committed, pytest.mark.slow]
SMALL = {"opening": 600, "approval_threshold": "1000000"}  # pots that many reach into at once


def played(folder: Path, *, breaks: str = "", seconds: float = 6, every: float = 0, least: int = 0) -> Told:
    with running(folder / "bank", breaks=breaks) as stack:
        if breaks:
            break_database(stack)
        scene = set_up(stack, count=2, members=4, **SMALL)  # type: ignore[arg-type]  # the rest are rules
        return play(stack, scene, seconds=seconds, every=every, first=bool(breaks), least=least)


def test_every_read_comes_to_what_is_known_while_things_die(tmp_path: Path):
    told = played(tmp_path, seconds=16, every=1.5, least=20)
    assert not told.faults
    assert told.writes > 20
    assert told.reads > 20
    assert told.injuries > 2
    assert told.overdrafts


def test_without_the_lock_the_same_test_fails(tmp_path: Path):
    assert played(tmp_path, breaks="lock", seconds=30).faults


def test_a_floor_that_is_looked_at_before_the_lock_is_noticed(tmp_path: Path):
    faults = played(tmp_path, breaks="floor", seconds=30).faults
    assert any("below zero" in fault for fault in faults), faults

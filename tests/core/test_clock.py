"""The clock can be held still, by tests only."""

from datetime import UTC, date, datetime, timedelta, timezone
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from app.core import clock

NEW_YEAR = datetime(2025, 12, 31, 21, 30, tzinfo=UTC)


def test_now_is_aware_and_moves_on():
    first = clock.now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= clock.now() - first < timedelta(minutes=1)


def test_held_it_stands_still_and_is_let_go_again():
    with clock.held(NEW_YEAR):
        assert clock.now() == clock.now() == NEW_YEAR
    assert clock.now() > NEW_YEAR


def test_it_can_be_held_within_a_hold_and_gives_utc():
    inner = datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=3)))
    with clock.held(NEW_YEAR):
        with clock.held(inner):
            assert clock.now().isoformat() == "2026-05-31T21:00:00+00:00"
        assert clock.now() == NEW_YEAR


def test_an_error_inside_lets_it_go():
    with pytest.raises(RuntimeError), clock.held(NEW_YEAR):
        raise RuntimeError
    assert clock.now() > NEW_YEAR


def test_other_threads_see_the_held_clock():
    seen: list[datetime] = []
    with clock.held(NEW_YEAR):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [NEW_YEAR]


def test_it_is_not_held_at_a_naive_time():
    with pytest.raises(ValueError, match="aware"), clock.held(datetime(2026, 1, 1)):  # noqa: DTZ001  # the point
        pass


def test_today_depends_on_the_zone():
    with clock.held(NEW_YEAR):
        assert clock.today("Africa/Nairobi") == date(2026, 1, 1)
        assert clock.today(ZoneInfo("America/New_York")) == date(2025, 12, 31)

"""Figures of many processes are one sum, whatever dies, and their labels are codes of ours."""

import multiprocessing
import time
from decimal import Decimal
from typing import Any

import pytest
import redis
from flask import Flask

from app.core import figures
from tests.operations.conftest import clean

__all__ = ["clean"]


def counted(app: Flask, times: int) -> None:
    with app.app_context():
        for _ in range(times):
            figures.count("jobs", kind="mail.send", outcome="done")
        figures.flush()


def test_counts_of_several_processes_and_of_forks_add_up(context: Flask, clean: Any) -> None:
    figures.count("jobs", kind="mail.send", outcome="done")  # not yet flushed: a fork must not count it once more
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=counted, args=(context, 100)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join(20)
        assert child.exitcode == 0
    figures.flush()
    assert figures.sums()["jobs", ("mail.send", "done"), ""] == 401


def test_money_adds_up_to_the_last_digit(context: Flask, clean: Any) -> None:
    for _ in range(1000):
        figures.count("money_moved", Decimal("0.1001"), kind="contribution", currency="KES")
    figures.count("money_moved", Decimal("999999999999.9999"), kind="contribution", currency="KES")
    figures.flush()
    total = figures.sums()["money_moved", ("contribution", "KES"), ""]
    assert abs(total - Decimal("1000000000100.0999")) < Decimal("0.001")


def test_what_redis_does_not_take_is_kept_for_the_next_time(
    context: Flask, clean: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.count("jobs", kind="mail.send", outcome="failed")
    pen = figures.pen()
    with monkeypatch.context() as away:
        away.setattr(pen, "client", redis.Redis.from_url("redis://127.0.0.1:1"))
        figures.flush()
    figures.flush()
    figures.flush()
    assert figures.sums()["jobs", ("mail.send", "failed"), ""] == 1


@pytest.mark.parametrize("typed", ["Daniel Mwangi", "/g/umoja", "a@b.ke", "x" * 81, "", 'x"} 1\nforged 2'])
def test_a_label_that_is_no_code_is_called_other(context: Flask, clean: Any, typed: str) -> None:
    figures.count("jobs", kind=typed, outcome="done")
    figures.flush()
    assert list(figures.sums()) == [("jobs", ("other", "done"), "")]


def test_a_figure_or_label_that_is_not_written_down_is_refused(context: Flask, clean: Any) -> None:
    with pytest.raises(KeyError):
        figures.count("groups", group="Umoja")
    with pytest.raises(KeyError):
        figures.count("jobs", kind="x", outcome="done", group="Umoja")


def test_a_process_that_was_not_seen_for_a_minute_fills_no_pool(
    context: Flask, clean: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures.pen().pools["app"] = [15, 16]
    figures.flush()
    assert figures.pools()["app"] == (15, 16, 15)
    later = time.time() + 61
    monkeypatch.setattr("app.core.figures.time.time", lambda: later)
    assert figures.pools() == {}


def test_counting_costs_little(context: Flask, clean: Any) -> None:
    figures.observe("request_seconds", 0.01, route="x")
    begun = time.perf_counter()
    for _ in range(2000):
        figures.count("requests", route="ledgers.entries", method="GET", status="2xx")
        figures.observe("request_seconds", 0.01, route="ledgers.entries")
        figures.count_minute(failed=False)
    each = (time.perf_counter() - begun) / 2000
    assert each < 0.0005, each  # ten times what it takes here, so that a busy machine does not fail it
    print(f"a request's figures take {each * 1e6:.0f} µs")  # noqa: T201  # the figure itself

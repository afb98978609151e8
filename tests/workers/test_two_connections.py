"""What needs real commits: rows found by the relay, locks held by another worker."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.draining import drain_due, handle, oldest_due
from app.core.outbox import Outbox, later
from tests import factories
from tests.workers.conftest import Bench

pytestmark = pytest.mark.committed


@pytest.fixture
def group_id(committed: Flask) -> Iterator[Any]:
    with committed.app_context():
        with transaction():
            made = factories.group("Bench")
        yield made.id


def queue(group_id: Any, count: int) -> list[Any]:
    with transaction(group_id=group_id):
        return [later("try", key=f"k{n}", n=n).id for n in range(count)]


def test_the_relay_finds_what_is_due_and_it_is_done_once(group_id: Any, bench: Bench) -> None:
    queue(group_id, 130)
    assert drain_due(seconds=20) >= 130
    assert sorted(call["n"] for call in bench.calls) == list(range(130))
    with transaction(group_id=group_id):
        assert session().scalar(sa.select(sa.func.count()).where(Outbox.done_at.is_(None))) == 0


def test_a_message_in_another_workers_hands_is_passed_over(committed: Flask, group_id: Any, bench: Bench) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait(**_: Any) -> None:
        begun.set()
        assert go_on.wait(10)

    bench.does = wait
    (message_id,) = queue(group_id, 1)

    def other() -> None:
        with committed.app_context():
            handle(group_id, message_id)

    thread = threading.Thread(target=other)
    thread.start()
    assert begun.wait(10)
    assert handle(group_id, message_id) is False
    go_on.set()
    thread.join(10)
    assert len(bench.calls) == 1


def test_groups_take_turns(committed: Flask, group_id: Any, bench: Bench) -> None:
    queue(group_id, 60)
    with transaction():
        small = factories.group("Small").id
    with transaction(group_id=small):
        later("try", key="urgent", n=-1)
    drain_due(seconds=20)
    assert -1 in [call["n"] for call in bench.calls[:5]]


def test_a_time_budget_ends_the_work_and_the_rest_is_left(group_id: Any, bench: Bench) -> None:
    queue(group_id, 30)
    drain_due(seconds=0.001)
    assert len(bench.calls) < 30
    assert (oldest_due() or 0) is not None
    drain_due(seconds=20)
    assert len(bench.calls) == 30

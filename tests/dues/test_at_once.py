"""Two officers who start the same run at one moment, and many who post or pay it."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.draining import drain_due
from app.core.periods import Month
from app.dues import approving, checks, running
from app.dues.errors import WrongState
from app.dues.models import AssessmentEvent, DuesCharge
from app.dues.standing import run_of
from app.ledgers.heads import today
from tests import factories
from tests.dues.conftest import Building, key, make_building
from tests.ledgers.committed import at_once

pytestmark = pytest.mark.committed


def fresh(app: Flask) -> tuple[Building, Any]:
    """A building of its own, for good, and its levy."""
    with app.app_context():
        building = make_building(factories.cast())
        with transaction(group_id=building.cast.group_id):
            return building, building.levy().id


def count(model: Any) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_two_officers_who_start_the_same_run_at_once_make_one_run(
    committed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the lock of the group the constraint alone decides; without both there would be two.
    monkeypatch.setattr(running, "lock_group", lambda: None)
    building, levy_id = fresh(committed)
    cast = building.cast

    def start(number: int) -> None:
        by = cast.treasurer.member_id if number % 2 else cast.leader.member_id
        with transaction(group_id=cast.group_id):
            running.start_run(config_id=levy_id, month=Month(2026, 1), by=by, key=key())

    assert at_once(committed, 8, start) == []
    with committed.app_context(), transaction(group_id=cast.group_id):
        events = session().scalars(sa.select(AssessmentEvent)).all()
        assert len(events) == 1
    with committed.app_context():
        drain_due(seconds=10)
        with transaction(group_id=cast.group_id):
            assert run_of(events[0].id).step.entries == 3


def test_a_run_that_many_post_at_once_is_posted_once_and_paid_once(committed: Flask) -> None:
    building, levy_id = fresh(committed)
    cast = building.cast
    with committed.app_context():
        with transaction(group_id=cast.group_id):
            run = running.start_run(config_id=levy_id, month=Month(2026, 1), by=building.by, key=key())
        drain_due(seconds=10)

    def post(_number: int) -> None:
        with transaction(group_id=cast.group_id):
            approving.approve(run.event.id, by=building.by)

    assert [type(error) for error in at_once(committed, 6, post)] == [WrongState] * 5
    once, when = key(), day_there(committed, building)

    def pay(_number: int) -> None:
        with transaction(group_id=cast.group_id):
            building.pay("A2", "100.00", when, key=once)

    assert at_once(committed, 6, pay) == []
    with committed.app_context(), transaction(group_id=cast.group_id):
        assert count(DuesCharge) == 3
        assert [one.paid for one in building.charges("A2")] == [building.charges("A2")[0].charge.amount]
        assert [fault for check in checks.CHECKS for fault in check().faults] == []


def day_there(app: Flask, building: Building) -> date:
    with app.app_context(), transaction(group_id=building.cast.group_id):
        return today()

"""Two jobs that propose at one moment, and many hands that post: one of each; and the command."""

from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.models import UserAccount
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.periods import Month
from app.dues import approving
from app.dues.checks import CHECKS as DUES
from app.dues.models import DuesCharge
from app.latefees import proposing, reviewing
from app.latefees.checks import CHECKS
from app.latefees.errors import DecidedAlready
from app.latefees.models import PenaltyProposal
from app.ledgers.heads import today
from tests import factories
from tests.dues.conftest import Building, make_building
from tests.latefees.test_services import rule
from tests.ledgers.committed import at_once

pytestmark = pytest.mark.committed


def fresh(app: Flask) -> Building:
    """A building of its own with dues of three that are late."""
    with app.app_context():
        building = make_building(factories.cast())
        group_id = building.cast.group_id
        with transaction(group_id=group_id):
            rule(building)
            run = building.start(building.levy(), Month(2026, 1))
        drain_due(seconds=10)
        with transaction(group_id=group_id):
            approving.approve(run.event.id, by=building.by)
        return building


def test_two_jobs_at_once_propose_once_and_many_who_post_post_once(
    committed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = fresh(committed)
    group_id = building.cast.group_id

    def propose(_number: int) -> None:
        with transaction(group_id=group_id):
            proposing.propose(on=today().isoformat())

    both, plans = Barrier(2), proposing.plans

    def together(charge_ids: Any, *, on: Any) -> Any:
        found = plans(charge_ids, on=on)
        both.wait(timeout=30)  # neither has written what the other one reads
        return found

    with monkeypatch.context() as unlocked:  # the constraint alone decides; without it there would be six
        unlocked.setattr(proposing, "lock_group", lambda: None)
        unlocked.setattr(proposing, "plans", together)
        assert at_once(committed, 2, propose) == []
    with committed.app_context(), transaction(group_id=group_id):
        ids = session().scalars(sa.select(PenaltyProposal.id)).all()
        assert len(ids) == 3

    def post(_number: int) -> None:
        with transaction(group_id=group_id):
            reviewing.accept(ids, by=building.by)

    assert [type(error) for error in at_once(committed, 4, post)] == [DecidedAlready] * 3
    with committed.app_context(), transaction(group_id=group_id):
        count = sa.select(sa.func.count()).select_from(DuesCharge).where(DuesCharge.kind == "penalty")
        assert session().scalar(count) == 3
        assert [fault for check in (*CHECKS, *DUES) for fault in check().faults] == []


def invoke(app: Flask, building: Building, on: str, who: Any) -> Any:
    with app.app_context(), transaction():
        email = str(platform().scalar(sa.select(UserAccount.email).where(UserAccount.id == who.user_id)))
    args = ["penalties", "propose", "--group", building.cast.slug, "--on", on, "--by", email]
    return app.test_cli_runner().invoke(args=args)


def test_the_command_proposes_says_what_and_nothing_twice(committed: Flask) -> None:
    building = fresh(committed)
    before = invoke(committed, building, "2026-01-04", building.cast.treasurer)
    assert (before.exit_code, "penalties proposed:   0" in before.output) == (0, True), before.output
    first = invoke(committed, building, "2026-01-05", building.cast.treasurer)
    for line in ("charges looked at:    3", "penalties proposed:   3", "proposed in all:      25.00 KES"):
        assert line in first.output
    again = invoke(committed, building, "2026-01-06", building.cast.leader)
    for line in ("penalties proposed:   0", "waiting for review:   3, penalties of 25.00 KES"):
        assert line in again.output
    for on, who, word in (
        ("2026-01-05", building.cast.member, "may not record money"),
        ("2126-01-05", building.cast.treasurer, "future"),
        ("2026-13-05", building.cast.treasurer, "does not match"),
    ):
        found = invoke(committed, building, on, who)
        assert (found.exit_code > 0, word in found.output) == (True, True), found.output

"""Killed with -9 while it is calculated, and while it is posted: run again, everything is there once."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.models import UserAccount
from app.config import Settings
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.outbox import Outbox
from app.core.periods import Month
from app.dues import checks, running
from app.dues.models import AssessmentEntry, DuesCharge
from app.dues.rules import State
from app.dues.standing import run_of
from app.ledgers.models import Entry
from tests import factories
from tests.dues.conftest import Building, D, make_building
from tests.workers.processes import ROOT, environment

pytestmark = pytest.mark.committed
# A worker that writes a run line by line and is killed in the second one; where it was killed before, in the first.
WORKER = """
import os, signal
from app.core.draining import drain_due
from app.dues import calculating
from workers.runtime import application
calculating.SMALLEST, whole, parts = 1, calculating.crash, []
def crash(place):
    whole(place)
    parts.append(place)
    if len(parts) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
calculating.crash = crash
with application().app_context():
    drain_due(seconds=20)
"""


def dies(settings: Settings, *args: str, at: str, mark: Path) -> None:
    """Start a program that is killed."""
    told = environment(settings, CRASH_AT=f"{at}={mark}")
    died = subprocess.run([sys.executable, *args], env=told, cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr.decode()


def there(building: Building) -> tuple[int, int, int]:
    """How many lines were calculated, charged, and booked."""
    with transaction(group_id=building.cast.group_id):
        session().execute(sa.update(Outbox).where(Outbox.done_at.is_(None)).values(due_at=sa.func.now()))
        counts = (sa.select(sa.func.count()).select_from(table) for table in (AssessmentEntry, DuesCharge))
        booked = sa.select(sa.func.count()).select_from(Entry).where(Entry.kind == "dues_posted")
        lines, charges, entries = (session().scalar(query) or 0 for query in (*counts, booked))
        return lines, charges, entries


def test_a_run_outlives_whoever_calculates_and_whoever_posts_it(
    committed: Flask, settings: Settings, tmp_path: Path
) -> None:
    with committed.app_context():
        building = make_building(factories.cast())
        cast = building.cast
        with transaction(group_id=cast.group_id):
            event = running.start_run(
                config_id=building.levy().id, month=Month(2026, 1), by=building.by, key="k" * 32
            ).event.id
        dies(settings, "-c", WORKER, at="dues.chunk", mark=tmp_path / "a")
        assert there(building) == (0, 0, 0)
        dies(settings, "-c", WORKER, at="dues.chunk", mark=tmp_path / "a")
        assert there(building) == (1, 0, 0)
        drain_due(seconds=10)
        with transaction(group_id=cast.group_id):
            assert (run_of(event).state, run_of(event).step.total) == (State.PENDING, D(250))
        with transaction():
            email = str(platform().get_one(UserAccount, cast.treasurer.user_id).email)
    told = ("dues", "approve", "--group", cast.slug, "--config", "Charges", "--period", "2026-01", "--by", email)
    dies(settings, "-m", "flask", "--app", "wsgi", *told, at="dues.posting", mark=tmp_path / "b")
    with committed.app_context():
        assert there(building) == (3, 0, 0)
    for _again in range(2):
        posted: Any = committed.test_cli_runner().invoke(args=list(told))
        assert (posted.exit_code, "state:             posted" in posted.output) == (0, True), posted.output
    with committed.app_context():
        assert there(building) == (3, 3, 3)
        with transaction(group_id=cast.group_id):
            assert [fault for check in checks.CHECKS for fault in check().faults] == []

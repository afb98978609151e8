"""`flask receipts run`: the page's verb, waited for; and what a killed worker leaves is taken up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.auth.models import UserAccount
from app.config import Settings
from app.core.db import platform, session, transaction
from app.core.periods import Month
from app.notifications.models import Notification
from app.receipts.models import RentBatchStep
from tests import factories
from tests.receipts.test_reruns import numbers, one_each
from tests.receipts.world import World

AUGUST = Month(2026, 8)
WORKER = "from workers.runtime import application as a; from app.core.draining import drain_due as d\n"
WORKER += "with a().app_context(): d(seconds=20)"


def email_of(world: World, who: str) -> str:
    with transaction():
        return str(platform().get_one(UserAccount, world.cast.people[who].user_id).email)


def killed(settings: Settings, mark: Path) -> subprocess.CompletedProcess[bytes]:
    """A worker that dies after it wrote a part of a run."""
    environment = {
        **os.environ,
        "ENVIRONMENT": "test",
        "SECRET_KEY": settings.secret_key,
        "KEY_RING": "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "DATABASE_URL": settings.database.admin.render_as_string(hide_password=False),
        "REDIS_URL": settings.redis_url,
        "BASE_URL": "http://localhost",
        "VAR": str(settings.var),
        "CRASH_AT": f"receipts.chunk={mark}",
    }
    root = Path(__file__).parents[2]
    return subprocess.run([sys.executable, "-c", WORKER], env=environment, cwd=root, capture_output=True, check=False)


@pytest.mark.committed
def test_a_worker_killed_half_way_leaves_whole_chunks_and_the_command_does_the_rest(
    committed: Flask, settings: Settings, tmp_path: Path
) -> None:
    with committed.app_context():
        world = World(factories.cast(country="MA", currency="MAD"))
        owner = world.party("A", member=world.cast.member.member_id)
        flat = [world.simple(shares=("50", "50")) for _flat in range(3)][-1]
        other = world.unit("Z")
        world.unit("EMPTY")
        world.let(other, flat.client, "900")
        world.assign(other, owner)
        world.start(AUGUST)
    died = killed(settings, tmp_path / "mark")
    assert died.returncode == -9, died.stderr.decode()
    with committed.app_context():
        assert numbers(world) == []
        with world.unit_of_work():
            assert session().scalars(sa.select(RentBatchStep)).all() == []
        told = {"--group": world.cast.slug, "--period": "2026-08", "--by": email_of(world, "treasurer")}
    asked = ["receipts", "run", *(word for pair in told.items() for word in pair)]
    first, second = (committed.test_cli_runner().invoke(args=asked) for _time in range(2))
    assert first.exit_code == 0, first.output
    assert "issued:              7" in first.output
    assert "stood before:        7" in second.output
    alone = committed.test_cli_runner().invoke(args=[*asked, "--unit", "EMPTY"])
    assert "EMPTY: The unit is not let in this month." in alone.output
    with committed.app_context():
        assert (numbers(world), one_each(world)) == (list(range(1, 8)), True)
        with world.unit_of_work():
            who = sa.select(Notification.title).where(Notification.member_id == world.cast.member.member_id)
            assert session().scalars(who).all() == ["Rent of August 2026"]


@pytest.mark.committed
def test_the_command_refuses_in_words(committed: Flask) -> None:
    with committed.app_context():
        world = World(factories.cast(country="MA", currency="MAD"))
        world.simple()
        treasurer, member = email_of(world, "treasurer"), email_of(world, "member")
    runner = committed.test_cli_runner()
    for said, sentence in (
        (("--period", "2026-13", "--by", treasurer), "Write a month like 2026-01."),
        (("--period", "2026-08", "--by", member), "may not record money"),
        (("--period", "2026-08", "--by", "nobody@example.com"), "is not an active member"),
        (("--period", "2020-01", "--by", treasurer), "No unit has a lease"),
        (("--period", "2026-08", "--by", treasurer, "--unit", "nowhere"), "There is no unit “nowhere”"),
    ):
        told = runner.invoke(args=["receipts", "run", "--group", world.cast.slug, *said])
        assert (told.exit_code, sentence in told.output) == (1, True), told.output

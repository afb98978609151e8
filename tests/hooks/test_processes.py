"""Real workers on real connections: one is killed between sending and noting, and none keeps a transaction open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.log import record
from app.config import Settings
from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.jobs import wake
from app.core.outbox import Outbox
from app.hooks.models import HookDelivery
from app.hooks.services import add_hook
from tests import factories
from tests.hooks.receiver import receiver
from tests.workers.processes import Crew, crew, wait_until

pytestmark = [pytest.mark.committed, pytest.mark.slow]


@pytest.fixture
def people(settings: Settings, tmp_path: Path) -> Iterator[Crew]:
    with crew(settings, tmp_path / "log") as made:
        yield made


@pytest.fixture
def told(committed: Flask) -> Iterator[Callable[[str], Any]]:
    """Make a group whose address is told of a payment; returns how to look at the message."""

    def happens(url: str) -> Callable[[], HookDelivery]:
        with transaction():
            made = factories.group("Told")
            leader = factories.member("Amina", "leader", account=factories.user("Amina"))
            add_hook(url=url, events=["payment.create"], by=leader.id, key="k")
            record("create", "payment", new_id(), by=leader.id)
            group_id = made.id

        def look() -> HookDelivery:
            wake()
            with transaction(group_id=group_id):
                row = session().scalars(sa.select(HookDelivery)).one()
                # As if the half minute were over in which a try may still be on its way.
                died = HookDelivery.state == "sending"
                late = sa.select(HookDelivery.id).where(
                    died, HookDelivery.tried_at < sa.func.now() - sa.text("interval '5s'")
                )
                if session().scalar(late) is not None:
                    open_ = Outbox.done_at.is_(None)
                    session().execute(sa.update(Outbox).where(open_).values(due_at=sa.func.now()))
                session().expunge(row)
                return row

        return look

    with committed.app_context():
        yield happens


def test_a_killed_worker_leaves_the_message_to_the_next_one_under_the_same_id(told, people, tmp_path):
    with receiver() as other:
        look = told(other.url)
        people.start("workers", CRASH_AT=f"hooks.sent={tmp_path}/sent")
        people.start("workers.cron")
        wait_until((tmp_path / "sent").exists, 30, people.log.read_text)
        people.start("workers")
        wait_until(lambda: look().state == "delivered", 40, lambda: (look().state, people.log.read_text()[-2000:]))
        assert len(other.heard) == 2
        assert set(other.ids) == {str(look().id)}
        assert look().tries == 2


def test_no_transaction_is_open_while_the_other_side_thinks(told, people, committed):
    with receiver(slow=5.0) as other, as_admin(committed) as connection:
        look = told(other.url)
        people.start("workers")
        people.start("workers.cron")
        wait_until(lambda: len(other.heard) == 1, 30, people.log.read_text)
        wait_until(lambda: open_transactions(connection) == 0, 3, lambda: "a transaction stays open")
        assert look().state == "sending"
        wait_until(lambda: look().state == "delivered", 20, people.log.read_text)


@contextmanager
def as_admin(app: Flask) -> Iterator[sa.Connection]:
    engine = sa.create_engine(app.config["SETTINGS"].database.admin, poolclass=sa.NullPool)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def open_transactions(connection: sa.Connection) -> int:
    """Of the worker's; others of it begin and end meanwhile, so a moment without any is looked for."""
    mine = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'pp_worker' AND xact_start IS NOT NULL"
    return int(connection.exec_driver_sql(mine).scalar_one())

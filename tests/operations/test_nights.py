"""What is done for every group by night: late, twice or by two clocks at once, it is done once."""

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.alerts import Kind, open_alerts
from app.core.db import enter, platform, session, transaction
from app.core.ids import new_id
from app.core.outbox import Outbox, PlatformOutbox, later
from app.groups.models import GroupPolicy, SavingsGroup
from app.operations import proving, tidying, watching
from app.operations.models import ProofRun, SizeFigure
from tests.ledgers.committed import superuser
from tests.ledgers.conftest import Books
from tests.operations.night import NIGHT, do
from workers import tick

pytestmark = pytest.mark.committed


def stored(group_id: uuid.UUID, kind: str) -> int:
    with transaction(group_id=group_id):
        return session().scalar(sa.select(sa.func.count()).select_from(Outbox).where(Outbox.kind == kind)) or 0


def runs(group_id: uuid.UUID) -> list[tuple[bool, int, int]]:
    with transaction(group_id=group_id):
        rows = session().scalars(sa.select(ProofRun).order_by(ProofRun.day))
        return [(row.ok, row.entries, row.fault_count) for row in rows]


def about(group_id: uuid.UUID, kind: Kind) -> list[dict[str, Any]]:
    with transaction():
        return [a.facts for a in open_alerts(limit=1000) if a.kind == kind and a.about == f"group:{group_id}"]


def test_every_groups_books_are_proved_once_a_night_however_many_clocks_there_are(
    committed: Flask, books: Books
) -> None:
    group_id = books.cast.group_id
    with clock.held(NIGHT):

        def one() -> None:
            with committed.app_context(), clock.held(NIGHT):
                tick.plan_all("proofs")

        clocks = [threading.Thread(target=one) for _ in range(2)]
        for thread in clocks:
            thread.start()
        for thread in clocks:
            thread.join(30)
        tick.plan_all("proofs")
        assert stored(group_id, proving.JOB) == 1
        do(group_id, proving.JOB)
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    (run,) = runs(group_id)
    assert (run[0], run[2]) == (True, 0)
    assert run[1] >= 2
    assert about(group_id, Kind.BOOKS_BROKEN) == []


def test_a_clock_that_slept_through_the_night_does_it_by_day_and_not_before_its_hour(books: Books) -> None:
    with clock.held(NIGHT.replace(day=8, hour=0, minute=30)):
        tick.plan_all("proofs")
    assert stored(books.cast.group_id, proving.JOB) == 0
    with clock.held(NIGHT.replace(day=8, hour=22)):
        tick.plan_all("proofs")
    assert stored(books.cast.group_id, proving.JOB) == 1


def test_broken_books_are_an_alert_and_a_row_that_says_what(committed: Flask, books: Books) -> None:
    group_id = books.cast.group_id
    change = "UPDATE account_balance SET balance = balance {} 1 WHERE group_id = :g"
    with superuser(committed) as connection:
        connection.execute(sa.text(change.format("+")), {"g": group_id})
    with clock.held(NIGHT):
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    with superuser(committed) as connection:
        connection.execute(sa.text(change.format("-")), {"g": group_id})
    ((ok, _entries, faults),) = runs(group_id)
    assert not ok
    assert about(group_id, Kind.BOOKS_BROKEN) == [{"faults": faults}]


def test_books_that_nobody_proved_for_more_than_a_day_are_an_alert(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id = books.cast.group_id
    monkeypatch.setattr(watching, "MOST", 100_000)

    def look(at: datetime) -> int:
        with clock.held(at), transaction():
            watching.unproved_books()
        return len(about(group_id, Kind.BOOKS_UNPROVED))

    assert look(clock.now() + timedelta(hours=25)) == 0  # it was founded today
    with clock.held(NIGHT):
        tick.plan_all("proofs")
        do(group_id, proving.JOB)
    assert look(NIGHT + timedelta(hours=25)) == 0
    assert look(NIGHT + timedelta(hours=27)) == 1
    assert look(NIGHT + timedelta(hours=27)) == 1  # once a day


def test_sizes_are_written_once_a_day(books: Books) -> None:
    day = datetime(2030, 1, 1, 2, tzinfo=UTC)
    with clock.held(day):
        tick.plan_all("sizes")
        tick.plan_all("sizes")
    with transaction():
        rows = platform().scalars(sa.select(SizeFigure).where(SizeFigure.day == day.date())).all()
        names = {row.name: row for row in rows}
    assert {"entry", "posting", "pk_posting", "outbox"} <= names.keys()
    assert len(names) == len(rows)
    assert names["pk_posting"].of_table == "posting"
    assert names["posting"].bytes > 0


def test_what_was_done_long_ago_goes_and_nothing_else(
    committed: Flask, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id, now = books.cast.group_id, clock.now()
    ages = {"old": 401, "year": 399, "open": None, "dead": None}
    with transaction(group_id=group_id):
        for key, days in ages.items():
            row = later("try", key=key, due=now + timedelta(days=900))
            row.done_at = now - timedelta(days=days) if days else None
            row.dead_at = now - timedelta(days=900) if key == "dead" else None
    with transaction():
        for key, days in (("outside-old", 31), ("outside-new", 29)):
            platform().add(
                PlatformOutbox(
                    key=f"{key}:{group_id}", kind="try", payload={}, due_at=now, done_at=now - timedelta(days=days)
                )
            )
    monkeypatch.setitem(committed.extensions, "database_role", "worker")  # nobody else may delete
    with transaction():
        tidying.tidy(now)
    with transaction(group_id=group_id):
        left = set(session().scalars(sa.select(Outbox.key).where(Outbox.kind == "try")))
    assert left == {"year", "open", "dead"}
    with transaction():
        outside = set(
            platform().scalars(sa.select(PlatformOutbox.key).where(PlatformOutbox.key.contains(str(group_id))))
        )
    assert outside == {f"outside-new:{group_id}"}


def test_groups_without_books_are_named_by_the_proof(committed: Flask) -> None:
    with committed.app_context(), transaction():
        row = SavingsGroup(id=new_id(), name="Empty", slug=f"empty-{uuid.uuid4().hex[:8]}", currency="KES")
        row.country, row.time_zone = "KE", "UTC"
        enter(row.id)
        platform().add(row)
        platform().flush()
        session().add(GroupPolicy(version=1, effective_on=NIGHT.date(), rules={}, recorded_by=None))
        slug = row.slug
    result = committed.test_cli_runner().invoke(args=["proof", "--group", slug])
    assert result.exit_code == 0
    assert f"{slug}: no books yet, so there is nothing to prove" in result.output
    assert "0 groups looked at, 1 without books." in result.output

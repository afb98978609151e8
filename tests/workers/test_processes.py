"""Real workers are killed, Redis is emptied, commands are run twice: nothing is lost and nothing happens twice."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core import mail, outbox
from app.core.db import session, transaction
from app.core.jobs import wake
from app.core.mail import MailMessage
from app.core.outbox import Outbox
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests import factories
from tests.mail.box import mails
from tests.workers.processes import Crew, crew, wait_until

pytestmark = [pytest.mark.committed, pytest.mark.slow]
POINTS = ["outbox.counted", "outbox.effect.mail.send", "outbox.done", "statements.chunk"]
POINTS += ["mail.begun", "mail.half_written", "mail.sent", "mail.ended"]
WORDS = ("name", "group", "month", "opening", "added", "taken", "closing", "owed", "disclaimer")
DATA = dict.fromkeys(WORDS, "x") | {"path": "/"}


@pytest.fixture
def people(settings: Settings, tmp_path: Path) -> Iterator[Crew]:
    with crew(settings, tmp_path / "log") as made:
        yield made


@pytest.fixture
def group(committed: Flask) -> Iterator[Any]:
    with committed.app_context():
        with transaction():
            made = factories.group("Killed")
            treasurer = factories.member("Joseph", "treasurer", "member", account=factories.user("Joseph"))
            given = (made.id, made.slug, treasurer.email)
        yield given


def woken(true: Callable[[], bool]) -> Callable[[], bool]:
    """The condition, with a wake-up at each look: duplicates do no harm, and nobody waits for the clock."""

    def look() -> bool:
        wake()
        return true()

    return look


def states(group_id: uuid.UUID) -> Counter[str]:
    with transaction(group_id=group_id):
        letters = sa.select(MailMessage.state, sa.func.count()).where(MailMessage.template != "chain_head")
        rows = session().execute(letters.group_by(MailMessage.state))
        return Counter({state: count for state, count in rows})  # noqa: C416  # dict(rows) is not typed as one


def test_two_hundred_mails_leave_with_nothing_but_the_clock(
    group: Any, people: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    group_id, *_ = group
    monkeypatch.setattr(outbox, "wake", lambda: None)
    with transaction(group_id=group_id):
        for n in range(200):
            mail.queue(key=f"m{n}", to=f"n{n}@{group_id.hex}.org", template="statement", data=DATA, locale="en")
    for program in ("workers", "workers", "workers.cron"):
        people.start(program)
    wait_until(lambda: states(group_id) == {"sent": 200}, 60, lambda: told(group_id, people))
    with transaction(group_id=group_id):
        assert set(session().scalars(sa.select(MailMessage.attempts))) == {1}
        assert session().scalar(sa.select(sa.func.max(Outbox.attempts))) == 1
    assert "DeserializationError" not in people.log.read_text()


def fill(group_id: uuid.UUID) -> None:
    with transaction(group_id=group_id):
        for n in range(23):
            member = factories.member(f"Member {n:02}", account=None, identifier=f"K{n:03}")
            member.email = f"k{n}@{group_id.hex}.org"
            lines = [debit("cash", Decimal(500), group_id), credit("savings", Decimal(500), member.id)]
            post(Draft(PostingKind.CONTRIBUTION, date(2026, 1, 5), lines), by=None)


def send(people: Crew, group: Any) -> Any:
    _, slug, email = group
    args = ("flask", "--app", "app.factory", "statements", "send", "--group", slug, "--period", "2026-01")
    return people.start(*args, "--by", email)


def test_a_statement_run_survives_every_death_and_sends_each_statement_once(
    committed: Flask, group: Any, people: Crew, tmp_path: Path
) -> None:
    group_id, *_ = group
    fill(group_id)
    crashes = ",".join(f"{point}={tmp_path / point}" for point in POINTS)
    workers = [people.start("workers", CRASH_AT=crashes) for _ in range(2)]
    people.start("workers.cron")
    commands = [send(people, group), send(people, group)]
    wait_until(woken(lambda: states(group_id)["sent"] > 3), 60, lambda: told(group_id, people))
    people.kill(workers[0])
    committed.extensions["redis"].flushall()
    people.start("workers", CRASH_AT=crashes)
    wait_until(woken(lambda: states(group_id) == {"sent": 24}), 60, lambda: told(group_id, people))
    assert [command.wait(30) for command in commands] == [0, 0], people.log.read_text()[-3000:]
    assert {point for point in POINTS if (tmp_path / point).exists()} == set(POINTS)
    wait_until(woken(lambda: left(group_id) == []), 30, lambda: left(group_id))
    _check_mails(group_id)


def told(group_id: uuid.UUID, people: Crew) -> object:
    return states(group_id), people.log.read_text()[-3000:]


def left(group_id: uuid.UUID) -> list[str]:
    with transaction(group_id=group_id):
        return list(session().scalars(sa.select(Outbox.kind).where(Outbox.done_at.is_(None))))


def _check_mails(group_id: uuid.UUID) -> None:
    with transaction(group_id=group_id):
        addresses = set(session().scalars(sa.select(Member.email)))
    theirs = [found for found in mails() if found["To"].addresses[0].addr_spec in addresses]
    sent = [found for found in theirs if found["Subject"].startswith("Your statement")]  # heads may go out, too
    assert len(sent) == len({found["To"] for found in sent}) == 24
    for found in sent:
        (paper,) = found.iter_attachments()
        assert paper.get_content().startswith(b"%PDF")


def test_a_message_that_kills_its_worker_each_time_ends_as_dead(group: Any, people: Crew, tmp_path: Path) -> None:
    group_id, *_ = group
    with transaction(group_id=group_id):
        mail.queue(key="poison", to=f"p@{group_id.hex}.org", template="statement", data=DATA, locale="en")
        session().execute(sa.update(Outbox).values(attempts=8))  # two more tries, and no waiting for hours
    people.start("workers", CRASH_AT=f"mail.begun={tmp_path}/a,mail.half_written={tmp_path}/b")
    # No clock here: the heads it mails once a week could meet the two crashes in the poison's place.

    def dead() -> bool:
        with transaction(group_id=group_id):
            session().execute(sa.update(Outbox).where(Outbox.attempts > 8).values(due_at=sa.func.now()))
            return session().scalar(sa.select(Outbox.id).where(Outbox.dead_at.is_not(None))) is not None

    wait_until(woken(dead), 60, lambda: people.log.read_text()[-3000:])
    assert states(group_id) == {"sending": 1}

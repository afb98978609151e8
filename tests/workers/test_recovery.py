"""How long work stands still: a worker killed in the middle of a message, a Redis that lost everything."""

import statistics
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.config import Settings
from app.core import mail, outbox
from app.core.db import session, transaction
from app.core.mail import MailMessage
from tests import factories
from tests.workers.processes import Crew, crew, wait_until

pytestmark = [pytest.mark.committed, pytest.mark.slow]
AFTER_A_KILL, AFTER_A_FLUSH = 5.0, 10.0  # seconds until work goes on
ROUNDS = 3
WORDS = ("name", "group", "month", "opening", "added", "taken", "closing", "owed", "disclaimer")
DATA = dict.fromkeys(WORDS, "x") | {"path": "/"}


@pytest.fixture
def people(settings: Settings, tmp_path: Path) -> Iterator[Crew]:
    with crew(settings, tmp_path / "log") as made:
        yield made


@pytest.fixture
def group_id(committed: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[uuid.UUID]:
    monkeypatch.setattr(outbox, "wake", lambda: None)  # nothing but the clock
    with committed.app_context():
        with transaction():
            made = factories.group("Recovery").id
        yield made


def queue(group_id: uuid.UUID, key: str) -> None:
    with transaction(group_id=group_id):
        mail.queue(key=key, to=f"{key}@{group_id.hex}.org", template="statement", data=DATA, locale="en")


def sent(group_id: uuid.UUID, key: str) -> bool:
    with transaction(group_id=group_id):
        wanted = sa.select(MailMessage.state).where(MailMessage.key == key)
        return session().scalar(wanted) == "sent"


def seconds_until_sent(group_id: uuid.UUID, key: str, people: Crew) -> float:
    begun = time.monotonic()
    wait_until(lambda: sent(group_id, key), 40, lambda: people.log.read_text()[-3000:])
    return time.monotonic() - begun


def test_the_message_of_a_killed_worker_is_taken_up_by_another(
    group_id: uuid.UUID, people: Crew, tmp_path: Path
) -> None:
    people.start("workers.cron")
    took = []
    for n in range(ROUNDS):
        mark = tmp_path / f"killed{n}"
        workers = [people.start("workers", CRASH_AT=f"outbox.counted={mark}") for _ in range(2)]
        queue(group_id, f"k{n}")
        wait_until(mark.exists, 60, lambda: people.log.read_text()[-3000:])  # its process died in the middle
        took.append(seconds_until_sent(group_id, f"k{n}", people))
        for worker in workers:
            people.kill(worker)
    print(f"a killed worker's message is done after {[round(one, 1) for one in took]} s")  # noqa: T201  # the figure
    assert statistics.median(took) <= AFTER_A_KILL


def test_work_goes_on_when_redis_has_lost_everything(committed: Flask, group_id: uuid.UUID, people: Crew) -> None:
    for program in ("workers", "workers", "workers.cron"):
        people.start(program)
    queue(group_id, "before")
    seconds_until_sent(group_id, "before", people)
    took = []
    for n in range(ROUNDS):
        queue(group_id, f"f{n}")
        committed.extensions["redis"].flushall()
        took.append(seconds_until_sent(group_id, f"f{n}", people))
    print(f"after an emptied Redis work goes on in {[round(one, 1) for one in took]} s")  # noqa: T201  # the figure
    assert statistics.median(took) <= AFTER_A_FLUSH

"""The wake-up: take what is due from the outbox, one message a transaction, until nothing is left or the time is up."""

import logging
import secrets
import time
import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, g

from app.core import clock
from app.core.db import engine, platform, session, transaction, unit
from app.core.jobs import wake
from app.core.outbox import Outbox, PlatformOutbox
from app.core.rooms import Handler, Step, rooms
from workers.runtime import application

SECONDS = 20.0
BATCH = 100
TRIES = 8
BASE, CAP = 2, 3600  # seconds
DUE = "done_at IS NULL AND dead_at IS NULL AND due_at <= :now"

log = logging.getLogger(__name__)
Message = Outbox | PlatformOutbox


def drain() -> None:
    """Work through what is due; the job that RQ runs."""
    with application().app_context():
        drain_due(seconds=SECONDS)


def drain_due(*, seconds: float) -> int:
    """Handle due messages until none is left or `seconds` are over; returns how many were handled."""
    handled, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        heads = _heads()
        if not heads:
            return handled
        done = 0
        for group_id, message_id in heads:
            done += handle(group_id, message_id)
            if time.monotonic() >= end:
                break
        handled += done
        if not done:
            return handled  # all of them are in other workers' hands
    wake()  # there is more: come again, so that one long run does not hold a worker for ever
    return handled


def _heads() -> list[tuple[uuid.UUID | None, uuid.UUID]]:
    """What is due, in every group, as the relay sees it: ids only."""
    with engine("relay").connect() as connection:
        rows = connection.execute(
            sa.text(
                f"SELECT group_id, id, due_at FROM outbox WHERE {DUE} UNION ALL"  # noqa: S608  # our own words only
                f" SELECT NULL, id, due_at FROM platform_outbox WHERE {DUE} ORDER BY due_at, id LIMIT {BATCH}"
            ),
            {"now": clock.now()},
        )
        return [(row.group_id, row.id) for row in rows]


def handle(group_id: uuid.UUID | None, message_id: uuid.UUID) -> bool:
    """Handle one message in a transaction of its own, unless another worker has it; True when it was ours."""
    g.job_id = str(message_id)
    with transaction(group_id=group_id):
        message = _claim(group_id, message_id)
        if message is None:
            return False
        try:
            with unit().connection().begin_nested():
                step = _handler(message.kind)(**message.payload, **_progress(message))
                unit().flush()
        except Exception as error:  # noqa: BLE001  # whatever it was, the message must not be lost
            _failed(message, error)
        else:
            _went_on(message, step)
    return True


def _claim(group_id: uuid.UUID | None, message_id: uuid.UUID) -> Message | None:
    if group_id is None:
        return platform().scalar(_waiting(PlatformOutbox, message_id))
    return session().scalar(_waiting(Outbox, message_id))


def _waiting(table: Any, message_id: uuid.UUID) -> sa.Select[Any]:
    return (
        sa.select(table)
        .where(table.id == message_id, table.done_at.is_(None), table.dead_at.is_(None), table.due_at <= clock.now())
        .with_for_update(skip_locked=True)
    )


def _handler(kind: str) -> Handler:
    for room in rooms():
        if kind in room.jobs:
            return room.jobs[kind]
    raise LookupError(f"no room handles {kind}")


def _progress(message: Message) -> dict[str, Any]:
    """A long run is told how far it is; anything else is called with its payload alone."""
    return {} if message.total is None else {"done": message.progress, "total": message.total}


def _went_on(message: Message, step: Step | None) -> None:
    message.last_error = None
    if step is not None:
        message.progress = step.progress
        message.total = step.total if step.total is not None else message.total
        message.result = dict(step.result) if step.result is not None else message.result
    if step is None or not step.more:
        message.done_at = clock.now()


def _failed(message: Message, error: Exception) -> None:
    message.attempts += 1
    message.last_error = f"{type(error).__name__}: {error}"[:500]
    log.warning("message %s of kind %s failed: %s", message.id, message.kind, type(error).__name__)
    if message.attempts >= TRIES or getattr(error, "permanent", False):
        message.dead_at = clock.now()
        return
    wait = min(BASE**message.attempts, CAP)
    message.due_at = clock.now() + timedelta(seconds=wait * (0.75 + secrets.randbelow(500) / 1000))


def run(app: Flask, *, seconds: float = SECONDS) -> int:
    """Drain in this process: commands and tests, which wait for the end."""
    with app.app_context():
        return drain_due(seconds=seconds)

"""Working through the outbox: a try is counted and committed, then the effect and its mark are one transaction."""

import logging
import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import g

from app.core import clock, figures
from app.core.crashpoints import crash
from app.core.db import after_commit, engine, platform, session, transaction
from app.core.jobs import wake
from app.core.outbox import Outbox, PlatformOutbox, soonest
from app.core.rooms import Handler, Step, rooms

BATCH = 100
TRIES = 10
FIRST_WAIT, LONGEST_WAIT = 1, 3600  # seconds; threefold each time: ten tries take about two hours
DUE = "done_at IS NULL AND dead_at IS NULL AND due_at <= :now"
# Groups take turns: a batch of one does not keep another's reset link waiting.
_HEADS = sa.text(
    f"""SELECT group_id, id FROM (
            SELECT group_id, id, due_at, row_number() OVER (PARTITION BY group_id ORDER BY due_at, id) AS turn
            FROM (SELECT group_id, id, due_at FROM outbox WHERE {DUE}
                  UNION ALL SELECT NULL, id, due_at FROM platform_outbox WHERE {DUE}) AS due) AS queued
        ORDER BY turn, due_at, id LIMIT {BATCH}"""  # noqa: S608  # our own words only
)

# Both halves have an index of their own (open, dead): what is done, nearly everything, is not looked at.
_QUEUED = sa.text(
    """SELECT (SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL)
              + (SELECT count(*) FROM platform_outbox WHERE dead_at IS NOT NULL) AS dead,
            count(*) FILTER (WHERE due_at <= :now) AS due, count(*) FILTER (WHERE due_at > :now) AS later,
            min(due_at) FILTER (WHERE due_at <= :now) AS oldest
       FROM (SELECT due_at FROM outbox WHERE done_at IS NULL AND dead_at IS NULL
             UNION ALL SELECT due_at FROM platform_outbox WHERE done_at IS NULL AND dead_at IS NULL) AS open"""
)

log = logging.getLogger(__name__)
Message = Outbox | PlatformOutbox


def drain_due(*, seconds: float) -> int:
    """Handle due messages until none is left or `seconds` are over; returns how many tries that were."""
    handled, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        tries = 0
        for group_id, message_id in _heads():
            tries += handle(group_id, message_id)
            if time.monotonic() >= end:
                break
        handled += tries
        if not tries:
            return handled  # nothing is due, or all of it is in other workers' hands
    wake()  # there is more: come again, so that one long run does not hold a worker for ever
    return handled


@dataclass(frozen=True)
class Queued:
    """How full the outbox is, over all groups: due now, due later, given up, and since when the oldest has been due."""

    due: int
    later: int
    dead: int
    oldest: timedelta | None


def queued() -> Queued:
    """What the relay sees of the whole outbox."""
    with engine("relay").connect() as connection:
        row = connection.execute(_QUEUED, {"now": clock.now()}).one()
    return Queued(row.due, row.later, row.dead, clock.now() - row.oldest if row.oldest else None)


def oldest_due() -> timedelta | None:
    """How long the oldest message has been due, in any group; None when nothing waits."""
    return queued().oldest


def _heads() -> list[tuple[uuid.UUID | None, uuid.UUID]]:
    """What is due, in every group, as the relay sees it: ids only."""
    with engine("relay").connect() as connection:
        return [(row.group_id, row.id) for row in connection.execute(_HEADS, {"now": clock.now()})]


def handle(group_id: uuid.UUID | None, message_id: uuid.UUID) -> bool:
    """Try one message, unless it is in another worker's hands; True when a try was made."""
    before, g.job_id = g.get("job_id"), str(message_id)
    try:
        attempt = _count_try(group_id, message_id)
        if attempt is None:
            return False
        crash("outbox.counted")
        try:
            _carry_out(group_id, message_id, attempt)
        except Exception as error:  # noqa: BLE001  # whatever it was, the message must not be lost
            _note(group_id, message_id, attempt, error)
        crash("outbox.done")
        return True
    finally:
        g.job_id = before


def _count_try(group_id: uuid.UUID | None, message_id: uuid.UUID) -> int | None:
    """Count the try before it is made, so that a message that kills its worker each time comes to an end as well.

    Until the try is over the message is due only after the pause that would follow a failure. Returns the number of the
    try, or None when there is nothing to do.
    """
    with transaction(group_id=group_id):
        message = _locked(group_id, message_id, wait=False)
        if message is None or message.done_at or message.dead_at or message.due_at > clock.now():
            return None
        if message.attempts >= TRIES:
            _bury(message, message.last_error or "the worker died each time it tried")
            return None
        message.attempts += 1
        message.due_at = clock.now() + _pause(message.attempts)
        return message.attempts


def _carry_out(group_id: uuid.UUID | None, message_id: uuid.UUID, attempt: int) -> None:
    with transaction(group_id=group_id):
        message = _locked(group_id, message_id)
        if message is None or message.done_at or message.attempts != attempt:
            return  # another worker took it up meanwhile
        step = _handler(message.kind)(**message.payload, **_progress(message))
        crash(f"outbox.effect.{message.kind}")
        _went_on(message, step)


def _note(group_id: uuid.UUID | None, message_id: uuid.UUID, attempt: int, error: Exception) -> None:
    with transaction(group_id=group_id):
        message = _locked(group_id, message_id)
        if message is None or message.done_at or message.attempts != attempt:
            return
        log.warning("message %s of kind %s failed: %s", message.id, message.kind, type(error).__name__)
        message.last_error = f"{type(error).__name__}: {error}"[:500]
        if attempt >= TRIES or getattr(error, "permanent", False):
            _bury(message, message.last_error)
        else:
            _count(message, "failed")


def _bury(message: Message, why: str) -> None:
    message.dead_at, message.last_error = clock.now(), why
    _count(message, "dead")
    log.error("message %s of kind %s is dead after %s tries", message.id, message.kind, message.attempts)


def _count(message: Message, outcome: str) -> None:
    after_commit(partial(figures.count, "jobs", kind=message.kind, outcome=outcome))


def _locked(group_id: uuid.UUID | None, message_id: uuid.UUID, *, wait: bool = True) -> Message | None:
    """The message under its lock, which ends with its holder however that ends.

    Without `wait`, None while another worker has it. Whoever has counted a try waits: others only look in and go.
    """
    lock: Any = True if wait else {"skip_locked": True}
    found: Message | None
    if group_id is None:
        found = platform().get(PlatformOutbox, message_id, with_for_update=lock)
    else:
        found = session().get(Outbox, (group_id, message_id), with_for_update=lock)
    return found


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
    over = step is None or not step.more
    _count(message, "done" if over else "more")
    if over:
        message.done_at = clock.now()
    else:
        message.attempts, message.due_at = 0, soonest()  # a chunk was done: the next one has all its tries before it


def _pause(attempt: int) -> timedelta:
    wait = min(FIRST_WAIT * 3 ** (attempt - 1), LONGEST_WAIT)
    return timedelta(seconds=wait * (0.75 + secrets.randbelow(500) / 1000))

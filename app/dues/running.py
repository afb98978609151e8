"""Runs of a levy: started once for each period, however many ask at once, and given up while they are drafts."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import later
from app.core.periods import Month
from app.dues import configs, steps
from app.dues.errors import LevyStopped, PeriodFarAway
from app.dues.models import AssessmentConfig, AssessmentEvent
from app.dues.rules import Frequency, Slot, State, slot_of
from app.dues.standing import Run, config_row, run_of, run_there
from app.groups.services.members import lock_group
from app.ledgers.errors import KeyUsed
from app.ledgers.heads import today
from app.web.filters import month as month_word

JOB = "dues.calculate"
AHEAD = 13  # months


def start_run(*, config_id: uuid.UUID, month: Month, by: uuid.UUID, key: str) -> Run:
    """Start the run of a levy for the period in which a month lies, and have a worker calculate it.

    There is one run of a period: while it was not given up, this finds it, whoever asks and how often. Raises
    NoSuchConfig, LevyStopped, PeriodFarAway, KeyUsed (the key named another levy or period).
    """
    lock_group()
    config = config_row(config_id)
    slot = slot_of(Frequency(config.frequency), month)
    known = session().scalar(sa.select(AssessmentEvent).where(AssessmentEvent.idempotency_key == key))
    if known is not None:
        if (known.config_id, known.slot) != (config.id, slot.name):
            raise KeyUsed
        return run_of(known.id)
    if (there := run_there(config.id, slot.name)) is not None:
        return there
    last = Month.of(today()).plus(AHEAD)
    if slot.first > last.first:
        raise PeriodFarAway(last=month_word(last), field="period")
    if not config.active:
        raise LevyStopped(name=config.name)
    return _started(config, slot, by=by, key=key)


def _started(config: AssessmentConfig, slot: Slot, *, by: uuid.UUID, key: str) -> Run:
    own = sa.select(sa.func.count()).select_from(AssessmentEvent)
    values: dict[str, Any] = {
        "group_id": session().group_id,
        "id": new_id(),
        "config_id": config.id,
        "slot": slot.name,
        "first_on": slot.first,
        "last_on": slot.last,
        "due_on": Month.of(slot.first).day(config.day_due),
        "occurrence": session().scalar(
            own.where(AssessmentEvent.config_id == config.id, AssessmentEvent.slot == slot.name)
        ),
        "idempotency_key": key,
        "started_by": by,
        "started_at": clock.now(),
    }
    made = insert(AssessmentEvent).values(values).on_conflict_do_nothing().returning(AssessmentEvent.id)
    if session().connection().execute(made).first() is None:  # somebody else's, started at this moment
        found = run_there(config.id, slot.name)
        assert found is not None  # noqa: S101  # else there was no conflict
        return found
    steps.take(values["id"], State.DRAFT, by=by, before=None)
    record("create", "assessment_event", values["id"], by=by, after={"levy": config.name, "period": slot.name})
    return calculate_again(values["id"], by=by)


def calculate_again(event_id: uuid.UUID, *, by: uuid.UUID) -> Run:
    """Have a draft calculated with what the levy says now. Raises NoSuchRun, WrongState."""
    lock_group()
    run = steps.require(run_of(event_id), State.DRAFT)
    attempt = run.step.attempt + 1
    terms = configs.to_store(run.config)
    steps.take(event_id, State.CALCULATING, by=by, before=run.step, attempt=attempt, terms=terms)
    later(JOB, key=message_key(event_id, attempt), total=1, event_id=str(event_id), attempt=attempt)
    return run_of(event_id)


def message_key(event_id: uuid.UUID, attempt: int) -> str:
    """The key of the job that calculates a run."""
    return f"{JOB}:{event_id}:{attempt}"


def discard(event_id: uuid.UUID, *, by: uuid.UUID) -> Run:
    """Give a draft up: its period can be run anew. Raises NoSuchRun, WrongState."""
    lock_group()
    run = steps.require(run_of(event_id), State.DRAFT)
    steps.take(event_id, State.DISCARDED, by=by, before=run.step)
    record("discard", "assessment_event", event_id, by=by, before={"state": State.DRAFT})
    return run_of(event_id)

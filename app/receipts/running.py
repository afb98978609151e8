"""How far runs are: their chunks summed up, what they skipped, and the list of them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.outbox import Outbox
from app.core.periods import Month
from app.receipts.models import RentBatch, RentBatchSkip, RentBatchStep
from app.receipts.rules import ZERO, Sums
from app.receipts.standing import batch_row
from app.registry.models import Unit
from app.rentals.models import Lease
from app.rentals.queries import in_force_on
from app.web.keyset import Cursor, Slice, slice_of

COUNTS, AMOUNTS = ("units", "receipts", "known", "skipped"), ("amount", "charges", "withheld")


def units_in(period: Month, unit_id: uuid.UUID | None) -> int:
    """How many units a run of a month goes through: those that are let; one that is named counts in any case."""
    if unit_id is not None:
        return 1
    let = sa.select(sa.func.count()).select_from(Lease).where(in_force_on(Lease, period.first))
    return session().scalar(let) or 0


def latest_step(batch_id: uuid.UUID) -> RentBatchStep | None:
    """The chunk that was done last."""
    query = sa.select(RentBatchStep).where(RentBatchStep.batch_id == batch_id)
    return session().scalar(query.order_by(RentBatchStep.number.desc()).limit(1))


def _summed() -> list[Any]:
    return [sa.func.coalesce(sa.func.sum(getattr(RentBatchStep, name)), 0).label(name) for name in (*COUNTS, *AMOUNTS)]


def sums_of(batch_id: uuid.UUID) -> Sums:
    """What a run has come to so far."""
    row = session().execute(sa.select(*_summed()).where(RentBatchStep.batch_id == batch_id)).one()
    return _sums(row)


def _sums(row: Any) -> Sums:
    counts: dict[str, Any] = {name: int(getattr(row, name)) for name in COUNTS}
    amounts: dict[str, Any] = {name: getattr(row, name) + ZERO for name in AMOUNTS}
    return Sums(**counts, **amounts)


@dataclass(frozen=True)
class Progress:
    """A run: how far it is, and what came of it."""

    batch: RentBatch
    message: Outbox
    sums: Sums
    unit: str | None  # the code of the one unit it is about

    @property
    def month(self) -> Month:
        """The month it is about."""
        return Month.parse(self.batch.period)

    @property
    def over(self) -> bool:
        """Whether nothing more comes by itself."""
        return self.message.done_at is not None or self.message.dead_at is not None

    @property
    def state(self) -> str:
        """running, done, or dead when it was given up."""
        return "dead" if self.message.dead_at else "done" if self.message.done_at else "running"

    @property
    def done(self) -> int:
        """How many units were gone through."""
        return self.message.progress

    @property
    def total(self) -> int:
        """Of how many."""
        return self.message.total or 0


def progress_of(batch_id: uuid.UUID) -> Progress:
    """How far a run is. Raises NoSuchBatch."""
    batch = batch_row(batch_id)
    message = session().scalars(sa.select(Outbox).where(Outbox.id == batch.message_id)).one()
    unit = session().scalar(sa.select(Unit.code).where(Unit.id == batch.unit_id)) if batch.unit_id else None
    return Progress(batch, message, sums_of(batch.id), unit)


def batches_page(*, at: Cursor | None = None, period: Month | None = None) -> Slice[Progress]:
    """Runs, the latest first; those of a month only, when one is given."""
    steps = sa.select(RentBatchStep.batch_id, *_summed()).group_by(RentBatchStep.batch_id).subquery()
    query = (
        sa.select(RentBatch, Outbox, Unit.code, *(steps.c[name] for name in (*COUNTS, *AMOUNTS)))
        .join(Outbox, sa.and_(Outbox.id == RentBatch.message_id, Outbox.group_id == RentBatch.group_id))
        .outerjoin(Unit, sa.and_(Unit.id == RentBatch.unit_id, Unit.group_id == RentBatch.group_id))
        .outerjoin(steps, steps.c.batch_id == RentBatch.id)
    )
    if period is not None:
        query = query.where(RentBatch.period == str(period))
    return slice_of(
        lambda statement: [_progress(row) for row in session().execute(statement)],
        query,
        by=(RentBatch.started_at, RentBatch.id),
        key=lambda one: (one.batch.started_at, one.batch.id),
        at=at,
        newest_first=True,
    )


KEY = (datetime, uuid.UUID)


def _progress(row: Any) -> Progress:
    batch, message, unit, *_rest = row
    found = Sums() if row.units is None else _sums(row)
    return Progress(batch, message, found, unit)


def skips_page(batch_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[RentBatchSkip]:
    """The units a run issued nothing for, by code."""
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        sa.select(RentBatchSkip).where(RentBatchSkip.batch_id == batch_id),
        by=(RentBatchSkip.unit_code, RentBatchSkip.id),
        key=lambda row: (row.unit_code, row.id),
        at=at,
    )


def all_skips(batch_id: uuid.UUID) -> Sequence[RentBatchSkip]:
    """Every one of them, by code."""
    query = sa.select(RentBatchSkip).where(RentBatchSkip.batch_id == batch_id)
    return session().scalars(query.order_by(RentBatchSkip.unit_code)).all()

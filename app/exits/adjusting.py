"""Changing what an exit comes to: agreed by two officers, or because a buy-out took a part of it over."""

import uuid
from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.core.money import exact, lazily
from app.exits import states
from app.exits.cancelling import refuse_over
from app.exits.errors import BelowFulfilled, NoChange, NotAnExit
from app.exits.models import ExitAdjustment
from app.exits.offering import offer
from app.exits.requesting import SOURCE as REQUEST
from app.exits.requesting import open_of
from app.exits.rules import RequestKind
from app.exits.standing import Queued
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.errors import KeyUsed


def adjust(
    *,
    request_id: uuid.UUID,
    amount: Decimal,
    reason: str,
    by: uuid.UUID,
    approved_by: uuid.UUID | None,
    key: str,
) -> ExitAdjustment:
    """Change what an exit comes to by a signed amount, once for each key.

    Raises NoSuchExitRequest, RequestEnded, NotAnExit, NoChange, BelowFulfilled, TooManyDecimals,
    KeyUsed.
    """
    lock_group()
    known = session().scalar(sa.select(ExitAdjustment).where(ExitAdjustment.idempotency_key == key))
    if known is not None:
        if (known.request_id, known.amount) != (request_id, amount):
            raise KeyUsed
        return known
    found = refuse_adjusting(request_id, amount)
    row = ExitAdjustment(id=new_id(), request_id=request_id, amount=amount, idempotency_key=key, recorded_by=by)
    row.approved_by, row.reason_sealed = approved_by, seal_about(found.member_id, reason, reason_place(row.id))
    return _keep(row, found, {"amount": amount, "reason": reason}, by=by)


def refuse_adjusting(request_id: uuid.UUID, amount: Decimal) -> Queued:
    """How an exit stands that may change by an amount. Raises as `adjust` does."""
    found = refuse_over(request_id)
    if found.kind is not RequestKind.EXIT:
        raise NotAnExit
    if not exact(amount, group().currency):
        raise NoChange(field="amount")
    _refuse_below(found, amount)
    return found


def _refuse_below(found: Queued, amount: Decimal) -> None:
    if found.open + amount < 0:
        raise BelowFulfilled(field="amount", amount=lazily(found.fulfilled, group().currency))


def reduce(
    *, member_id: uuid.UUID, amount: Decimal, source: tuple[str, uuid.UUID], by: uuid.UUID | None
) -> ExitAdjustment | None:
    """Lessen a member's exit by what `source` took over of it; None when the member is not leaving.

    Raises BelowFulfilled.
    """
    lock_group()
    found = next((one for one in open_of(member_id) if one.kind is RequestKind.EXIT), None)
    if found is None or not amount:
        return None
    _refuse_below(found, -amount)
    return _of_source(found, -amount, source, by=by)


def undo_reduction(*, source: tuple[str, uuid.UUID], by: uuid.UUID | None) -> Sequence[ExitAdjustment]:
    """Give back to an exit what `source` took, since that is being reversed; nothing when it has ended meanwhile."""
    lock_group()
    taken = session().execute(
        sa.select(ExitAdjustment.request_id, sa.func.sum(ExitAdjustment.amount))
        .where(ExitAdjustment.source_kind == source[0], ExitAdjustment.source_id == source[1])
        .group_by(ExitAdjustment.request_id)
        .having(sa.func.sum(ExitAdjustment.amount) != 0)
    )
    rows = [(refuse_over(request_id), -total) for request_id, total in taken]
    return [_of_source(found, amount, source, by=by) for found, amount in rows]


def _of_source(
    found: Queued, amount: Decimal, source: tuple[str, uuid.UUID], *, by: uuid.UUID | None
) -> ExitAdjustment:
    row = ExitAdjustment(id=new_id(), request_id=found.request_id, amount=amount, recorded_by=by)
    row.source_kind, row.source_id = source
    row.idempotency_key = f"{source[0]}:{row.id}"
    return _keep(row, found, {"amount": amount, "source": source[0]}, by=by)


def _keep(row: ExitAdjustment, found: Queued, after: dict[str, object], *, by: uuid.UUID | None) -> ExitAdjustment:
    session().add(row)
    session().flush()
    states.note_state(row.request_id, by=by)
    record("update", REQUEST, row.request_id, by=by, after=after, about=found.member_id, severity="notice")
    offer(f"adjusted:{row.id}")
    return row


def reason_place(row_id: uuid.UUID) -> str:
    """What the reason of an adjustment is bound to."""
    return f"exit_adjustment|{row_id}|reason"

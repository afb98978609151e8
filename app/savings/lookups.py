"""One record of the room by its id, in the chosen group; another group's is not found."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from app.core.db import session
from app.core.rows import row_with
from app.savings.errors import NoSuchHeldReceipt, NoSuchPayment, NoSuchPenalty
from app.savings.models import HeldReceipt, Payment, Penalty, PenaltyWaiver


def payment_row(payment_id: uuid.UUID) -> Payment:
    """A payment. Raises NoSuchPayment."""
    return row_with(Payment, payment_id, NoSuchPayment)


def penalty_row(penalty_id: uuid.UUID) -> Penalty:
    """A penalty. Raises NoSuchPenalty."""
    return row_with(Penalty, penalty_id, NoSuchPenalty)


def owing(penalty_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The member of each of these penalties, all found in one query. Raises NoSuchPenalty."""
    if not penalty_ids:
        return {}
    rows = session().execute(sa.select(Penalty.id, Penalty.member_id).where(Penalty.id.in_(penalty_ids)))
    found = {row.id: row.member_id for row in rows}
    if not found.keys() >= set(penalty_ids):
        raise NoSuchPenalty
    return found


def waiver_row(waiver_id: uuid.UUID) -> PenaltyWaiver:
    """A waiver of a penalty. Raises NoSuchPenalty."""
    return row_with(PenaltyWaiver, waiver_id, NoSuchPenalty)


def held_receipt_row(held_id: uuid.UUID) -> HeldReceipt:
    """A held receipt. Raises NoSuchHeldReceipt."""
    return row_with(HeldReceipt, held_id, NoSuchHeldReceipt)

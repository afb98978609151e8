"""One record of the room by its id, in the chosen group; another group's is not found."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from app.core.db import session
from app.savings.errors import NoSuchHeldReceipt, NoSuchPayment, NoSuchPenalty
from app.savings.models import HeldReceipt, Payment, Penalty, PenaltyWaiver


def payment_row(payment_id: uuid.UUID) -> Payment:
    """A payment. Raises NoSuchPayment."""
    row = session().scalar(sa.select(Payment).where(Payment.id == payment_id))
    if row is None:
        raise NoSuchPayment
    return row


def penalty_row(penalty_id: uuid.UUID) -> Penalty:
    """A penalty. Raises NoSuchPenalty."""
    row = session().scalar(sa.select(Penalty).where(Penalty.id == penalty_id))
    if row is None:
        raise NoSuchPenalty
    return row


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
    row = session().scalar(sa.select(PenaltyWaiver).where(PenaltyWaiver.id == waiver_id))
    if row is None:
        raise NoSuchPenalty
    return row


def held_receipt_row(held_id: uuid.UUID) -> HeldReceipt:
    """A held receipt. Raises NoSuchHeldReceipt."""
    row = session().scalar(sa.select(HeldReceipt).where(HeldReceipt.id == held_id))
    if row is None:
        raise NoSuchHeldReceipt
    return row

"""What this room holds of a member."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.keys import open_about
from app.core.personal import rows_of
from app.core.rooms import Tables
from app.savings.models import (
    Contribution,
    HeldReceipt,
    HeldReceiptEnd,
    Payment,
    Penalty,
    PenaltyNetting,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
    WindowWaiver,
)


def personal(member_id: uuid.UUID) -> Tables:
    """Payments and what they became, penalties, waivers, and what was taken back, with the reasons."""
    payments = sa.select(Payment.id).where(Payment.member_id == member_id)
    penalties = sa.select(Penalty.id).where(Penalty.member_id == member_id)
    waivers = sa.select(PenaltyWaiver.id).where(PenaltyWaiver.penalty_id.in_(penalties))
    held = sa.select(HeldReceipt.id).where(HeldReceipt.member_id == member_id)
    taken_back = sa.or_(*(SavingsReversal.original_id.in_(ids) for ids in (payments, penalties, waivers)))

    def reason(row: Any) -> str | None:
        return open_about(member_id, row.reason_sealed, f"{row.__tablename__}|{row.id}")

    why = {"reason": reason}
    return {
        "payment": rows_of(Payment, Payment.member_id == member_id),
        "contribution": rows_of(Contribution, Contribution.member_id == member_id),
        "window_waiver": rows_of(WindowWaiver, WindowWaiver.member_id == member_id, words=why),
        "penalty": rows_of(Penalty, Penalty.member_id == member_id),
        "penalty_payment": rows_of(PenaltyPayment, PenaltyPayment.penalty_id.in_(penalties)),
        "penalty_netting": rows_of(PenaltyNetting, PenaltyNetting.penalty_id.in_(penalties)),
        "penalty_waiver": rows_of(PenaltyWaiver, PenaltyWaiver.penalty_id.in_(penalties), words=why),
        "held_receipt": rows_of(HeldReceipt, HeldReceipt.member_id == member_id),
        "held_receipt_end": rows_of(HeldReceiptEnd, HeldReceiptEnd.held_receipt_id.in_(held)),
        "savings_reversal": rows_of(SavingsReversal, taken_back, words=why),
    }

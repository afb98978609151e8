"""What this room holds of a member."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.keys import open_about
from app.core.personal import rows_of
from app.core.rooms import Tables
from app.payouts.models import MemberPayment, MemberPaymentPart, Payable, PayableEnd, PayoutsReversal


def personal(member_id: uuid.UUID) -> Tables:
    """What was owed and paid to them, and what was taken back, with the reasons."""
    owed = sa.select(Payable.id).where(Payable.member_id == member_id)
    paid = sa.select(MemberPayment.id).where(MemberPayment.member_id == member_id)

    def reason(row: Any) -> str | None:
        return open_about(member_id, row.reason_sealed, f"payouts_reversal|{row.id}")

    return {
        "payable": rows_of(Payable, Payable.member_id == member_id),
        "payable_end": rows_of(PayableEnd, PayableEnd.payable_id.in_(owed)),
        "member_payment": rows_of(MemberPayment, MemberPayment.member_id == member_id),
        "member_payment_part": rows_of(MemberPaymentPart, MemberPaymentPart.payment_id.in_(paid)),
        "payouts_reversal": rows_of(PayoutsReversal, PayoutsReversal.payment_id.in_(paid), words={"reason": reason}),
    }

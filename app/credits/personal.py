"""What this room holds of a member, and the words that stand sealed in it."""

import uuid

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.credits.models import CreditRefund, CreditRefundReversal, CreditUse, CreditUseEnd
from app.credits.queries import reason_place, reference_place
from app.credits.sealing import opened
from app.registry.queries import parties_of_member

SEALED = (
    Sealed(CreditRefund, "reference_sealed", reference_place),
    Sealed(CreditRefundReversal, "reason_sealed", reason_place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """What their credit was used for and what of it was paid back, with the words typed about that."""
    parties = [one.id for one in parties_of_member(member_id)]
    used = sa.select(CreditUse.id).where(CreditUse.party_id.in_(parties))
    paid = sa.select(CreditRefund.id).where(CreditRefund.party_id.in_(parties))
    return {
        "credit_use": rows_of(CreditUse, CreditUse.party_id.in_(parties)),
        "credit_use_end": rows_of(CreditUseEnd, CreditUseEnd.use_id.in_(used)),
        "credit_refund": rows_of(
            CreditRefund,
            CreditRefund.party_id.in_(parties),
            words={"reference": lambda row: opened(row.reference_sealed, reference_place(row.id))},
        ),
        "credit_refund_reversal": rows_of(
            CreditRefundReversal,
            CreditRefundReversal.refund_id.in_(paid),
            words={"reason": lambda row: opened(row.reason_sealed, reason_place(row.id))},
        ),
    }

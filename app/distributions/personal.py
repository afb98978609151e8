"""What this room holds of a member: their parts of share-outs, and what was paid of them."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.distributions.models import DistributionsReversal, ShareOutPart, ShareOutPaymentPart
from app.distributions.reversing import place_of_reason

SEALED = (Sealed(DistributionsReversal, "reason_sealed", place_of_reason),)


def personal(member_id: uuid.UUID) -> Tables:
    """Own parts and own payments, with what they were measured by."""
    return {
        "share_out_part": rows_of(ShareOutPart, ShareOutPart.member_id == member_id),
        "share_out_payment_part": rows_of(ShareOutPaymentPart, ShareOutPaymentPart.member_id == member_id),
    }

"""What this room holds of a member: the receipts they own or pay, and what they chose of tax."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.receipts.models import Receipt, ReceiptReversal, TaxOption
from app.receipts.reversing import place_of_reason
from app.registry.models import Party

SEALED = (Sealed(ReceiptReversal, "reason_sealed", place_of_reason),)


def personal(member_id: uuid.UUID) -> Tables:
    """Own receipts with what reversed them, and own choices."""
    mine = sa.select(Party.id).where(Party.member_id == member_id)
    own: Any = sa.or_(Receipt.owner_id.in_(mine), Receipt.client_id.in_(mine))
    undone = ReceiptReversal.receipt_id.in_(sa.select(Receipt.id).where(own))
    chosen = sa.or_(TaxOption.owner_id.in_(mine), TaxOption.client_id.in_(mine))
    return {
        "receipt": rows_of(Receipt, own),
        "receipt_reversal": rows_of(ReceiptReversal, undone),
        "tax_option": rows_of(TaxOption, chosen),
    }

"""What is held of a member as a client, and the words that stand sealed beside money of clients."""

import uuid

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.credits.sealing import opened
from app.receipts import deposits_queries
from app.receipts.payment_models import ClientPayment, DepositMovement, ReceiptPart, RentMoneyReversal
from app.receipts.payments_queries import reason_place, reference_place
from app.registry.queries import parties_of_member

SEALED = (
    Sealed(ClientPayment, "reference_sealed", reference_place),
    Sealed(DepositMovement, "reference_sealed", deposits_queries.reference_place),
    Sealed(DepositMovement, "reason_sealed", deposits_queries.why_place),
    Sealed(RentMoneyReversal, "reason_sealed", reason_place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """What they paid, what it paid, what became of their deposits and what was taken back."""
    parties = [one.id for one in parties_of_member(member_id)]
    paid = sa.select(ClientPayment.id).where(ClientPayment.client_id.in_(parties))
    moved = sa.select(DepositMovement.id).where(DepositMovement.client_id.in_(parties))
    undone = sa.or_(RentMoneyReversal.payment_id.in_(paid), RentMoneyReversal.movement_id.in_(moved))
    place = deposits_queries.reference_place
    return {
        "client_payment": rows_of(
            ClientPayment,
            ClientPayment.client_id.in_(parties),
            words={"reference": lambda row: opened(row.reference_sealed, reference_place(row.id))},
        ),
        "deposit_movement": rows_of(
            DepositMovement,
            DepositMovement.client_id.in_(parties),
            words={
                "reference": lambda row: opened(row.reference_sealed, place(row.id)),
                "reason": lambda row: opened(row.reason_sealed, deposits_queries.why_place(row.id)),
            },
        ),
        "receipt_part": rows_of(
            ReceiptPart, sa.or_(ReceiptPart.payment_id.in_(paid), ReceiptPart.movement_id.in_(moved))
        ),
        "rent_money_reversal": rows_of(
            RentMoneyReversal,
            undone,
            words={"reason": lambda row: opened(row.reason_sealed, reason_place(row.id))},
        ),
    }

"""What this room holds of a member who owns units, and the words that stand sealed in it."""

import uuid

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.credits.sealing import opened
from app.owners.models import OwnerPayout, OwnerPayoutPart, OwnerPayoutReversal, OwnerPayoutRun
from app.owners.queries import reason_place, reference_place
from app.registry.queries import parties_of_member

SEALED = (
    Sealed(OwnerPayoutRun, "reference_sealed", reference_place),
    Sealed(OwnerPayoutReversal, "reason_sealed", reason_place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """What they were paid, for which receipts, and what was taken back."""
    parties = [one.id for one in parties_of_member(member_id)]
    own = sa.select(OwnerPayout.id).where(OwnerPayout.owner_id.in_(parties))
    runs = sa.select(OwnerPayout.run_id).where(OwnerPayout.owner_id.in_(parties))
    return {
        "owner_payout": rows_of(OwnerPayout, OwnerPayout.owner_id.in_(parties)),
        "owner_payout_part": rows_of(OwnerPayoutPart, OwnerPayoutPart.payout_id.in_(own)),
        "owner_payout_run": rows_of(
            OwnerPayoutRun,
            OwnerPayoutRun.id.in_(runs),
            words={"reference": lambda row: opened(row.reference_sealed, reference_place(row.id))},
        ),
        "owner_payout_reversal": rows_of(
            OwnerPayoutReversal,
            OwnerPayoutReversal.payout_id.in_(own),
            words={"reason": lambda row: opened(row.reason_sealed, reason_place(row.id))},
        ),
    }

"""What this room holds of a member, as the party that the member is: charges, payments, what settled them, and why."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.dues import paying, settling, steps, undoing
from app.dues.models import (
    AssessmentEntry,
    AssessmentState,
    DuesCharge,
    DuesPart,
    DuesPayment,
    DuesReversal,
    DuesSettlement,
)
from app.registry.models import Party

SEALED = (
    Sealed(AssessmentState, "reason_sealed", steps.reason_place),
    Sealed(DuesPayment, "reference_sealed", paying.reference_place),
    Sealed(DuesSettlement, "reason_sealed", settling.reason_place),
    Sealed(DuesReversal, "reason_sealed", undoing.reason_place),
)


def personal(member_id: uuid.UUID) -> Tables:
    """Own charges with the entries they came from, own payments with their references, and what was taken back."""
    own = sa.select(Party.id).where(Party.member_id == member_id)
    charges = sa.select(DuesCharge.id).where(DuesCharge.party_id.in_(own))
    payments = sa.select(DuesPayment.id).where(DuesPayment.party_id.in_(own))
    settled = sa.select(DuesSettlement.id).where(DuesSettlement.party_id.in_(own))
    undone = sa.union(charges, payments, settled)

    def reference(row: Any) -> str | None:
        return paying.reference_of(row)

    def why(row: Any) -> str | None:
        return settling.reason_of(row)

    def reason(row: Any) -> str | None:
        return undoing.reason_of(row)

    return {
        "assessment_entry": rows_of(AssessmentEntry, AssessmentEntry.party_id.in_(own)),
        "dues_charge": rows_of(DuesCharge, DuesCharge.party_id.in_(own)),
        "dues_payment": rows_of(DuesPayment, DuesPayment.party_id.in_(own), words={"reference": reference}),
        "dues_settlement": rows_of(DuesSettlement, DuesSettlement.party_id.in_(own), words={"reason": why}),
        "dues_part": rows_of(DuesPart, DuesPart.charge_id.in_(charges)),
        "dues_reversal": rows_of(
            DuesReversal, DuesReversal.original_id.in_(sa.select(undone.subquery().c.id)), words={"reason": reason}
        ),
    }

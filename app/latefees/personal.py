"""What this room holds of a member, as the party that the member is: penalties proposed, and what became of them."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.dues.models import DuesCharge
from app.latefees.models import PenaltyDecision, PenaltyProposal
from app.latefees.standing import reason_of, reason_place
from app.registry.models import Party

SEALED = (Sealed(PenaltyDecision, "reason_sealed", reason_place),)


def personal(member_id: uuid.UUID) -> Tables:
    """Proposals on own charges, and the decisions on them with the reasons."""
    own = sa.select(Party.id).where(Party.member_id == member_id)
    charges = sa.select(DuesCharge.id).where(DuesCharge.party_id.in_(own))
    mine = sa.select(PenaltyProposal.id).where(PenaltyProposal.charge_id.in_(charges))

    def reason(row: Any) -> str | None:
        return reason_of(row)

    return {
        "penalty_proposal": rows_of(PenaltyProposal, PenaltyProposal.charge_id.in_(charges)),
        "penalty_decision": rows_of(PenaltyDecision, PenaltyDecision.proposal_id.in_(mine), words={"reason": reason}),
    }

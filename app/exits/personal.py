"""What this room holds of a member: the requests with all that happened to them."""

import uuid

import sqlalchemy as sa

from app.core.keys import open_about
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.exits.liquidity import note_place, reason_place
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitRequest, ExitsReversal, ExitState, LiquidityEvent
from app.exits.queries import adjustment_reason, state_reason

SEALED = (
    Sealed(LiquidityEvent, "note_sealed", note_place),
    Sealed(ExitsReversal, "reason_sealed", reason_place, subject="subject_id"),
)


def personal(member_id: uuid.UUID) -> Tables:
    """Own requests, their states, adjustments and fulfilments, and what was taken back, with the reasons."""
    mine = sa.select(ExitRequest.id).where(ExitRequest.member_id == member_id)
    given = sa.select(ExitFulfilment.id).where(ExitFulfilment.request_id.in_(mine))
    return {
        "exit_request": rows_of(ExitRequest, ExitRequest.member_id == member_id),
        "exit_state": rows_of(
            ExitState, ExitState.request_id.in_(mine), words={"reason": lambda row: state_reason(member_id, row)}
        ),
        "exit_adjustment": rows_of(
            ExitAdjustment,
            ExitAdjustment.request_id.in_(mine),
            words={"reason": lambda row: adjustment_reason(member_id, row)},
        ),
        "exit_fulfilment": rows_of(ExitFulfilment, ExitFulfilment.request_id.in_(mine)),
        "exits_reversal": rows_of(
            ExitsReversal,
            ExitsReversal.original_kind == "exit_fulfilment",
            ExitsReversal.original_id.in_(given),
            words={"reason": lambda row: open_about(member_id, row.reason_sealed, reason_place(row.id))},
        ),
    }

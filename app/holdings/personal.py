"""What this room holds of a member, and the words that stand sealed in it."""

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.holdings.models import (
    HoldingShare,
    HoldingsReversal,
    Investment,
    InvestmentSale,
    InvestmentState,
    Move,
    Valuation,
)
from app.ledgers.pairs import pairs


def personal(member_id: uuid.UUID) -> Tables:
    """Each share that a member gained or gave up: of what, when, and by which record."""
    own = sa.select(HoldingShare.investment_id).where(HoldingShare.member_id == member_id)
    called = pairs(sa.select(Investment.id, Investment.name).where(Investment.id.in_(own)))
    moves = sa.select(HoldingShare.move_id).where(HoldingShare.member_id == member_id)
    days = pairs(sa.select(Move.id, Move.moved_on).where(Move.id.in_(moves)))
    kinds = pairs(sa.select(Move.id, Move.source_kind).where(Move.id.in_(moves)))
    told: dict[str, Callable[[Any], Any]] = {
        "investment": lambda row: called.get(row.investment_id),
        "moved_on": lambda row: days.get(row.move_id),
        "because_of": lambda row: kinds.get(row.move_id),
    }
    return {"holding_share": rows_of(HoldingShare, HoldingShare.member_id == member_id, words=told)}


def _place(table: str, what: str) -> Callable[[uuid.UUID], str]:
    return lambda row_id: f"{table}|{row_id}|{what}"


SEALED = (
    Sealed(Investment, "account_sealed", _place("investment", "account")),
    Sealed(Investment, "notes_sealed", _place("investment", "notes")),
    Sealed(InvestmentSale, "notes_sealed", _place("investment_sale", "notes")),
    Sealed(Valuation, "evidence_sealed", _place("valuation", "evidence")),
    Sealed(InvestmentState, "reason_sealed", _place("investment_state", "reason")),
    Sealed(HoldingsReversal, "reason_sealed", _place("holdings_reversal", "reason")),
)

"""Penalties: what a late payment costs, what state one is in, and which are paid first."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core import money
from app.savings.errors import MoreThanPenalty, PenaltyNotOpen
from app.savings.rules.terms import ZERO, LateRule, SavingsPolicy


class PenaltyReason(StrEnum):
    """Why a penalty was levied."""

    LATE = "late"
    OVER_MAXIMUM = "over_max"
    OTHER = "other"


class PenaltyState(StrEnum):
    """Where a penalty stands, derived from the rows that follow it."""

    LEVIED = "levied"
    PAID = "paid"
    WAIVED = "waived"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class OpenPenalty:
    """A penalty of a member on which something is still owed."""

    id: uuid.UUID
    owed: Decimal


def late_fee(policy: SavingsPolicy, late: Decimal) -> Decimal:
    """The fee for an amount that came late, half up to the currency's digits, at most the cap; 0 without a fee."""
    fee = ZERO
    if policy.late_rule is LateRule.FIXED_FEE:
        fee = policy.fee_amount or ZERO
    elif policy.late_rule is LateRule.PERCENT_FEE:
        fee = money.rounded(late * (policy.fee_percent or ZERO) / 100, policy.currency)
    return fee if policy.fee_cap is None else min(fee, policy.fee_cap)


def penalty_state(amount: Decimal, *, paid: Decimal, waived: bool = False, reversed_: bool = False) -> PenaltyState:
    """The state of a penalty of an amount on which so much was paid."""
    if reversed_:
        return PenaltyState.REVERSED
    if waived:
        return PenaltyState.WAIVED
    return PenaltyState.PAID if paid >= amount else PenaltyState.LEVIED


def check_penalty_payment(state: PenaltyState, *, owed: Decimal, offered: Decimal | None = None, currency: str) -> None:
    """Raises PenaltyNotOpen unless it is still owed, MoreThanPenalty when more is offered; a waiver offers nothing."""
    if state is not PenaltyState.LEVIED:
        raise PenaltyNotOpen
    if offered is not None and offered > owed:
        raise MoreThanPenalty(field="amount", owed=money.lazily(owed, currency))


def settle(penalties: Iterable[OpenPenalty], amount: Decimal) -> list[tuple[uuid.UUID, Decimal]]:
    """How an amount is spread over open penalties, in the order given (the oldest first); what is left over is not."""
    paid: list[tuple[uuid.UUID, Decimal]] = []
    for penalty in penalties:
        part = min(penalty.owed, amount)
        if part > 0:
            paid.append((penalty.id, part))
            amount -= part
    return paid

"""The words and the terms of a savings policy, and what is wrong with terms that do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core import money
from app.core.errors import Invalid
from app.core.periods import BadDayOfPeriod, Frequency, check_day
from app.savings import errors

ZERO = Decimal(0)


class PaymentMethod(StrEnum):
    """How money came in."""

    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    MOBILE_MONEY = "mobile_money"
    CARD = "card"
    CHECK = "check"
    OTHER = "other"


class ContributionType(StrEnum):
    """What a contribution is meant as; all of them are savings and count for their window."""

    REGULAR = "regular"
    VOLUNTARY = "voluntary"
    SPECIAL = "special"
    CATCH_UP = "catch_up"


class LateRule(StrEnum):
    """What becomes of a payment for a window that has ended."""

    ACCEPT = "accept"
    FIXED_FEE = "fixed_fee"
    PERCENT_FEE = "percent_fee"
    WHOLE_IS_PENALTY = "whole_is_penalty"


class OverRule(StrEnum):
    """What becomes of the excess over a window's maximum."""

    SPREAD = "spread"
    ACCEPT = "accept"
    EXCESS_IS_PENALTY = "excess_is_penalty"
    REFUSE = "refuse"


# What sign-up shows as chosen; the group confirms it, so that no rule is one that nobody chose.
PRESELECTED_LATE_RULE = LateRule.PERCENT_FEE
PRESELECTED_FEE_PERCENT = Decimal(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsPolicy:
    """One version of a group's terms for saving, with the group's currency and zone.

    A minimum of 0 and a maximum of None are none. `fee_percent` is in per cent (5 is 5%); a `fee_cap` of None is none.
    """

    currency: str
    zone: ZoneInfo
    frequency: Frequency
    expected: Decimal
    late_rule: LateRule
    window_day: int = 1
    minimum: Decimal = ZERO
    maximum: Decimal | None = None
    several_payments: bool = True
    fee_amount: Decimal | None = None
    fee_percent: Decimal | None = None
    fee_cap: Decimal | None = None
    over_rule: OverRule = OverRule.SPREAD
    penalties_first: bool = False


def faults(policy: SavingsPolicy) -> tuple[Invalid, ...]:
    """All that is wrong with the terms, each fault with the `field` it belongs to; empty when they can be used."""
    wrong = (*_faults_of_window(policy), *_faults_of_amounts(policy))
    # Amounts that cannot be used say nothing about how they fit each other.
    return wrong or (*_faults_of_bounds(policy), *_faults_of_fee(policy))


def checked(policy: SavingsPolicy) -> SavingsPolicy:
    """The same policy. Raises the first of its faults."""
    for fault in faults(policy):
        raise fault
    return policy


def _faults_of_window(policy: SavingsPolicy) -> Iterator[Invalid]:
    if policy.frequency is Frequency.FLEXIBLE:
        return
    try:
        check_day(policy.frequency, policy.window_day, field="window_day")
    except BadDayOfPeriod as fault:
        yield fault


def _faults_of_amounts(policy: SavingsPolicy) -> Iterator[Invalid]:
    for field in ("expected", "minimum", "maximum", "fee_amount", "fee_cap"):
        amount: Decimal | None = getattr(policy, field)
        if amount is None:
            continue
        try:
            money.exact(amount, policy.currency)
        except money.BadAmount as fault:
            fault.field = field
            yield fault
        else:
            if amount < 0:
                yield errors.BelowZero(field=field)


def _faults_of_bounds(policy: SavingsPolicy) -> Iterator[Invalid]:
    maximum, expected = policy.maximum, policy.expected
    if maximum is not None and (maximum == 0 or maximum < policy.minimum):
        yield errors.MaximumBelowMinimum(field="maximum", minimum=money.lazily(policy.minimum, policy.currency))
    elif expected and (expected < policy.minimum or (maximum is not None and expected > maximum)):
        yield errors.ExpectedOutOfBounds(field="expected")


def _faults_of_fee(policy: SavingsPolicy) -> Iterator[Invalid]:
    if policy.late_rule is LateRule.FIXED_FEE and not policy.fee_amount:
        yield errors.FeeMissing(field="fee_amount")
    if policy.late_rule is LateRule.PERCENT_FEE and not _is_percentage(policy.fee_percent):
        yield errors.BadFeePercent(field="fee_percent")
    if policy.fee_cap == 0:
        yield errors.BadFeeCap(field="fee_cap")


def _is_percentage(value: Decimal | None) -> bool:
    if value is None or not value.is_finite() or not 0 < value <= 100:
        return False
    return value == value.quantize(Decimal("0.0001"))

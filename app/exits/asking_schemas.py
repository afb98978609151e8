"""Shapes of what is asked of the exits room."""

import uuid
from decimal import Decimal
from typing import Literal

from app.exits.rules import ExitPolicy, LiquidityType, State
from app.savings.asking_schemas import PastDay, Percent, Reason
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Shape


class ExitIn(Shape):
    """Leaving. With `gross` it is refused when the entitlement is another one by now."""

    gross: AmountOrNothing | None = None


class WithdrawalIn(Shape):
    """A part of the savings."""

    amount: Amount


class ReasonIn(Shape):
    """Why; it is kept encrypted."""

    reason: Reason


class UndoIn(ReasonIn):
    """Why, and when it takes effect: today, or on its own day while that month is open."""

    when: Literal["today", "original"] = "today"


class AdjustmentIn(ReasonIn):
    """By how much a request changes, with its sign, and why; the member reads the reason."""

    amount: Balance


class RequestSearch(Shape):
    """Only requests in one state."""

    state: State | None = None


class AmountSearch(Shape):
    """How much would come in."""

    amount: AmountOrNothing = Decimal(0)


class WhatIfIn(Shape):
    """How much would be set aside, and in which cash account."""

    amount: Amount
    cash_account: uuid.UUID


class LiquidityIn(WhatIfIn):
    """Money set aside for the queue."""

    type: LiquidityType
    on: PastDay
    note: Reason | None = None


class ExitTermsIn(Shape):
    """The rules for leaving and withdrawing; percentages as text like “2.5”."""

    growth_percent: Percent = Decimal(0)
    partial: bool = True
    deduct: bool = True
    contributions_percent: Percent = Decimal(0)
    sales_percent: Percent = Decimal(0)
    withdrawals: bool = False
    withdrawal_floor: AmountOrNothing = Decimal(0)

    def policy(self) -> ExitPolicy:
        """The same for the verbs."""
        return ExitPolicy(**{name: getattr(self, name) for name in ExitTermsIn.model_fields})


class ExitTermsVersionIn(ExitTermsIn):
    """Rules, and the day from which they hold."""

    effective_on: Day


class ExitTermsOut(ExitTermsIn):
    """Rules, since when they hold, and what they mean."""

    effective_on: Day
    sentences: list[str]


class MeaningOut(Shape):
    """What rules mean."""

    sentences: list[str]

"""Shapes of what is asked of share-outs, and of funds and terms."""

import uuid
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.distributions.funds import LONGEST_NAME, FundBalance
from app.distributions.rules import Base, Rule
from app.ledgers.heads import today
from app.savings.asking_schemas import PastDay, Percent, Reason
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Shape, Short


class ComparisonQuery(Shape):
    """The days of the cycle, both included, and how much goes to the members; all there is when nothing is said."""

    first: Day
    last: Day
    amount: AmountOrNothing | None = None


class ShareOutIn(ComparisonQuery):
    """Which cycle is shared out by which rule; `on` is the day in the books, today when nothing is said."""

    rule: Rule
    on: PastDay = Field(default_factory=today)
    seen: Short | None = None


class PaymentQuery(Shape):
    """Whether the savings are given back as well, because the group ends its cycle."""

    with_savings: bool = False


class PayOutIn(PaymentQuery):
    """The payment of a share-out; `on` is the day in the books, today when nothing is said."""

    on: PastDay = Field(default_factory=today)
    seen: Short | None = None


class UndoIn(Shape):
    """Why something is reversed, and when that takes effect: today, or on its own day while that month is open."""

    reason: Reason
    when: Literal["today", "original"] = "today"


class FundIn(Shape):
    """What a fund is called."""

    name: Annotated[Short, Field(max_length=LONGEST_NAME)]


class ShareTermsIn(Shape):
    """The terms of a share-out; percentages are text, like "10"."""

    reserve_percent: Percent = Decimal(0)
    education_percent: Percent = Decimal(0)
    base: Base = Base.SURPLUS
    fines_shared: bool = True
    rule: Rule = Rule.SAVINGS
    share_value: Amount | None = None


class ShareTermsVersionIn(ShareTermsIn):
    """Terms, and the day from which they hold."""

    effective_on: Day


class ShareTermsOut(ShareTermsVersionIn):
    """The same, and what they mean."""

    sentences: list[Long]


class ShareMeaningOut(Shape):
    """What terms mean."""

    sentences: list[str]


class FundOut(Shape):
    """A fund, its account in the books, and what is in it."""

    id: uuid.UUID
    name: str
    purpose: Literal["reserve", "education", "other"]
    account_id: uuid.UUID
    balance: AmountOrNothing


def fund_out(row: FundBalance) -> FundOut:
    """A fund as it is answered."""
    told = {"id": row.fund.id, "name": row.fund.name, "purpose": row.fund.purpose}
    return FundOut.model_validate(told | {"account_id": row.account_id, "balance": row.balance})

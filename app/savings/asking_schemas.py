"""Shapes of what is asked of the savings room: payments, windows, penalties, terms, undoing."""

import uuid
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError
from wtforms.validators import ValidationError

from app.core.periods import Frequency, instant_of
from app.savings.approvables import Batch
from app.savings.forms import check_day
from app.savings.penalty_money import PenaltyMoney
from app.savings.planning import Receipt
from app.savings.rules import ContributionType, LateRule, OverRule, PaymentMethod, PenaltyState, WindowStatus
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Shape, Short, Text

MOST = 200


def _past(value: date) -> date:
    try:
        check_day(value)
    except ValidationError as error:
        raise PydanticCustomError("day", "{sentence}", {"sentence": str(error)}) from error
    return value


def _percent(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    try:
        return Decimal(value if isinstance(value, str) and len(value) < 10 else "")
    except InvalidOperation:
        raise PydanticCustomError("percent", "Write the percentage as text, like “2.5”.") from None


PastDay = Annotated[Day, AfterValidator(_past)]
Reference = Annotated[Text, Field(max_length=100)]
Reason = Annotated[Long, Field(max_length=500)]
Percent = Annotated[
    Decimal,
    BeforeValidator(_percent),
    PlainSerializer(lambda value: f"{value.normalize():f}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["2.5"]}),
]


class MoneyIn(Shape):
    """Where money came in, when and how."""

    paid_on: PastDay
    method: PaymentMethod
    cash_account: uuid.UUID
    amount: Amount
    reference: Reference | None = None

    def _common(self, key: str, zone: ZoneInfo) -> dict[str, Any]:
        return {
            "amount": self.amount,
            "paid_at": instant_of(self.paid_on, zone),
            "method": self.method.value,
            "cash_account_id": self.cash_account,
            "reference": self.reference,
            "key": key,
        }


class PaymentIn(MoneyIn):
    """A payment of a member: for the window of its day, or for the one named; `ahead` spreads it from there on."""

    member: uuid.UUID
    type: ContributionType = ContributionType.REGULAR
    window: uuid.UUID | None = None
    ahead: bool = False

    def receipt(self, key: str, zone: ZoneInfo) -> Receipt:
        """The same for the verbs."""
        told: dict[str, Any] = {"type": self.type.value, "window_id": self.window, "ahead": self.ahead}
        return Receipt(member_id=self.member, **told, **self._common(key, zone))


class PenaltyMoneyIn(MoneyIn):
    """Money for one penalty."""

    def money(self, key: str, zone: ZoneInfo, penalty_id: uuid.UUID) -> PenaltyMoney:
        """The same for the verbs."""
        return PenaltyMoney(penalty_id=penalty_id, **self._common(key, zone))


class ForPenaltiesIn(MoneyIn):
    """Money of a member for what is owed in penalties, the oldest first."""

    member: uuid.UUID

    def money(self, key: str, zone: ZoneInfo) -> PenaltyMoney:
        """The same for the verbs."""
        return PenaltyMoney(member_id=self.member, **self._common(key, zone))


class PaymentsIn(Shape):
    """Payments, and money for penalties: all of it is recorded, or nothing. At least one of the lists has something."""

    payments: Annotated[list[PaymentIn], Field(max_length=MOST)] = Field(default_factory=list)
    for_penalties: Annotated[list[ForPenaltiesIn], Field(max_length=MOST)] = Field(default_factory=list)

    def batch(self, key: str, zone: ZoneInfo) -> Batch:
        """The same for the verbs, each under a key of its own."""
        return Batch(
            receipts=[told.receipt(f"{key}:{n}", zone) for n, told in enumerate(self.payments)],
            penalties=[told.money(f"{key}:{n}:penalty", zone) for n, told in enumerate(self.for_penalties)],
        )


class UndoIn(Shape):
    """Why something is reversed, and when that takes effect: today, or on its own day while that month is open."""

    reason: Reason
    when: Literal["today", "original"] = "today"
    overdraft: bool = False


class ReplacementIn(PaymentIn):
    """The payment that takes the place of one that was recorded wrong, and why."""

    reason: Reason
    overdraft: bool = False


class ReasonIn(Shape):
    """Why; it is kept encrypted."""

    reason: Reason


class WindowWaiverIn(ReasonIn):
    """Of whom a contribution is no longer asked, and why."""

    member: uuid.UUID


class WindowIn(Shape):
    """A window that an officer opens, both days included."""

    name: Annotated[Short, Field(max_length=40)]
    start: Day
    end: Day
    expected: AmountOrNothing
    minimum: AmountOrNothing = Decimal(0)
    maximum: Amount | None = None


class LevyIn(Shape):
    """A penalty by hand, and why; perhaps because of a window."""

    member: uuid.UUID
    amount: Amount
    on: PastDay
    note: Reason
    window: uuid.UUID | None = None


class ReturnIn(Shape):
    """Out of which cash account money is given back, and on which day."""

    cash_account: uuid.UUID
    on: PastDay
    overdraft: bool = False


class HeldAllocationIn(Shape):
    """The window that money is meant for; without one, that of the day it came in."""

    window: uuid.UUID | None = None


class WindowSearch(Shape):
    """Only members in one state."""

    status: WindowStatus | None = None


class PenaltySearch(Shape):
    """Only penalties in one state."""

    state: PenaltyState | None = None


class TermsIn(Shape):
    """The terms for saving. A fee belongs to a late rule that has one; a `maximum` or `fee_cap` of null is none."""

    frequency: Frequency
    window_day: Annotated[int, Field(ge=1, le=31)] = 1
    expected: AmountOrNothing
    minimum: AmountOrNothing = Decimal(0)
    maximum: Amount | None = None
    several_payments: bool = True
    late_rule: LateRule
    fee_amount: Amount | None = None
    fee_percent: Percent | None = None
    fee_cap: Amount | None = None
    over_rule: OverRule
    penalties_first: bool = False


class TermsVersionIn(TermsIn):
    """Terms, and the day from which windows are opened under them."""

    effective_on: Day


class TermsOut(TermsIn):
    """Terms, since when they hold, and what they mean for what is late and for what is over the maximum."""

    effective_on: Day
    sentences: list[str]


class MeaningOut(Shape):
    """What terms mean for what is late and for what is over the maximum."""

    sentences: list[str]

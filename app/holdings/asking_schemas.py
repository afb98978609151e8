"""Shapes of what is asked of the holdings room: investments, sales, values, income, terms, undoing."""

import re
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.holdings.earning import Income
from app.holdings.investing import Purchase
from app.holdings.rules import ZERO, Gains, InvestmentType, Risk, SaleKind
from app.holdings.selling import Sale
from app.holdings.valuing import Revaluation
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Shape, Short

WRITTEN = re.compile(r"-?\d{1,13}(\.\d{1,9})?", re.ASCII)


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not WRITTEN.fullmatch(value):
        raise PydanticCustomError("number", "Write the number as text with a point, like “120.5”.")
    return Decimal(value)


Number = Annotated[
    Decimal,
    BeforeValidator(_number),
    PlainSerializer(lambda value: f"{value:f}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["120.5"]}),
]
Reason = Annotated[Long, Field(max_length=500)]
Notes = Annotated[Long, Field(max_length=1000)]


class InvestmentIn(Shape):
    """What is bought: `amount` or `units`, at `unit_value` each; a `percentage` one has an amount only.

    `account` is its number at the broker; it and the notes are kept encrypted.
    """

    name: Short
    type: InvestmentType
    on: Day
    cash_account: uuid.UUID
    amount: Amount | None = None
    units: Number | None = None
    unit_value: Number | None = None
    percentage: bool = False
    risk: Risk = Risk.MEDIUM
    broker: Short | None = None
    account: Short | None = None
    notes: Notes | None = None

    def purchase(self, key: str) -> Purchase:
        """The same for the verbs."""
        told: dict[str, Any] = dict(self) | {"type": self.type.value, "risk": self.risk.value}
        return Purchase(cash_account_id=told.pop("cash_account"), key=key, **told)


class SaleIn(Shape):
    """Units that end (all of them without `units`), and what came in. A default brings nothing."""

    kind: SaleKind
    on: Day
    units: Number | None = None
    proceeds: AmountOrNothing = ZERO
    cash_account: uuid.UUID | None = None
    notes: Notes | None = None

    def sale(self, investment_id: uuid.UUID, key: str) -> Sale:
        """The same for the verbs."""
        told: dict[str, Any] = dict(self) | {"kind": self.kind.value}
        return Sale(investment_id=investment_id, cash_account_id=told.pop("cash_account"), key=key, **told)


class ValuationIn(Shape):
    """What all units held on a day were worth, or one of them, and how that is known."""

    on: Day
    value: AmountOrNothing | None = None
    unit_value: Number | None = None
    evidence: Notes

    def revaluation(self, investment_id: uuid.UUID, key: str) -> Revaluation:
        """The same for the verbs."""
        return Revaluation(investment_id=investment_id, key=key, **dict(self))


class IncomeIn(Shape):
    """A dividend, coupon or interest that came in."""

    on: Day
    amount: Amount
    cash_account: uuid.UUID
    note: Notes | None = None

    def income(self, investment_id: uuid.UUID, key: str) -> Income:
        """The same for the verbs."""
        told: dict[str, Any] = dict(self)
        return Income(investment_id=investment_id, cash_account_id=told.pop("cash_account"), key=key, **told)


class StateIn(Shape):
    """Whether an investment is suspended or active again, and why."""

    state: Literal["active", "suspended"]
    reason: Reason


class UndoIn(Shape):
    """Why something is reversed, and when that takes effect: today, or on its own day while that month is open."""

    reason: Reason
    when: Literal["today", "original"] = "today"
    overdraft: bool = False


class PortfolioSearch(Shape):
    """Only investments of one type, of one risk, or those of which something or nothing is held."""

    type: InvestmentType | None = None
    risk: Risk | None = None
    state: Literal["held", "ended"] | None = None


class TermsVersionIn(Shape):
    """Whose gains are, every how many months values are asked for (null: never), and from which day on."""

    gains: Gains
    months: Annotated[int, Field(ge=1, le=36)] | None
    effective_on: Day


class TermsOut(TermsVersionIn):
    """Terms, since when they hold, and what they mean."""

    sentences: list[str]

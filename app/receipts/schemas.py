"""Shapes of receipts and of owners' choices of tax, and of what is asked of them."""

import uuid
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from app.core.periods import Month
from app.receipts.queries import Line, Logged, View, Wanted
from app.receipts.tax_options import Choice
from app.receipts.words import number_of
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Long, Moment, Shape, Short

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
Period = Annotated[str, Field(pattern=MONTH, examples=["2026-01"])]
Percent = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str)]
State = Literal["due", "partial", "paid", "reversed"]


class ReceiptsQuery(Shape):
    """Which receipts: of a month, a run, or by the codes of unit, owner and client."""

    period: Period | None = None
    unit: Short | None = None
    owner: Short | None = None
    client: Short | None = None
    state: State | None = None
    run: uuid.UUID | None = None

    def wanted(self) -> Wanted:
        """What is asked, as the list takes it."""
        period = Month.parse(self.period) if self.period else None
        named = {name: getattr(self, name) for name in ("unit", "owner", "client", "state")}
        return Wanted(period=period, batch_id=self.run, **named)


class ReceiptOut(Shape):
    """A receipt: who is to receive what from whom for a unit's month, the tax, and what was paid."""

    id: uuid.UUID
    number: str
    period: str
    unit_id: uuid.UUID
    unit: str
    owner_id: uuid.UUID
    owner: str
    client_id: uuid.UUID
    client: str
    assignment_id: uuid.UUID
    percent: Percent
    amount: AmountOrNothing
    charges: AmountOrNothing
    ras_ir: bool
    rate: Percent
    final: bool
    withheld: AmountOrNothing
    net: AmountOrNothing
    owed: Amount
    paid: AmountOrNothing
    due_on: Day
    issued_at: Moment
    state: State
    hash: str


class ReceiptMoneyOut(Shape):
    """What paid a part of a receipt, and when."""

    on: Day
    how: str
    amount: Amount


class ReceiptUndoneOut(Shape):
    """The receipt that reverses another one; `next` is the number of what stands in its place."""

    number: str
    reason: str | None
    by: str | None
    at: Moment
    entry: int
    next: str | None


class ReceiptWholeOut(ReceiptOut):
    """A receipt with its money, its entry in the books, and what became of it."""

    annual_gross: AmountOrNothing | None
    money: list[ReceiptMoneyOut]
    entry: int
    undone: ReceiptUndoneOut | None


class ReceiptReversalIn(Shape):
    """Why a receipt is reversed and when that takes effect; `replaced` issues what is entitled now in its place."""

    reason: Long
    when: Literal["today", "original"] = "today"
    replaced: bool = False


class LoggedOut(Shape):
    """A number that was given out: a receipt, or the reversal of one."""

    number: str
    at: Moment
    reverses: str | None
    receipt_id: uuid.UUID
    period: str
    unit: str
    owner: str
    amount: Balance


class TaxChoiceIn(Shape):
    """What an owner chose for the rents of one payer, both by code, from a month on."""

    owner: Short
    client: Short
    starts_on: Period
    final: bool


class TaxChoiceOut(Shape):
    """A recorded choice."""

    id: uuid.UUID
    owner_id: uuid.UUID
    owner: str
    client_id: uuid.UUID
    client: str
    starts_on: Day
    final: bool
    recorded_at: Moment


COPIED = (
    *("id", "period", "unit_id", "owner_id", "client_id", "assignment_id", "percent", "amount", "charges", "ras_ir"),
    *("rate", "final", "withheld", "net", "owed", "due_on", "issued_at"),
)


def _receipt(line: Line) -> dict[str, object]:
    row = line.receipt
    told = {"unit": line.unit_code, "owner": line.owner.name, "client": line.client.name, "paid": line.paid}
    named = {"number": number_of(row), "state": line.state, "hash": row.hash.hex()}
    return {**{name: getattr(row, name) for name in COPIED}, **told, **named}


def receipt_out(line: Line) -> ReceiptOut:
    """A receipt in a list."""
    return ReceiptOut.model_validate(_receipt(line))


def receipt_whole_out(view: View) -> ReceiptWholeOut:
    """One receipt with all that belongs to it."""
    money = [{"on": one.on, "how": str(one.how), "amount": one.amount} for one in view.money]
    more = {"annual_gross": view.receipt.annual_gross, "entry": view.entry.number, "undone": _undone(view)}
    return ReceiptWholeOut.model_validate({**_receipt(view.line), **more, "money": money})


def _undone(view: View) -> dict[str, object] | None:
    found = view.undone
    if found is None:
        return None
    following = number_of(found.next) if found.next else None
    told = {"reason": found.reason, "by": found.by, "at": found.row.reversed_at, "entry": found.entry_number}
    return {"number": number_of(found.row), "next": following, **told}


def logged_out(told: Logged) -> LoggedOut:
    """A number of the log."""
    row = told.receipt.receipt
    return LoggedOut(
        number=number_of(told),
        at=told.at,
        reverses=number_of(row) if told.is_reversal else None,
        receipt_id=row.id,
        period=row.period,
        unit=told.receipt.unit_code,
        owner=told.receipt.owner.name,
        amount=-row.owed if told.is_reversal else row.owed,
    )


def choice_out(one: Choice) -> TaxChoiceOut:
    """A recorded choice."""
    row = one.row
    who = {"owner_id": row.owner_id, "owner": one.owner.name, "client_id": row.client_id, "client": one.client.name}
    what = {"id": row.id, "starts_on": row.starts_on, "final": row.final, "recorded_at": row.recorded_at}
    return TaxChoiceOut.model_validate({**who, **what})

"""Shapes of what owners are to be paid and were, of their years, and of what is asked of them."""

import uuid
from typing import Annotated

from pydantic import Field

from app.credits.schemas import UndoneOut
from app.ledgers.methods import Method
from app.owners.papers import receipt_number
from app.owners.queries import PayoutLine, PayoutView, RunView
from app.owners.received import DueLine, Standing
from app.owners.years import OwnerYear, YearLine, YearRow
from app.receipts.words import number_of
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Moment, Shape, Short

MOST = 500


class OwnerDueOut(Shape):
    """What an owner is to be paid; below zero when they were paid what has been taken back since."""

    owner_id: uuid.UUID
    code: str
    owner: str
    amount: Balance


class PayOwnersIn(Shape):
    """Who is paid and how; without owners everybody to whom something is to be paid."""

    owners: Annotated[list[uuid.UUID], Field(max_length=MOST)] = []
    cash_account: uuid.UUID
    method: Method
    reference: Short | None = None
    on: Day
    overdraft: bool = False


class OwnerPayoutOut(Shape):
    """What an owner was paid."""

    id: uuid.UUID
    run_id: uuid.UUID
    owner_id: uuid.UUID
    code: str
    owner: str
    amount: Amount
    cash_account_id: uuid.UUID
    cash_account: str
    method: Method
    paid_on: Day
    recorded_at: Moment
    reversed: bool


class PayoutPartOut(Shape):
    """How much of a payout was for one receipt; negative where it lost what was paid out of it."""

    receipt_id: uuid.UUID
    receipt: str
    period: str
    unit: str
    amount: Balance


class OwnerPayoutWholeOut(OwnerPayoutOut):
    """A payout with its receipts and the number of its entry in the books."""

    reference: str | None
    entry: int
    parts: list[PayoutPartOut]
    undone: UndoneOut | None


class OwnerRunOut(Shape):
    """Everybody who was paid in one confirmation; `total` is without what was taken back."""

    id: uuid.UUID
    paid_on: Day
    method: Method
    cash_account: str
    reference: str | None
    total: AmountOrNothing
    payouts: list[OwnerPayoutOut]


class OwnerStandingOut(Shape):
    """What an owner's receipts come to, what was received, what was paid out, and what is to be paid now."""

    issued: AmountOrNothing
    received: AmountOrNothing
    unpaid: AmountOrNothing
    paid: AmountOrNothing
    due: Balance


class OwnerYearRowOut(Shape):
    """An owner's receipts of a year in one line."""

    owner_id: uuid.UUID
    code: str
    owner: str
    gross: Balance
    charges: Balance
    withheld: Balance
    net: Balance


class YearLineOut(Shape):
    """A receipt issued in the year, or one taken back in it, negative."""

    receipt_id: uuid.UUID
    number: str
    period: str
    unit: str
    client: str
    gross: Balance
    charges: Balance
    rate: str
    final: bool
    withheld: Balance
    net: Balance
    received: AmountOrNothing
    paid_out: AmountOrNothing


class YearTaxOut(Shape):
    """The working of the year's tax: what is taxable, the bracket, what lessens it, and what is left to pay.

    `withheld_beyond` is what was withheld beyond the tax: then nothing is left to pay.
    """

    gross: AmountOrNothing
    taxable: AmountOrNothing
    rate: str
    less: AmountOrNothing
    tax: AmountOrNothing
    family: AmountOrNothing
    withheld: AmountOrNothing
    due: AmountOrNothing
    withheld_beyond: AmountOrNothing


class OwnerYearOut(Shape):
    """The statement of an owner's year. `tax` is null of a company, and where no rates are known."""

    owner_id: uuid.UUID
    owner: str
    year: int
    gross: Balance
    charges: Balance
    withheld: Balance
    received: AmountOrNothing
    paid_out: AmountOrNothing
    final_gross: Balance
    final_withheld: Balance
    tax: YearTaxOut | None
    lines: list[YearLineOut]


def due_out(row: DueLine) -> OwnerDueOut:
    """What an owner is to be paid as it is told."""
    return OwnerDueOut(owner_id=row.owner.id, code=row.owner.code, owner=row.owner.name, amount=row.amount)


def payout_out(line: PayoutLine) -> OwnerPayoutOut:
    """A payout as it is told."""
    return OwnerPayoutOut.model_validate(_payout(line))


def _payout(line: PayoutLine) -> dict[str, object]:
    run, row = line.run, line.payout
    told: dict[str, object] = {name: getattr(row, name) for name in ("id", "run_id", "owner_id", "amount")}
    told |= {name: getattr(run, name) for name in ("cash_account_id", "paid_on", "recorded_at")}
    who = {"code": line.owner.code, "owner": line.owner.name, "method": Method(run.method)}
    return told | who | {"cash_account": line.place, "reversed": line.reversed}


def payout_whole_out(view: PayoutView) -> OwnerPayoutWholeOut:
    """A payout with all of it as it is told."""
    undone = view.undone and UndoneOut(
        reason=view.reason,
        recorded_by=view.undone.recorded_by,
        recorded_by_name=view.undone_by,
        recorded_at=view.undone.recorded_at,
    )
    parts = [
        PayoutPartOut(receipt_id=row.id, receipt=number_of(row), period=row.period, unit=unit, amount=amount)
        for row, unit, amount in view.parts
    ]
    told = {"reference": view.reference, "entry": view.entry.number, "parts": parts, "undone": undone}
    return OwnerPayoutWholeOut.model_validate(_payout(view.line) | told)


def run_out(view: RunView) -> OwnerRunOut:
    """A run as it is told."""
    return OwnerRunOut(
        id=view.run.id,
        paid_on=view.run.paid_on,
        method=Method(view.run.method),
        cash_account=view.place,
        reference=view.reference,
        total=view.total,
        payouts=[payout_out(line) for line in view.lines],
    )


def standing_out(told: Standing) -> OwnerStandingOut:
    """What stands for an owner as it is told."""
    return OwnerStandingOut.model_validate(told)


def row_out(row: YearRow) -> OwnerYearRowOut:
    """An owner in a year as it is told."""
    amounts = {name: getattr(row, name) for name in ("gross", "charges", "withheld", "net")}
    return OwnerYearRowOut(owner_id=row.owner.id, code=row.owner.code, owner=row.owner.name, **amounts)


def year_out(found: OwnerYear) -> OwnerYearOut:
    """A year as it is told."""
    names = ("gross", "charges", "withheld", "received", "paid_out")
    return OwnerYearOut(
        owner_id=found.owner.id,
        owner=found.owner.name,
        year=found.year,
        **{name: getattr(found.all, name) for name in names},
        final_gross=found.final.gross,
        final_withheld=found.final.withheld,
        tax=_tax(found),
        lines=[_line(line) for line in found.lines],
    )


def _tax(found: OwnerYear) -> YearTaxOut | None:
    if found.tax is None:
        return None
    names = ("gross", "taxable", "tax", "family", "withheld", "due")
    more = {"rate": f"{found.tax.bracket.rate:f}", "less": found.tax.bracket.less, "withheld_beyond": found.tax.beyond}
    return YearTaxOut.model_validate({name: getattr(found.tax, name) for name in names} | more)


def _line(line: YearLine) -> YearLineOut:
    row = line.receipt
    names = ("gross", "charges", "withheld", "net", "received", "paid_out")
    told = {"receipt_id": row.id, "number": receipt_number(line), "period": row.period, "unit": line.unit_code}
    more = {"client": line.client.name, "rate": f"{row.rate:f}", "final": row.final}
    return YearLineOut.model_validate(told | more | {name: getattr(line, name) for name in names})

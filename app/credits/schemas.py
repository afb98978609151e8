"""Shapes of credits, of what of them is paid back, and of what is asked of both."""

import uuid
from typing import Literal

from app.credits.previewing import Preview
from app.credits.queries import CreditLine, RefundLine, RefundView
from app.ledgers.lists import Movement
from app.ledgers.methods import Method
from app.web.api.shapes import Amount, Balance, Day, Long, Moment, Shape, Short


class CreditOut(Shape):
    """What a party has over."""

    party_id: uuid.UUID
    code: str
    name: str
    credit: Amount


class CreditMovementOut(Shape):
    """What an entry did to a credit: positive for more, with the credit after it."""

    entry: int
    on: Day
    kind: str
    amount: Balance
    credit: Balance


class RefundIn(Shape):
    """How much of a credit is paid back and how. `overdraft` confirms a cash account below zero."""

    amount: Amount
    cash_account: uuid.UUID
    method: Method
    reference: Short | None = None
    on: Day
    overdraft: bool = False


class RefundOut(Shape):
    """A credit that was paid back."""

    id: uuid.UUID
    party_id: uuid.UUID
    code: str
    name: str
    amount: Amount
    cash_account_id: uuid.UUID
    cash_account: str
    method: Method
    paid_on: Day
    recorded_at: Moment
    reversed: bool


class UndoneOut(Shape):
    """That something was reversed."""

    reason: str | None
    recorded_by: uuid.UUID | None
    recorded_by_name: str | None
    recorded_at: Moment


class RefundWholeOut(RefundOut):
    """The same with its reference and the number of its entry in the books."""

    reference: str | None
    entry: int
    undone: UndoneOut | None


class UndoIn(Shape):
    """Why something is reversed, and when that takes effect: today, or on its own day while that month is open."""

    reason: Long
    when: Literal["today", "original"] = "today"


class OverdraftUndoIn(UndoIn):
    """The same of what takes money out of a cash account; `overdraft` confirms one below zero."""

    overdraft: bool = False


class ForeseenOut(Shape):
    """What a deed would do, in sentences, or why it cannot be done."""

    sentences: list[str]
    refused: str | None


def credit_out(line: CreditLine) -> CreditOut:
    """A credit as it is told."""
    return CreditOut(party_id=line.party.id, code=line.party.code, name=line.name, credit=line.credit)


def movement_out(line: Movement) -> CreditMovementOut:
    """A movement of a credit as it is told; in the books a credit is negative."""
    row = line.entry
    told = {"entry": row.number, "on": row.effective_on, "kind": row.kind}
    return CreditMovementOut.model_validate(told | {"amount": -line.amount, "credit": -line.balance})


def refund_out(line: RefundLine) -> RefundOut:
    """A repayment as it is told."""
    return RefundOut.model_validate(_refund(line))


def _refund(line: RefundLine) -> dict[str, object]:
    row = line.refund
    names = ("id", "party_id", "amount", "cash_account_id", "paid_on", "recorded_at")
    told: dict[str, object] = {name: getattr(row, name) for name in names} | {"method": Method(row.method)}
    return told | {"code": line.code, "name": line.name, "cash_account": line.place, "reversed": line.reversed}


def refund_whole_out(view: RefundView) -> RefundWholeOut:
    """A repayment with all of it as it is told."""
    line = RefundLine(view.refund, view.party.name, view.party.code, view.place, view.undone is not None)
    undone = view.undone and UndoneOut(
        reason=view.reason,
        recorded_by=view.undone.recorded_by,
        recorded_by_name=view.undone_by,
        recorded_at=view.undone.recorded_at,
    )
    told = {"reference": view.reference, "entry": view.entry.number, "undone": undone}
    return RefundWholeOut.model_validate(_refund(line) | told)


def foreseen_out(preview: Preview) -> ForeseenOut:
    """What would happen, as it is told."""
    return ForeseenOut(sentences=list(preview.sentences), refused=preview.fault)

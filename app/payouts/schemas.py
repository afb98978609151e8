"""Shapes of what is owed to members, of its payment, and of what is asked of both."""

import uuid
from typing import Annotated, Literal

from pydantic import Field

from app.ledgers.methods import Method
from app.payouts.pay_page import Preview
from app.payouts.queries import Line, PaymentLine, PaymentView
from app.payouts.rules import PayOne
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Moment, Shape, Short

MOST = 500


class PayableOut(Shape):
    """What the group owes a member: for which record, since when, and how much is still to be paid."""

    id: uuid.UUID
    member_id: uuid.UUID
    identifier: str
    member: str
    source_kind: str
    source_id: uuid.UUID
    why: str
    reference: str
    owed_on: Day
    amount: Amount
    paid: AmountOrNothing
    open: AmountOrNothing


class PayOneIn(Shape):
    """One thing that is owed; without an amount all that is open of it is paid."""

    payable: uuid.UUID
    amount: Amount | None = None


class PayIn(Shape):
    """What is paid and how; one payment for each member. `overdraft` confirms a cash account below zero."""

    payments: Annotated[list[PayOneIn], Field(min_length=1, max_length=MOST)]
    cash_account: uuid.UUID
    method: Method
    reference: Short | None = None
    on: Day
    overdraft: bool = False


class PayPlanOut(Shape):
    """What paying would do, in sentences, or why it cannot be done."""

    sentences: list[str]
    refused: str | None


class MemberPaymentOut(Shape):
    """Money that reached a member at once."""

    id: uuid.UUID
    member_id: uuid.UUID
    identifier: str
    member: str
    amount: Amount
    cash_account_id: uuid.UUID
    cash_account: str
    method: Method
    reference: str | None
    paid_on: Day
    recorded_at: Moment
    reversed: bool


class PartOut(Shape):
    """How much of a payment was for one thing that was owed."""

    payable_id: uuid.UUID
    why: str
    amount: Amount


class TakenBackOut(Shape):
    """That a payment was reversed; the reason is null once its person was erased."""

    reason: str | None
    recorded_by: uuid.UUID | None
    recorded_by_name: str | None
    recorded_at: Moment


class MemberPaymentWholeOut(MemberPaymentOut):
    """A payment with what it was for and the number of its entry in the books."""

    entry: int
    parts: list[PartOut]
    undone: TakenBackOut | None


class TakeBackIn(Shape):
    """Why a payment is reversed, and when that takes effect: today, or on its own day while that month is open."""

    reason: Long
    when: Literal["today", "original"] = "today"


def payable_out(line: Line) -> PayableOut:
    """A debt as it is told."""
    row = line.standing.payable
    names = ("id", "member_id", "source_kind", "source_id", "owed_on", "amount")
    told = {name: getattr(row, name) for name in names} | {"paid": line.standing.paid, "open": line.standing.open}
    who = {"identifier": line.identifier, "member": line.name, "why": line.why.what, "reference": line.why.reference}
    return PayableOut.model_validate(told | who)


def payment_out(line: PaymentLine) -> MemberPaymentOut:
    """A payment as it is told."""
    return MemberPaymentOut.model_validate(_payment(line))


def _payment(line: PaymentLine) -> dict[str, object]:
    row = line.payment
    names = ("id", "member_id", "amount", "cash_account_id", "reference", "paid_on", "recorded_at")
    told: dict[str, object] = {name: getattr(row, name) for name in names} | {"method": Method(row.method)}
    return told | {
        "identifier": line.identifier,
        "member": line.name,
        "cash_account": line.place,
        "reversed": line.reversed,
    }


def payment_whole_out(view: PaymentView) -> MemberPaymentWholeOut:
    """A payment with all of it as it is told."""
    undone, member = view.undone, view.member
    line = PaymentLine(view.payment, member.display_name, member.identifier, view.place, undone is not None)
    parts = [PartOut(payable_id=one.standing.payable.id, why=one.why.what, amount=amount) for one, amount in view.parts]
    taken_back = undone and TakenBackOut(
        reason=undone.reason,
        recorded_by=undone.row.recorded_by,
        recorded_by_name=undone.by,
        recorded_at=undone.row.recorded_at,
    )
    told = {"entry": view.entry.number, "parts": parts, "undone": taken_back}
    return MemberPaymentWholeOut.model_validate(_payment(line) | told)


def plan_out(preview: Preview) -> PayPlanOut:
    """What would happen, as it is told."""
    return PayPlanOut(sentences=list(preview.sentences), refused=preview.fault)


def parts_in(body: PayIn, lines: dict[uuid.UUID, Line]) -> list[PayOne]:
    """What a body pays of each; `lines` say what is open."""
    return [
        PayOne(one.payable, one.amount if one.amount is not None else lines[one.payable].standing.open)
        for one in body.payments
    ]

"""Shapes of what the savings room answers of payments: lists, one with its parts, what would become of it."""

import uuid
from typing import Any

from app.savings.models import Contribution, HeldReceipt, Payment
from app.savings.queries import HeldLine, PaymentLine, PaymentView
from app.savings.receiving import Preview
from app.savings.rules import ContributionType, Kept, Part, PartKind, PaymentMethod, PenaltyReason, Plan
from app.savings.schemas import PenaltyPartOut, UndoneOut, penalty_part_out, undone_out
from app.web.api.shapes import Amount, AmountOrNothing, Moment, Shape


class PaymentHead(Shape):
    """Money that came in from a member."""

    id: uuid.UUID
    member_id: uuid.UUID
    member: str
    amount: Amount
    paid_at: Moment
    method: PaymentMethod
    reference: str | None
    cash_account_id: uuid.UUID
    recorded_by: uuid.UUID | None
    recorded_at: Moment
    reversed: bool


class PaymentOut(PaymentHead):
    """A payment in a list: how much of it was saved, for which windows, and whether any of it late."""

    saved: AmountOrNothing
    windows: list[str]
    late: bool


class ContributionOut(Shape):
    """The part of a payment that is savings of one window."""

    id: uuid.UUID
    window_id: uuid.UUID
    window: str
    amount: Amount
    type: ContributionType
    days_late: int
    spread: bool


class PenaltyPaidOut(Shape):
    """The part of a payment that pays a penalty."""

    penalty_id: uuid.UUID
    amount: Amount


class HeldPartOut(Shape):
    """The part of a payment that waits unallocated."""

    id: uuid.UUID
    amount: Amount
    kept: Kept


class PaymentWholeOut(PaymentHead):
    """A payment with every part of it: the entries it made by their numbers, and those that undid it."""

    cash_account: str
    recorded_by_name: str | None
    contributions: list[ContributionOut]
    penalties: list[PenaltyPartOut]
    penalty_payments: list[PenaltyPaidOut]
    held: list[HeldPartOut]
    entries: list[int]
    reversing: list[int]
    undone: UndoneOut | None
    replaces: uuid.UUID | None


class HeldOut(HeldPartOut):
    """Money that waits: whose it is, and the payment it is a part of."""

    payment_id: uuid.UUID
    member_id: uuid.UUID
    member: str
    paid_at: Moment


class PartOut(Shape):
    """What a part of a payment would become."""

    kind: PartKind
    amount: Amount
    window: str | None
    days_late: int
    missing: AmountOrNothing
    spread: bool
    reason: PenaltyReason | None
    kept: Kept | None
    penalty_id: uuid.UUID | None


class FeeOut(Shape):
    """A late fee that would be levied beside a payment."""

    amount: Amount
    window: str


class PlanOut(Shape):
    """What would become of a payment, also in sentences; `booked` says on which day when its own month is closed."""

    parts: list[PartOut]
    fee: FeeOut | None
    sentences: list[str]
    booked: str


def payment_out(row: PaymentLine) -> PaymentOut:
    """A payment in a list as it is told."""
    told = {"saved": row.saved, "windows": list(row.windows), "late": row.late}
    return PaymentOut.model_validate(_head(row.payment, row.name, gone=row.reversed) | told)


def _head(row: Payment, name: str, *, gone: bool) -> dict[str, Any]:
    names = ("id", "member_id", "amount", "paid_at", "reference", "cash_account_id", "recorded_by", "recorded_at")
    told = {name: getattr(row, name) for name in names}
    return told | {"member": name, "method": PaymentMethod(row.method), "reversed": gone}


def payment_whole_out(view: PaymentView) -> PaymentWholeOut:
    """A payment with everything of it as it is told."""
    told = {
        "cash_account": view.place,
        "recorded_by_name": view.recorder,
        "contributions": [_contribution(row, name) for row, name in view.contributions],
        "penalties": [penalty_part_out(found) for found in view.penalties],
        "penalty_payments": [PenaltyPaidOut.model_validate(row) for row in view.penalty_payments],
        "held": [HeldPartOut.model_validate(_held(row)) for row in view.held],
        "entries": [entry.number for entry in view.entries],
        "reversing": [entry.number for entry in view.reversing],
        "undone": undone_out(view.undone),
        "replaces": view.replaces,
    }
    head = _head(view.payment, view.member.display_name, gone=view.undone is not None)
    return PaymentWholeOut.model_validate(head | told)


def _contribution(row: Contribution, window: str) -> ContributionOut:
    told = {name: getattr(row, name) for name in ("id", "window_id", "amount", "days_late", "spread")}
    return ContributionOut.model_validate(told | {"window": window, "type": ContributionType(row.type)})


def _held(row: HeldReceipt) -> dict[str, Any]:
    return {"id": row.id, "amount": row.amount, "kept": Kept(row.kept)}


def held_out(line: HeldLine) -> HeldOut:
    """Money that waits as it is told."""
    told = {"payment_id": line.payment.id, "member_id": line.payment.member_id, "paid_at": line.payment.paid_at}
    return HeldOut.model_validate(_held(line.held) | told | {"member": line.name})


def plan_out(found: Preview) -> PlanOut:
    """What would become of a payment as it is told. The windows by name: some would only then be opened."""
    plan: Plan | None = found.plan
    fee = plan.fee if plan else None
    return PlanOut(
        parts=[_part(part) for part in plan.parts] if plan else [],
        fee=FeeOut(amount=fee.amount, window=fee.window.name) if fee else None,
        sentences=[str(sentence) for sentence in found.sentences],
        booked=found.booked,
    )


def _part(part: Part) -> PartOut:
    told = {name: getattr(part, name) for name in PartOut.model_fields}
    return PartOut.model_validate(told | {"window": part.window.name if part.window else None})

"""Paying members and taking a payment back: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.groups.queries import names
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.methods import Method
from app.payouts import queries
from app.payouts.errors import WaitsAlready
from app.payouts.rules import ZERO, PayOne, amounts_of, by_member
from app.payouts.services import pay, refuse_payment, refuse_undoing, reverse_payment
from app.payouts.words import payout_method
from app.web.filters import day, money

PAY, REVERSE = "payouts.pay", "payouts.reversal"
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_pay(
    payments: Sequence[PayOne],
    *,
    cash_account_id: uuid.UUID,
    method: Method,
    reference: str | None = None,
    on: date,
    by: uuid.UUID,
    key: str,
    overdraft: bool = False,
) -> Outcome:
    """Pay what is owed, or ask for it: by what the whole confirmation comes to.

    Raises WaitsAlready for what a second person is asked about already, and what `pay` raises.
    """
    amounts = amounts_of(payments)
    if not queries.payments_under(key):
        open_cash_account(cash_account_id, field="cash_account")
        refuse_asked(payments, on=on, but=key)
    told = {
        "payments": [(payable_id, amount) for payable_id, amount in amounts.items()],
        "cash_account_id": cash_account_id,
        "method": method.value,
        "reference": reference,
        "on": on,
        "overdraft": overdraft,
    }
    return approvals.ask_or_do(PAY, told, amount=sum(amounts.values(), ZERO), on=on, by=by, key=key)


def refuse_asked(payments: Sequence[PayOne], *, on: date, but: str | None = None) -> None:
    """What stands against paying or asking for this. Raises WaitsAlready, and as `refuse_payment` does."""
    refuse_payment(payments, on=on)
    if waiting_for({part.payable_id for part in payments}, but=but):
        raise WaitsAlready


def waiting_for(payable_ids: Collection[uuid.UUID], *, but: str | None = None) -> dict[uuid.UUID, uuid.UUID]:
    """Of these debts, the requests in which they wait for a second person; `but` is the key of one to pass over."""
    asked = [request for request in approvals.waiting() if request.kind == PAY and request.idempotency_key != but]
    return {
        part.payable_id: request.id
        for request in asked
        for part in _payments(approvals.payload_of(request))
        if part.payable_id in payable_ids
    }


def ask_reversal(payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Take a payment back, or ask for it. Raises as `reverse_payment` does."""
    payment = queries.payment_row(payment_id)
    refuse_undoing(payment_id)
    told = {"payment_id": payment_id, "reason": reason, "on": on}
    return approvals.ask_or_do(REVERSE, told, amount=payment.amount, on=on, by=by, key=key)


def _pay(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    made = pay(
        payments=_payments(payload),
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        method=Method(payload["method"]),
        reference=payload["reference"],
        on=date.fromisoformat(payload["on"]),
        by=by,
        key=payload["key"],
        overdraft=bool(payload.get("overdraft")),
    )
    return url_for("payouts.payment", payment_id=made[0].id) if len(made) == 1 else url_for("payouts.payments")


def _payments(payload: Payload) -> list[PayOne]:
    return [PayOne(uuid.UUID(payable_id), Decimal(amount)) for payable_id, amount in payload["payments"]]


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    payment_id = uuid.UUID(payload["payment_id"])
    reverse_payment(payment_id, reason=payload["reason"], on=date.fromisoformat(payload["on"]), by=by)
    return url_for("payouts.payment", payment_id=payment_id)


def _describe_pay(payload: Payload) -> Rows:
    parts = _payments(payload)
    found = queries.standings([part.payable_id for part in parts])
    grouped = by_member((found[part.payable_id].payable.member_id, part) for part in parts)
    known = names(list(grouped))
    rows = [(known.get(who, "?"), money(sum((part.amount for part in own), ZERO))) for who, own in grouped.items()]
    return [
        *rows,
        (_("Paid out of"), cash_account(uuid.UUID(payload["cash_account_id"])).name),
        (_("How"), payout_method(payload["method"])),
        (_("Reference"), payload["reference"] or "–"),
        (_("Paid on"), day(date.fromisoformat(payload["on"]))),
    ]


def _describe_reversal(payload: Payload) -> Rows:
    payment = queries.payment_row(uuid.UUID(payload["payment_id"]))
    return [
        (_("Member"), names([payment.member_id]).get(payment.member_id, "?")),
        (_("Amount"), money(payment.amount)),
        (_("Paid on"), day(payment.paid_on)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


def _paid(payload: Payload) -> set[uuid.UUID]:
    found = queries.standings([part.payable_id for part in _payments(payload)])
    return {standing.payable.member_id for standing in found.values()}


def _whose(payload: Payload) -> set[uuid.UUID]:
    return {queries.payment_row(uuid.UUID(payload["payment_id"])).member_id}


APPROVABLES = {
    PAY: Approvable(_("Payment to members"), _pay, _describe_pay, _paid),
    REVERSE: Approvable(_("Reversal of a payment to a member"), _reverse, _describe_reversal, _whose),
}

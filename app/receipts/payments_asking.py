"""Rent money in and out, and taking it back: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.credits.queries import members_among
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.methods import METHODS, Method
from app.receipts import deposits, deposits_queries, paying, payments_queries
from app.receipts.deposits import MOVES, Move, Moved
from app.receipts.paying import Arrived
from app.registry.queries import named, parties_named
from app.web.filters import day, money

PAY, DEPOSIT, PAY_BACK, DEPOSIT_BACK = (
    "receipts.payment",
    "receipts.deposit",
    "receipts.payment_reversal",
    "receipts.deposit_reversal",
)
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_pay(told: Arrived, *, by: uuid.UUID, overdraft: bool = False) -> Outcome:
    """Take a client's payment, or ask for it. Raises as `paying.pay` does."""
    if payments_queries.payment_under(told.key) is None:
        open_cash_account(told.cash_account_id, field="cash_account")
        paying.refuse_payment(told)
    payload = asdict(told) | {"overdraft": overdraft}
    return approvals.ask_or_do(PAY, payload, amount=told.amount, on=told.on, by=by, key=told.key)


def ask_deposit(told: Moved, *, by: uuid.UUID, overdraft: bool = False) -> Outcome:
    """Receive, give back or keep a deposit, or ask for it. Raises as `deposits.move` does."""
    if deposits_queries.movement_under(told.key) is None:
        deposits.refuse_move(told)
        if told.cash_account_id is not None:
            open_cash_account(told.cash_account_id, field="cash_account")
    payload = asdict(told) | {"overdraft": overdraft}
    return approvals.ask_or_do(DEPOSIT, payload, amount=told.amount, on=told.on, by=by, key=told.key)


def ask_reversal(
    payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Take a payment back, or ask for it. Raises as `paying.reverse_payment` does."""
    row = payments_queries.payment_row(payment_id)
    paying.refuse_undoing(row.id)
    told = {"id": payment_id, "reason": reason, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do(PAY_BACK, told, amount=row.amount, on=on, by=by, key=key)


def ask_deposit_reversal(
    movement_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Take a movement of a deposit back, or ask for it. Raises as `deposits.reverse_move` does."""
    row = deposits_queries.movement_row(movement_id)
    deposits.refuse_undoing(row)
    told = {"id": movement_id, "reason": reason, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do(DEPOSIT_BACK, told, amount=row.amount, on=on, by=by, key=key)


def _arrived(payload: Payload) -> Arrived:
    return Arrived(
        client_id=uuid.UUID(payload["client_id"]),
        amount=Decimal(payload["amount"]),
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        method=Method(payload["method"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        reference=payload["reference"],
    )


def _moved(payload: Payload) -> Moved:
    place, method = payload["cash_account_id"], payload["method"]
    return Moved(
        lease_id=uuid.UUID(payload["lease_id"]),
        kind=Move(payload["kind"]),
        amount=Decimal(payload["amount"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        cash_account_id=uuid.UUID(place) if place else None,
        method=Method(method) if method else None,
        reference=payload["reference"],
        reason=payload["reason"],
    )


def _undoing(payload: Payload, by: uuid.UUID) -> dict[str, Any]:
    on, overdraft = date.fromisoformat(payload["on"]), bool(payload.get("overdraft"))
    return {"reason": payload["reason"], "on": on, "by": by, "overdraft": overdraft}


def _pay(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    made = paying.pay(_arrived(payload), by=by, overdraft=bool(payload.get("overdraft")))
    return url_for("receipts.payment", payment_id=made.id)


def _deposit(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    made = deposits.move(_moved(payload), by=by, overdraft=bool(payload.get("overdraft")))
    return url_for("receipts.deposit_movement", movement_id=made.id)


def _pay_back(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    paying.reverse_payment(uuid.UUID(payload["id"]), **_undoing(payload, by))
    return url_for("receipts.payment", payment_id=payload["id"])


def _deposit_back(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    deposits.reverse_move(uuid.UUID(payload["id"]), **_undoing(payload, by))
    return url_for("receipts.deposit_movement", movement_id=payload["id"])


def _describe_pay(payload: Payload) -> Rows:
    told = _arrived(payload)
    return [
        (_("Client"), named(told.client_id).name),
        (_("Amount"), money(told.amount)),
        (_("Paid into"), cash_account(told.cash_account_id).name),
        (_("How"), METHODS[told.method]),
        (_("Reference"), told.reference or "–"),
        (_("Paid on"), day(told.on)),
    ]


def _describe_deposit(payload: Payload) -> Rows:
    told = _moved(payload)
    line = deposits_queries.lease_line(told.lease_id)
    place = cash_account(told.cash_account_id).name if told.cash_account_id else "–"
    return [
        (_("Client"), line.client.name),
        (_("Unit"), line.unit_code),
        (_("What is done"), MOVES[told.kind]),
        (_("Amount"), money(told.amount)),
        (_("Cash account"), place),
        (_("Why"), told.reason or "–"),
        (_("Day"), day(told.on)),
    ]


def _describe_pay_back(payload: Payload) -> Rows:
    row = payments_queries.payment_row(uuid.UUID(payload["id"]))
    return [(_("Paid on"), day(row.paid_on)), *_because(row.client_id, row.amount, payload)]


def _describe_deposit_back(payload: Payload) -> Rows:
    row = deposits_queries.movement_row(uuid.UUID(payload["id"]))
    return [(_("What was done"), MOVES[Move(row.kind)]), *_because(row.client_id, row.amount, payload)]


def _because(client_id: uuid.UUID, amount: Decimal, payload: Payload) -> Rows:
    return [
        (_("Client"), named(client_id).name),
        (_("Amount"), money(amount)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


def waiting_of(client_id: uuid.UUID, *, but: str) -> list[Arrived]:
    """The payments of a client that wait for approval, the oldest first, without the one of the key `but`."""
    rows = [row for row in approvals.waiting() if row.kind == PAY and row.idempotency_key != but]
    found = [_arrived(payload) for row in rows if (payload := approvals.payload_of(row))]
    return [told for told in found if told.client_id == client_id]


def _titles(payloads: Sequence[Payload]) -> list[Any]:
    whose = [uuid.UUID(payload["client_id"]) for payload in payloads]
    known = parties_named(whose)
    return [_("Rent payment of %(client)s", client=known[one].name) for one in whose]


def _payer(payload: Payload) -> set[uuid.UUID]:
    return members_among([uuid.UUID(payload["client_id"])])


def _whose_deposit(payload: Payload) -> set[uuid.UUID]:
    return members_among([deposits_queries.lease_row(uuid.UUID(payload["lease_id"])).client_id])


def _was_payer(payload: Payload) -> set[uuid.UUID]:
    return members_among([payments_queries.payment_row(uuid.UUID(payload["id"])).client_id])


def _whose_deposit_it_was(payload: Payload) -> set[uuid.UUID]:
    return members_among([deposits_queries.movement_row(uuid.UUID(payload["id"])).client_id])


APPROVABLES = {
    PAY: Approvable(_("Rent payment"), _pay, _describe_pay, _payer, titles=_titles),
    DEPOSIT: Approvable(_("Deposit of a client"), _deposit, _describe_deposit, _whose_deposit),
    PAY_BACK: Approvable(_("Reversal of a rent payment"), _pay_back, _describe_pay_back, _was_payer),
    DEPOSIT_BACK: Approvable(
        _("Reversal of a deposit’s movement"), _deposit_back, _describe_deposit_back, _whose_deposit_it_was
    ),
}

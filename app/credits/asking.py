"""Paying credit back and taking that back: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.credits import queries
from app.credits.services import refund, refuse_refund, refuse_undoing, reverse_refund
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.methods import METHODS, Method
from app.registry.queries import named
from app.web.filters import day, money

REFUND, REVERSE = "credits.refund", "credits.refund_reversal"
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class PayBack:
    """How much of a party's credit is paid back, out of which account, how and when, under the key of the deed."""

    party_id: uuid.UUID
    amount: Decimal
    cash_account_id: uuid.UUID
    method: Method
    on: date
    key: str
    reference: str | None = None


def ask_refund(told: PayBack, *, by: uuid.UUID, overdraft: bool = False) -> Outcome:
    """Pay a credit back, or ask for it. Raises as `refund` does."""
    if queries.refund_under(told.key) is None:
        open_cash_account(told.cash_account_id, field="cash_account")
        refuse_refund(told.party_id, amount=told.amount, on=told.on)
    payload = asdict(told) | {"overdraft": overdraft}
    return approvals.ask_or_do(REFUND, payload, amount=told.amount, on=told.on, by=by, key=told.key)


def ask_reversal(refund_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Take a repayment back, or ask for it. Raises as `reverse_refund` does."""
    row = queries.refund_row(refund_id)
    refuse_undoing(row.id)
    told = {"refund_id": refund_id, "reason": reason, "on": on}
    return approvals.ask_or_do(REVERSE, told, amount=row.amount, on=on, by=by, key=key)


def _told(payload: Payload) -> PayBack:
    return PayBack(
        party_id=uuid.UUID(payload["party_id"]),
        amount=Decimal(payload["amount"]),
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        method=Method(payload["method"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        reference=payload["reference"],
    )


def _refund(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    told = _told(payload)
    made = refund(
        told.party_id,
        amount=told.amount,
        cash_account_id=told.cash_account_id,
        method=told.method,
        reference=told.reference,
        on=told.on,
        by=by,
        key=told.key,
        overdraft=bool(payload.get("overdraft")),
    )
    return url_for("credits.refund", refund_id=made.id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    refund_id = uuid.UUID(payload["refund_id"])
    reverse_refund(refund_id, reason=payload["reason"], on=date.fromisoformat(payload["on"]), by=by)
    return url_for("credits.refund", refund_id=refund_id)


def _describe_refund(payload: Payload) -> Rows:
    told = _told(payload)
    return [
        (_("To"), named(told.party_id).name),
        (_("Amount"), money(told.amount)),
        (_("Paid out of"), cash_account(told.cash_account_id).name),
        (_("How"), METHODS[told.method]),
        (_("Reference"), told.reference or "–"),
        (_("Paid on"), day(told.on)),
    ]


def _describe_reversal(payload: Payload) -> Rows:
    row = queries.refund_row(uuid.UUID(payload["refund_id"]))
    return [
        (_("To"), named(row.party_id).name),
        (_("Amount"), money(row.amount)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


def _paid_to(payload: Payload) -> set[uuid.UUID]:
    return queries.members_among([uuid.UUID(payload["party_id"])])


def _was_paid_to(payload: Payload) -> set[uuid.UUID]:
    return queries.members_among([queries.refund_row(uuid.UUID(payload["refund_id"])).party_id])


APPROVABLES = {
    REFUND: Approvable(_("Credit paid back"), _refund, _describe_refund, _paid_to),
    REVERSE: Approvable(_("Reversal of a credit paid back"), _reverse, _describe_reversal, _was_paid_to),
}

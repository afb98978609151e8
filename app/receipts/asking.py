"""Reversals of receipts as officers ask for them: done, or kept for a second person above the group's threshold."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.core.periods import Month
from app.core.rooms import Approvable
from app.credits.queries import members_among
from app.groups.services.members import lock_group
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.receipts.models import Receipt
from app.receipts.reversing import refuse_undoing, replacement, reverse_receipt
from app.receipts.rules import ZERO
from app.receipts.standing import receipt_row
from app.receipts.words import number_of
from app.registry.queries import parties_named, unit_row
from app.web.filters import day, money, percent
from app.web.filters import month as month_named

REVERSAL = "receipts.reversal"
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_reversal(receipt_id: uuid.UUID, *, reason: str, on: date, replaced: bool, by: uuid.UUID, key: str) -> Outcome:
    """Reverse a receipt, or ask for it: by what all receipts that go are worth. Raises as `reverse_receipt` does."""
    lock_group()
    receipt, instead = refuse_undoing(receipt_id, replaced=replaced)
    amount = sum((one.owed for one in (instead.gone if instead else [receipt])), ZERO)
    told: dict[str, Any] = {"receipt_id": receipt_id, "reason": reason, "on": on, "replaced": replaced}
    return approvals.ask_or_do(REVERSAL, told, amount=amount, on=on, by=by, key=key)


def _carry_out(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:
    receipt_id = uuid.UUID(payload["receipt_id"])
    reverse_receipt(
        receipt_id,
        reason=payload["reason"],
        on=date.fromisoformat(payload["on"]),
        by=by,
        replaced=bool(payload["replaced"]),
        approved_by=approved_by,
    )
    return url_for("receipts.receipt", receipt_id=receipt_id)


def _describe(payload: Payload) -> Rows:
    receipt = receipt_row(uuid.UUID(payload["receipt_id"]))
    known = parties_named([receipt.owner_id, receipt.client_id])
    rows = [
        (_("Receipt"), number_of(receipt)),
        (_("Month"), month_named(Month.parse(receipt.period))),
        (_("Unit"), unit_row(receipt.unit_id).code),
        (_("Owner"), known[receipt.owner_id].name),
        (_("Client"), known[receipt.client_id].name),
        (_("To be paid by the client"), money(receipt.owed)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]
    return [*rows, *_instead(payload, receipt)]


def _instead(payload: Payload, receipt: Receipt) -> Rows:
    if not payload["replaced"]:
        return []
    try:
        found = replacement(receipt)
    except DomainError as refusal:  # things have moved since it was asked: whoever approves is refused likewise
        return [(_("Now"), str(refusal))]
    told = [f"{money(due.owed)} ({percent(due.percent)})" for due in found.plan.dues]
    return [(_("In its place"), gettext("%(amounts)s, as assignments and lease are now", amounts=", ".join(told)))]


def _whose(payload: Payload) -> set[uuid.UUID]:
    """Who owns it and who pays it."""
    receipt = receipt_row(uuid.UUID(payload["receipt_id"]))
    return members_among([receipt.owner_id, receipt.client_id])


APPROVABLES = {REVERSAL: Approvable(_("Reversal of a receipt"), _carry_out, _describe, concerns=_whose)}

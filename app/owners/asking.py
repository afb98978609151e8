"""Paying owners and taking a payout back: done at once, or asked of a second person above the threshold."""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.credits.queries import members_among
from app.credits.rules import ZERO
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.methods import METHODS, Method
from app.owners import queries
from app.owners.errors import PayoutChanged, PayoutWaits
from app.owners.received import Due
from app.owners.services import Run, pay_out, refuse_run, refuse_undoing, reverse_payout
from app.registry.queries import named, parties_named
from app.web.filters import day, money

PAY, REVERSE = "owners.payout", "owners.payout_reversal"
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]
MOST_NAMED = 20


def mark_of(found: Sequence[Due]) -> str:
    """Stands for exactly these amounts: what was received or paid out in between changes it."""
    told = ";".join(f"{one.owner.id}:{one.amount:f}" for one in found)
    return hashlib.sha256(told.encode()).hexdigest()


def ask_pay(told: Run, *, by: uuid.UUID, overdraft: bool = False, seen: str | None = None) -> Outcome:
    """Pay owners, or ask for it: by what the whole run comes to. `seen` is the mark of what the officer looked at.

    Raises PayoutWaits, PayoutChanged, and what `pay_out` raises.
    """
    if (done := queries.run_under(told.key)) is None:
        open_cash_account(told.cash_account_id, field="cash_account")
        found = refuse_asked(told.owner_ids, on=told.on, but=told.key)
        if seen is not None and seen != mark_of(found):
            raise PayoutChanged
        amounts = {one.owner.id: one.amount for one in found}
    else:
        amounts = {line.owner.id: line.payout.amount for line in queries.run_view(done.id).lines}
    payload = asdict(told) | {"owner_ids": sorted(told.owner_ids), "overdraft": overdraft}
    payload["amounts"] = [(owner_id, amounts[owner_id]) for owner_id in amounts]
    total = sum(amounts.values(), ZERO)
    return approvals.ask_or_do(PAY, payload, amount=total, on=told.on, by=by, key=told.key)


def refuse_asked(owner_ids: Collection[uuid.UUID], *, on: date, but: str | None = None) -> list[Due]:
    """What these owners are to be paid. Raises PayoutWaits, and as `refuse_run` does."""
    found = refuse_run(owner_ids, on=on)
    waits = waiting_for(owner_ids, but=but)
    for one in found:
        if one.owner.id in waits:
            raise PayoutWaits(name=one.owner.name)
    return found


def waiting_for(owner_ids: Collection[uuid.UUID], *, but: str | None = None) -> dict[uuid.UUID, uuid.UUID]:
    """Of these owners, the requests in which a payout to them waits; `but` is the key of one to pass over."""
    asked = [request for request in approvals.waiting() if request.kind == PAY and request.idempotency_key != but]
    return {
        owner_id: request.id
        for request in asked
        for owner_id in _run(approvals.payload_of(request)).owner_ids
        if owner_id in owner_ids
    }


def ask_reversal(payout_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Take a payout back, or ask for it. Raises as `reverse_payout` does."""
    row = queries.payout_row(payout_id)
    refuse_undoing(row.id)
    told = {"payout_id": payout_id, "reason": reason, "on": on}
    return approvals.ask_or_do(REVERSE, told, amount=row.amount, on=on, by=by, key=key)


def _run(payload: Payload) -> Run:
    return Run(
        owner_ids=[uuid.UUID(str(one)) for one in payload["owner_ids"]],
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        method=Method(payload["method"]),
        on=date.fromisoformat(payload["on"]),
        key=payload["key"],
        reference=payload["reference"],
    )


def _pay(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    told, asked = _run(payload), {uuid.UUID(id_): Decimal(amount) for id_, amount in payload["amounts"]}
    if queries.run_under(told.key) is None:
        found = {one.owner.id: one.amount for one in refuse_run(told.owner_ids, on=told.on)}
        if found != asked:  # a second person approves amounts, not whatever has come in since
            raise PayoutChanged
    return url_for("owners.run", run_id=pay_out(told, by=by, overdraft=bool(payload.get("overdraft"))).id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    payout_id = uuid.UUID(payload["payout_id"])
    reverse_payout(payout_id, reason=payload["reason"], on=date.fromisoformat(payload["on"]), by=by)
    return url_for("owners.payout", payout_id=payout_id)


def _describe_pay(payload: Payload) -> Rows:
    told = _run(payload)
    known = parties_named(told.owner_ids)
    amounts = [(uuid.UUID(id_), Decimal(amount)) for id_, amount in payload["amounts"]]
    rows = [(known[id_].name, money(amount)) for id_, amount in amounts[:MOST_NAMED] if id_ in known]
    return [
        *rows,
        (_("Owners"), str(len(amounts))),
        (_("In all"), money(sum((amount for _id, amount in amounts), ZERO))),
        (_("Paid out of"), cash_account(told.cash_account_id).name),
        (_("How"), METHODS[told.method]),
        (_("Reference"), told.reference or "–"),
        (_("Paid on"), day(told.on)),
    ]


def _describe_reversal(payload: Payload) -> Rows:
    row = queries.payout_row(uuid.UUID(payload["payout_id"]))
    return [
        (_("Owner"), named(row.owner_id).name),
        (_("Amount"), money(row.amount)),
        (_("Takes effect on"), day(date.fromisoformat(payload["on"]))),
        (_("Why"), payload["reason"]),
    ]


def _paid_to(payload: Payload) -> set[uuid.UUID]:
    return members_among(_run(payload).owner_ids)


def _was_paid_to(payload: Payload) -> set[uuid.UUID]:
    return members_among([queries.payout_row(uuid.UUID(payload["payout_id"])).owner_id])


APPROVABLES = {
    PAY: Approvable(_("Payment to owners"), _pay, _describe_pay, _paid_to),
    REVERSE: Approvable(_("Reversal of a payment to an owner"), _reverse, _describe_reversal, _was_paid_to),
}

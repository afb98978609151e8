"""Money of dues: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.credits.queries import members_among
from app.dues import approving, paying, settling, undoing
from app.dues.errors import AlreadyReversed
from app.dues.offering import total_of
from app.dues.paying import Money
from app.dues.queries import charge_lines
from app.dues.rules import State
from app.dues.standing import payment_row, reversal_of, run_of, settlement_row, standing_of
from app.dues.steps import require
from app.dues.undoing import Undoing
from app.dues.words import charge_word, period_word
from app.groups.queries import group
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account
from app.ledgers.methods import METHODS, Method
from app.notifications.services import path_to
from app.registry.queries import named
from app.web.filters import day, money

PAY, WRITE_OFF = "dues.pay", "dues.write_off"
UNDO_PAYMENT, UNDO_CHARGE = "dues.payment_reversal", "dues.charge_reversal"
UNDO_RUN, UNDO_WRITE_OFF = "dues.run_reversal", "dues.write_off_reversal"
Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_pay(told: Money, *, by: uuid.UUID, key: str) -> Outcome:
    """Record a payment of dues, or ask for it. Raises as `paying.pay` does."""
    paying.refuse(told)
    return approvals.ask_or_do(PAY, asdict(told), amount=told.amount, on=told.on, by=by, key=key)


def ask_write_off(charge_id: uuid.UUID, *, amount: Decimal, reason: str, on: date, by: uuid.UUID, key: str) -> Outcome:
    """Give up a charge, or ask for it. Raises as `settling.write_off` does."""
    told = {"charge_id": charge_id, "amount": amount, "reason": reason, "on": on}
    return approvals.ask_or_do(WRITE_OFF, told, amount=amount, on=on, by=by, key=key)


def ask_undo(kind: str, record_id: uuid.UUID, told: Undoing, *, key: str, overdraft: bool = False) -> Outcome:
    """Take something back, or ask for it. Raises AlreadyReversed, WrongState, and what the verb raises."""
    payload = {"id": record_id, "reason": told.reason, "on": told.on, "overdraft": overdraft}
    amount = _amount_of(kind, record_id)
    return approvals.ask_or_do(kind, payload, amount=amount, on=told.on, by=told.by, key=key)


def _amount_of(kind: str, record_id: uuid.UUID) -> Decimal:
    if kind == UNDO_PAYMENT:
        paying.refuse_undoing(record_id)
        return payment_row(record_id).amount
    if kind == UNDO_RUN:
        return total_of(require(run_of(record_id), State.POSTED))
    if kind == UNDO_WRITE_OFF:
        if reversal_of("dues_settlement", record_id):
            raise AlreadyReversed
        return settlement_row(record_id).amount
    found = standing_of(record_id)
    if found.undone:
        raise AlreadyReversed
    return found.charge.amount


def _path(endpoint: str, **values: uuid.UUID) -> str:
    return path_to(endpoint, slug=group().slug, **values)


def _money(payload: Payload) -> Money:
    return Money(
        party_id=uuid.UUID(payload["party_id"]),
        amount=Decimal(payload["amount"]),
        cash_account_id=uuid.UUID(payload["cash_account_id"]),
        method=Method(payload["method"]),
        on=date.fromisoformat(payload["on"]),
        reference=payload["reference"],
    )


def _pay(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    row = paying.pay(_money(payload), by=by, key=payload["key"])
    return _path("dues.payment", dues_payment_id=row.id)


def _write_off(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    charge_id, on = uuid.UUID(payload["charge_id"]), date.fromisoformat(payload["on"])
    told = {"amount": Decimal(payload["amount"]), "reason": payload["reason"], "on": on}
    settling.write_off(charge_id, by=by, key=payload["key"], **told)
    return _path("dues.charge", charge_id=charge_id)


def _undoing(payload: Payload, by: uuid.UUID) -> tuple[uuid.UUID, Undoing]:
    told = Undoing(payload["reason"], date.fromisoformat(payload["on"]), by)
    return uuid.UUID(payload["id"]), told


def _undo_payment(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    payment_id, told = _undoing(payload, by)
    overdraft = bool(payload.get("overdraft"))
    paying.reverse_payment(payment_id, reason=told.reason, on=told.on, by=by, overdraft=overdraft)
    return _path("dues.payment", dues_payment_id=payment_id)


def _undo_charge(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    charge_id, told = _undoing(payload, by)
    undoing.reverse_charge(charge_id, told)
    return _path("dues.charge", charge_id=charge_id)


def _undo_run(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    event_id, told = _undoing(payload, by)
    undoing.reverse_run(event_id, told)
    return _path("dues.run", assessment_id=event_id)


def _undo_write_off(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    settlement_id, told = _undoing(payload, by)
    undoing.reverse_settlement(settlement_id, told)
    return _path("dues.party", party_id=settlement_row(settlement_id).party_id)


def _describe_pay(payload: Payload) -> Rows:
    told = _money(payload)
    return [
        (_("Party"), named(told.party_id).name),
        (_("Amount"), money(told.amount)),
        (_("Received in"), cash_account(told.cash_account_id).name),
        (_("How"), METHODS[told.method]),
        (_("Reference"), told.reference or "–"),
        (_("Paid on"), day(told.on)),
    ]


def _of_charge(charge_id: uuid.UUID) -> Rows:
    line = charge_lines([charge_id])[charge_id]
    return [
        (_("Party"), line.party.name),
        (_("Levy"), charge_word(line.standing.charge.kind, line.levy)),
        (_("Period"), period_word(line.slot, line.first_on)),
        (_("Charged"), money(line.standing.charge.amount)),
    ]


def _describe_write_off(payload: Payload) -> Rows:
    given_up = (_("Written off"), money(Decimal(payload["amount"])))
    return [*_of_charge(uuid.UUID(payload["charge_id"])), given_up, (_("Why"), payload["reason"])]


def _why(payload: Payload) -> Rows:
    on = date.fromisoformat(payload["on"])
    return [(_("Takes effect on"), day(on)), (_("Why"), payload["reason"])]


def _describe_undo_payment(payload: Payload) -> Rows:
    row = payment_row(uuid.UUID(payload["id"]))
    return [(_("Party"), named(row.party_id).name), (_("Amount"), money(row.amount)), *_why(payload)]


def _describe_undo_charge(payload: Payload) -> Rows:
    return [*_of_charge(uuid.UUID(payload["id"])), *_why(payload)]


def _describe_undo_run(payload: Payload) -> Rows:
    run = run_of(uuid.UUID(payload["id"]))
    period = period_word(run.event.slot, run.event.first_on)
    levied = (_("Levied"), money(total_of(run)))
    return [(_("Levy"), run.config.name), (_("Period"), period), levied, *_why(payload)]


def _describe_undo_write_off(payload: Payload) -> Rows:
    row = settlement_row(uuid.UUID(payload["id"]))
    return [(_("Party"), named(row.party_id).name), (_("Amount"), money(row.amount)), *_why(payload)]


def _payer(payload: Payload) -> set[uuid.UUID]:
    return members_among([uuid.UUID(payload["party_id"])])


def _let_off(payload: Payload) -> set[uuid.UUID]:
    return members_among([standing_of(uuid.UUID(payload["charge_id"])).charge.party_id])


def _was_payer(payload: Payload) -> set[uuid.UUID]:
    return members_among([payment_row(uuid.UUID(payload["id"])).party_id])


def _charged(payload: Payload) -> set[uuid.UUID]:
    return members_among([standing_of(uuid.UUID(payload["id"])).charge.party_id])


def _was_let_off(payload: Payload) -> set[uuid.UUID]:
    return members_among([settlement_row(uuid.UUID(payload["id"])).party_id])


# A whole run, and taking it back, is everybody's and so nobody's own.
APPROVABLES = {
    **approving.APPROVABLES,
    PAY: Approvable(_("Payment of dues"), _pay, _describe_pay, _payer),
    WRITE_OFF: Approvable(_("Dues written off"), _write_off, _describe_write_off, _let_off),
    UNDO_PAYMENT: Approvable(_("Reversal of a payment of dues"), _undo_payment, _describe_undo_payment, _was_payer),
    UNDO_CHARGE: Approvable(_("Reversal of a charge of dues"), _undo_charge, _describe_undo_charge, _charged),
    UNDO_RUN: Approvable(_("Reversal of a run of dues"), _undo_run, _describe_undo_run),
    UNDO_WRITE_OFF: Approvable(_("Reversal of a write-off"), _undo_write_off, _describe_undo_write_off, _was_let_off),
}

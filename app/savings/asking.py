"""Giving money back and undoing what was recorded: done at once, or asked of a second person above the threshold."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.core.rooms import Approvable
from app.groups.queries import names
from app.ledgers import approvals
from app.ledgers.approvals import Outcome
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.entries import debits
from app.ledgers.words import entry_kind
from app.savings.approvables import Batch, concerned, rows_of, values_of
from app.savings.held import refuse_ended, return_held
from app.savings.lookups import held_receipt_row, payment_row, penalty_row, waiver_row
from app.savings.planning import Receipt
from app.savings.recording import paid_under
from app.savings.records import PAGES
from app.savings.reversing import (
    entries_behind,
    refuse_undoing,
    replace_payment,
    reverse_payment,
    reverse_penalty,
    reverse_waiver,
)
from app.web.filters import day, money

Payload = Mapping[str, Any]
Rows = Sequence[tuple[Any, Any]]


def ask_return(
    held_id: uuid.UUID, *, cash_account_id: uuid.UUID, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Give a held receipt back to the member, or ask for it. Raises as `return_held` does."""
    held = held_receipt_row(held_id)
    refuse_ended(held_id)
    open_cash_account(cash_account_id, field="cash_account")
    told = {"held_id": held_id, "cash_account_id": cash_account_id, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do("savings.return", told, amount=held.amount, on=on, by=by, key=key)


def ask_reversal(
    kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str, overdraft: bool = False
) -> Outcome:
    """Undo a payment, a penalty or a penalty_waiver, or ask for it: by the debits of all that came of it.

    Raises as the verbs of `reversing` do.
    """
    refuse_undoing(kind, record_id)
    told = {"kind": kind, "record_id": record_id, "reason": reason, "on": on, "overdraft": overdraft}
    return approvals.ask_or_do("savings.reversal", told, amount=_size(kind, record_id), on=on, by=by, key=key)


def ask_replacement(
    payment_id: uuid.UUID, receipt: Receipt, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> Outcome:
    """Put a payment right, or ask for it: by the larger of what is undone and what takes its place.

    Raises as `replace_payment` does.
    """
    if receipt.key not in paid_under([receipt]):
        refuse_undoing("payment", payment_id)
    told = {
        "payment_id": payment_id,
        "receipt": asdict(receipt),
        "reason": reason,
        "on": on,
        "overdraft": overdraft,
    }
    amount = max(_size("payment", payment_id), receipt.amount)
    return approvals.ask_or_do("savings.replacement", told, amount=amount, on=on, by=by, key=receipt.key)


def _size(kind: str, record_id: uuid.UUID) -> Decimal:
    return sum((debits(entry.postings) for entry in entries_behind(kind, record_id)), Decimal(0))


def _return(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    account, on = uuid.UUID(payload["cash_account_id"]), date.fromisoformat(payload["on"])
    overdraft = bool(payload.get("overdraft"))
    made = return_held(uuid.UUID(payload["held_id"]), cash_account_id=account, on=on, by=by, overdraft=overdraft)
    return PAGES["held_receipt_end"](made.id)


def _reverse(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    kind, record_id, told = payload["kind"], uuid.UUID(payload["record_id"]), _undoing(payload, by)
    if kind == "payment":
        reverse_payment(record_id, overdraft=bool(payload.get("overdraft")), **told)
    elif kind == "penalty":
        reverse_penalty(record_id, **told)
    else:
        reverse_waiver(record_id, **told)
    return PAGES[kind](record_id)


def _replace(payload: Payload, by: uuid.UUID, approved_by: uuid.UUID | None) -> str:  # noqa: ARG001
    wrong, overdraft = uuid.UUID(payload["payment_id"]), bool(payload.get("overdraft"))
    right = replace_payment(wrong, _receipt(payload), overdraft=overdraft, **_undoing(payload, by))
    return PAGES["payment"](right.id)


def _receipt(payload: Payload) -> Receipt:
    return Receipt(**values_of(Receipt, payload["receipt"]))


def _undoing(payload: Payload, by: uuid.UUID) -> dict[str, Any]:
    return {"reason": payload["reason"], "on": date.fromisoformat(payload["on"]), "by": by}


def _describe_return(payload: Payload) -> Rows:
    held = held_receipt_row(uuid.UUID(payload["held_id"]))
    return [
        (_("Member"), _name(held.member_id)),
        (_("Amount"), money(held.amount)),
        (_("Paid out of"), cash_account(uuid.UUID(payload["cash_account_id"])).name),
        (_("Day"), day(date.fromisoformat(payload["on"]))),
    ]


def _describe_reversal(payload: Payload) -> Rows:
    return [*_undone(payload["kind"], uuid.UUID(payload["record_id"])), *_because(payload)]


def _describe_replacement(payload: Payload) -> Rows:
    instead = rows_of(Batch(receipts=[_receipt(payload)]))
    return [
        *_undone("payment", uuid.UUID(payload["payment_id"])),
        (_("In its place"), ""),
        *instead,
        *_because(payload),
    ]


def _undone(kind: str, record_id: uuid.UUID) -> Rows:
    rows: list[tuple[Any, Any]] = [(_("Member"), _name(_member_of(kind, record_id)))]
    for entry in entries_behind(kind, record_id):
        told = {
            "number": entry.number,
            "day": day(entry.effective_on),
            "kind": entry_kind(entry.kind),
            "amount": money(debits(entry.postings)),
        }
        rows.append((_("Undone"), gettext("Entry %(number)s of %(day)s: %(kind)s, %(amount)s", **told)))
    return rows


def _member_of(kind: str, record_id: uuid.UUID) -> uuid.UUID:
    if kind == "payment":
        return payment_row(record_id).member_id
    return penalty_row(record_id if kind == "penalty" else waiver_row(record_id).penalty_id).member_id


def _name(member_id: uuid.UUID) -> str:
    return names([member_id]).get(member_id, "?")


def _because(payload: Payload) -> Rows:
    return [(_("Takes effect on"), day(date.fromisoformat(payload["on"]))), (_("Why"), payload["reason"])]


def _given_back_to(payload: Payload) -> set[uuid.UUID]:
    return {held_receipt_row(uuid.UUID(payload["held_id"])).member_id}


def _undone_for(payload: Payload) -> set[uuid.UUID]:
    return {_member_of(payload["kind"], uuid.UUID(payload["record_id"]))}


def _put_right_for(payload: Payload) -> set[uuid.UUID]:
    return {_member_of("payment", uuid.UUID(payload["payment_id"])), *concerned(Batch(receipts=[_receipt(payload)]))}


_RETURNED, _REVERSED = _("Money given back to a member"), _("Reversal of what a member paid or owed")
APPROVABLES = {
    "savings.return": Approvable(_RETURNED, _return, _describe_return, _given_back_to),
    "savings.reversal": Approvable(_REVERSED, _reverse, _describe_reversal, _undone_for),
    "savings.replacement": Approvable(_("Payment put right"), _replace, _describe_replacement, _put_right_for),
}

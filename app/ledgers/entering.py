"""From a valid form to its verb: what the views of this room call, so that they stay a parse and an answer."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.ledgers import approvals, asking, cash
from app.ledgers.approvables import account_named
from app.ledgers.approvals import Outcome
from app.ledgers.asking import Asked
from app.ledgers.books import Posted
from app.ledgers.errors import ReasonMissing
from app.ledgers.forms import (
    CashAccountForm,
    CashEntryForm,
    CorrectionForm,
    DecisionForm,
    ManualForm,
    MovementForm,
    OpeningForm,
    ReversalForm,
    TransferForm,
)
from app.ledgers.models import ApprovalRequest, CashAccount, Entry
from app.ledgers.picking import account_typed, suggestions
from app.ledgers.queries import accounts_by_hand, owner_names
from app.web.pages import go


def led(outcome: Outcome, done: str) -> Response:
    """Lead on to what was made, or to the request that now waits for a second person."""
    if outcome.waits:
        url = url_for("ledgers.approval", request_id=outcome.request_id)
        return go(url, toast=("info", _("A second person must approve it first.")))
    return go(outcome.url or url_for("ledgers.entries"), toast=done)


def _asked(form: MovementForm) -> Asked:
    return Asked(form.day, g.member.id, form.key, form.note.data, bool(form.overdraft.data))


def ask_transfer(form: TransferForm) -> Outcome:
    """Transfer, or ask for it."""
    source, target = uuid.UUID(form.source.data), uuid.UUID(form.target.data)
    return asking.transfer(_asked(form), source=source, target=target, amount=form.amount.amount or Decimal(0))


def ask_cash_entry(form: CashEntryForm) -> Outcome:
    """Book an expense or an income, or ask for it."""
    return asking.cash_entry(
        _asked(form),
        cash_account=uuid.UUID(form.cash_account.data),
        category=account_named(form.category.data),
        amount=form.amount.amount or Decimal(0),
    )


def ask_manual(form: ManualForm) -> Outcome:
    """Enter by hand, or ask for it."""
    return asking.manual(_asked(form), lines=form.hand_lines())


def ask_correction(entry: Entry, form: CorrectionForm) -> Outcome:
    """Put right what was entered by hand, or ask for it."""
    return asking.correction(_asked(form), entry, lines=form.hand_lines(), reason=form.reason.data or "")


def ask_reversal(entry: Entry, form: ReversalForm) -> Outcome:
    """Undo an entry, today or on its own day, or ask for it. Raises UnknownReplacement, and what stands against it."""
    return asking.reversal(
        entry,
        reason=form.reason.data or "",
        on_its_day=form.when.data == "original",
        replacement=form.replacement.data,
        by=g.member.id,
        key=form.key,
        overdraft=bool(form.overdraft.data),
    )


def open_with(form: OpeningForm) -> list[Posted]:
    """Bring in what an account held before."""
    known = accounts_by_hand()
    wanted = account_typed(form.account.data, known, owner_names(known))
    amount = form.amount.amount or Decimal(0)
    return asking.opening([(wanted, amount)], on=form.day, by=g.member.id, key=form.key)


def as_typed(entry: Entry) -> dict[str, Any]:
    """The lines of an entry as the form shows them."""
    known = accounts_by_hand()
    offered = suggestions(known, owner_names(known))
    lines = [
        {
            "account": offered.get(line.account_id, line.account.label),
            "debit": line.amount if line.amount > 0 else None,
            "credit": -line.amount if line.amount < 0 else None,
        }
        for line in entry.postings
    ]
    return {"lines": lines, "on": entry.effective_on}


def reject(asked: ApprovalRequest, form: DecisionForm) -> None:
    """Refuse a request. Raises ReasonMissing: whoever asked wants to know."""
    if not (form.reason.data or "").strip():
        raise ReasonMissing(field="reason")
    approvals.reject(asked, by=g.member.id, reason=form.reason.data or "")


def titles_of(asked: Sequence[ApprovalRequest]) -> Mapping[uuid.UUID, Any]:
    """What the list calls each request: by whom it is about where its kind says so, else by its kind."""
    found: dict[uuid.UUID, Any] = {row.id: approvals.approvable(row.kind).label for row in asked}
    for kind in {row.kind for row in asked}:
        if titles := approvals.approvable(kind).titles:
            opened = {row.id: approvals.payload_of(row) for row in asked if row.kind == kind}
            told = {id_: payload for id_, payload in opened.items() if payload}
            found |= zip(told, titles([*told.values()]), strict=True)
    return found


def add_cash_account(form: CashAccountForm) -> None:
    """Open a cash account."""
    cash.add_cash_account(
        name=form.name.data or "", method=form.method.data, number=form.number.data or None, by=g.member.id
    )


def change_cash_account(row: CashAccount, form: CashAccountForm) -> None:
    """Rename it or correct its number."""
    number = form.number.data or None
    cash.change_cash_account(row, name=form.name.data or "", method=form.method.data, number=number, by=g.member.id)

"""From a valid form to its verb: what the views of this room call, so that they stay a parse and an answer."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.services.members import lock_group
from app.ledgers import approvals, cash, entries
from app.ledgers.approvals import Outcome
from app.ledgers.books import Posted
from app.ledgers.chart import Account
from app.ledgers.entries import HandLine
from app.ledgers.errors import NoSuchEntry, ReasonMissing, UnknownReplacement
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
from app.ledgers.heads import today
from app.ledgers.models import ApprovalRequest, CashAccount, Entry
from app.ledgers.once import posted_once
from app.ledgers.picking import account_typed, suggestions
from app.ledgers.queries import accounts_by_hand, entry_numbered, owner_names
from app.web.pages import go


def led(outcome: Outcome, done: str) -> Response:
    """Lead on to what was made, or to the request that now waits for a second person."""
    if outcome.waits:
        url = url_for("ledgers.approval", request_id=outcome.request_id)
        return go(url, toast=("info", _("It is above the threshold: a second person must approve it.")))
    return go(outcome.url or url_for("ledgers.entries"), toast=done)


def _ask(kind: str, form: MovementForm, amount: Decimal, **payload: Any) -> Outcome:
    told = payload | {"on": form.day, "note": form.note.data, "overdraft": form.overdraft.data, "amount": amount}
    return approvals.ask_or_do(kind, told, amount=amount, on=form.day, by=g.member.id, key=form.key)


def ask_transfer(form: TransferForm) -> Outcome:
    """Transfer, or ask for it."""
    return _ask("transfer", form, form.amount.amount or Decimal(0), source=form.source.data, target=form.target.data)


def ask_cash_entry(form: CashEntryForm) -> Outcome:
    """Book an expense or an income, or ask for it."""
    amount = form.amount.amount or Decimal(0)
    return _ask("cash_entry", form, amount, cash_account=form.cash_account.data, category=form.category.data)


def ask_manual(form: ManualForm) -> Outcome:
    """Enter by hand, or ask for it. Checked first, so that nobody is asked about what cannot be booked."""
    lines = form.hand_lines()
    entries.manual_draft(lines=lines, on=form.day, note=None, key=form.key)
    return _ask("manual_entry", form, entries.debits(lines), lines=_told(lines))


def _told(lines: Sequence[HandLine]) -> list[tuple[object, Decimal]]:
    return [(line.account.kind if isinstance(line.account, Account) else line.account, line.amount) for line in lines]


def ask_correction(entry: Entry, form: CorrectionForm) -> Outcome:
    """Put right what was entered by hand, or ask for it: by the larger of what is undone and what takes its place."""
    lines = form.hand_lines()
    lock_group()  # it comes before the books
    if not posted_once([entries.manual_draft(lines=lines, on=form.day, note=form.reason.data, key=form.key)]):
        entries.refuse_reversal(entry)
    told = {
        "number": entry.number,
        "lines": _told(lines),
        "on": form.day,
        "reason": form.reason.data,
        "overdraft": form.overdraft.data,
    }
    amount = max(entries.debits(entry.postings), entries.debits(lines))
    return approvals.ask_or_do("correction", told, amount=amount, on=form.day, by=g.member.id, key=form.key)


def ask_reversal(entry: Entry, form: ReversalForm) -> Outcome:
    """Undo an entry, today or on its own day, or ask for it. Raises UnknownReplacement, and what stands against it."""
    entries.refuse_reversal(entry)
    on = entry.effective_on if form.when.data == "original" else today()
    told = {
        "number": entry.number,
        "on": on,
        "reason": form.reason.data,
        "replacement": _replacement(form.replacement.data),
        "overdraft": form.overdraft.data,
    }
    amount = entries.debits(entry.postings)
    return approvals.ask_or_do("reversal", told, amount=amount, on=on, by=g.member.id, key=form.key)


def _replacement(number: int | None) -> uuid.UUID | None:
    if number is None:
        return None
    try:
        return entry_numbered(number).id
    except NoSuchEntry:
        raise UnknownReplacement(field="replacement") from None


def open_with(form: OpeningForm) -> list[Posted]:
    """Bring in what an account held before."""
    known = accounts_by_hand()
    wanted = account_typed(form.account.data, known, owner_names(known))
    amount = form.amount.amount or Decimal(0)
    return entries.opening_balances([(wanted, amount)], on=form.day, by=g.member.id, key=form.key)


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


def add_cash_account(form: CashAccountForm) -> None:
    """Open a cash account."""
    cash.add_cash_account(
        name=form.name.data or "", method=form.method.data, number=form.number.data or None, by=g.member.id
    )


def change_cash_account(row: CashAccount, form: CashAccountForm) -> None:
    """Rename it or correct its number."""
    number = form.number.data or None
    cash.change_cash_account(row, name=form.name.data or "", method=form.method.data, number=number, by=g.member.id)

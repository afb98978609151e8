"""Shapes of what the books answer: accounts, balances, entries."""

import uuid
from decimal import Decimal
from typing import Any, Literal

from app.ledgers.balances import AccountAmount
from app.ledgers.chart import AccountType, PostingKind
from app.ledgers.lists import EntryRow, Movement
from app.ledgers.models import Account, ApprovalDecision, Entry, Posting
from app.ledgers.queries import EntryView
from app.ledgers.verification import verify_url
from app.ledgers.words import Branch
from app.web.api.shapes import Amount, Balance, Day, Moment, Shape


class TotalOut(Shape):
    """The balance of an account, or of all accounts of a kind that people own: then `account_id` is null.

    Balances are positive on the side where such accounts grow.
    """

    kind: str
    account_id: uuid.UUID | None
    code: str
    name: str
    accounts: int
    balance: Balance


class BranchOut(Shape):
    """All accounts of a type, and what they come to."""

    type: AccountType
    balance: Balance
    accounts: list[TotalOut]


class BalanceOut(Shape):
    """An account with its balance, positive on the side where it grows."""

    account_id: uuid.UUID
    code: str
    name: str
    kind: str
    type: AccountType
    owner_kind: str | None
    owner_id: uuid.UUID | None
    balance: Balance


class AccountOut(BalanceOut):
    """The same with the name of the member whose it is, and how much of it is held now."""

    owner: str | None
    held: Balance


class MovementOut(Shape):
    """What an entry did to an account, and the balance after it, both positive on the side where it grows."""

    entry: int
    kind: PostingKind
    day: Day
    amount: Balance
    balance: Balance
    against: list[uuid.UUID]


class EntryRowOut(Shape):
    """An entry in a list; `amount` is the sum of its debits, `about` names the members whose accounts it moved."""

    id: uuid.UUID
    number: int
    kind: PostingKind
    day: Day
    recorded_at: Moment
    recorded_by: uuid.UUID | None
    amount: Balance
    about: list[str]
    reversed_by: int | None


class LineOut(Shape):
    """A line of an entry: a debit or a credit."""

    account_id: uuid.UUID
    code: str
    account: str
    owner: str | None
    debit: Amount | None
    credit: Amount | None


class DecisionOut(Shape):
    """What became of a request for a second person; `unchecked` was booked since there was nobody else."""

    approval_id: uuid.UUID
    decision: Literal["approved", "rejected", "withdrawn", "unchecked"]
    requested_by: uuid.UUID
    decided_by: uuid.UUID
    decided_at: Moment


class EntryOut(Shape):
    """An entry whole: its lines, who and when, what it undoes or is undone by, and how anyone may check it."""

    id: uuid.UUID
    number: int
    kind: PostingKind
    day: Day
    recorded_at: Moment
    recorded_by: uuid.UUID | None
    recorded_by_name: str | None
    note: str | None
    note_erased: bool
    lines: list[LineOut]
    source_kind: str | None
    source_id: uuid.UUID | None
    reverses: int | None
    reversed_by: int | None
    replacement: int | None
    replaces: list[int]
    approval: DecisionOut | None
    previous_hash: str
    hash: str
    verify_url: str


def branch_out(branch: Branch) -> BranchOut:
    """A branch of the chart as it is told."""
    names = ("kind", "account_id", "code", "name", "accounts")
    totals = [
        TotalOut.model_validate({name: getattr(total, name) for name in names} | {"balance": total.natural})
        for total in branch.totals
    ]
    return BranchOut(type=branch.totals[0].type, balance=branch.sum, accounts=totals)


def balance_out(row: AccountAmount) -> BalanceOut:
    """An account in a list as it is told."""
    return BalanceOut.model_validate(_account(row.account, row.balance))


def account_out(account: Account, *, balance: Decimal, held: Decimal, owner: str | None) -> AccountOut:
    """An account as it is told; `balance` is debit positive, `held` as it was asked for."""
    return AccountOut.model_validate(_account(account, balance) | {"held": held, "owner": owner})


def _account(row: Account, balance: Decimal) -> dict[str, Any]:
    names = ("code", "kind", "owner_kind", "owner_id")
    told = {name: getattr(row, name) for name in names}
    about = {"account_id": row.id, "name": row.label, "type": AccountType(row.type), "balance": balance * row.normal}
    return told | about


def movement_out(row: Movement, normal: int) -> MovementOut:
    """A movement as it is told; `normal` is that of its account."""
    told = {"amount": row.amount * normal, "balance": row.balance * normal, "against": [one.id for one in row.against]}
    return MovementOut.model_validate(told | _head(row.entry) | {"entry": row.entry.number})


def entry_row_out(row: EntryRow) -> EntryRowOut:
    """An entry in a list as it is told."""
    told = {"amount": row.amount, "about": list(row.about), "reversed_by": row.reversed_by}
    return EntryRowOut.model_validate(told | _head(row.entry) | _recorded(row.entry))


def _head(entry: Entry) -> dict[str, Any]:
    return {"kind": PostingKind(entry.kind), "day": entry.effective_on}


def _recorded(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("id", "number", "recorded_at", "recorded_by")}


def entry_out(seen: EntryView, decision: ApprovalDecision | None) -> EntryOut:
    """An entry as it is told."""
    entry = seen.entry
    others = {name: getattr(seen, name) for name in ("reverses", "reversed_by", "replacement")}
    told = {name: other.number if other else None for name, other in others.items()} | {
        "recorded_by_name": seen.who,
        "note": seen.note,
        "note_erased": seen.erased,
        "lines": [_line(line, seen.owners.get(line.account_id)) for line in entry.postings],
        "source_kind": entry.source_kind,
        "source_id": entry.source_id,
        "replaces": [other.number for other in seen.replaces],
        "approval": decision_out(decision) if decision else None,
        "previous_hash": entry.previous_hash.hex(),
        "hash": entry.hash.hex(),
        "verify_url": verify_url("entry", str(entry.number), entry.hash),
    }
    return EntryOut.model_validate(told | _head(entry) | _recorded(entry))


def _line(line: Posting, owner: str | None) -> LineOut:
    return LineOut(
        account_id=line.account_id,
        code=line.account.code,
        account=line.account.label,
        owner=owner,
        debit=line.amount if line.amount > 0 else None,
        credit=-line.amount if line.amount < 0 else None,
    )


def decision_out(row: ApprovalDecision) -> DecisionOut:
    """A decision as it is told."""
    names = ("decision", "requested_by", "decided_by", "decided_at")
    return DecisionOut.model_validate({name: getattr(row, name) for name in names} | {"approval_id": row.request_id})

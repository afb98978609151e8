"""Entries that officers make themselves: transfers, expenses, income, opening balances, by hand, and undoing them."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.money import lazily
from app.core.rooms import rooms
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers import books, cash, chart
from app.ledgers.accounts import account, account_ids
from app.ledgers.books import Draft, Line, Posted
from app.ledgers.chart import CHART, PostingKind
from app.ledgers.errors import (
    DoesNotBalance,
    HasOwnRecord,
    NotByHand,
    OpeningNotZero,
    SameCashAccount,
    SetUpConfirmed,
    SomethingRestsOnIt,
    TooFewLines,
)
from app.ledgers.heads import head
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.ledgers.once import posted_once
from app.ledgers.pairs import pairs

FLOWS = {  # what is bought or earned: the account's kind, and why the entry exists
    "bank_charges": PostingKind.BANK_CHARGE,
    "payment_fees": PostingKind.BANK_CHARGE,
    "other_expense": PostingKind.EXPENSE,
    "bad_debts": PostingKind.EXPENSE,
    "investment_income": PostingKind.INVESTMENT_INCOME,
    "fee_income": PostingKind.OTHER_INCOME,
    "other_income": PostingKind.OTHER_INCOME,
}


@dataclass(frozen=True)
class HandLine:
    """A line of an entry by hand: an account and a signed amount, debit positive."""

    account: chart.Account | uuid.UUID
    amount: Decimal


def transfer(
    *,
    source: uuid.UUID,
    target: uuid.UUID,
    amount: Decimal,
    on: date,
    note: str | None = None,
    by: uuid.UUID | None,
    key: str,
    overdraft: bool = False,
) -> Posted:
    """Move money from one cash account to another one, once for each key.

    Raises SameCashAccount, CashAccountClosed, KeyUsed, NeedsConfirmation.
    """
    if source == target:
        raise SameCashAccount(field="target")
    lines = [books.debit("cash", amount, target), books.credit("cash", amount, source)]
    draft = Draft(PostingKind.TRANSFER, on, lines, key=key, note=note)
    if done := posted_once([draft]):
        return done[0]
    cash.open_cash_account(source, field="source")
    cash.open_cash_account(target, field="target")
    return _post(draft, by=by, overdraft=overdraft)


def cash_entry(
    *,
    cash_account: uuid.UUID,
    category: chart.Account | uuid.UUID,
    amount: Decimal,
    on: date,
    note: str | None = None,
    by: uuid.UUID | None,
    key: str,
    overdraft: bool = False,
) -> Posted:
    """Book a charge, an expense or an income of the group on a cash account.

    `category` is an account of one of the kinds of FLOWS; its type says which way the money went. Raises NotByHand for
    another one, CashAccountClosed, KeyUsed, NeedsConfirmation.
    """
    kind = account(category).kind if isinstance(category, uuid.UUID) else category.kind
    if kind not in FLOWS:
        raise NotByHand(account=CHART[kind].name, field="category")
    signed = amount * CHART[kind].type.normal  # an expense is a debit, an income a credit
    lines = [Line(category, signed), Line(chart.Account("cash", cash_account), -signed)]
    draft = Draft(FLOWS[kind], on, lines, key=key, note=note)
    if done := posted_once([draft]):
        return done[0]
    cash.open_cash_account(cash_account, field="cash_account")
    return _post(draft, by=by, overdraft=overdraft)


def manual_entry(
    *, lines: Sequence[HandLine], on: date, note: str | None, by: uuid.UUID | None, key: str, overdraft: bool = False
) -> Posted:
    """An entry of any lines that balance.

    Raises TooFewLines, DoesNotBalance, NotByHand, KeyUsed, NotEnough, NeedsConfirmation.
    """
    draft = manual_draft(lines=lines, on=on, note=note, key=key)
    if done := posted_once([draft]):
        return done[0]
    return _post(draft, by=by, overdraft=overdraft)


def _post(draft: Draft, *, by: uuid.UUID | None, overdraft: bool) -> Posted:
    posted = books.post(draft, by=by, overdraft=overdraft)
    record("create", "entry", posted.id, by=by, after={"number": posted.number, "kind": draft.kind})
    return posted


def manual_draft(*, lines: Sequence[HandLine], on: date, note: str | None, key: str) -> Draft:
    """The draft of an entry by hand, checked. Raises as `manual_entry` does."""
    if len(lines) < 2:
        raise TooFewLines
    if total := sum((line.amount for line in lines), Decimal(0)):
        raise DoesNotBalance(difference=lazily(abs(total), group().currency))
    for wanted, kind in _kinds(lines).items():
        if not CHART[kind].by_hand:
            raise NotByHand(account=CHART[kind].name, field=str(wanted))
    return Draft(PostingKind.MANUAL, on, [Line(line.account, line.amount) for line in lines], key=key, note=note)


def _kinds(lines: Sequence[HandLine]) -> Mapping[object, str]:
    named: dict[object, str] = {
        line.account: line.account.kind for line in lines if isinstance(line.account, chart.Account)
    }
    ids = [line.account for line in lines if isinstance(line.account, uuid.UUID)]
    return {**named, **pairs(sa.select(Account.id, Account.kind).where(Account.id.in_(ids)))}


def opening_balances(
    balances: Sequence[tuple[chart.Account | uuid.UUID, Decimal]], *, on: date, by: uuid.UUID | None, key: str
) -> list[Posted]:
    """One entry an account against opening balances; amounts are positive on the account's natural side.

    All or none; the same `key` again changes nothing. Raises SetUpConfirmed once set-up is confirmed, KeyUsed.
    """
    if lock_group().set_up_at is not None:
        raise SetUpConfirmed
    balances = [(wanted, amount) for wanted, amount in balances if amount]
    ids = account_ids(wanted for wanted, _amount in balances)
    normal = _normals(ids.values())
    drafts = [
        Draft(
            PostingKind.OPENING_BALANCE,
            on,
            [Line(ids[wanted], amount * normal[ids[wanted]]), books.credit("opening", amount * normal[ids[wanted]])],
            key=f"{key}/{place}",
        )
        for place, (wanted, amount) in enumerate(balances, 1)
    ]
    if done := posted_once(drafts, next_key=f"{key}/{len(drafts) + 1}"):
        return done
    posted = books.post_many(drafts, by=by)
    record("create", "opening_balances", by=by, after={"entries": [entry.number for entry in posted]})
    return posted


def _normals(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    return pairs(sa.select(Account.id, Account.normal).where(Account.id.in_(ids)))


def opening_left() -> Decimal:
    """What the opening balances still lack to come to zero: positive when credits of other accounts are missing."""
    left = session().scalar(
        sa.select(AccountBalance.balance)
        .join(Account, Account.id == AccountBalance.account_id)
        .where(Account.kind == "opening")
    )
    return -(left or Decimal(0))


def confirm_set_up(*, by: uuid.UUID) -> None:
    """Say that what was brought in is complete: opening balances then stay as they are. Raises OpeningNotZero."""
    this_group = lock_group()  # nobody brings anything in while it is looked at
    if this_group.set_up_at is not None:
        return
    if left := opening_left():
        raise OpeningNotZero(amount=lazily(abs(left), this_group.currency))
    this_group.set_up_at = clock.now()
    record("activate", "set_up", this_group.id, by=by, after={"set_up_at": this_group.set_up_at})


def reverse_entry(
    entry: Entry, *, by: uuid.UUID, on: date, reason: str, replacement: uuid.UUID | None = None, overdraft: bool = False
) -> Posted:
    """Undo an entry that no room's record explains.

    Raises HasOwnRecord, SetUpConfirmed, and what `books.reverse` raises.
    """
    refuse_reversal(entry)
    posted = books.reverse(entry, by=by, on=on, reason=reason, replacement=replacement, overdraft=overdraft)
    record("reverse", "entry", entry.id, by=by, after={"reversal": posted.number, "reason": reason})
    return posted


def correct_entry(
    entry: Entry, *, lines: Sequence[HandLine], on: date, reason: str, by: uuid.UUID, key: str, overdraft: bool = False
) -> Posted:
    """Reverse an entry by hand and record it right, at once; returns the one that is right.

    Raises as both verbs do.
    """
    lock_group()  # an opening balance asks for it, and it comes before the books
    draft = manual_draft(lines=lines, on=on, note=reason, key=key)
    if done := posted_once([draft]):
        return done[0]
    refuse_reversal(entry)
    # Undone before it began, it would be missing on the days between.
    undone = entry.effective_on if entry.effective_on > head().closed_through else on
    _reversal, right = books.replace(entry, draft, by=by, on=undone, reason=reason, overdraft=overdraft)
    record("reverse", "entry", entry.id, by=by, after={"replacement": right.number, "reason": reason})
    return right


def refuse_reversal(entry: Entry) -> None:
    """Raise what stands against undoing an entry from its own page, if anything does."""
    if entry.source_kind is not None:
        raise HasOwnRecord(number=entry.number)
    if entry.kind == PostingKind.OPENING_BALANCE and lock_group().set_up_at is not None:
        raise SetUpConfirmed
    books.refuse_second_reversal([entry])


def debits(lines: Iterable[Posting | HandLine]) -> Decimal:
    """What lines come to: the sum of their debits, by which the threshold looks at what moves or is undone."""
    return sum((line.amount for line in lines if line.amount > 0), Decimal(0))


def may_reverse(entry: Entry, *, reversed_by: Entry | None) -> bool:
    """Whether its own page can undo an entry: neither undone nor an undoing, and no record stands behind it."""
    if reversed_by is not None or entry.reverses_id is not None or entry.source_kind is not None:
        return False
    return entry.kind != PostingKind.OPENING_BALANCE or group().set_up_at is None


def refuse_resting(kind: str, record_id: uuid.UUID) -> None:
    """For the reversal verbs of rooms: raise SomethingRestsOnIt when any room says that later records need this one."""
    found = [what for room in rooms() if kind in room.rests_on for what in room.rests_on[kind](record_id)]
    if found:
        raise SomethingRestsOnIt(what="; ".join(found))

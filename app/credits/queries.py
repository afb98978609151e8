"""Reads of credits: what parties have, what it was used for, and what was paid back."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.credits.errors import NoSuchRefund
from app.credits.models import CreditRefund, CreditRefundReversal, CreditUse, CreditUseEnd
from app.credits.rules import ZERO
from app.credits.sealing import opened, place_of
from app.groups.queries import names
from app.ledgers import lists
from app.ledgers.cash import cash_account
from app.ledgers.models import Account, AccountBalance, CashAccount, Entry
from app.ledgers.rules import Filter
from app.registry.models import Party
from app.registry.queries import PartyNamed, named, parties_named
from app.web.keyset import Cursor, Slice, slice_of

reference_place = place_of("credit_refund", "reference")
reason_place = place_of("credit_refund_reversal", "reason")


@dataclass(frozen=True)
class CreditLine:
    """A party and what it has over."""

    party: Party
    name: str
    credit: Decimal


@dataclass(frozen=True)
class RefundLine:
    """A repayment in a list: to whom, out of which account, and whether it was taken back."""

    refund: CreditRefund
    name: str
    code: str
    place: str
    reversed: bool


@dataclass(frozen=True)
class RefundView:
    """Everything that the page of a repayment shows."""

    refund: CreditRefund
    party: PartyNamed
    place: str
    reference: str | None
    recorder: str | None
    entry: Entry
    undone: CreditRefundReversal | None
    reason: str | None
    undone_by: str | None


def credit_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What each of these parties has over, by its id; zero for who has nothing."""
    wanted = sa.select(Account.owner_id, -AccountBalance.balance)
    wanted = wanted.join(AccountBalance, AccountBalance.account_id == Account.id)
    rows = session().execute(wanted.where(Account.kind == "credit", Account.owner_id.in_(party_ids)))
    return dict.fromkeys(party_ids, ZERO) | {owner: Decimal(amount) for owner, amount in rows if owner}


def members_among(party_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The members whom these parties stand for: their money is their own affair, which others approve."""
    wanted = sa.select(Party.member_id).where(Party.id.in_(party_ids), Party.member_id.is_not(None))
    return {member_id for member_id in session().scalars(wanted) if member_id}


def _with_credit() -> Any:
    return (
        sa.select(Party, -AccountBalance.balance)
        .join(Account, sa.and_(Account.owner_id == Party.id, Account.kind == "credit"))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(AccountBalance.balance < 0)
    )


def credits_page(*, at: Cursor | None = None) -> Slice[CreditLine]:
    """Who has a credit, by code."""
    return slice_of(
        _read, _with_credit(), by=(Party.code, Party.id), key=lambda line: (line.party.code, line.party.id), at=at
    )


def all_credits() -> list[CreditLine]:
    """The same, all of it, for a file."""
    return _read(_with_credit().order_by(Party.code))


def _read(query: sa.Select[Any]) -> list[CreditLine]:
    rows = session().execute(query).all()
    known = parties_named([party.id for party, _amount in rows])
    return [CreditLine(party, known[party.id].name, Decimal(amount)) for party, amount in rows]


def credit_in_all() -> tuple[int, Decimal]:
    """How many parties have a credit, and what they come to."""
    total = sa.func.coalesce(-sa.func.sum(AccountBalance.balance), 0)
    wanted = sa.select(sa.func.count(), total).join(Account, Account.id == AccountBalance.account_id)
    count, amount = session().execute(wanted.where(Account.kind == "credit", AccountBalance.balance < 0)).one()
    return count, Decimal(amount)


def movements(party_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[lists.Movement]:
    """What came to a party's credit and went from it, the newest first; debit positive, as in the books."""
    wanted = sa.select(Account.id).where(Account.kind == "credit", Account.owner_id == party_id)
    account_id = session().scalar(wanted)
    return Slice((), None, None) if account_id is None else lists.movements_page(account_id, Filter(), at=at)


def uses_of(party_id: uuid.UUID) -> list[CreditUse]:
    """What a party's credit was used for and still counts, the latest first."""
    ended = sa.select(CreditUseEnd.use_id)
    wanted = sa.select(CreditUse).where(CreditUse.party_id == party_id, CreditUse.id.not_in(ended))
    return list(session().scalars(wanted.order_by(CreditUse.id.desc())))


def uses_for(target_ids: Collection[uuid.UUID]) -> list[CreditUse]:
    """The uses that paid for these receipts or charges and still count, in the order in which they were made."""
    ended = sa.select(CreditUseEnd.use_id)
    wanted = sa.select(CreditUse).where(CreditUse.target_id.in_(target_ids), CreditUse.id.not_in(ended))
    return list(session().scalars(wanted.order_by(CreditUse.id)))


def _refund_lines() -> sa.Select[Any]:
    undone = sa.exists().where(CreditRefundReversal.refund_id == CreditRefund.id)
    found: Any = sa.select(CreditRefund, CashAccount.name, undone)
    return found.join(CashAccount, CashAccount.id == CreditRefund.cash_account_id)  # type: ignore[no-any-return]  # joins are not typed


def refunds_page(*, party_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[RefundLine]:
    """Repayments, the latest first, those that were taken back among them; of one party or of all."""
    wanted = _refund_lines()
    if party_id is not None:
        wanted = wanted.where(CreditRefund.party_id == party_id)
    return slice_of(
        _read_refunds,
        wanted,
        by=(CreditRefund.paid_on, CreditRefund.id),
        key=lambda line: (line.refund.paid_on, line.refund.id),
        at=at,
        newest_first=True,
    )


def _read_refunds(query: sa.Select[Any]) -> list[RefundLine]:
    rows = session().execute(query).all()
    known = parties_named([row.party_id for row, _place, _undone in rows])
    named = ((row, known[row.party_id], place, undone) for row, place, undone in rows)
    return [RefundLine(row, who.name, who.code, place, undone) for row, who, place, undone in named]


def refund_under(key: str) -> CreditRefund | None:
    """The repayment of one deed, known again by its key."""
    return session().scalar(sa.select(CreditRefund).where(CreditRefund.idempotency_key == key))


def refund_row(refund_id: uuid.UUID) -> CreditRefund:
    """A repayment. Raises NoSuchRefund."""
    found = session().scalar(sa.select(CreditRefund).where(CreditRefund.id == refund_id))
    if found is None:
        raise NoSuchRefund
    return found


def refund_view(refund_id: uuid.UUID) -> RefundView:
    """A repayment with all that belongs to it. Raises NoSuchRefund."""
    row = refund_row(refund_id)
    undone = session().scalar(sa.select(CreditRefundReversal).where(CreditRefundReversal.refund_id == row.id))
    known = _names([row.recorded_by, undone.recorded_by if undone else None])
    return RefundView(
        refund=row,
        party=named(row.party_id),
        place=cash_account(row.cash_account_id).name,
        reference=opened(row.reference_sealed, reference_place(row.id)),
        recorder=known.get(row.recorded_by),
        entry=session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one(),
        undone=undone,
        reason=opened(undone.reason_sealed, reason_place(undone.id)) if undone else None,
        undone_by=known.get(undone.recorded_by) if undone else None,
    )


def _names(ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    found: dict[uuid.UUID | None, str] = {}
    found.update(names([one for one in ids if one]).items())
    return found

"""Lots of savings: what came in, and which uses were taken from it, the oldest first; what rests on what."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.money import shown
from app.core.rooms import Check
from app.groups.queries import group
from app.ledgers.errors import SomethingRestsOnIt
from app.ledgers.lot_models import SavingsUse
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.ledgers.words import entry_kind

ZERO = Decimal(0)


@dataclass(frozen=True)
class Use:
    """A part of a lot that an entry used: `amount` in the group's currency, of the lot's entry `lot`, by `entry`."""

    lot: Entry
    entry: Entry
    amount: Decimal


def uses_of(member_id: uuid.UUID) -> list[Use]:
    """What became of a member's savings, use by use in the order of the books; reversed uses are left out."""
    lot, entry = sa.orm.aliased(Entry), sa.orm.aliased(Entry)
    undone = sa.orm.aliased(Entry)
    rows = session().execute(
        sa.select(lot, entry, SavingsUse.amount)
        .join(Account, Account.id == SavingsUse.account_id)
        .join(lot, lot.id == SavingsUse.lot_id)
        .join(entry, entry.id == SavingsUse.entry_id)
        .where(Account.kind == "savings", Account.owner_id == member_id, entry.reverses_id.is_(None))
        .where(~sa.exists().where(undone.reverses_id == entry.id))
        .order_by(entry.number, lot.effective_on, lot.number)
    )
    return [Use(*row) for row in rows]


def resting(entries: Collection[uuid.UUID]) -> list[str]:
    """What rests on entries that brought savings: each use that was taken from them and stands, a sentence each."""
    user = sa.orm.aliased(Entry)
    amount = sa.func.sum(SavingsUse.amount)
    rows = session().execute(
        sa.select(user.number, user.kind, user.effective_on, amount)
        .join(SavingsUse, SavingsUse.entry_id == user.id)
        .where(SavingsUse.lot_id.in_(entries), user.id.not_in(entries))
        .where(sa.or_(user.reverses_id.is_(None), user.reverses_id.in_(entries)))
        .where(~_undone(user))
        .group_by(user.number, user.kind, user.effective_on)
        .order_by(user.number)
    )
    currency = group().currency
    sentence = _("%(amount)s of it was used by entry %(number)s of %(day)s (%(kind)s)")
    return [
        sentence % {"amount": shown(used, currency), "number": number, "day": day.isoformat(), "kind": entry_kind(kind)}
        for number, kind, day, used in rows
    ]


def refuse_used(entries: Collection[uuid.UUID]) -> None:
    """Raises SomethingRestsOnIt, with the list, when a part of what these entries brought was used."""
    if found := resting(entries):
        raise SomethingRestsOnIt(what="; ".join(found))


def _undone(user: type[Entry]) -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(Entry)
    return sa.exists().where(later.reverses_id == user.id)


@dataclass(frozen=True)
class Lot:
    """What came in by one entry, and how much of it is neither used nor taken back."""

    entry_id: uuid.UUID
    on: date
    amount: Decimal
    left: Decimal


def lots_of(member_id: uuid.UUID) -> list[Lot]:
    """A member's lots, the oldest first: what the next use of savings is taken from."""
    used = sa.select(SavingsUse.account_id, SavingsUse.lot_id, sa.func.sum(SavingsUse.amount).label("amount"))
    spent = used.group_by(SavingsUse.account_id, SavingsUse.lot_id).subquery()
    brought = -sa.func.sum(Posting.amount)
    rows = session().execute(
        sa.select(Posting.entry_id, Posting.effective_on, brought, sa.func.coalesce(sa.func.max(spent.c.amount), 0))
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(spent, sa.and_(spent.c.account_id == Posting.account_id, spent.c.lot_id == Posting.entry_id))
        .where(Account.kind == "savings", Account.owner_id == member_id, Entry.reverses_id.is_(None))
        .group_by(Posting.entry_id, Posting.effective_on, Posting.entry_number)
        .having(brought > 0)
        .order_by(Posting.effective_on, Posting.entry_number)
    )
    return [Lot(entry_id, on, amount, amount - used_up) for entry_id, on, amount, used_up in rows]


def lots_are_savings() -> Check:
    """Every savings account holds what its lots brought less their uses, and no lot gave more than it had."""
    rows = session().execute(
        sa.select(Account.owner_id, -sa.func.coalesce(AccountBalance.balance, 0), Account.id)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Account.kind == "savings")
    )
    kept = {account_id: (owner, balance) for owner, balance, account_id in rows}
    brought, used = _brought(), _used()
    left: dict[uuid.UUID, Decimal] = {}
    faults = []
    for (account_id, entry_id), amount in sorted(brought.items(), key=str):
        rest = amount - used.pop((account_id, entry_id), ZERO)
        left[account_id] = left.get(account_id, ZERO) + rest
        if not 0 <= rest <= amount:
            faults.append(_("Lot %(id)s has %(left)s left of %(amount)s.", id=entry_id, left=rest, amount=amount))
    faults += [
        _("%(amount)s was used of entry %(id)s, which is no lot.", amount=n, id=key[1]) for key, n in used.items()
    ]
    faults += [
        _(
            "Member %(id)s has savings of %(kept)s, and lots of %(left)s.",
            id=owner,
            kept=balance,
            left=left.get(key, ZERO),
        )
        for key, (owner, balance) in kept.items()
        if left.get(key, ZERO) != balance
    ]
    return Check(_("Uses of savings"), len(brought), faults)


def _brought() -> dict[tuple[uuid.UUID, uuid.UUID], Decimal]:
    amount = -sa.func.sum(Posting.amount)
    rows = session().execute(
        sa.select(Posting.account_id, Posting.entry_id, amount)
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == "savings", Entry.reverses_id.is_(None))
        .group_by(Posting.account_id, Posting.entry_id)
        .having(amount > 0)
    )
    return {(account_id, entry_id): Decimal(value) for account_id, entry_id, value in rows}


def _used() -> dict[tuple[uuid.UUID, uuid.UUID], Decimal]:
    rows = session().execute(
        sa.select(SavingsUse.account_id, SavingsUse.lot_id, sa.func.sum(SavingsUse.amount)).group_by(
            SavingsUse.account_id, SavingsUse.lot_id
        )
    )
    return {(account_id, lot_id): Decimal(value) for account_id, lot_id, value in rows if value}

"""Money set aside for the queue: an earmark of free cash, spent by fulfilments; what is unspent may be taken back."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.keys import seal_for
from app.core.money import ZeroAmount, exact, lazily
from app.exits.errors import MoreThanFreeCash, MoreThanFreeThere, NoSuchLiquidityEvent, NothingUnspent
from app.exits.models import ExitFulfilment, ExitsReversal, LiquidityEvent
from app.exits.offering import offer
from app.exits.rules import ZERO, LiquidityType, Pot
from app.exits.standing import reversed_fulfilments
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers import holds
from app.ledgers.balances import held, natural_balance
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import CHART, Account, AccountType
from app.ledgers.errors import KeyUsed
from app.ledgers.models import Account as Accounts
from app.ledgers.models import AccountBalance, Hold, HoldRelease

SOURCE = "liquidity_event"
# What the group owes out of its own cash; investors' money lies in escrow and is none of it.
OWED = [
    kind
    for kind, sort in CHART.items()
    if sort.type is AccountType.LIABILITY and sort.number not in {"2500", "2510", "2520", "2530"}
]


@dataclass(frozen=True)
class FreeCash:
    """What may be set aside: all cash less what the group owes and what is held of it already."""

    cash: Decimal
    owed: Decimal
    earmarked: Decimal

    @property
    def free(self) -> Decimal:
        """The rest, never below zero."""
        return max(ZERO, self.cash - self.owed - self.earmarked)


def free_cash() -> FreeCash:
    """How much cash the group has that is nobody's yet, in one query."""
    is_cash, is_owed = Accounts.kind == "cash", Accounts.kind.in_(OWED)
    natural = AccountBalance.balance * Accounts.normal
    row = session().execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(natural).filter(is_cash), 0),
            sa.func.coalesce(sa.func.sum(natural).filter(is_owed), 0),
            sa.func.coalesce(sa.func.sum(AccountBalance.held).filter(is_cash), 0),
        )
        .select_from(AccountBalance)
        .join(Accounts, Accounts.id == AccountBalance.account_id)
        .where(sa.or_(is_cash, is_owed))
    )
    return FreeCash(*(Decimal(value) for value in row.one()))


def free_in(cash_account_id: uuid.UUID) -> Decimal:
    """How much of one cash account is held for nothing."""
    place = Account("cash", cash_account_id)
    return max(ZERO, natural_balance(place) - held(place))


def left_query() -> sa.Select[Any]:
    """Events with what fulfilments took from them, what of that stands, and what was taken back unspent.

    A fulfilment that was taken back gives nothing back to its event: its money is free again.
    """
    stands = ExitFulfilment.id.not_in(reversed_fulfilments())
    used = (
        sa.select(
            sa.func.coalesce(sa.func.sum(ExitFulfilment.amount), 0).label("amount"),
            sa.func.coalesce(sa.func.sum(ExitFulfilment.amount).filter(stands), 0).label("stands"),
            sa.func.coalesce(sa.func.max(ExitFulfilment.number), 0).label("number"),
        )
        .where(ExitFulfilment.event_id == LiquidityEvent.id)
        .lateral("used")
    )
    back = (
        sa.select(sa.func.coalesce(sa.func.sum(ExitsReversal.amount), 0).label("amount"))
        .where(ExitsReversal.original_kind == SOURCE, ExitsReversal.original_id == LiquidityEvent.id)
        .lateral("back")
    )
    return (
        sa.select(LiquidityEvent, used.c.stands, used.c.amount - used.c.stands + back.c.amount, used.c.number)
        .select_from(LiquidityEvent)
        .join(used, sa.true())
        .join(back, sa.true())
    )


@dataclass(frozen=True)
class Spent:
    """An event with what was given of it and stands, what was taken back, and how many fulfilments it had."""

    event: LiquidityEvent
    spent: Decimal
    taken_back: Decimal
    fulfilments: int

    @property
    def left(self) -> Decimal:
        """What is there for the queue."""
        return self.event.amount - self.spent - self.taken_back


def read(query: sa.Select[Any]) -> list[Spent]:
    """Rows of `left_query` as values."""
    return [Spent(event, Decimal(spent), Decimal(back), n) for event, spent, back, n in session().execute(query)]


def unspent() -> list[Spent]:
    """The events of which something is left, the oldest first."""
    query = left_query().order_by(LiquidityEvent.occurred_at, LiquidityEvent.id)
    return [one for one in read(query) if one.left > 0]


def pots() -> list[Pot]:
    """The same as the rules see them."""
    return [Pot(one.event.id, one.left) for one in unspent()]


def event_of(event_id: uuid.UUID) -> Spent:
    """One event. Raises NoSuchLiquidityEvent."""
    found = read(left_query().where(LiquidityEvent.id == event_id))
    if not found:
        raise NoSuchLiquidityEvent
    return found[0]


def refuse_beyond_free(amount: Decimal, cash_account_id: uuid.UUID) -> None:
    """Raises MoreThanFreeCash, MoreThanFreeThere, NoSuchCashAccount, CashAccountClosed."""
    account = open_cash_account(cash_account_id, field="cash_account")
    currency, found = group().currency, free_cash()
    if amount > found.free:
        told = {name: lazily(getattr(found, name), currency) for name in ("free", "cash", "owed", "earmarked")}
        raise MoreThanFreeCash(field="amount", **told)
    free = free_in(cash_account_id)
    if amount > free:
        raise MoreThanFreeThere(field="cash_account", free=lazily(free, currency), account=account.name)


def set_aside(
    *,
    amount: Decimal,
    type_: LiquidityType,
    at: datetime,
    cash_account_id: uuid.UUID,
    by: uuid.UUID | None,
    key: str,
    note: str | None = None,
    source: tuple[str, uuid.UUID] | None = None,
) -> LiquidityEvent:
    """Earmark free cash for the queue, once for each key, and have the queue looked at.

    Raises ZeroAmount, MoreThanFreeCash, MoreThanFreeThere, CashAccountClosed, KeyUsed, Invalid for a time ahead.
    """
    lock_group()
    known = session().scalar(sa.select(LiquidityEvent).where(LiquidityEvent.idempotency_key == key))
    if known is not None:
        if (known.amount, known.type, known.cash_account_id) != (amount, type_, cash_account_id):
            raise KeyUsed
        return known
    _refuse(amount, at, cash_account_id)
    row = LiquidityEvent(id=new_id(), amount=amount, type=type_.value, occurred_at=at, cash_account_id=cash_account_id)
    row.source_kind, row.source_id = source or (None, None)
    row.idempotency_key, row.recorded_by = key, by
    row.note_sealed = seal_for(session().group_id, note, note_place(row.id)) if note else None
    session().add(row)
    session().flush()
    hold_left({row.id: (row.cash_account_id, row.amount)}, by=by)
    record("create", SOURCE, row.id, by=by, after={"amount": amount, "type": row.type}, severity="notice")
    offer(f"event:{row.id}")
    return row


def _refuse(amount: Decimal, at: datetime, cash_account_id: uuid.UUID) -> None:
    if exact(amount, group().currency) <= 0:
        raise ZeroAmount(field="amount")
    if at > clock.now():
        raise Invalid(field="at")
    refuse_beyond_free(amount, cash_account_id)


def note_place(row_id: uuid.UUID) -> str:
    """What the note of an event is bound to."""
    return f"liquidity_event|{row_id}|note"


def take_back(event_id: uuid.UUID, *, reason: str, by: uuid.UUID, key: str) -> ExitsReversal:
    """Free what is unspent of an event, once for each key. Raises NoSuchLiquidityEvent, NothingUnspent, KeyUsed."""
    lock_group()
    if (known := known_reversal(key, SOURCE, event_id)) is not None:
        return known
    found = event_of(event_id)
    if not found.left:
        raise NothingUnspent
    row = ExitsReversal(
        id=new_id(), original_kind=SOURCE, original_id=event_id, amount=found.left, idempotency_key=key, recorded_by=by
    )
    row.subject_id = session().group_id
    row.reason_sealed = seal_for(row.subject_id, reason, reason_place(row.id))
    session().add(row)
    session().flush()
    hold_left({event_id: (found.event.cash_account_id, ZERO)}, by=by)
    record("reverse", SOURCE, event_id, by=by, after={"reason": reason, "amount": row.amount}, severity="notice")
    return row


def known_reversal(key: str, kind: str, original_id: uuid.UUID) -> ExitsReversal | None:
    """What was taken back under a key before. Raises KeyUsed when that was something else."""
    row = session().scalar(sa.select(ExitsReversal).where(ExitsReversal.idempotency_key == key))
    if row is not None and (row.original_kind, row.original_id) != (kind, original_id):
        raise KeyUsed
    return row


def reason_place(row_id: uuid.UUID) -> str:
    """What the reason of a reversal is bound to."""
    return f"exits_reversal|{row_id}"


def hold_left(left: Mapping[uuid.UUID, tuple[uuid.UUID, Decimal]], *, by: uuid.UUID | None) -> None:
    """Hold on their cash accounts just what is left of these events, instead of what was held for them before."""
    end_holds(SOURCE, left.keys(), by=by)
    for event_id, (cash_account_id, amount) in left.items():
        if amount:
            holds.hold(Account("cash", cash_account_id), amount, reason="exits", source=(SOURCE, event_id), by=by)


def end_holds(kind: str, record_ids: Collection[uuid.UUID], *, by: uuid.UUID | None) -> None:
    """End what is held for these records."""
    for row in held_for(kind, record_ids):
        holds.release(row.id, by=by)


def held_for(kind: str, record_ids: Collection[uuid.UUID]) -> list[Hold]:
    """What is held for these records now."""
    released = sa.exists().where(HoldRelease.hold_id == Hold.id)
    mine = sa.select(Hold).where(Hold.source_kind == kind, Hold.source_id.in_(record_ids), sa.not_(released))
    return list(session().scalars(mine.order_by(Hold.id)))

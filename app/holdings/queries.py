"""Reads of investments: what may be invested, who holds what, what it is worth."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.rows import row_with
from app.groups.models import Member
from app.groups.permissions import MEMBER
from app.groups.rules import Status as Standing
from app.holdings.errors import NoSuchInvestment
from app.holdings.models import HoldingShare, HoldingsReversal, Investment, Move, Valuation
from app.holdings.rules import ZERO, Portion, price_of, worth
from app.ledgers.heads import today
from app.ledgers.models import Account, AccountBalance, Posting
from app.ledgers.pairs import pairs


def eligible(on: date | None = None) -> dict[uuid.UUID, Decimal]:
    """What may be invested of each member's savings, in the order of their numbers; only more than nothing.

    The balance less holds, of members who are active and not leaving; for a past day the least such balance from the
    end of that day until now. In the group's currency.
    """
    free = AccountBalance.balance * Account.normal - AccountBalance.held
    query = (
        sa.select(Member.id, free)
        .join(Account, sa.and_(Account.kind == "savings", Account.owner_id == Member.id))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(Member.status == Standing.ACTIVE, Member.leaving_since.is_(None))
        .where(sa.literal(MEMBER) == sa.any_(Member.roles), free > 0)
        .order_by(*_by_number())
    )
    found = {member_id: Decimal(amount) for member_id, amount in session().execute(query)}
    if on is None or on >= today():
        return found
    since = _most_brought_since(on)
    least = {member_id: amount - max(since.get(member_id, ZERO), ZERO) for member_id, amount in found.items()}
    return {member_id: amount for member_id, amount in least.items() if amount > 0}


def _most_brought_since(on: date) -> dict[uuid.UUID, Decimal]:
    """By how much at most the savings of each member were less, on any day from the end of `on`, than they are now."""
    daily = (
        sa.select(Account.owner_id, Posting.effective_on, -sa.func.sum(Posting.amount).label("brought"))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == "savings", Posting.effective_on > on)
        .group_by(Account.owner_id, Posting.effective_on)
        .subquery()
    )
    latest_first = sa.func.sum(daily.c[2]).over(partition_by=daily.c.owner_id, order_by=daily.c.effective_on.desc())
    upto = sa.select(daily.c.owner_id, latest_first.label("brought")).subquery()
    return pairs(sa.select(upto.c.owner_id, sa.func.max(upto.c.brought)).group_by(upto.c.owner_id))


def _by_number() -> tuple[sa.ColumnElement[str], sa.SQLColumnExpression[uuid.UUID]]:
    return sa.collate(sa.func.lower(Member.identifier), "C"), Member.id


@dataclass(frozen=True)
class Holding:
    """What somebody holds of an investment: units, and their cost in the group's currency. The group is nobody."""

    investment_id: uuid.UUID
    member_id: uuid.UUID | None
    units: Decimal
    cost: Decimal

    @property
    def portion(self) -> Portion:
        """The same for the rules."""
        return Portion(self.cost, self.units)


def holders(investment_ids: Collection[uuid.UUID]) -> list[Holding]:
    """Who holds units of these investments now: members in the order of their numbers, the group last."""
    return _holdings(HoldingShare.investment_id.in_(investment_ids))


def holdings_of(member_id: uuid.UUID) -> list[Holding]:
    """What a member holds now, by the day it was bought."""
    return _holdings(HoldingShare.member_id == member_id)


def group_holdings() -> list[Holding]:
    """What the group itself holds now."""
    return _holdings(HoldingShare.member_id.is_(None))


def _holdings(which: sa.ColumnElement[bool]) -> list[Holding]:
    units, cost = sa.func.sum(HoldingShare.units), sa.func.sum(HoldingShare.cost)
    held = (
        sa.select(HoldingShare.investment_id, HoldingShare.member_id, units.label("units"), cost.label("cost"))
        .where(which)
        .group_by(HoldingShare.investment_id, HoldingShare.member_id)
        .having(sa.or_(units != 0, cost != 0))
        .subquery()
    )
    query = (
        sa.select(held.c.investment_id, held.c.member_id, held.c.units, held.c.cost)
        .join(Investment, Investment.id == held.c.investment_id)
        .outerjoin(Member, Member.id == held.c.member_id)
        .order_by(Investment.invested_on, Investment.id, held.c.member_id.is_(None), *_by_number())
    )
    return [Holding(row.investment_id, row.member_id, row.units, row.cost) for row in session().execute(query)]


def lines_of(kind: str, record_id: uuid.UUID) -> Sequence[tuple[uuid.UUID | None, Decimal, Decimal]]:
    """(holder, units, cost) of all that a record moved when it was made, in the order in which it was split."""
    rows = session().execute(
        sa.select(HoldingShare.member_id, HoldingShare.units, HoldingShare.cost)
        .join(Move, Move.id == HoldingShare.move_id)
        .where(Move.source_kind == kind, Move.source_id == record_id, Move.undoes_id.is_(None))
        .order_by(Move.recorded_at, HoldingShare.move_id, HoldingShare.line)
    )
    return [(member_id, units, cost) for member_id, units, cost in rows]


def investment(investment_id: uuid.UUID) -> Investment:
    """The investment with this id. Raises NoSuchInvestment."""
    return row_with(Investment, investment_id, NoSuchInvestment)


@dataclass(frozen=True)
class Worth:
    """What is held of an investment, what it cost, and what it was last found to be worth.

    `valued_on` and `value` are None until the first revaluation: then it is shown at cost.
    """

    units: Decimal
    cost: Decimal
    valued_on: date | None = None
    value: Decimal | None = None

    @property
    def current(self) -> Decimal:
        """What it is worth now, as far as is known."""
        return self.cost if self.value is None else self.value

    @property
    def unit_price(self) -> Decimal:
        """The same of one unit, with six decimals; nothing where nothing is held."""
        return price_of(self.current, self.units) if self.units else ZERO


def worths(investment_ids: Collection[uuid.UUID], *, currency: str) -> dict[uuid.UUID, Worth]:
    """What is held of investments and what it is worth, in two queries however many they and their holders are."""
    wanted = list(investment_ids)
    totals = session().execute(
        sa.select(Move.investment_id, sa.func.sum(Move.units), sa.func.sum(Move.cost))
        .where(Move.investment_id.in_(wanted))
        .group_by(Move.investment_id)
    )
    last = last_valuations(wanted)
    return {found: _worth(units, cost, last.get(found), currency) for found, units, cost in totals}


def _worth(units: Decimal, cost: Decimal, last: Valuation | None, currency: str) -> Worth:
    if last is None:
        return Worth(units, cost)
    return Worth(units, cost, last.valued_on, worth(units, value=last.value, of_units=last.units, currency=currency))


def unit_price(investment_id: uuid.UUID, *, currency: str) -> Decimal:
    """What one unit was last worth, else what it cost: to be shown, with six decimals."""
    found = worths([investment_id], currency=currency).get(investment_id)
    return found.unit_price if found else ZERO


def value_of(investment_id: uuid.UUID, *, currency: str) -> Decimal:
    """What all units held now were last worth, else what they cost, in the group's currency."""
    found = worths([investment_id], currency=currency).get(investment_id)
    return found.current if found else ZERO


def last_valuations(investment_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Valuation]:
    """The latest valuation of each investment that was not taken back."""
    each = sa.orm.aliased(Valuation)
    last = (  # of each the first one of the index backwards: the values of years are not read to find the last
        sa.select(each.id)
        .where(each.investment_id == Investment.id, each.id.not_in(taken_back("valuation")))
        .order_by(each.valued_on.desc(), each.id.desc())
        .limit(1)
        .lateral("last")
    )
    found = sa.select(Valuation).select_from(Investment).join(last, sa.true())
    found = found.join(Valuation, Valuation.id == last.c.id)
    rows = session().scalars(found.where(Investment.id.in_(list(investment_ids))))
    return {row.investment_id: row for row in rows}


def taken_back(kind: str) -> sa.Select[uuid.UUID]:
    """The ids of the records of a kind that were reversed."""
    return sa.select(HoldingsReversal.original_id).where(HoldingsReversal.original_kind == kind)


def reversal_of(kind: str, record_id: uuid.UUID) -> HoldingsReversal | None:
    """The row that took a record back, if it was."""
    return session().scalar(
        sa.select(HoldingsReversal).where(
            HoldingsReversal.original_kind == kind, HoldingsReversal.original_id == record_id
        )
    )


def standing_moves(investment_id: uuid.UUID) -> Sequence[Move]:
    """The moves of an investment that count, in the order in which they were written: neither undone nor undoing."""
    undone = sa.orm.aliased(Move)
    return (
        session()
        .scalars(
            sa.select(Move)
            .where(Move.investment_id == investment_id, Move.undoes_id.is_(None))
            .where(~sa.exists().where(undone.undoes_id == Move.id))
            .order_by(Move.recorded_at, Move.id)
        )
        .all()
    )

"""Reads of whole investments for pages: where each stands, what it brought, who holds it, what happened to it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from app.core.db import session
from app.core.periods import Month
from app.groups.models import Member
from app.groups.queries import group
from app.holdings import queries, states
from app.holdings.models import (
    HoldingShare,
    HoldingsReversal,
    Investment,
    InvestmentIncome,
    InvestmentSale,
    Move,
)
from app.holdings.policy import terms
from app.holdings.queries import Holding, Worth, taken_back
from app.holdings.rules import ENDED_BY, ZERO, InvestmentType, Risk, SaleKind, Status, roi
from app.holdings.words import part_worth
from app.ledgers.heads import today
from app.ledgers.pairs import pairs
from app.web.keyset import Cursor, Slice, slice_of

STATES = ("held", "ended")
NOTHING = Worth(ZERO, ZERO)


@dataclass(frozen=True)
class Line:
    """An investment: where it stands, what is held, and what sales and income brought, in the group's currency."""

    investment: Investment
    status: Status
    worth: Worth
    proceeds: Decimal
    sold_cost: Decimal
    income: Decimal
    due_since: date | None  # the day from which a new value is asked for

    @property
    def growth(self) -> Decimal:
        """What is held, now less its cost; shown only."""
        return self.worth.current - self.worth.cost

    @property
    def gain(self) -> Decimal:
        """What sales brought beyond the cost of what was sold."""
        return self.proceeds - self.sold_cost

    @property
    def roi(self) -> Decimal | None:
        """(current - cost) / cost of what is held; of one that ended, of what was sold. In per cent."""
        if self.worth.units:
            return roi(self.worth.current, self.worth.cost)
        return roi(self.proceeds, self.sold_cost)


def lines(rows: Sequence[Investment]) -> list[Line]:
    """Where investments stand, in a number of queries that does not grow with them."""
    ids = [row.id for row in rows]
    worths = queries.worths(ids, currency=group().currency)
    sales, income, status = _sales(ids), _income(ids), _statuses(ids, worths)
    due = due_days(rows, worths, status)
    return [
        Line(
            row,
            status[row.id],
            worths.get(row.id, NOTHING),
            *sales.get(row.id, (ZERO, ZERO)),
            income.get(row.id, ZERO),
            due.get(row.id),
        )
        for row in rows
    ]


def line_of(investment_id: uuid.UUID) -> Line:
    """One of them. Raises NoSuchInvestment."""
    return lines([queries.investment(investment_id)])[0]


def _sales(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[Decimal, Decimal]]:
    standing = InvestmentSale.id.not_in(taken_back("investment_sale"))
    rows = session().execute(
        sa.select(InvestmentSale.investment_id, sa.func.sum(InvestmentSale.proceeds), sa.func.sum(InvestmentSale.cost))
        .where(InvestmentSale.investment_id.in_(ids), standing)
        .group_by(InvestmentSale.investment_id)
    )
    return {found: (proceeds, cost) for found, proceeds, cost in rows}


def _income(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    standing = InvestmentIncome.id.not_in(taken_back("investment_income"))
    query = sa.select(InvestmentIncome.investment_id, sa.func.sum(InvestmentIncome.amount))
    query = query.where(InvestmentIncome.investment_id.in_(ids), standing).group_by(InvestmentIncome.investment_id)
    return pairs(query)


def _statuses(ids: Collection[uuid.UUID], worths: Mapping[uuid.UUID, Worth]) -> dict[uuid.UUID, Status]:
    gone = set(session().scalars(taken_back("investment").where(HoldingsReversal.original_id.in_(ids))))
    stopped, ends = states.suspended(ids), _ends(ids)
    found = {}
    for investment_id in ids:
        if investment_id in gone:
            found[investment_id] = Status.REVERSED
        elif worths.get(investment_id, NOTHING).units:
            found[investment_id] = Status.SUSPENDED if investment_id in stopped else Status.ACTIVE
        else:
            found[investment_id] = ends.get(investment_id, Status.CONVERTED)
    return found


def _ends(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Status]:
    """How the last units of investments went, where that was a sale."""
    undone = sa.orm.aliased(Move)
    last = (
        sa.select(Move.investment_id, Move.source_id)
        .where(Move.investment_id.in_(ids), Move.undoes_id.is_(None))
        .where(~sa.exists().where(undone.undoes_id == Move.id))
        .order_by(Move.investment_id, Move.recorded_at.desc(), Move.id.desc())
        .ext(distinct_on(Move.investment_id))
        .subquery()
    )
    query = sa.select(last.c.investment_id, InvestmentSale.kind)
    kinds = pairs(query.join(InvestmentSale, InvestmentSale.id == last.c.source_id))
    return {found: ENDED_BY[SaleKind(kind)] for found, kind in kinds.items()}


def due_days(
    rows: Sequence[Investment], worths: Mapping[uuid.UUID, Worth], status: Mapping[uuid.UUID, Status]
) -> dict[uuid.UUID, date]:
    """Since when a new value of investments is asked for: so many months after the last one, by the policy of today."""
    months, now = terms().months, today()
    if months is None:
        return {}
    found = {}
    for row in rows:
        if status[row.id] is Status.ACTIVE:
            due = later_by(worths[row.id].valued_on or row.invested_on, months)
            if due <= now:
                found[row.id] = due
    return found


def later_by(day: date, months: int) -> date:
    """The same day some months later, or the last one of a shorter month."""
    return Month.of(day).plus(months).day(day.day)


def portfolio_page(
    *, type_: InvestmentType | None = None, risk: Risk | None = None, state: str = "", at: Cursor | None = None
) -> Slice[Line]:
    """A page of investments, the latest first; of one type, one risk, held or ended."""
    wanted = sa.select(Investment)
    if type_:
        wanted = wanted.where(Investment.type == type_.value)
    if risk:
        wanted = wanted.where(Investment.risk == risk.value)
    if state in STATES:
        wanted = wanted.where(_held() if state == "held" else sa.not_(_held()))
    return slice_of(
        lambda statement: lines(session().scalars(statement).all()),
        wanted,
        by=(Investment.invested_on, Investment.id),
        key=lambda line: (line.investment.invested_on, line.investment.id),
        at=at,
        newest_first=True,
    )


def _held() -> sa.ColumnElement[bool]:
    units = sa.select(sa.func.sum(Move.units)).where(Move.investment_id == Investment.id)
    return units.correlate(Investment).scalar_subquery() > 0


def held_lines() -> list[Line]:
    """Every investment of which something is held, the latest first."""
    query = sa.select(Investment).where(_held()).order_by(Investment.invested_on.desc(), Investment.id.desc())
    return lines(session().scalars(query).all())


def any_at_all() -> bool:
    """Whether the group ever invested."""
    return session().scalar(sa.select(Investment.id).limit(1)) is not None


@dataclass(frozen=True)
class HolderLine:
    """A member who holds an investment, with name and number."""

    holding: Holding
    name: str
    identifier: str


def holders_page(investment_id: uuid.UUID, *, at: Cursor | None = None, size: int | None = None) -> Slice[HolderLine]:
    """The members who hold an investment, in the order of their numbers. The group's own part is not among them."""
    units, cost = sa.func.sum(HoldingShare.units), sa.func.sum(HoldingShare.cost)
    held = (
        sa.select(HoldingShare.member_id, units.label("units"), cost.label("cost"))
        .where(HoldingShare.investment_id == investment_id, HoldingShare.member_id.is_not(None))
        .group_by(HoldingShare.member_id)
        .having(sa.or_(units != 0, cost != 0))
        .subquery()
    )
    number = sa.func.lower(Member.identifier)
    query = sa.select(Member.id, Member.display_name, Member.identifier, held.c.units, held.c.cost)
    return slice_of(
        lambda statement: [_holder(investment_id, row) for row in session().execute(statement)],
        query.join(held, held.c.member_id == Member.id),
        by=(number, Member.id),
        key=lambda line: (line.identifier.lower(), line.holding.member_id),
        at=at,
        size=size,
    )


def _holder(investment_id: uuid.UUID, row: sa.Row[Any]) -> HolderLine:
    return HolderLine(Holding(investment_id, row.id, row.units, row.cost), row.display_name, row.identifier)


@dataclass(frozen=True)
class Own:
    """What a member holds of an investment, what it cost and what it is worth, in the group's currency."""

    line: Line
    holding: Holding
    worth: Decimal

    @property
    def growth(self) -> Decimal:
        """Worth less cost; shown only."""
        return self.worth - self.holding.cost


def own_page(member_id: uuid.UUID, *, at: Cursor | None = None) -> Slice[Own]:
    """The investments of which a member holds a part, the latest first."""
    units, cost = sa.func.sum(HoldingShare.units), sa.func.sum(HoldingShare.cost)
    held = (
        sa.select(HoldingShare.investment_id)
        .where(HoldingShare.member_id == member_id)
        .group_by(HoldingShare.investment_id)
        .having(sa.or_(units != 0, cost != 0))
    )
    return slice_of(
        lambda statement: own_parts(member_id, session().scalars(statement).all()),
        sa.select(Investment).where(Investment.id.in_(held)),
        by=(Investment.invested_on, Investment.id),
        key=lambda own: (own.line.investment.invested_on, own.line.investment.id),
        at=at,
        newest_first=True,
    )


def own_parts(member_id: uuid.UUID, rows: Sequence[Investment]) -> list[Own]:
    """A member's part of each of these investments of which there is one."""
    held = {row.investment_id: row for row in queries.holdings_of(member_id)}
    return [_own(line, held[line.investment.id]) for line in lines(rows) if line.investment.id in held]


def _own(line: Line, held: Holding) -> Own:
    return Own(line, held, part_worth(held, line.worth))


def worth_of(member_id: uuid.UUID) -> tuple[Decimal, Decimal, date | None]:
    """(cost, worth, day of the latest value) of all that a member holds."""
    held = queries.holdings_of(member_id)
    found = queries.worths([row.investment_id for row in held], currency=group().currency)
    cost = sum((row.cost for row in held), ZERO)
    value = sum((part_worth(row, found[row.investment_id]) for row in held), ZERO)
    days = [one.valued_on for one in found.values() if one.valued_on is not None]
    return cost, value, max(days, default=None)

"""Reads of what happened to investments: sales, values and income, and how cost and worth went."""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from app.core.db import session
from app.holdings.growth import Course, Moved, Valued
from app.holdings.models import HoldingsReversal, InvestmentIncome, InvestmentSale, Move, Valuation
from app.holdings.queries import taken_back


def sales_of(investment_id: uuid.UUID) -> Sequence[InvestmentSale]:
    """The sales of an investment, the latest first, reversed ones too."""
    query = sa.select(InvestmentSale).where(InvestmentSale.investment_id == investment_id)
    return session().scalars(query.order_by(InvestmentSale.sold_on.desc(), InvestmentSale.id.desc())).all()


def valuations_of(investment_id: uuid.UUID) -> Sequence[Valuation]:
    """The valuations of an investment, the latest first, reversed ones too."""
    query = sa.select(Valuation).where(Valuation.investment_id == investment_id)
    return session().scalars(query.order_by(Valuation.valued_on.desc(), Valuation.id.desc())).all()


def income_of(investment_id: uuid.UUID) -> Sequence[InvestmentIncome]:
    """The income of an investment, the latest first, reversed rows too."""
    query = sa.select(InvestmentIncome).where(InvestmentIncome.investment_id == investment_id)
    return session().scalars(query.order_by(InvestmentIncome.received_on.desc(), InvestmentIncome.id.desc())).all()


def reversed_among(kind: str, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these records of a kind were reversed."""
    return set(session().scalars(taken_back(kind).where(HoldingsReversal.original_id.in_(ids))))


def courses(investment_ids: Collection[uuid.UUID] | None = None) -> dict[uuid.UUID, Course]:
    """How investments went, all of them unless some are named: moves and valuations that count, in two queries."""
    undone = sa.orm.aliased(Move)
    moves = sa.select(Move.investment_id, Move.moved_on, Move.units, Move.cost).where(
        Move.undoes_id.is_(None), ~sa.exists().where(undone.undoes_id == Move.id)
    )
    values = sa.select(Valuation.investment_id, Valuation.valued_on, Valuation.units, Valuation.value).where(
        Valuation.id.not_in(taken_back("valuation"))
    )
    if investment_ids is not None:
        moves = moves.where(Move.investment_id.in_(investment_ids))
        values = values.where(Valuation.investment_id.in_(investment_ids))
    found: dict[uuid.UUID, Course] = {}
    moved: dict[uuid.UUID, list[Moved]] = {}
    valued: dict[uuid.UUID, list[Valued]] = {}
    for investment_id, on, units, cost in session().execute(moves.order_by(Move.moved_on, Move.recorded_at)):
        moved.setdefault(investment_id, []).append(Moved(on, units, cost))
    for investment_id, on, units, value in session().execute(values.order_by(Valuation.valued_on, Valuation.id)):
        valued.setdefault(investment_id, []).append(Valued(on, units, value))
    for investment_id, ones in moved.items():
        found[investment_id] = Course(ones, valued.get(investment_id, []))
    return found

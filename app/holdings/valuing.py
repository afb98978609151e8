"""Revaluation: what an investment is found to be worth on a day, and how that is known. It books nothing."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import BadAmount, NegativeAmount, exact
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings import queries
from app.holdings.errors import BeforeInvesting, NothingHeldThen, ValueMissing
from app.holdings.models import Investment, Move, Valuation
from app.holdings.records import first_open, sealed
from app.holdings.rules import ZERO, checked_price, product, worth
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today

FAR = 10  # times as much, or as little, as was known: likelier a slip than a value


@dataclass(frozen=True, kw_only=True)
class Revaluation:
    """A value on a day: of all units held then, or of one of them. `key` makes it happen once."""

    investment_id: uuid.UUID
    on: date
    evidence: str = field(repr=False)
    key: str
    value: Decimal | None = None
    unit_value: Decimal | None = None


def revalue(told: Revaluation, *, by: uuid.UUID | None) -> Valuation:
    """Record what an investment was worth; growth and ROI change, shares do not. Once for each key.

    Raises NoSuchInvestment, BeforeInvesting, NothingHeldThen, ValueMissing, NotAUnitValue, DayInFuture, KeyUsed.
    """
    lock_group()
    investment = queries.investment(told.investment_id)
    known = sa.select(Valuation).where(Valuation.idempotency_key == told.key)
    if (done := session().scalar(known)) is not None:
        return _same(done, told)
    units = _units_on(investment, told.on)
    row = Valuation(
        id=new_id(),
        investment_id=investment.id,
        valued_on=told.on,
        units=units,
        value=_value(told, units),
        idempotency_key=told.key,
        recorded_by=by,
    )
    row.evidence_sealed = sealed(told.evidence, f"valuation|{row.id}|evidence")
    session().add(row)
    session().flush()
    after = {"on": row.valued_on, "value": row.value, "evidence": told.evidence}
    record("create", "valuation", row.id, by=by, after=after)
    return row


@dataclass(frozen=True)
class Doubt:
    """A value far from what all of it was last worth, or cost: `known` of the same units, by the day `since`."""

    value: Decimal
    known: Decimal
    since: date | None  # None: it was never valued, this is its cost


def doubt_of(told: Revaluation) -> Doubt | None:
    """What to ask before a value is kept that is more than ten times, or less than a tenth, of what was known.

    Raises as `revalue` does.
    """
    row, currency = queries.investment(told.investment_id), group().currency
    units = _units_on(row, told.on)
    value, last = _value(told, units), queries.last_valuations([row.id]).get(row.id)
    if last is not None and last.value:
        known, since = worth(units, value=last.value, of_units=last.units, currency=currency), last.valued_on
    else:
        known, since = worth(units, value=row.amount, of_units=row.units, currency=currency), None
    return Doubt(value, known, since) if value > known * FAR or known > value * FAR else None


def _units_on(investment: Investment, on: date) -> Decimal:
    if on > today():
        raise DayInFuture(day=on.isoformat(), field="on")
    if on < investment.invested_on:
        raise BeforeInvesting(day=investment.invested_on.isoformat(), field="on")
    held = sa.select(sa.func.sum(Move.units)).where(Move.investment_id == investment.id)
    units = session().scalar(held.where(Move.moved_on <= first_open(on))) or ZERO
    if not units:
        raise NothingHeldThen(day=on.isoformat(), field="on")
    return units


def _value(told: Revaluation, units: Decimal) -> Decimal:
    currency = group().currency
    if told.value is None:
        if told.unit_value is None:
            raise ValueMissing(field="value")
        return _exact(product(units, checked_price(told.unit_value), currency), currency, "unit_value")
    return _exact(told.value, currency, "value")


def _exact(value: Decimal, currency: str, name: str) -> Decimal:
    try:
        found = exact(value, currency)
    except BadAmount as error:
        error.field = name
        raise
    if found < 0:
        raise NegativeAmount(field=name)
    return found


def _same(done: Valuation, told: Revaluation) -> Valuation:
    if (done.investment_id, done.valued_on) != (told.investment_id, told.on) or told.value not in (None, done.value):
        raise KeyUsed
    return done

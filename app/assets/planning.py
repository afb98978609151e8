"""What would become of everybody if holdings were converted, or something bought, now; nothing is written here."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.assets import rules
from app.assets.errors import BeforeHoldingMoved, HoldingSuspended, NobodyCanOwn, NotHeld, NothingChosen, OwnersLack
from app.assets.rules import ZERO, Conversion, Holder, Owner, Part
from app.core.db import session
from app.core.money import exact, quantum, shown
from app.groups.models import Member
from app.groups.queries import group, names
from app.holdings.errors import BeyondCash, CashAccountMissing
from app.holdings.investing import Purchase, preview_investment, refuse_beyond_cash
from app.holdings.models import Investment, Move
from app.holdings.queries import eligible, holders, investment, worths
from app.holdings.records import first_open
from app.holdings.states import is_suspended
from app.ledgers.errors import DayInFuture
from app.ledgers.heads import today

MOST_NAMED = 8


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An asset to be: its price (the recorded purchase value), day, and the whole holdings it is made of.

    `values` holds what each investment is taken at, None for what it was last worth; without any it is bought directly.
    `key` makes it happen once.
    """

    name: str
    price: Decimal
    on: date
    key: str
    description: str = ""
    values: Mapping[uuid.UUID, Decimal | None] = field(default_factory=dict)
    cash_account_id: uuid.UUID | None = None
    treasury_takes: bool = False


@dataclass(frozen=True)
class Chosen:
    """An investment that is converted: what all of it cost, and what it is taken at."""

    investment: Investment
    cost: Decimal
    value: Decimal


@dataclass(frozen=True)
class Plan:
    """What would happen: the investments, every owner's part in the order of identifiers, and what is paid beside."""

    price: Decimal
    chosen: Sequence[Chosen]
    conversion: Conversion
    held: Sequence[Holder] = ()
    way: str = "converted"

    @property
    def parts(self) -> Sequence[Part]:
        """Every owner's part."""
        return self.conversion.parts

    @property
    def paid(self) -> Decimal:
        """What leaves the cash account, below zero what comes into it."""
        return self.price if self.way == "bought" else self.conversion.top_up

    @property
    def mark(self) -> str:
        """Stands for exactly this plan: who confirms it has read it."""
        parts = [(str(part.owner), *map(_plain, part.figures)) for part in self.parts]
        chosen = [(str(one.investment.id), _plain(one.cost), _plain(one.value)) for one in self.chosen]
        return hashlib.sha256(f"{_plain(self.price)}{chosen}{parts}".encode()).hexdigest()[:32]


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def plan_conversion(told: Wanted) -> Plan:
    """What a conversion would do, also when owners lack their part of the top-up: `refuse_lacking` says so.

    Raises NothingChosen, NotHeld, HoldingSuspended, BeforeHoldingMoved, DayInFuture, CashAccountMissing, BeyondCash.
    """
    if not told.values:
        raise NothingChosen(field="holdings")
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    currency = group().currency
    chosen = [_chosen(found, told, currency) for found in _investments(told.values)]
    held = in_order([Holder(row.investment_id, row.member_id, row.units, row.cost) for row in holders(told.values)])
    made = rules.convert(
        held,
        {one.investment.id: one.value for one in chosen},
        price=exact(told.price, currency),
        free=eligible(told.on),
        quantum=quantum(currency),
        treasury_takes=told.treasury_takes,
    )
    _check_cash(made.top_up, told.cash_account_id, currency)
    return Plan(told.price, chosen, made, held)


def plan_purchase(told: Wanted) -> Plan:
    """What a direct purchase would do: an investment of one unit and its conversion; for a gift, shares by savings.

    Raises what recording an investment raises, NobodyCanOwn, CashAccountMissing.
    """
    currency = group().currency
    price = exact(told.price, currency)
    if not price:
        return _gift(told)
    if told.cash_account_id is None:
        raise CashAccountMissing(field="cash_account")
    portions = preview_investment(purchase_of(told)).portions
    id_ = uuid.UUID(int=0)  # of the investment to be
    held = [Holder(id_, member_id, part.units, part.cost) for member_id, part in portions.items()]
    made = rules.convert(held, {id_: price}, price=price, free={}, quantum=quantum(currency))
    return Plan(price, (), made, held, way="bought")


def purchase_of(told: Wanted) -> Purchase:
    """The investment of one unit that a direct purchase begins with."""
    return Purchase(
        name=told.name,
        type="real_estate",
        on=told.on,
        cash_account_id=told.cash_account_id or uuid.UUID(int=0),
        key=f"{told.key}-unit",
        amount=told.price,
        units=Decimal(1),
        unit_value=told.price,
    )


def _gift(told: Wanted) -> Plan:
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if not (savers := eligible(told.on)):
        raise NobodyCanOwn(field="on")
    shares = rules.by_percent(savers)
    parts = [Part(share.owner, ZERO, ZERO, ZERO, ZERO, share.percent) for share in shares]
    return Plan(ZERO, (), Conversion(parts), way="given")


def refuse_lacking(plan: Plan) -> None:
    """Raises OwnersLack, naming who and how much."""
    lacking = plan.conversion.lacking
    if not lacking:
        return
    people, currency = names([part.owner for part in lacking[:MOST_NAMED]]), group().currency
    told = [
        f"{people.get(part.owner, '?')} {currency} {shown(part.lacking, currency)}"
        for part in lacking[:MOST_NAMED]
        if part.owner
    ]
    if more := len(lacking) - len(told):
        told.append(_("and %(more)s others", more=more))
    raise OwnersLack(field="price", who=", ".join(told))


def _investments(wanted: Mapping[uuid.UUID, Decimal | None]) -> list[Investment]:
    found = [investment(investment_id) for investment_id in wanted]
    return sorted(found, key=lambda row: (row.invested_on, row.id))


def _chosen(row: Investment, told: Wanted, currency: str) -> Chosen:
    known = worths([row.id], currency=currency).get(row.id)
    if known is None or not known.units:
        raise NotHeld(name=row.name, field="holdings")
    if is_suspended(row.id):
        raise HoldingSuspended(name=row.name, field="holdings")
    last = session().scalar(sa.select(sa.func.max(Move.moved_on)).where(Move.investment_id == row.id))
    if last is not None and first_open(told.on) < last:
        raise BeforeHoldingMoved(name=row.name, day=last.isoformat(), field="on")
    agreed = told.values[row.id]
    return Chosen(row, known.cost, known.current if agreed is None else exact(agreed, currency))


def in_order(held: Sequence[Holder]) -> list[Holder]:
    """By the identifiers of the owners, the group last: what cannot be divided goes by the same order always."""
    ids = {row.owner for row in held if row.owner}
    number = sa.collate(sa.func.lower(Member.identifier), "C")
    in_order = session().scalars(sa.select(Member.id).where(Member.id.in_(ids)).order_by(number, Member.id))
    place: dict[Owner, int] = {member_id: n for n, member_id in enumerate(in_order)}
    return sorted(held, key=lambda row: place.get(row.owner, len(place)))


def _check_cash(paid: Decimal, cash_account_id: uuid.UUID | None, currency: str) -> None:
    if not paid:
        return
    if cash_account_id is None:
        raise CashAccountMissing(field="cash_account")
    try:
        refuse_beyond_cash(cash_account_id, max(paid, ZERO), currency)
    except BeyondCash as error:
        error.field = "cash_account"  # there the amount is typed, here it is what the price leaves
        raise


def treasury_part(plan: Plan) -> Decimal:
    """What the treasury pays, below zero what goes back to it."""
    return sum((part.top_up for part in plan.parts if part.owner is None), ZERO)

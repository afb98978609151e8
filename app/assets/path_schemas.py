"""Shapes of the path of a member's money."""

import uuid
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema

from app.assets.path import Held, Leg, Owns, Path
from app.assets.schemas import Percent
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Shape

Units = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value.normalize():f}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["12.5"]}),
]


class LegOut(Shape):
    """A part of an entry that brought savings, into an investment or, as a top-up, into an asset."""

    paid_on: Day
    entry: int
    amount: Amount
    into: uuid.UUID
    on: Day


class HeldOut(Shape):
    """A member's part of an investment: what was put in, and what is still held."""

    investment_id: uuid.UUID
    investment: str
    on: Day
    units: Units
    cost: AmountOrNothing
    units_left: Units
    cost_left: AmountOrNothing


class TurnedOut(Shape):
    """Holdings that became a part of an asset."""

    investment_id: uuid.UUID
    asset_id: uuid.UUID
    units: Units
    cost: AmountOrNothing
    value: AmountOrNothing


class OwnsOut(Shape):
    """An asset on the path: the share it began with, what is owned now, and what its sale brought."""

    asset_id: uuid.UUID
    asset: str
    acquired_on: Day
    top_up: AmountOrNothing
    percent: Percent
    amount: AmountOrNothing
    percent_now: Percent
    amount_now: AmountOrNothing
    sold_on: Day | None
    savings_back: AmountOrNothing | None
    growth: Balance | None


class PassedOut(Shape):
    """A share that came or, below zero, went later."""

    asset_id: uuid.UUID
    on: Day
    percent: Percent
    amount: Balance


class PathOut(Shape):
    """The path of a member's money: what was paid in, the holdings it became, the assets these became."""

    legs: list[LegOut]
    holdings: list[HeldOut]
    conversions: list[TurnedOut]
    assets: list[OwnsOut]
    passed: list[PassedOut]


def path_out(path: Path) -> PathOut:
    """The path of a member's money."""
    return PathOut(
        legs=[_leg(one) for one in path.legs],
        holdings=[_held(one) for one in path.held],
        conversions=[TurnedOut.model_validate(one) for one in path.turned],
        assets=[_owns(one) for one in path.owned],
        passed=[PassedOut.model_validate(one) for one in path.passed],
    )


def _leg(one: Leg) -> LegOut:
    paid, number = one.source.effective_on, one.source.number
    return LegOut(paid_on=paid, entry=number, amount=one.amount, into=one.target, on=one.on)


def _held(one: Held) -> HeldOut:
    return HeldOut(
        investment_id=one.investment.id,
        investment=one.investment.name,
        on=one.on,
        units=one.units,
        cost=one.cost,
        units_left=one.units_left,
        cost_left=one.cost_left,
    )


def _owns(one: Owns) -> OwnsOut:
    got = one.got
    return OwnsOut(
        asset_id=one.asset.id,
        asset=one.asset.name,
        acquired_on=one.asset.acquired_on,
        top_up=one.top_up,
        percent=one.percent,
        amount=one.amount,
        percent_now=one.percent_now,
        amount_now=one.amount_now,
        sold_on=got.sale.sold_on if got else None,
        savings_back=got.savings if got else None,
        growth=got.growth if got else None,
    )

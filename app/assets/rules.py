"""Arithmetic of assets: what whole holdings become, who owns how much of it, and what a sale gives each owner."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from app.core.money import percentages, split

ZERO = Decimal(0)
WHOLE = Decimal(100)
Owner = uuid.UUID | None  # a member; None is the group itself


class Holder(NamedTuple):
    """Who holds how many units of an investment, and what they cost."""

    investment_id: uuid.UUID
    owner: Owner
    units: Decimal
    cost: Decimal


@dataclass(frozen=True)
class Part:
    """What a conversion makes of one owner's holdings: amounts in the group's currency, percent with four decimals.

    `top_up` is what the owner pays from savings, below zero what goes back to them; `lacking` is what of their part the
    owner cannot pay. `amount` is the owner's part of the price, as it will stand in the books.
    """

    owner: Owner
    cost: Decimal
    value: Decimal
    top_up: Decimal
    amount: Decimal
    percent: Decimal
    lacking: Decimal = ZERO

    @property
    def gain(self) -> Decimal:
        """What the holdings were worth beyond their cost; a loss is below zero."""
        return self.value - self.cost

    @property
    def figures(self) -> Sequence[Decimal]:
        """All of it, to be compared with another plan."""
        return self.cost, self.value, self.top_up, self.amount, self.percent, self.lacking


@dataclass(frozen=True)
class Conversion:
    """What becomes of everybody: the parts in the order of the owners, the group last."""

    parts: Sequence[Part]

    @property
    def cost(self) -> Decimal:
        """What the holdings cost."""
        return sum((part.cost for part in self.parts), ZERO)

    @property
    def value(self) -> Decimal:
        """What they are realised at."""
        return sum((part.value for part in self.parts), ZERO)

    @property
    def top_up(self) -> Decimal:
        """What is paid beside them, below zero what is given back."""
        return sum((part.top_up for part in self.parts), ZERO)

    @property
    def lacking(self) -> Sequence[Part]:
        """The owners who cannot pay their part of the top-up."""
        return [part for part in self.parts if part.lacking]


def values_of(holders: Sequence[Holder], values: Mapping[uuid.UUID, Decimal], quantum: Decimal) -> dict[Owner, Decimal]:
    """Each owner's part of what the investments are realised at, in the order in which the holders are given.

    A part of an investment is by the carrying cost, which is by units at the average cost: so an investment taken at
    its cost is to each holder exactly what it cost them, and no cent is gained by one and lost by another.
    """
    found: dict[Owner, Decimal] = dict.fromkeys((holder.owner for holder in holders), ZERO)
    for investment_id, value in values.items():
        own = {holder.owner: holder for holder in holders if holder.investment_id == investment_id}
        weights = _first_of(
            {owner: holder.cost for owner, holder in own.items()},
            {owner: holder.units for owner, holder in own.items()},
        )
        for owner, part in split(value, weights, quantum).items():
            found[owner] += part
    return found


def _first_of(*choices: dict[Owner, Decimal]) -> dict[Owner, Decimal]:
    """The first of several ways to weigh that weighs anything."""
    return next((weights for weights in choices if any(weights.values())), choices[-1])


def convert(
    holders: Sequence[Holder],
    values: Mapping[uuid.UUID, Decimal],
    *,
    price: Decimal,
    free: Mapping[uuid.UUID, Decimal],
    quantum: Decimal,
    treasury_takes: bool = False,
) -> Conversion:
    """What whole holdings become in an asset of `price`, the holders in the order of their identifiers, the group last.

    Each owner's part of the price is in proportion to the value of what they held; what it lacks is their top-up, and
    what it has too much goes back. `free` is what each member can pay. With `treasury_takes` the group owns what the
    others cannot pay; then the percentages are of the price, else of the value.
    """
    cost: dict[Owner, Decimal] = {}
    for holder in holders:
        cost[holder.owner] = cost.get(holder.owner, ZERO) + holder.cost
    value = values_of(holders, values, quantum)
    weights = _first_of(value, cost)
    amount = split(price, weights, quantum)
    asked = {owner: amount[owner] - value[owner] for owner in weights}
    lacking = {owner: _lacking(owner, asked[owner], free) for owner in weights}
    if treasury_takes and any(lacking.values()):
        amount = _taken_over(amount, lacking)
        cost.setdefault(None, ZERO)
        value.setdefault(None, ZERO)
        asked = {owner: amount[owner] - value[owner] for owner in amount}
        lacking = dict.fromkeys(amount, ZERO)
        weights = amount
    percent = percentages(weights)
    return Conversion(
        [
            Part(owner, cost[owner], value[owner], asked[owner], amount[owner], percent[owner], lacking[owner])
            for owner in amount
        ]
    )


def _lacking(owner: Owner, asked: Decimal, free: Mapping[uuid.UUID, Decimal]) -> Decimal:
    return ZERO if owner is None else max(asked - max(free.get(owner, ZERO), ZERO), ZERO) if asked > 0 else ZERO


def _taken_over(amount: Mapping[Owner, Decimal], lacking: Mapping[Owner, Decimal]) -> dict[Owner, Decimal]:
    """The parts of the price when the group, at the end, owns what others lack."""
    found: dict[Owner, Decimal] = {owner: own - lacking[owner] for owner, own in amount.items() if owner is not None}
    found[None] = amount.get(None, ZERO) + sum(lacking.values(), ZERO)
    return found


class Share(NamedTuple):
    """An owner's share of an asset: per cent, and the part of the recorded purchase value it stands for."""

    owner: Owner
    percent: Decimal
    amount: Decimal


class SoldPart(NamedTuple):
    """What a sale gives an owner: the recorded part back, and a gain, below zero a loss."""

    owner: Owner
    percent: Decimal
    amount: Decimal
    gain: Decimal


def sell(shares: Iterable[Share], *, price: Decimal, proceeds: Decimal, quantum: Decimal) -> list[SoldPart]:
    """What each owner gets when an asset recorded at `price` is sold for `proceeds`: the gain goes by share."""
    owned = list(shares)
    gains = split(proceeds - price, [share.percent for share in owned], quantum)
    return [SoldPart(*share, gains[place]) for place, share in enumerate(owned)]


def by_percent(eligible: Mapping[uuid.UUID, Decimal]) -> list[Share]:
    """The shares of something that cost nothing: by the savings that would have paid for it."""
    return [Share(owner, percent, ZERO) for owner, percent in percentages(eligible).items() if percent]

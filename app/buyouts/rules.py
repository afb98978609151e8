"""What a buy-out moves and where it stands: parts, what they are carried at, and what changed since the offer."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.buyouts.errors import (
    MoreThanFree,
    MoreThanHeld,
    NoGrowth,
    NotHeld,
    NothingHeld,
    NothingSold,
    NotMoreThanZero,
    TooFine,
    WholeAndParts,
)
from app.core.money import lazily, rounded

ZERO = Decimal(0)
PLACES = Decimal("0.0001")  # of units and percentages
Key = tuple["PartKind", uuid.UUID | None]  # what a part is taken from


class PartKind(StrEnum):
    """What a part of a buy-out is taken from."""

    HOLDING = "holding"
    ASSET = "asset"
    SAVINGS = "savings"
    GROWTH = "growth"


ACCOUNTS: Mapping[PartKind, str] = {
    PartKind.HOLDING: "holdings",
    PartKind.ASSET: "asset_share",
    PartKind.SAVINGS: "savings",
    PartKind.GROWTH: "realised_growth",
}
FIELDS = {PartKind.HOLDING: "holdings", PartKind.ASSET: "assets", PartKind.SAVINGS: "savings"}


class Side(StrEnum):
    """Who consents."""

    SELLER = "seller"
    BUYER = "buyer"


class State(StrEnum):
    """What is appended to a buy-out."""

    OFFERED = "offered"
    CONSENTED = "consented"
    EFFECTIVE = "effective"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


ENDS = (State.EFFECTIVE, State.DECLINED, State.WITHDRAWN)


class Standing(StrEnum):
    """Where a buy-out stands after all that was appended."""

    OFFERED = "offered"  # somebody's consent is missing
    AGREED = "agreed"  # both consented, nobody approved
    EFFECTIVE = "effective"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


def standing_of(states: Collection[State]) -> Standing:
    """Where a buy-out stands: one end at most, and a reversal only after it took effect."""
    for state in (State.REVERSED, *ENDS):
        if state in states:
            return Standing(state.value)
    consents = sum(state is State.CONSENTED for state in states)
    return Standing.AGREED if consents == len(Side) else Standing.OFFERED


@dataclass(frozen=True)
class Stake:
    """Something that the seller has: of an investment so many units, of an asset so many per cent.

    `amount` is what it is carried at in the books; `recorded` the purchase value of an asset.
    """

    kind: PartKind
    of: uuid.UUID
    quantity: Decimal
    amount: Decimal
    recorded: Decimal | None = None


@dataclass(frozen=True)
class Position:
    """All that a member could sell. `free` says how much of each kind is free of holds, where anything is held."""

    stakes: Sequence[Stake] = ()
    savings: Decimal = ZERO
    growth: Decimal = ZERO
    free: Mapping[PartKind, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What is to be sold: everything invested and owned, or parts of it; savings and growth only if named."""

    whole: bool = False
    units: Mapping[uuid.UUID, Decimal] = field(default_factory=dict)
    percents: Mapping[uuid.UUID, Decimal] = field(default_factory=dict)
    savings: Decimal = ZERO
    growth: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a buy-out: so much of something, what it is carried at, and its nominal value."""

    kind: PartKind
    amount: Decimal
    value: Decimal
    of: uuid.UUID | None = None
    quantity: Decimal | None = None
    held: Decimal | None = None  # how much of it the seller has, this part included
    recorded: Decimal | None = None


def carrying(amount: Decimal, quantity: Decimal, held: Decimal, currency: str) -> Decimal:
    """What a part is carried at: by quantity, and whoever sells the last of it sells all that is left."""
    return amount if quantity == held else rounded(amount * quantity / held, currency)


def parts_of(position: Position, wanted: Wanted, currency: str) -> tuple[Part, ...]:
    """What is sold, part by part: holdings, assets, savings, growth.

    Raises NothingSold, NothingHeld, WholeAndParts, NotHeld, NotMoreThanZero, TooFine, MoreThanHeld, MoreThanFree,
    NoGrowth. Those about one thing name it in `places["item"]`.
    """
    _refuse_unclear(position, wanted)
    quantities = _quantities(position, wanted)
    found = [part(stake, quantities[stake.of], currency) for stake in position.stakes if stake.of in quantities]
    if wanted.savings:
        found.append(_savings(position, wanted.savings, currency))
    if wanted.growth:
        if not position.growth:
            raise NoGrowth(field="growth")
        found.append(Part(PartKind.GROWTH, position.growth, position.growth))
    _refuse_held(found, position.free, currency)
    return tuple(found)


def _refuse_unclear(position: Position, wanted: Wanted) -> None:
    named = bool(wanted.units or wanted.percents)
    if wanted.whole and named:
        raise WholeAndParts(field="whole")
    if not (wanted.whole or named or wanted.savings or wanted.growth):
        raise NothingSold(field="whole")
    if wanted.whole and not (position.stakes or wanted.savings or wanted.growth):
        raise NothingHeld(field="whole")


def _quantities(position: Position, wanted: Wanted) -> dict[uuid.UUID, Decimal]:
    """How much of each stake is sold."""
    if wanted.whole:
        return {stake.of: stake.quantity for stake in position.stakes}
    held = {(stake.kind, stake.of): stake.quantity for stake in position.stakes}
    asked = [(PartKind.HOLDING, of, units) for of, units in wanted.units.items()]
    asked += [(PartKind.ASSET, of, percent) for of, percent in wanted.percents.items()]
    for kind, of, quantity in asked:
        about: dict[str, Any] = {"field": FIELDS[kind], "item": of}
        if (kind, of) not in held:
            raise NotHeld(**about)
        if quantity <= 0:
            raise NotMoreThanZero(**about)
        if quantity != quantity.quantize(PLACES):
            raise TooFine(**about)
        if quantity > held[kind, of]:
            raise MoreThanHeld(held=f"{held[kind, of].normalize():f}", **about)
    return {of: quantity for _kind, of, quantity in asked}


def part(stake: Stake, quantity: Decimal, currency: str) -> Part:
    """A part of a stake. Holdings are worth what they cost, assets their share of the recorded purchase value."""
    amount = carrying(stake.amount, quantity, stake.quantity, currency)
    value = amount if stake.recorded is None else rounded(stake.recorded * quantity / 100, currency)
    return Part(stake.kind, amount, value, stake.of, quantity, stake.quantity, stake.recorded)


def _savings(position: Position, amount: Decimal, currency: str) -> Part:
    if amount < 0:
        raise NotMoreThanZero(field="savings")
    if amount > position.savings:
        raise MoreThanHeld(held=lazily(position.savings, currency), field="savings")
    return Part(PartKind.SAVINGS, amount, amount)


def _refuse_held(parts: Iterable[Part], free: Mapping[PartKind, Decimal], currency: str) -> None:
    sums = amounts(parts)
    for kind, left in free.items():
        if sums.get(kind, ZERO) > left:
            raise MoreThanFree(free=lazily(max(left, ZERO), currency), field=FIELDS.get(kind))


def amounts(parts: Iterable[Part]) -> dict[PartKind, Decimal]:
    """What is carried in the parts together, by what they are taken from."""
    found: dict[PartKind, Decimal] = {}
    for each in parts:
        found[each.kind] = found.get(each.kind, ZERO) + each.amount
    return found


def everything(position: Position, currency: str) -> tuple[Part, ...]:
    """The whole position as parts, savings and growth included: what a member has by the formula."""
    found = [part(stake, stake.quantity, currency) for stake in position.stakes]
    found += [Part(PartKind.SAVINGS, position.savings, position.savings)] if position.savings else []
    found += [Part(PartKind.GROWTH, position.growth, position.growth)] if position.growth else []
    return tuple(found)


def changed(offered: Sequence[Part], position: Position, currency: str, *, whole: bool) -> list[Key]:
    """What of an offer the seller could not hand over today exactly as it was offered; empty when all of it."""
    stakes: dict[Key, Stake] = {(stake.kind, stake.of): stake for stake in position.stakes}
    sums = amounts(offered)
    found: list[Key] = []
    for each in offered:
        short = each.kind in position.free and sums[each.kind] > position.free[each.kind]
        if short or not _same(each, stakes.get((each.kind, each.of)), position, currency, whole=whole):
            found.append((each.kind, each.of))
    known = {(each.kind, each.of) for each in offered}
    return found + [key for key in stakes if whole and key not in known]


def _same(each: Part, stake: Stake | None, position: Position, currency: str, *, whole: bool) -> bool:
    if each.kind is PartKind.SAVINGS:
        return each.amount <= position.savings
    if each.kind is PartKind.GROWTH:
        return each.amount == position.growth
    if stake is None or each.quantity is None or each.quantity > stake.quantity:
        return False
    if whole and each.quantity != stake.quantity:
        return False
    return carrying(stake.amount, each.quantity, stake.quantity, currency) == each.amount

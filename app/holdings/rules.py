"""Pure rules of investments: how much is bought, whose it is, what a sale gives back, what growth and ROI are."""

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from flask_babel import lazy_gettext as _

from app.core.money import BadAmount, ZeroAmount, exact, lazily, quantum, rounded, split
from app.core.money.currency import EXACT
from app.holdings.errors import (
    MoreThanHeld,
    NotAUnitValue,
    NothingBought,
    NotUnits,
    PercentageHasUnits,
    SizeMissing,
    SizesDiffer,
    TooFewUnits,
    TooManyUnits,
    UnitValueMissing,
)

K = TypeVar("K", uuid.UUID, "uuid.UUID | None", str)
ZERO = Decimal(0)
FINEST_UNIT = Decimal("0.0001")
FINEST_PRICE = Decimal("0.000001")
FINEST_WEIGHT = Decimal("1e-12")
NEARLY = Decimal("1e-6")  # three thirds of a whole, each with twelve decimals, are the whole
MOST = Decimal(10) ** 12
HUNDRED = Decimal(100)


class InvestmentType(enum.StrEnum):
    """What was bought."""

    UNIT_TRUST = "unit_trust"
    STOCKS = "stocks"
    BONDS = "bonds"
    REAL_ESTATE = "real_estate"
    MUTUAL_FUNDS = "mutual_funds"
    FIXED_DEPOSIT = "fixed_deposit"
    BUSINESS = "business"


TYPES = {
    InvestmentType.UNIT_TRUST: _("Unit trust"),
    InvestmentType.STOCKS: _("Stocks"),
    InvestmentType.BONDS: _("Bonds"),
    InvestmentType.REAL_ESTATE: _("Real estate"),
    InvestmentType.MUTUAL_FUNDS: _("Mutual funds"),
    InvestmentType.FIXED_DEPOSIT: _("Fixed deposit"),
    InvestmentType.BUSINESS: _("Business"),
}


class Risk(enum.StrEnum):
    """How likely it is to lose."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    VERY_HIGH = "very_high"


RISKS = {
    Risk.LOW: _("Low risk"),
    Risk.MEDIUM: _("Medium risk"),
    Risk.HIGH: _("High risk"),
    Risk.VERY_HIGH: _("Very high risk"),
}


class SaleKind(enum.StrEnum):
    """How units end: sold, paid back at the end of their term, or lost."""

    SALE = "sale"
    MATURITY = "maturity"
    DEFAULT = "default"


SALES = {SaleKind.SALE: _("Sale"), SaleKind.MATURITY: _("Maturity"), SaleKind.DEFAULT: _("Default")}


class Gains(enum.StrEnum):
    """Whose the gain or loss of a sale is: each holder's, or the group's surplus."""

    MEMBERS = "members"
    SURPLUS = "surplus"


class Status(enum.StrEnum):
    """Where an investment stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    SOLD = "sold"
    MATURED = "matured"
    DEFAULTED = "defaulted"
    CONVERTED = "converted"
    REVERSED = "reversed"


ENDED_BY = {SaleKind.SALE: Status.SOLD, SaleKind.MATURITY: Status.MATURED, SaleKind.DEFAULT: Status.DEFAULTED}


@dataclass(frozen=True)
class Size:
    """How much is bought: the amount in the group's currency, the units, and what one of them costs."""

    amount: Decimal
    units: Decimal
    unit_value: Decimal


def size_of(
    *,
    amount: Decimal | None,
    units: Decimal | None,
    unit_value: Decimal | None,
    percentage: bool,
    currency: str,
) -> Size:
    """How much is bought, from the amount or the units, and the unit value.

    An investment in per cent is one of 100 units. Raises SizeMissing, UnitValueMissing, NotAUnitValue, NotUnits,
    SizesDiffer, TooFewUnits, TooManyUnits, NothingBought, PercentageHasUnits, and what `exact` raises.
    """
    if percentage:
        return _of_hundred(amount, units, unit_value, currency)
    price = checked_price(unit_value)
    if units is None:
        if amount is None:
            raise SizeMissing(field="amount")
        return _for_amount(checked_amount(amount, currency), price)
    cost = product(checked_units(units), price, currency)
    if amount is not None and checked_amount(amount, currency) != cost:
        told = {"units": f"{units:f}", "unit_value": f"{price:f}", "product": lazily(cost, currency)}
        raise SizesDiffer(field="units", amount=lazily(amount, currency), **told)
    if not cost:
        raise NothingBought(field="units", currency=currency)
    return Size(checked_amount(cost, currency), units, price)


def _of_hundred(amount: Decimal | None, units: Decimal | None, unit_value: Decimal | None, currency: str) -> Size:
    if units not in (None, HUNDRED) or unit_value is not None:
        raise PercentageHasUnits(field="units" if units is not None else "unit_value")
    if amount is None:
        raise SizeMissing(field="amount")
    cost = checked_amount(amount, currency)
    return Size(cost, HUNDRED, EXACT.divide(cost, HUNDRED))  # amounts have four decimals at most, prices six


def _for_amount(amount: Decimal, price: Decimal) -> Size:
    units = EXACT.divide(amount, price).quantize(FINEST_UNIT, context=EXACT)
    if not units:
        raise TooFewUnits(field="unit_value")
    if units > MOST:
        raise TooManyUnits(field="unit_value")
    return Size(amount, units, price)


def checked_amount(amount: Decimal, currency: str, *, field: str = "amount") -> Decimal:
    """An amount above zero in the currency's digits. Raises ZeroAmount and what `exact` raises, for `field`."""
    try:
        found = exact(amount, currency)
    except BadAmount as error:
        error.field = field
        raise
    if found <= 0:
        raise ZeroAmount(field=field)
    return found


def checked_price(unit_value: Decimal | None) -> Decimal:
    """The value of a unit, when it can be one. Raises UnitValueMissing, NotAUnitValue."""
    if unit_value is None:
        raise UnitValueMissing(field="unit_value")
    if not unit_value.is_finite() or not 0 < unit_value <= MOST or not _as_fine(unit_value, FINEST_PRICE):
        raise NotAUnitValue(field="unit_value")
    return unit_value


def checked_units(units: Decimal) -> Decimal:
    """A number of units, when it can be one. Raises NotUnits."""
    if not units.is_finite() or not 0 < units <= MOST or not _as_fine(units, FINEST_UNIT):
        raise NotUnits(field="units")
    return units


def _as_fine(number: Decimal, finest: Decimal) -> bool:
    return number.quantize(finest, context=EXACT) == number


def product(units: Decimal, unit_value: Decimal, currency: str) -> Decimal:
    """What units come to, rounded half up."""
    return rounded(EXACT.multiply(units, unit_value), currency)


@dataclass(frozen=True)
class Portion:
    """A holder's part of an investment: what it cost, in the group's currency, and how many units."""

    cost: Decimal
    units: Decimal


def shared(size: Size, eligible: Mapping[K, Decimal], currency: str) -> dict[K, Portion]:
    """Whose an investment is: its amount split over eligible savings, then its units over those amounts.

    Of equal remainders the first in the given order gets the next quantum; nobody with zero gets a part. The amount
    is at most the sum of `eligible`, so that no part is more than its saver has. Raises NothingToSplitBy.
    """
    costs = {holder: cost for holder, cost in split(size.amount, eligible, quantum(currency)).items() if cost}
    units = split(size.units, costs, FINEST_UNIT)
    return {holder: Portion(cost, units[holder]) for holder, cost in costs.items()}


@dataclass(frozen=True)
class Sold:
    """What a holder gives up in a sale, and gets: units, their cost, and the gain on them (below zero: a loss)."""

    units: Decimal
    cost: Decimal
    gain: Decimal

    @property
    def proceeds(self) -> Decimal:
        """What the holder's units brought in."""
        return self.cost + self.gain


def sold(units: Decimal, proceeds: Decimal, held: Mapping[K, Portion], currency: str) -> dict[K, Sold]:
    """What each holder gives up and gets when `units` of what is held are sold for `proceeds`.

    The units are split over the holders' units, their cost is taken at the average and the last units take the rest;
    the gain is split over the units sold. Raises MoreThanHeld.
    """
    everything = sum((part.units for part in held.values()), ZERO)
    if units > everything:
        raise MoreThanHeld(field="units", held=f"{everything:f}")
    if units == everything:
        given = dict(held)
    else:
        parts = split(units, {holder: part.units for holder, part in held.items()}, FINEST_UNIT)
        costs = _average(parts, held, currency)
        given = {holder: Portion(costs[holder], parts[holder]) for holder in held}
    gain = proceeds - sum((part.cost for part in given.values()), ZERO)
    gains = split(gain, {holder: part.units for holder, part in given.items()}, quantum(currency))
    return {
        holder: Sold(part.units, part.cost, gains[holder])
        for holder, part in given.items()
        if part.units or part.cost or gains[holder]
    }


def _average(parts: Mapping[K, Decimal], held: Mapping[K, Portion], currency: str) -> dict[K, Decimal]:
    """The cost of a part of each holder's units. Rounded down as a whole, so that nobody's part costs more than all of
    theirs; what that leaves stays with the units that are left, and the last ones take it.
    """
    costs = {holder: _part_of(held[holder], parts[holder]) for holder in held}
    exactly, finest = sum(costs.values(), ZERO), quantum(currency)
    whole = EXACT.divide_int(exactly + NEARLY, finest) * finest
    return split(whole, costs, finest) if exactly else costs


def _part_of(held: Portion, units: Decimal) -> Decimal:
    if not held.units:
        return ZERO
    return EXACT.divide(EXACT.multiply(held.cost, units), held.units).quantize(FINEST_WEIGHT, context=EXACT)


def worth(units: Decimal, *, value: Decimal, of_units: Decimal, currency: str) -> Decimal:
    """What units are worth when `of_units` of them are worth `value`, rounded half up; nothing of nothing."""
    if not of_units:
        return ZERO
    return rounded(EXACT.divide(EXACT.multiply(value, units), of_units), currency)


def price_of(value: Decimal, units: Decimal) -> Decimal:
    """What one unit is worth, to be shown: with six decimals."""
    return EXACT.divide(value, units).quantize(FINEST_PRICE, context=EXACT)


def roi(current: Decimal, cost: Decimal) -> Decimal | None:
    """(current - cost) / cost as a percentage with two decimals; None where nothing was paid."""
    if not cost:
        return None
    return EXACT.divide(EXACT.multiply(current - cost, HUNDRED), cost).quantize(Decimal("0.01"), context=EXACT)

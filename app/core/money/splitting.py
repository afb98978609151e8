"""Splitting a whole into parts that add up to it exactly: the one way every room divides money and shares."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from math import lcm
from typing import TypeVar, overload

from app.core.money.currency import EXACT
from app.core.money.errors import NothingToSplitBy

K = TypeVar("K", bound=Hashable)
WHOLE = Decimal(100)
FINEST_PERCENTAGE = Decimal("0.0001")


@overload
def split(total: Decimal, weights: Mapping[K, Decimal], quantum: Decimal) -> dict[K, Decimal]: ...
@overload
def split(total: Decimal, weights: Sequence[Decimal], quantum: Decimal) -> dict[int, Decimal]: ...
def split(
    total: Decimal, weights: Mapping[K, Decimal] | Sequence[Decimal], quantum: Decimal
) -> dict[K, Decimal] | dict[int, Decimal]:
    """Divide `total`, a multiple of `quantum`, in proportion to the weights: by key, or by place in a sequence.

    Largest remainder; of equal remainders the first in the given order gets the next quantum. The parts add up to
    the total, have its sign, and a weight of zero gets nothing. Raises NothingToSplitBy when no weight is above
    zero; ValueError for a negative weight or a total that is not a multiple of the quantum.
    """
    if isinstance(weights, Mapping):
        return dict(zip(weights, _parts(total, list(weights.values()), quantum), strict=True))
    return dict(enumerate(_parts(total, list(weights), quantum)))


@overload
def percentages(weights: Mapping[K, Decimal]) -> dict[K, Decimal]: ...
@overload
def percentages(weights: Sequence[Decimal]) -> dict[int, Decimal]: ...
def percentages(weights: Mapping[K, Decimal] | Sequence[Decimal]) -> dict[K, Decimal] | dict[int, Decimal]:
    """Each weight's share in per cent, with four decimals, together exactly 100.0000. Raises as `split` does."""
    return split(WHOLE, weights, FINEST_PERCENTAGE)


def _parts(total: Decimal, weights: list[Decimal], quantum: Decimal) -> list[Decimal]:
    """In whole numbers throughout, so that no precision of a context can cost a cent."""
    units = EXACT.divide(abs(total), quantum)
    if units != units.to_integral_value():
        raise ValueError(f"{total} is not a multiple of {quantum}")
    whole, shares = int(units), _whole_numbers(weights)
    everything = sum(shares)
    parts = [whole * share // everything for share in shares]
    left = whole - sum(parts)
    by_remainder = sorted(range(len(shares)), key=lambda place: -(whole * shares[place] % everything))
    for place in by_remainder[:left]:
        parts[place] += 1
    sign = -1 if total < 0 else 1
    return [EXACT.multiply(Decimal(sign * part), quantum) for part in parts]


def _whole_numbers(weights: list[Decimal]) -> list[int]:
    """The same proportions in whole numbers."""
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is not negative")
    if not any(weights):
        raise NothingToSplitBy
    ratios = [weight.as_integer_ratio() for weight in weights]
    common = lcm(*(below for _above, below in ratios))
    return [above * (common // below) for above, below in ratios]

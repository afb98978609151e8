"""Money over what is owed, as values: oldest first, pro rata within a tier, and what it was used for."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

from app.core.money import split

ZERO = Decimal(0)


class Purpose(StrEnum):
    """What a credit was used for; the room of that name is told when a use is undone."""

    RENT = "rent"
    DUES = "dues"


@dataclass(frozen=True)
class Open:
    """Something owed of which `open` is unpaid. Lower tiers are paid first, those of one tier together, pro rata.

    Within a tier the order given decides who gets the cent that cannot be divided.
    """

    id: uuid.UUID
    open: Decimal
    tier: Any


@dataclass(frozen=True)
class Spread:
    """How an amount goes over what is owed: the part of each, none of them zero, and what is left."""

    parts: dict[uuid.UUID, Decimal]
    rest: Decimal


@dataclass(frozen=True)
class Using:
    """So much of a party's credit for one thing that it owes: a receipt of rent, a charge of dues."""

    party_id: uuid.UUID
    amount: Decimal
    purpose: Purpose
    target_id: uuid.UUID


def spread(amount: Decimal, owed: Iterable[Open], quantum: Decimal) -> Spread:
    """Share an amount over what is owed, tier by tier; no part is more than is open of it."""
    rest, parts = amount, dict[uuid.UUID, Decimal]()
    wanted = sorted((one for one in owed if one.open > 0), key=lambda one: one.tier)  # sorting keeps the order given
    for _tier, members in groupby(wanted, key=lambda one: one.tier):
        if rest <= 0:
            break
        given = _within(rest, list(members), quantum)
        parts |= given
        rest -= sum(given.values(), ZERO)
    return Spread(parts, rest)


def _within(rest: Decimal, tier: Sequence[Open], quantum: Decimal) -> dict[uuid.UUID, Decimal]:
    weights = {one.id: one.open for one in tier}
    total = min(rest, sum(weights.values(), ZERO))
    return {id_: part for id_, part in split(total, weights, quantum).items() if part}

"""Owners and holdings, short enough to write a test with."""

import uuid
from decimal import Decimal

from app.assets.rules import Conversion, Holder, Owner, convert

D = Decimal
CENT = D("0.01")
LAND = uuid.uuid5(uuid.NAMESPACE_OID, "land fund")
BONDS = uuid.uuid5(uuid.NAMESPACE_OID, "bonds")
GROUP: Owner = None


def who(name: str) -> uuid.UUID:
    """The owner of this name."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def held(investment: uuid.UUID = LAND, /, **cost: int | str) -> list[Holder]:
    """Holders by name with what their units cost, ten a unit."""
    return [Holder(investment, who(name), D(amount) / 10, D(amount)) for name, amount in cost.items()]


def converted(holders: list[Holder], *, price: int | str, free: int = 10**9, **more: object) -> Conversion:
    """A conversion at cost, unless `values` says otherwise, of owners who can pay `free` each."""
    cost: dict[uuid.UUID, Decimal] = {}
    for holder in holders:
        cost[holder.investment_id] = cost.get(holder.investment_id, D(0)) + holder.cost
    can_pay = {holder.owner: D(free) for holder in holders if holder.owner}
    told = {"values": cost, "free": can_pay, "quantum": CENT} | more
    return convert(holders, price=D(price), **told)  # type: ignore[arg-type]  # what tests say stands in for it

"""The forecast of this group's queue: what it rests on, and when who waits may be met."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.exits import queries
from app.exits.forecast import Basis, Estimate, basis, estimate
from app.exits.standing import Queued
from app.exits.words import basis_told, exit_estimate, exit_slower
from app.ledgers.heads import today


def resting() -> Basis:
    """What was set aside in the past months, since anybody first asked."""
    since = queries.since() or today()
    return basis(queries.set_aside_days(), since=since, today=today())


def unspent() -> Decimal:
    """What is set aside and not given to anybody yet."""
    return sum((pot.left for pot in queries.pots()), Decimal(0))


def estimates_of(rows: Iterable[Queued]) -> Mapping[uuid.UUID, Estimate]:
    """When each of these requests may be met, by its id."""
    shown = list(rows)
    if not shown:
        return {}
    found, there, now = resting(), unspent(), today()
    return {row.request_id: estimate(row.ahead + row.payable - there, found, today=now) for row in shown}


def months_of(rows: Iterable[Queued]) -> Mapping[uuid.UUID, str]:
    """The same in a few words."""
    return {id_: exit_estimate(found) for id_, found in estimates_of(rows).items()}


def basis_now() -> str:
    """What estimates rest on, in a sentence."""
    return basis_told(resting())


def told(need: Decimal) -> dict[str, Any]:
    """An estimate in words: when, when at the latest pace, and what it rests on; `need` includes what is ahead."""
    found = resting()
    made = estimate(need - unspent(), found, today=today())
    return {"soon": exit_estimate(made), "slower": exit_slower(made), "basis": basis_told(found)}

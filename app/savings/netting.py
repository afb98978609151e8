"""Penalties kept back from what a member is paid: which of them, and the rows that say so."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.db import session
from app.core.rooms import Netting, People
from app.ledgers.books import credit
from app.savings.models import PenaltyNetting
from app.savings.rules import OpenPenalty, settle
from app.savings.standings import owed_by_member, penalties_of


@dataclass(frozen=True)
class Netted:
    """A penalty of a member, and what of it is kept back, in the group's currency."""

    penalty_id: uuid.UUID
    member_id: uuid.UUID
    amount: Decimal


def plan(amounts: Mapping[uuid.UUID, Decimal]) -> list[Netted]:
    """Which penalties are kept back when each member can bear so much, the oldest first and no more than is owed."""
    owed: dict[uuid.UUID, list[OpenPenalty]] = {}
    for found in penalties_of(amounts):
        if found.owed:
            owed.setdefault(found.penalty.member_id, []).append(OpenPenalty(found.penalty.id, found.owed))
    return [
        Netted(penalty_id, member_id, part)
        for member_id, penalties in owed.items()
        for penalty_id, part in settle(penalties, amounts[member_id])
    ]


def keep(rows: Sequence[Netted], *, entry_id: uuid.UUID) -> None:
    """Write what an entry kept back: the one that credits `penalties_receivable` of these members with the sums."""
    session().add_all(PenaltyNetting(penalty_id=row.penalty_id, amount=row.amount, entry_id=entry_id) for row in rows)
    session().flush()


def owed(member_ids: People) -> dict[uuid.UUID, Decimal]:
    """What these members owe in penalties, those who owe something."""
    return owed_by_member(member_ids)


def net(amounts: Mapping[uuid.UUID, Decimal]) -> Netting:
    """So much of what each of these members owes in penalties, kept back."""
    rows = plan(amounts)
    taken: dict[uuid.UUID, Decimal] = {}
    for row in rows:
        taken[row.member_id] = taken.get(row.member_id, Decimal(0)) + row.amount
    lines = [credit("penalties_receivable", total, member_id) for member_id, total in taken.items()]
    return Netting(lines, lambda entry_id: keep(rows, entry_id=entry_id))

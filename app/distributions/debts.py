"""What members owe the group, and taking it out of what they are paid: room by room, in the order of the house."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.rooms import Netting, rooms
from app.ledgers.books import Line

ZERO = Decimal(0)
Taken = Mapping[uuid.UUID, Decimal]


def debts_of(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What each of these members owes the group in all rooms together; whoever owes nothing is left out."""
    found: dict[uuid.UUID, Decimal] = {}
    for room in rooms():
        if room.owed_by is None or room.netted is None:
            continue
        for member_id, amount in room.owed_by(member_ids).items():
            found[member_id] = found.get(member_id, ZERO) + amount
    return found


@dataclass(frozen=True)
class Kept:
    """What is kept back of a payment: lines of its entry, and what the rooms write once it is posted."""

    lines: Sequence[Line]
    nettings: Sequence[Netting]

    def keep(self, entry_id: uuid.UUID) -> None:
        """Write which debts the entry settled."""
        for netting in self.nettings:
            netting.keep(entry_id)


def keep_back(amounts: Mapping[uuid.UUID, Decimal]) -> Kept:
    """Take these amounts of what the members owe: from the first room what is owed there, from the next the rest."""
    nettings = [netted(taken) for netted, _word, taken in _takings(amounts)]
    return Kept([line for netting in nettings for line in netting.lines], nettings)


def kept_for(amounts: Mapping[uuid.UUID, Decimal]) -> list[tuple[Any, Taken]]:
    """For what these amounts would be kept back: what each room calls it, with how much of whom; nothing is written."""
    return [(word, taken) for _netted, word, taken in _takings(amounts)]


def _takings(amounts: Mapping[uuid.UUID, Decimal]) -> Iterator[tuple[Callable[[Taken], Netting], Any, Taken]]:
    left = {member_id: amount for member_id, amount in amounts.items() if amount}
    for room in rooms():
        if room.owed_by is None or room.netted is None or not left:
            continue
        owed = room.owed_by(list(left))
        taken = {member_id: min(amount, left[member_id]) for member_id, amount in owed.items() if amount}
        if taken:
            yield room.netted, room.owed_word or room.name, taken
        left = {who: rest for who, amount in left.items() if (rest := amount - taken.get(who, ZERO))}

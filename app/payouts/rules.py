"""What is owed and what is paid of it, as values; and how money reaches a member."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.payouts.errors import BadPart, ChosenTwice, NothingChosen

Source = tuple[str, uuid.UUID]  # the kind and the id of the record that something is owed for
ZERO = Decimal(0)


@dataclass(frozen=True)
class Owed:
    """What a record made the group owe a member: its entry credited the member's payable with `amount` that day."""

    member_id: uuid.UUID
    amount: Decimal
    source: Source
    entry_id: uuid.UUID
    on: date


@dataclass(frozen=True)
class PayOne:
    """How much is paid of one thing that is owed."""

    payable_id: uuid.UUID
    amount: Decimal


def amounts_of(payments: Iterable[PayOne]) -> dict[uuid.UUID, Decimal]:
    """What is paid of each, in the order given. Raises NothingChosen, ChosenTwice, BadPart."""
    found: dict[uuid.UUID, Decimal] = {}
    for told in payments:
        if told.payable_id in found:
            raise ChosenTwice
        if told.amount <= 0:
            raise BadPart(field="amount")
        found[told.payable_id] = told.amount
    if not found:
        raise NothingChosen
    return found


def by_member(parts: Iterable[tuple[uuid.UUID, PayOne]]) -> dict[uuid.UUID, Sequence[PayOne]]:
    """The parts of each member, whose sum is one payment: what reaches a person is one movement of money."""
    found: dict[uuid.UUID, list[PayOne]] = {}
    for member_id, part in parts:
        found.setdefault(member_id, []).append(part)
    return dict(found)

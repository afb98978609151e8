"""Receipts as arithmetic: what a unit's month comes to for each owner, what stands against issuing it, and its hash."""

import enum
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

ZERO = Decimal(0)
Pair = tuple[uuid.UUID, uuid.UUID]  # an owner and the client who pays


class Skip(enum.StrEnum):
    """Why a run issues nothing for a unit."""

    GAP = "gap"
    NOT_LET = "not_let"
    NOTHING = "nothing"
    CHANGED = "changed"


SKIPS: Mapping[Skip, Any] = {
    Skip.GAP: _("Nobody can be said to be entitled."),
    Skip.NOT_LET: _("The unit is not let in this month."),
    Skip.NOTHING: _("There is nothing to be paid in this month."),
    Skip.CHANGED: _("Receipts of this month stand that say otherwise than assignments and lease do now. Replace them."),
}


@dataclass(frozen=True, slots=True)
class Due:
    """What one owner is to receive of a unit's month: a receipt to be.

    `rent` is the whole unit's, `amount` its gross part, `rate` in per cent.
    """

    assignment_id: uuid.UUID
    unit_id: uuid.UUID
    owner_id: uuid.UUID
    client_id: uuid.UUID
    lease_id: uuid.UUID
    percent: Decimal
    rent: Decimal
    amount: Decimal
    charges: Decimal
    rate: Decimal
    final: bool
    annual_gross: Decimal | None
    withheld: Decimal
    due_on: date

    @property
    def net(self) -> Decimal:
        """What is left of the gross."""
        return self.amount - self.withheld

    @property
    def owed(self) -> Decimal:
        """What the client owes for it."""
        return self.net + self.charges


@dataclass(frozen=True, slots=True)
class Stands:
    """What a receipt that counts says of an assignment's month."""

    receipt_id: uuid.UUID
    assignment_id: uuid.UUID
    lease_id: uuid.UUID
    rent: Decimal
    amount: Decimal
    charges: Decimal


def says_the_same(due: Due, stands: Stands) -> bool:
    """Whether a receipt says what would be issued now; its tax is what was known when it was issued."""
    return all(getattr(due, name) == getattr(stands, name) for name in ("lease_id", "rent", "amount", "charges"))


def lacking(dues: Sequence[Due], standing: Sequence[Stands]) -> list[Due] | None:
    """What is still to be issued for a unit's month; None when what stands contradicts what would be issued."""
    wanted = {due.assignment_id: due for due in dues}
    for one in standing:
        due = wanted.pop(one.assignment_id, None)
        if due is None or not says_the_same(due, one):
            return None
    return list(wanted.values())


def fingerprint(content: Mapping[str, Any]) -> bytes:
    """The hash of what a receipt says: named values, independent of their order, of zones and of trailing zeros."""
    plain = {name: _plain(value) for name, value in content.items()}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).digest()


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return f"{value:.4f}"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case bytes():
            return value.hex()
    return str(value)


@dataclass(frozen=True)
class Sums:
    """What a run, a chunk of it or a preview came to."""

    units: int = 0
    receipts: int = 0
    known: int = 0
    skipped: int = 0
    amount: Decimal = ZERO
    charges: Decimal = ZERO
    withheld: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Gross less what is withheld."""
        return self.amount - self.withheld

    @property
    def owed(self) -> Decimal:
        """What clients owe for it."""
        return self.net + self.charges


def added(one: Sums, other: Sums) -> Sums:
    """Two sums as one."""
    return Sums(*(getattr(one, field.name) + getattr(other, field.name) for field in fields(Sums)))


def summed(dues: Iterable[Due], *, units: int = 0, known: int = 0, skipped: int = 0) -> Sums:
    """The sums of what was, or would be, issued."""
    found = list(dues)
    return Sums(
        units=units,
        receipts=len(found),
        known=known,
        skipped=skipped,
        amount=sum((due.amount for due in found), ZERO),
        charges=sum((due.charges for due in found), ZERO),
        withheld=sum((due.withheld for due in found), ZERO),
    )

"""What a party is told of a run: its lines, what its credit paid of them, and all that it owes now."""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.dues.errors import NoSuchCharge, NoSuchPayer
from app.dues.models import DuesCharge
from app.dues.rules import ZERO
from app.dues.standing import Run, Standing, open_of, run_of, standing_of, standings
from app.ledgers.verification import verify_url
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, parties_named, units_with

KIND = "dues_notice"


@dataclass(frozen=True)
class Notice:
    """What one party is charged by a run; `owed` is all it owes in dues now, this run and earlier ones."""

    run: Run
    party: PartyNamed
    lines: Sequence[tuple[str, Standing]]  # the unit, empty for a member
    owed: Decimal

    @property
    def total(self) -> Decimal:
        """What the run charges."""
        return sum((one.charge.amount for _unit, one in self.lines), ZERO)

    @property
    def paid(self) -> Decimal:
        """What was paid of it, by credit or since."""
        return sum((one.paid for _unit, one in self.lines), ZERO)

    @property
    def due_on(self) -> date:
        """When it is to be paid."""
        return self.run.event.due_on

    @property
    def hash(self) -> bytes:
        """SHA-256 over what it charges, in no language; what is paid later does not change it."""
        lines = [[str(one.charge.id), f"{one.charge.amount:f}", str(one.charge.due_on)] for _unit, one in self.lines]
        said = [str(session().group_id), str(self.run.event.id), str(self.party.id), lines]
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()

    @property
    def address(self) -> str:
        """Where anyone may check it."""
        return verify_url(KIND, self.lines[0][1].charge.id.hex, self.hash)


def notices(run: Run, party_ids: Collection[uuid.UUID] | sa.Select[uuid.UUID]) -> list[Notice]:
    """The notices of a run to these parties, in the order of their codes; in a handful of statements."""
    found: dict[uuid.UUID, list[Standing]] = {}
    own = (DuesCharge.event_id == run.event.id, DuesCharge.kind == "entry", DuesCharge.party_id.in_(party_ids))
    for one in standings(*own):
        if not one.undone:
            found.setdefault(one.charge.party_id, []).append(one)
    people = parties_named(list(found))
    units = units_with({one.charge.unit_id for lines in found.values() for one in lines if one.charge.unit_id})
    owed = {who: sum((one.open for one in rows), ZERO) for who, rows in open_of(list(found)).items()}
    made = [
        Notice(run, people[who], [(_code(units, one), one) for one in lines], owed.get(who, ZERO))
        for who, lines in found.items()
    ]
    return sorted(made, key=lambda notice: (notice.party.code, notice.party.id))


def _code(units: Mapping[uuid.UUID, Unit], one: Standing) -> str:
    unit = units.get(one.charge.unit_id) if one.charge.unit_id else None
    return unit.code if unit else ""


def notice_to(run: Run, party_id: uuid.UUID) -> Notice:
    """The notice of a run to one party. Raises NoSuchPayer when it charges that party nothing."""
    found = notices(run, [party_id])
    if not found:
        raise NoSuchPayer
    return found[0]


def told_parties(run: Run, *, after: int, limit: int) -> list[uuid.UUID]:
    """The parties of a run in an order that nothing changes, a page of them: nobody is told by nobody."""
    wanted = charged_by(run).order_by(Party.id).offset(after).limit(limit)
    return list(session().scalars(wanted))


def charged_by(run: Run) -> sa.Select[uuid.UUID]:
    """The ids of the parties that a run charges."""
    inside = sa.select(DuesCharge.party_id).where(DuesCharge.event_id == run.event.id, DuesCharge.kind == "entry")
    return sa.select(Party.id).where(Party.id.in_(inside))


def holds(reference: str, hash: bytes) -> bool | None:  # noqa: A002  # it is the hash
    """Whether the books still say what a notice said; None when no such notice was given out."""
    try:
        charge = standing_of(uuid.UUID(reference)).charge
    except (ValueError, NoSuchCharge):
        return None
    found = notices(run_of(charge.event_id), [charge.party_id])
    return bool(found) and found[0].hash == hash

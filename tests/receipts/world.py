"""What tests of receipts start from: a Moroccan group with parties, units, leases and assignments as plain rows."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.draining import handle
from app.core.ids import new_id
from app.core.outbox import Outbox
from app.core.periods import Month
from app.core.tenancy import Base
from app.receipts.batches import start_batch
from app.receipts.models import Receipt
from app.receipts.running import Progress, progress_of
from app.receipts.standing import standing
from app.registry.models import Party, Unit
from app.rentals.models import Assignment, Lease
from tests.factories import Cast

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
TODAY = date(2026, 3, 10)
SINCE = date(2025, 1, 1)
JANUARY, FEBRUARY, MARCH = Month(2026, 1), Month(2026, 2), Month(2026, 3)
D = Decimal
_count = itertools.count(1)


@dataclass(frozen=True)
class World:
    """The cast's group, and the verbs that fill it."""

    cast: Cast

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def unit_of_work(self) -> Any:
        return transaction(group_id=self.cast.group_id)

    def _add(self, row: Base) -> Any:
        with self.unit_of_work():
            session().add(row)
            session().flush()
            return row.id  # type: ignore[attr-defined]  # every one of these rows has an id

    def party(self, code: str, *, kind: str = "person", member: uuid.UUID | None = None, **more: Any) -> uuid.UUID:
        """A natural person, unless it is said otherwise; the group itself with is_group=True."""
        id_ = new_id()
        name = None if member or more.get("is_group") else f"Party {code}"
        told: dict[str, Any] = {"id": id_, "code": code, "kind": kind, "name": name, "member_id": member}
        row = Party(**told, subject_id=member or id_, idempotency_key=uuid.uuid4().hex, **more)
        return uuid.UUID(str(self._add(row)))

    def unit(self, code: str) -> uuid.UUID:
        """An apartment."""
        return uuid.UUID(str(self._add(Unit(id=new_id(), code=code, type="apartment", idempotency_key=code))))

    def let(self, unit: uuid.UUID, client: uuid.UUID, rent: str, charges: str = "0", **more: Any) -> uuid.UUID:
        """A lease since 2025, due on the 5th."""
        told: dict[str, Any] = {"starts_on": SINCE, "day_due": 5, "deposit": D(0)}
        row = Lease(
            id=new_id(),
            unit_id=unit,
            client_id=client,
            rent=D(rent),
            charges=D(charges),
            idempotency_key=uuid.uuid4().hex,
            **(told | more),
        )
        return uuid.UUID(str(self._add(row)))

    def assign(self, unit: uuid.UUID, owner: uuid.UUID, share: str | None = "100", **more: Any) -> uuid.UUID:
        """An assignment since 2025, every month."""
        told: dict[str, Any] = {"starts_on": SINCE, "alternation": "none"}
        row = Assignment(
            id=new_id(),
            unit_id=unit,
            owner_id=owner,
            share_percent=D(share) if share else None,
            idempotency_key=uuid.uuid4().hex,
            **(told | more),
        )
        return uuid.UUID(str(self._add(row)))

    def start(self, month: Month, unit: uuid.UUID | None = None, *, key: str | None = None) -> uuid.UUID:
        """Start a run."""
        with self.unit_of_work():
            return start_batch(period=month, unit_id=unit, by=self.by, key=key or f"{next(_count):032d}").id

    def work(self, kind: str = "receipts.run") -> int:
        """Do what is due of a kind, as a worker does it; how many tries that were."""
        tries = 0
        while ids := self._due(kind):
            tries += sum(handle(self.cast.group_id, id_) for id_ in ids)
        return tries

    def _due(self, kind: str) -> list[uuid.UUID]:
        with self.unit_of_work():
            due = sa.select(Outbox).where(Outbox.kind == kind, Outbox.done_at.is_(None), Outbox.dead_at.is_(None))
            found = session().scalars(due.order_by(Outbox.id)).all()
            failed = [row.last_error for row in found if row.last_error]
            assert not failed, failed
            return [row.id for row in found]

    def run(self, month: Month, unit: uuid.UUID | None = None) -> Progress:
        """Run a month to its end."""
        batch_id = self.start(month, unit)
        self.work()
        return self.told(batch_id)

    def told(self, batch_id: uuid.UUID) -> Progress:
        """How far a run is."""
        with self.unit_of_work():
            return progress_of(batch_id)

    def counting(self, month: Month | None = None) -> list[Receipt]:
        """The receipts that count, by number."""
        with self.unit_of_work():
            query = standing().order_by(Receipt.year, Receipt.number)
            return list(session().scalars(query.where(Receipt.period == str(month)) if month else query))

    def simple(self, *, rent: str = "500", shares: tuple[str, ...] = ("100",), client: str = "C1") -> "Flat":
        """A unit let to a private client, with an owner for each share."""
        number = next(_count)
        owners = [self.party(f"O{number}-{place}") for place, _share in enumerate(shares)]
        unit, payer = self.unit(f"U{number:04}"), self.party(f"{client}-{number}")
        lease = self.let(unit, payer, rent)
        rows = [self.assign(unit, owner, share) for owner, share in zip(owners, shares, strict=True)]
        return Flat(unit, payer, lease, owners, rows)


@dataclass(frozen=True)
class Flat:
    """A unit with its client, its lease, its owners and their assignments."""

    unit: uuid.UUID
    client: uuid.UUID
    lease: uuid.UUID
    owners: list[uuid.UUID]
    assignments: list[uuid.UUID]

"""Leases: letting a unit, saying when it ends, withdrawing what was mistyped."""

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact
from app.core.rooms import rooms
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.registry.deeds import taking_part
from app.registry.errors import DaysBackwards, UnitInactive
from app.registry.once import said_the_same
from app.registry.queries import named, unit_row
from app.rentals.errors import (
    BadCharges,
    BadDayDue,
    BadRent,
    GroupRents,
    LeaseInUse,
    LeasesOverlap,
    NoEndForLast,
    NoSuchLease,
)
from app.rentals.models import Lease
from app.rentals.rules import ZERO, meet

DUE_DAYS = range(1, 29)
LEASE = "lease"


def make_lease(
    *,
    unit_id: uuid.UUID,
    client_id: uuid.UUID,
    rent: Decimal,
    starts_on: date,
    by: uuid.UUID | None,
    key: str,
    charges: Decimal = ZERO,
    deposit: Decimal = ZERO,
    ends_on: date | None = None,
    day_due: int = 1,
    first_amount: Decimal | None = None,
    last_amount: Decimal | None = None,
) -> Lease:
    """Let a unit, once for each key; amounts are of a month, in the group's currency.

    Raises NoSuchUnit, UnitInactive, NoSuchParty, PartyInactive, BadRent, BadCharges, BadAmount, BadDayDue,
    NoEndForLast, DaysBackwards, LeasesOverlap, GroupRents, SentOtherwise.
    """
    lock_group()
    if (found := session().scalar(sa.select(Lease).where(Lease.idempotency_key == key))) is not None:
        said = {"rent": rent, "charges": charges, "deposit": deposit, "first_amount": first_amount, "day_due": day_due}
        return said_the_same(found, unit_id=unit_id, client_id=client_id, starts_on=starts_on, **said)
    if taking_part({client_id}, field="client")[client_id].is_group:
        raise GroupRents(field="client")
    others = {"first_amount": first_amount, "last_amount": last_amount}
    amounts = checked_amounts(rent=rent, charges=charges, deposit=deposit, **others)
    if day_due not in DUE_DAYS:
        raise BadDayDue(field="day_due")
    _check_end(starts_on, ends_on, last_amount)
    row = Lease(id=new_id(), unit_id=unit_id, client_id=client_id, day_due=day_due, **amounts)
    row.starts_on, row.ends_on, row.idempotency_key, row.recorded_by = starts_on, ends_on, key, by
    _check_free(row, starts_on, ends_on, new=True)
    session().add(row)
    session().flush()
    record("create", "lease", row.id, by=by, after=_told(row))
    return row


def checked_amounts(**amounts: Decimal | None) -> dict[str, Decimal | None]:
    """The amounts in the currency's digits. Raises BadRent, BadCharges, BadAmount, each with its field."""
    found: dict[str, Decimal | None] = {}
    for name, amount in amounts.items():
        if amount is not None and name != "rent" and amount < 0:
            raise BadCharges(field=name)
        if amount is not None and name == "rent" and amount <= 0:
            raise BadRent(field=name)
        found[name] = None if amount is None else exact(amount, group().currency)
    return found


def _told(row: Lease) -> Mapping[str, Any]:
    names = ("unit_id", "client_id", "rent", "charges", "deposit", "starts_on", "ends_on", "day_due")
    return {name: getattr(row, name) for name in (*names, "first_amount", "last_amount")}


def _check_end(starts_on: date, ends_on: date | None, last_amount: Decimal | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise DaysBackwards(field="ends_on")
    if last_amount is not None and ends_on is None:
        raise NoEndForLast(field="last_amount")


def _check_free(row: Lease, starts_on: date, ends_on: date | None, *, new: bool = False) -> None:
    unit = unit_row(row.unit_id)
    if new and not unit.active:
        raise UnitInactive(field="unit", unit=unit.code)
    others = session().scalars(sa.select(Lease).where(Lease.unit_id == row.unit_id, Lease.id != row.id)).all()
    for other in others:
        month = meet((starts_on, ends_on), (other.starts_on, other.ends_on))
        if month is not None:
            raise LeasesOverlap(
                field="starts_on" if new else "on", unit=unit.code, client=named(other.client_id).name, month=month
            )


def lease_row(lease_id: uuid.UUID) -> Lease:
    """A lease. Raises NoSuchLease."""
    found = session().scalar(sa.select(Lease).where(Lease.id == lease_id))
    if found is None:
        raise NoSuchLease
    return found


def end_lease(lease_id: uuid.UUID, *, on: date | None, by: uuid.UUID, last_amount: Decimal | None = None) -> Lease:
    """Say which day is the last of a lease, and what its last month costs; None: it goes on without an end.

    Raises NoSuchLease, DaysBackwards, NoEndForLast, BadRent, BadAmount, LeasesOverlap.
    """
    lock_group()
    row = lease_row(lease_id)
    session().refresh(row)
    before = {"ends_on": row.ends_on, "last_amount": row.last_amount}
    if on is not None and on < row.starts_on:
        raise DaysBackwards(field="on")
    _check_end(row.starts_on, on, last_amount)
    _check_free(row, row.starts_on, on)
    row.ends_on, row.last_amount = on, checked_amounts(last_amount=last_amount)["last_amount"]
    session().flush()
    record("update", "lease", row.id, by=by, before=before, after={"ends_on": on, "last_amount": row.last_amount})
    return row


def withdraw_lease(lease_id: uuid.UUID, *, by: uuid.UUID) -> Lease:
    """Put a mistyped lease aside: it ends the day before it begins and counts for no month.

    Raises NoSuchLease, LeaseInUse when a room says what rests on it, such as a deposit that is held.
    """
    lock_group()
    row = lease_row(lease_id)
    if found := [what for room in rooms() if LEASE in room.rests_on for what in room.rests_on[LEASE](row.id)]:
        raise LeaseInUse(what=" ".join(found))
    session().refresh(row)
    before = row.ends_on
    row.ends_on, row.last_amount = row.starts_on - timedelta(days=1), None
    session().flush()
    if before != row.ends_on:
        told = {"ends_on": row.ends_on}
        record("withdraw", "lease", row.id, by=by, before={"ends_on": before}, after=told, severity="notice")
    return row

"""Where the records of this room are shown, whether there is one, and who reads their documents."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.core.db import session
from app.rentals.leases import lease_row
from app.rentals.models import Assignment, Lease, UnitCycle


def _unit_page(table: Any) -> Callable[[uuid.UUID], str]:
    """The page of the unit that a row is of."""

    def page(row_id: uuid.UUID) -> str:
        unit_id = session().scalar(sa.select(table.unit_id).where(table.id == row_id))
        return url_for("registry.unit", unit_id=unit_id or row_id)

    return page


PAGES: Mapping[str, Callable[[uuid.UUID], str]] = {
    "lease": lambda id_: url_for("rentals.lease", lease_id=id_),
    "assignment": _unit_page(Assignment),
    "unit_cycle": _unit_page(UnitCycle),
}


def _there(table: Any) -> Callable[[uuid.UUID], bool]:
    return lambda id_: session().scalar(sa.select(table.id).where(table.id == id_)) is not None


KNOWN: Mapping[str, Callable[[uuid.UUID], bool]] = {
    "lease": _there(Lease),
    "assignment": _there(Assignment),
    "unit_cycle": _there(UnitCycle),
}


def who_reads_documents(lease_id: uuid.UUID) -> str:
    """The permission that reading a lease's documents needs. Raises NoSuchLease."""
    lease_row(lease_id)
    return "money.see"

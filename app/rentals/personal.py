"""What this room holds of a member: the leases they pay, and what they are entitled to."""

import uuid

import sqlalchemy as sa

from app.core.personal import rows_of
from app.core.rooms import Tables
from app.registry.models import Party
from app.rentals.models import Assignment, Lease


def personal(member_id: uuid.UUID) -> Tables:
    """Leases as a client and assignments as an owner."""
    mine = sa.select(Party.id).where(Party.member_id == member_id)
    return {
        "lease": rows_of(Lease, Lease.client_id.in_(mine), without=("recorded_by",)),
        "assignment": rows_of(Assignment, Assignment.owner_id.in_(mine), without=("recorded_by",)),
    }

"""What the register holds of a member, and what stands sealed in it."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.personal import rows_of
from app.core.rooms import Sealed, Tables
from app.registry import details
from app.registry.models import Deed, DeedOwner, Party


def personal(member_id: uuid.UUID) -> Tables:
    """The party that the member is, with what is known of it, and the deeds they hold or answer for."""
    mine = sa.select(Party.id).where(Party.member_id == member_id)
    parties = {row.id: row for row in session().scalars(sa.select(Party).where(Party.member_id == member_id))}
    known = details.details_of_all(list(parties.values()))

    def of(name: str) -> Any:
        return lambda row: known[row.id].get(name)

    held = sa.select(DeedOwner.deed_id).where(DeedOwner.party_id.in_(mine))
    return {
        "party": rows_of(Party, Party.member_id == member_id, words={name: of(name) for name in details.LIMITS}),
        "deed": rows_of(Deed, sa.or_(Deed.id.in_(held), Deed.responsible_party_id.in_(mine)), without=("recorded_by",)),
        "deed_owner": rows_of(DeedOwner, DeedOwner.party_id.in_(mine)),
    }


SEALED = (Sealed(Party, "details_sealed", details.place, subject="subject_id"),)

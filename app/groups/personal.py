"""What this room holds of a member."""

import uuid

from app.core.keys import open_for
from app.core.personal import rows_of
from app.core.rooms import Tables
from app.groups.models import Invitation, Member, MemberPermission
from app.groups.services.members import place_of


def personal(member_id: uuid.UUID) -> Tables:
    """The member, the rights given to them, and the invitations that were sent to them."""
    return {
        "member": rows_of(Member, Member.id == member_id, words={"national_id": _national_id}),
        "member_permission": rows_of(MemberPermission, MemberPermission.member_id == member_id),
        "invitation": rows_of(Invitation, Invitation.member_id == member_id),
    }


def _national_id(row: Member) -> str | None:
    return open_for(row.id, row.national_id, place_of(row.id)) if row.national_id else None

"""Inviting at once everybody who is in the group without a sign-in, such as those who came by an import."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from app.groups.errors import Stale
from app.groups.models import Invitation, Member
from app.groups.permissions import MEMBER
from app.groups.queries import overrides, permissions_used, uninvited
from app.groups.rules import fingerprint
from app.groups.services.invitations import invite_members
from app.groups.services.members import lock_group


@dataclass(frozen=True)
class Uninvited:
    """Who has no sign-in and no invitation that still holds: who can be invited, and why the others cannot."""

    ready: Sequence[Member]
    without_address: Sequence[Member]
    of_officers: Sequence[Member]

    @property
    def version(self) -> str:
        """Another one later means that others would be invited than were shown."""
        return fingerprint({str(row.id): row.email for row in self.ready})


def waiting(*, by: uuid.UUID) -> Uninvited:
    """Everybody not yet invited. Who has an office or a right of their own is invited by who gives roles only."""
    rows = uninvited()
    above: set[uuid.UUID] = set()
    if "roles.manage" not in permissions_used(by):
        more = overrides()
        above = {row.id for row in rows if set(row.roles) - {MEMBER} or row.id in more}
    reached = [row for row in rows if row.email]
    return Uninvited(
        ready=[row for row in reached if row.id not in above],
        without_address=[row for row in rows if not row.email],
        of_officers=[row for row in reached if row.id in above],
    )


def invite_everybody(*, version: str, by: uuid.UUID) -> list[Invitation]:
    """Invite everybody who can be, once each, all or nobody; nobody is left for a second press.

    `version` is that of who was shown. Raises Stale when it would be others now.
    """
    lock_group()
    found = waiting(by=by)
    if found.ready and found.version != version:
        raise Stale
    return invite_members(found.ready, by=by)

"""Shapes of inviting everybody."""

import uuid
from collections.abc import Sequence

from app.groups.models import Member
from app.groups.services.everybody import Uninvited
from app.web.api.shapes import Shape


class UninvitedOut(Shape):
    """A member without a sign-in."""

    id: uuid.UUID
    identifier: str
    display_name: str
    email: str | None


class EverybodyOut(Shape):
    """Who can be invited, and who cannot: without an address, or with an office that the one who asks cannot give."""

    version: str
    ready: list[UninvitedOut]
    without_address: list[UninvitedOut]
    of_officers: list[UninvitedOut]


class EverybodyIn(Shape):
    """The version of who was shown."""

    version: str


def everybody_out(found: Uninvited) -> EverybodyOut:
    """Who is not invited yet."""
    return EverybodyOut(
        version=found.version,
        ready=_told(found.ready),
        without_address=_told(found.without_address),
        of_officers=_told(found.of_officers),
    )


def _told(rows: Sequence[Member]) -> list[UninvitedOut]:
    return [UninvitedOut.model_validate(row) for row in rows]

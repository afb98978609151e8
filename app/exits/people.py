"""What people who wait are called, for lists of them."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member


@dataclass(frozen=True)
class Called:
    """A member in a list."""

    name: str
    identifier: str


def called(member_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Called]:
    """The names of members by id."""
    query = sa.select(Member.id, Member.display_name, Member.identifier).where(Member.id.in_(set(member_ids)))
    return {row.id: Called(row.display_name, row.identifier) for row in session().execute(query)}


def who_may_ask() -> list[Member]:
    """The members for whom an officer may make a request, by name: those who are here and not leaving."""
    here = Member.status.in_(("active", "inactive", "suspended"))
    wanted = sa.select(Member).where(
        here, Member.leaving_since.is_(None), sa.literal("member") == sa.any_(Member.roles)
    )
    return list(session().scalars(wanted.order_by(sa.func.lower(Member.display_name), Member.id)))

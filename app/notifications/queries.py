"""Reads of a member's notifications."""

import uuid

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound
from app.notifications.models import Notification
from app.web.keyset import Cursor, Slice, slice_of


def unread(member_id: uuid.UUID) -> int:
    """How many a member has not read, without those that expired: one read of a partial index."""
    return session().scalar(sa.select(sa.func.count()).select_from(Notification).where(*_unread(member_id))) or 0


def _unread(member_id: uuid.UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return Notification.member_id == member_id, Notification.read_at.is_(None), _holds()


def _holds() -> sa.ColumnElement[bool]:
    return sa.or_(Notification.expires_at.is_(None), Notification.expires_at > clock.now())


def notifications_page(
    member_id: uuid.UUID, *, only_unread: bool = False, at: Cursor | None = None
) -> Slice[Notification]:
    """A page of what a member was told, the latest first, without what expired."""
    wanted = sa.select(Notification).where(Notification.member_id == member_id, _holds())
    if only_unread:
        wanted = wanted.where(Notification.read_at.is_(None))
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        wanted,
        by=(Notification.created_at, Notification.id),
        key=lambda row: (row.created_at, row.id),
        at=at,
        newest_first=True,
    )


def notification(notification_id: uuid.UUID, *, member_id: uuid.UUID) -> Notification:
    """One of a member's own notifications. Raises NotFound for anyone else's."""
    own = sa.select(Notification).where(Notification.id == notification_id, Notification.member_id == member_id)
    found = session().scalar(own)
    if found is None:
        raise NotFound
    return found

"""Shapes of what members are told."""

import uuid

from app.notifications.models import Notification
from app.notifications.rules import Kind, Priority
from app.web.api.shapes import Moment, Shape


class NotificationSearch(Shape):
    """Only what was not read."""

    unread: bool = False


class UnreadOut(Shape):
    """How many were not read."""

    unread: int


class NotificationOut(Shape):
    """One thing told to the member the token acts for; `url` is the path of the page it is about."""

    id: uuid.UUID
    kind: Kind
    priority: Priority
    title: str
    body: str
    url: str | None
    created_at: Moment
    expires_at: Moment | None
    read_at: Moment | None


def notification_out(row: Notification) -> NotificationOut:
    """A notification as it is told."""
    names = ("id", "title", "body", "url", "created_at", "expires_at", "read_at")
    told = {name: getattr(row, name) for name in names}
    return NotificationOut.model_validate(told | {"kind": Kind(row.kind), "priority": Priority(row.priority)})

"""Endpoints of the bell: what the member of the token was told, and marking it read."""

import uuid
from datetime import datetime

from flask import g

from app.groups.access import needs
from app.notifications import queries, services
from app.notifications.blueprint import api
from app.notifications.schemas import NotificationOut, NotificationSearch, UnreadOut, notification_out
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed


@api.get("/notifications")
@needs("group.see")
@endpoint("What the member was told", covers="notifications.mine", paged=True)
def mine(query: NotificationSearch) -> Listing[NotificationOut]:
    """The latest first, without what expired."""
    at = keyset.asked(datetime, uuid.UUID)
    return listed(queries.notifications_page(g.member.id, only_unread=query.unread, at=at), notification_out)


@api.get("/notifications/unread")
@needs("group.see")
@endpoint("How many notifications were not read", covers="notifications.mine")
def unread() -> UnreadOut:
    """Without those that expired."""
    return UnreadOut(unread=queries.unread(g.member.id))


@api.post("/notifications/<uuid:notification_id>/reading")
@needs("group.see")
@endpoint("Mark a notification as read", covers="notifications.read")
def read(notification_id: uuid.UUID) -> NotificationOut:
    """One's own."""
    found = queries.notification(notification_id, member_id=g.member.id)
    services.mark_read(found)
    return notification_out(found)


@api.post("/notifications/reading")
@needs("group.see")
@endpoint("Mark all notifications as read", covers="notifications.read_all")
def read_all() -> UnreadOut:
    """All of one's own."""
    services.mark_all_read(g.member.id)
    return UnreadOut(unread=queries.unread(g.member.id))

"""What this room holds of a member."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Tables
from app.notifications.models import Notification


def personal(member_id: uuid.UUID) -> Tables:
    """What the member was told."""
    return {"notification": rows_of(Notification, Notification.member_id == member_id)}

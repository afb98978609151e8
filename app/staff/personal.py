"""What this room holds of a person: since when they are or were platform staff."""

import uuid

from app.core.personal import rows_of
from app.core.rooms import Tables
from app.staff.models import PlatformStaff


def personal(user_id: uuid.UUID) -> Tables:
    """The rows that made somebody staff, and ended it; what they did as staff is the service's record."""
    return {"platform_staff": rows_of(PlatformStaff, PlatformStaff.user_id == user_id)}

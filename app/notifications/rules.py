"""Kinds and priorities of what is told, and how long it is kept."""

from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a notification is, which decides its icon and colour."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    SUCCESS = "success"
    REMINDER = "reminder"
    ANNOUNCEMENT = "announcement"


class Priority(StrEnum):
    """How much it matters; high ones are marked."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


ICONS = {
    Kind.INFO: "info",
    Kind.WARNING: "triangle-alert",
    Kind.ERROR: "circle-alert",
    Kind.SUCCESS: "circle-check",
    Kind.REMINDER: "calendar-clock",
    Kind.ANNOUNCEMENT: "message-square",
}
KEPT_FOR = timedelta(days=730)


def is_inside(url: str) -> bool:
    """Whether an address is a path of this site, and no other site in disguise."""
    return url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isprintable()

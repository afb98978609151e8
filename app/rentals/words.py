"""How leases and assignments read on the pages of this room."""

from flask_babel import gettext as _

from app.registry.gathering import today
from app.rentals.lists import AssignmentLine, LeaseLine, holds_on


def standing(line: LeaseLine | AssignmentLine) -> tuple[str, str]:
    """(tone, word) of where a lease or an assignment stands today."""
    row = line.lease if isinstance(line, LeaseLine) else line.assignment
    if line.withdrawn:
        return "mute", _("Withdrawn")
    if holds_on(row, today()):
        return "good", _("In force")
    return ("info", _("To come")) if row.starts_on > today() else ("mute", _("Ended"))

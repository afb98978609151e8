"""How leases and assignments read on the pages of this room."""

from flask_babel import gettext as _

from app.rentals.lists import AssignmentLine, LeaseLine, holds_on


def standing(line: LeaseLine | AssignmentLine) -> tuple[str, str]:
    """(tone, word) of where a lease or an assignment stands on the day on which it is looked at."""
    row = line.lease if isinstance(line, LeaseLine) else line.assignment
    if line.withdrawn:
        return "mute", _("Withdrawn")
    if holds_on(row, line.seen_on):
        return "good", _("In force")
    return ("info", _("To come")) if row.starts_on > line.seen_on else ("mute", _("Ended"))

"""How late what is owed is: the ages that lists of rent and of dues tell, and their words."""

from datetime import date

from flask_babel import lazy_gettext as _

AGES = (
    ("current", _("Not yet due")),
    ("days_30", _("Up to 30 days")),
    ("days_60", _("31 to 60 days")),
    ("days_90", _("61 to 90 days")),
    ("older", _("Over 90 days")),
)


def age_of(due_on: date, on: date) -> str:
    """How late something is on a day: the day on which it is due does not count."""
    days = (on - due_on).days
    if days <= 0:
        return "current"
    return next((name for last, name in ((30, "days_30"), (60, "days_60"), (90, "days_90")) if days <= last), "older")

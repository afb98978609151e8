"""What this room refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchMember(NotFound):
    """Nobody of this group has that id, or it is not for whoever asks to know."""

    code = "no_such_member"
    sentence = _("There is no such statement.")


class BadDays(Invalid):
    """Not two days in order."""

    code = "bad_days"
    sentence = _("Choose a first and a last day, like 2026-01-31.")


class DaysReversed(Invalid):
    """The last day comes before the first."""

    code = "days_reversed"
    sentence = _("The last day is before the first one.")


class TooMuchAtOnce(Invalid):
    """More events than a sheet can show."""

    code = "too_much_at_once"
    sentence = _("There are more than %(most)s events in these days. Choose a shorter time.")


class MonthNotOver(Refused):
    """Statements of a month are sent once nothing can be added to it by the passing of time."""

    code = "statements_too_early"
    sentence = _("%(month)s is not over yet. Send its statements from the first day of the next month.")


class NobodyToSendTo(Refused):
    """No member has an address."""

    code = "nobody_to_send_to"
    sentence = _("No member has an e-mail address, so there is nobody to send statements to.")


class NoSuchRun(NotFound):
    """No run of this group has that id."""

    code = "no_such_run"
    sentence = _("There is no such run.")

"""What the books refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class PeriodClosed(Refused):
    """The day lies in a closed month."""

    code = "period_closed"
    sentence = _("The books are closed through %(through)s. Choose a later day.")


class CannotClose(Refused):
    """The period cannot be closed now."""

    code = "cannot_close"
    sentence = _("%(why)s")


class NotEnough(Refused):
    """The account would go below what it may."""

    code = "not_enough"
    sentence = _("There is not enough in account %(account)s for this.")


class NeedsConfirmation(Refused):
    """A cash account would go below zero; the bank may already have done it, so an officer may confirm."""

    code = "needs_confirmation"
    sentence = _("This would take %(account)s below zero. Confirm it if the bank has already done so.")


class DayInFuture(Invalid):
    """The day has not come yet."""

    code = "day_in_future"
    sentence = _("%(day)s is in the future. Choose today or an earlier day.")
    field = "day"


class DoesNotBalance(Invalid):
    """Debits and credits differ."""

    code = "does_not_balance"
    sentence = _("Debits and credits must be equal; they differ by %(difference)s.")


class AlreadyReversed(Refused):
    """The entry was reversed before."""

    code = "already_reversed"
    sentence = _("Entry %(number)s was already reversed.")


class IsReversal(Refused):
    """A reversal is not reversed; the thing is recorded again."""

    code = "is_reversal"
    sentence = _("Entry %(number)s is itself a reversal. Record the thing again instead.")


class SomethingRestsOnIt(Refused):
    """Later records depend on this one."""

    code = "rests_on_it"
    sentence = _("It cannot be reversed, because this rests on it: %(what)s")


class NoSuchEntry(NotFound):
    """No entry of this group has that id or number."""

    code = "no_such_entry"
    sentence = _("There is no such entry.")


class NothingToRelease(Refused):
    """The hold was released before, or never existed."""

    code = "nothing_to_release"
    sentence = _("This hold has already been released.")

"""What the savings room refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class BadTerms(Invalid):
    """The terms of a savings policy do not fit each other."""

    code = "bad_terms"


class BelowZero(BadTerms):
    """A term that cannot be negative is."""

    code = "below_zero"
    sentence = _("This cannot be less than zero.")


class MaximumBelowMinimum(BadTerms):
    """No payment could satisfy both bounds."""

    code = "maximum_below_minimum"
    sentence = _("The maximum must be more than zero and at least the minimum of %(minimum)s.")


class ExpectedOutOfBounds(BadTerms):
    """Who pays what is expected would be below the minimum or over the maximum."""

    code = "expected_out_of_bounds"
    sentence = _("The expected amount must lie between the minimum and the maximum.")


class FeeMissing(BadTerms):
    """A fixed fee needs an amount."""

    code = "fee_missing"
    sentence = _("Say how much the late fee is. It must be more than zero.")


class BadFeePercent(BadTerms):
    """A percentage fee outside 0 to 100, or finer than four decimals."""

    code = "bad_fee_percent"
    sentence = _("The late fee must be more than 0 and at most 100 percent, with at most four decimals.")


class BadFeeCap(BadTerms):
    """A cap that would leave nothing of the fee."""

    code = "bad_fee_cap"
    sentence = _("The most that a late fee can be must be more than zero. Leave it empty for no limit.")


class WindowBackwards(Invalid):
    """The end comes before the start."""

    code = "window_backwards"
    sentence = _("A window must end after it starts.")


class WindowOverlaps(Refused):
    """Part of this time belongs to another window."""

    code = "window_overlaps"
    sentence = _("This overlaps with window %(name)s. Windows cannot overlap.")


class TooManyWindows(Refused):
    """More windows at once than any group's history has."""

    code = "too_many_windows"
    sentence = _("This would open more than %(limit)s windows. Check the dates.")


class NoSuchWindow(NotFound):
    """The window named is not one of the group's."""

    code = "no_such_window"
    sentence = _("There is no such window.")


class WindowAlreadyMet(Refused):
    """A payment was named for an earlier window in which nothing is missing."""

    code = "window_already_met"
    sentence = _("Nothing is missing for %(window)s, so nothing can be late for it. Choose another window.")


class WindowWaived(Refused):
    """A payment was named for an earlier window whose contribution was waived."""

    code = "window_waived"
    sentence = _("The contribution for %(window)s was waived. Choose another window.")


class OnePaymentAWindow(Refused):
    """The policy allows one payment a window, and there is one."""

    code = "one_payment_a_window"
    sentence = _("There is a payment for %(window)s already, and this group takes one payment a window.")


class NothingToWaive(Refused):
    """Nothing of the contribution is missing, or it is waived already."""

    code = "nothing_to_waive"
    sentence = _("Nothing is missing for %(window)s, so there is nothing to waive.")


class PenaltyNotOpen(Refused):
    """The penalty was paid, waived or reversed."""

    code = "penalty_not_open"
    sentence = _("Nothing is owed on this penalty any more.")


class MoreThanPenalty(Refused):
    """More was offered for a penalty than is owed on it."""

    code = "more_than_penalty"
    sentence = _("Only %(owed)s is owed on this penalty.")


class WindowNameTaken(Refused):
    """Another window has that name."""

    code = "window_name_taken"
    sentence = _("There is a window named %(name)s already. Choose another name.")


class NotAMember(Invalid):
    """The payer is not an active member."""

    code = "not_an_active_member"
    sentence = _("%(name)s is not an active member, so nothing can be recorded for them.")


class InExitQueue(Refused):
    """The payer has asked to leave: from that moment on nothing is paid in."""

    code = "in_exit_queue"
    sentence = _(
        "%(name)s has been in the exit queue since %(day)s and pays in no contributions. What came in can be returned, "
        "or pay a penalty that is owed."
    )


class NoSuchPayment(NotFound):
    """No payment of this group has that id."""

    code = "no_such_payment"
    sentence = _("There is no such payment.")


class NoSuchPenalty(NotFound):
    """No penalty of this group has that id."""

    code = "no_such_penalty"
    sentence = _("There is no such penalty.")


class NoSuchHeldReceipt(NotFound):
    """No held receipt of this group has that id."""

    code = "no_such_held_receipt"
    sentence = _("There is no such receipt.")


class AlreadyTakenBack(Refused):
    """The record was reversed before."""

    code = "already_taken_back"
    sentence = _("This was already reversed.")


class HeldReceiptEnded(Refused):
    """The money was returned or allocated before."""

    code = "held_receipt_ended"
    sentence = _("This receipt was already returned or allocated.")


class StillHeld(Refused):
    """Where it is to go, there is no room for any of it."""

    code = "still_held"
    sentence = _("There is no room for it there: all of it would go on waiting. Choose another window, or return it.")


class StalePage(Refused):
    """Something was recorded for the window since the page was made."""

    code = "savings_stale_page"
    sentence = _("Something was recorded here since you opened this page. What you typed is kept: look at it again.")


class NothingTyped(Invalid):
    """The grid has no row to record."""

    code = "nothing_typed"
    sentence = _("There is nothing to record yet. Type an amount beside a member.")

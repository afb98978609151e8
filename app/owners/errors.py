"""What paying owners refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NobodyChosen(Invalid):
    """A run that would pay nobody."""

    code = "nobody_chosen"
    sentence = _("Choose at least one owner to pay.")


class NothingToPayOut(Refused):
    """Nothing was received for them that they were not paid before."""

    code = "nothing_to_pay_out"
    sentence = _("Nothing was received for %(name)s that was not paid out already.")


class PaidBeforeReceived(Invalid):
    """A payout on a day before the first of its money came in."""

    code = "paid_before_received"
    sentence = _("The first money for %(name)s came in on %(day)s. Choose that day or a later one.")


class PayoutChanged(Refused):
    """What was received is not what it was when the page was made."""

    code = "payout_changed"
    sentence = _("What was received has changed since you opened this page. Look at it again before you pay.")


class PayoutWaits(Refused):
    """A second person was asked about a payout to the same owner."""

    code = "payout_waits"
    sentence = _("A payout to %(name)s waits for a second person already. Look at the approvals.")


class NoSuchPayout(NotFound):
    """No payout to an owner of this group has that id."""

    code = "no_such_owner_payout"
    sentence = _("There is no such payout to an owner.")


class NoSuchRun(NotFound):
    """No run of payouts to owners has that id."""

    code = "no_such_owner_payout_run"
    sentence = _("There is no such run of payouts to owners.")


class NoSuchOwner(NotFound):
    """Not an owner, or not for whoever asks."""

    code = "no_such_owner"
    sentence = _("There is no such owner in this group.")


class NoSuchYear(NotFound):
    """A year that no receipt can be of."""

    code = "no_such_year"
    sentence = _("There are no receipts of that year.")


class PayoutTakenBack(Refused):
    """A payout is reversed once."""

    code = "payout_taken_back"
    sentence = _("This payout was already reversed.")

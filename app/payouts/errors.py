"""What paying members refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NothingChosen(Invalid):
    """A confirmation that would pay nobody."""

    code = "nothing_chosen"
    sentence = _("Choose at least one amount to pay.")


class ChosenTwice(Invalid):
    """The same debt stands twice in one confirmation."""

    code = "chosen_twice"
    sentence = _("The same amount was chosen twice. Choose it once, with all that is to be paid of it.")


class BadPart(Invalid):
    """Nothing, or less than nothing, is not a payment."""

    code = "bad_part"
    sentence = _("What is paid must be more than zero.")


class MoreThanOwed(Refused):
    """More was to be paid than is still owed."""

    code = "more_than_owed"
    sentence = _("Only %(open)s of this is still to be paid.")


class NothingOwed(Refused):
    """It was paid before, or what it came from was reversed."""

    code = "nothing_owed"
    sentence = _("Nothing of this is owed any more: it was paid, or what it came from was reversed.")


class PaidBeforeOwed(Invalid):
    """The day of payment comes before that of the debt."""

    code = "paid_before_owed"
    sentence = _("It is owed since %(day)s, so it cannot have been paid earlier.")


class NoSuchPayable(NotFound):
    """No such debt to a member of this group."""

    code = "no_such_payable"
    sentence = _("There is nothing of that kind to be paid.")


class NoSuchMemberPayment(NotFound):
    """No payment to a member of this group has that id."""

    code = "no_such_member_payment"
    sentence = _("There is no such payment to a member.")


class PaymentTakenBack(Refused):
    """The payment was reversed before."""

    code = "payment_taken_back"
    sentence = _("This payment was already reversed.")


class WaitsAlready(Refused):
    """A second person was asked about the same debt."""

    code = "waits_already"
    sentence = _("A payment of this waits for a second person already. Look at the approvals.")


class ChangedSince(Refused):
    """What was chosen is not what it was when the page was made."""

    code = "changed_since"
    sentence = _("What is owed has changed since you opened this page. Look at it again before you pay.")

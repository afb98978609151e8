"""What credits refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchRefund(NotFound):
    """No credit that was paid back has that id."""

    code = "no_such_refund"
    sentence = _("There is no such repayment of credit.")


class MoreThanCredit(Refused):
    """More was to be used or paid back than there is."""

    code = "more_than_credit"
    sentence = _("%(name)s has a credit of %(credit)s only.")


class BadRefund(Invalid):
    """Nothing, or less than nothing, is not a payment."""

    code = "bad_refund"
    sentence = _("What is paid back must be more than zero.")


class CreditGone(Refused):
    """A credit that must be taken back was paid out before."""

    code = "credit_gone"
    sentence = _("%(missing)s of the credit that came of it was paid back to %(name)s. Reverse that repayment first.")


class RefundTakenBack(Refused):
    """The repayment was reversed before."""

    code = "refund_taken_back"
    sentence = _("This repayment was already reversed.")

"""What payments of clients and deposits refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchPayment(NotFound):
    """No payment of a client of this group has that id."""

    code = "no_such_client_payment"
    sentence = _("There is no such payment of rent.")


class NoSuchDeposit(NotFound):
    """No movement of a deposit has that id."""

    code = "no_such_deposit_movement"
    sentence = _("There is no such movement of a deposit.")


class NothingPaid(Invalid):
    """Nothing, or less than nothing, is not a payment."""

    code = "nothing_paid"
    sentence = _("The amount must be more than zero.")


class PaysItself(Invalid):
    """The group does not pay rent to itself."""

    code = "pays_itself"
    sentence = _("The group cannot pay itself. Choose a client.")


class MoneyTakenBack(Refused):
    """A payment or a movement of a deposit is reversed once."""

    code = "money_taken_back"
    sentence = _("This was already reversed.")


class NotThatMuchHeld(Refused):
    """More of a deposit was to be given back or kept than is held."""

    code = "not_that_much_held"
    sentence = _("Only %(held)s of this deposit is held.")


class NotThatMuchOpen(Refused):
    """More was to be kept for rent than is unpaid."""

    code = "not_that_much_open"
    sentence = _("Only %(open)s of the client’s rent is unpaid. Keep no more than that for rent.")


class DepositUsed(Refused):
    """A deposit cannot be taken back once it was given back or kept."""

    code = "deposit_used"
    sentence = _("A part of this deposit was given back or kept. Reverse that first.")


class ReasonForKeeping(Invalid):
    """A deposit is kept with a reason."""

    code = "reason_for_keeping"
    sentence = _("Say why the deposit is kept.")


class PlaceMissing(Invalid):
    """Money comes to or goes from a cash account."""

    code = "place_missing"
    sentence = _("Choose the cash account and how it was paid.")

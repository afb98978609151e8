"""What runs and receipts refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchReceipt(NotFound):
    """Not a receipt of this group, or not for whoever asks."""

    code = "no_such_receipt"
    sentence = _("There is no such receipt in this group.")


class MoreThanAFile(Refused):
    """More receipts than one file is made of; none is left out in silence."""

    code = "more_than_a_file"
    sentence = _("These are %(count)s receipts, and one file holds %(most)s. Choose a month, a unit or an owner.")


class NoSuchBatch(NotFound):
    """Not a run of this group."""

    code = "no_such_rent_batch"
    sentence = _("There is no such run of receipts in this group.")


class MonthNotBegun(Invalid):
    """Receipts are for what is entitled on a first day that has come."""

    code = "month_not_begun"
    sentence = _("%(month)s has not begun yet. Choose this month or an earlier one.")


class NothingToIssue(Refused):
    """A month in which nothing was let and nobody entitled."""

    code = "nothing_to_issue"
    sentence = _("No unit has a lease or an owner in %(month)s.")


class AlreadyTakenBack(Refused):
    """A receipt is reversed once."""

    code = "receipt_already_reversed"
    sentence = _("This receipt was already reversed.")


class NothingInItsPlace(Refused):
    """A replacement that would say what the receipt says, or that there is none for."""

    code = "nothing_in_its_place"
    sentence = _("Assignments and leases give nothing else for this month now. Change them first, or only reverse it.")


class NotReplaceable(Refused):
    """The unit has no clear entitlement any more."""

    code = "not_replaceable"
    sentence = _("It cannot be replaced: %(why)s")


class NoFinalRate(Invalid):
    """The country knows no such choice in that month."""

    code = "no_final_rate"
    sentence = _("Owners may not choose a final rate in %(month)s.")


class NotTaxedAtSource(Invalid):
    """Tax is withheld by companies and professionals, of natural persons."""

    code = "not_taxed_at_source"
    sentence = _("Tax is only withheld when a company or professional pays a natural person.")

"""What share-outs refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchShareOut(NotFound):
    """Not a share-out of this group."""

    code = "no_such_share_out"
    sentence = _("There is no such share-out in this group.")


class NoSuchFund(NotFound):
    """Not a fund of this group."""

    code = "no_such_fund"
    sentence = _("There is no such fund in this group.")


class FundNameTaken(Invalid):
    """Two funds of one name could not be told apart."""

    code = "fund_name_taken"
    sentence = _("There is a fund “%(name)s” already.")


class NameMissing(Invalid):
    """A fund without a name."""

    code = "name_missing"
    sentence = _("Give the fund a name.")


class BadPercent(Invalid):
    """A percentage that no part of a whole can be."""

    code = "bad_percent"
    sentence = _("A percentage lies between 0 and 100, with at most four decimals.")


class TooMuchKept(Invalid):
    """Reserve and education together are more than there is."""

    code = "too_much_kept"
    sentence = _("Reserve and education together cannot be more than 100%%.")


class BadShareValue(Invalid):
    """A share that costs nothing."""

    code = "bad_share_value"
    sentence = _("The value of a share must be more than zero.")


class ShareValueMissing(Invalid):
    """Shares cannot be counted without knowing what one is."""

    code = "share_value_missing"
    sentence = _("Say in the terms what a share is worth, to share out by shares.")


class NobodySaved(Invalid):
    """Nobody has anything by which the rule measures."""

    code = "nobody_to_share"
    sentence = _("Nobody who takes part has anything that this rule measures by.")


class CycleBackwards(Invalid):
    """The end comes before the start."""

    code = "cycle_backwards"
    sentence = _("The cycle must end after it begins.")


class CycleNotOver(Invalid):
    """What a cycle brought is known once it is over."""

    code = "cycle_not_over"
    sentence = _("The cycle cannot end in the future. Choose today or an earlier day.")


class CycleTooLong(Invalid):
    """A mistyped year."""

    code = "cycle_too_long"
    sentence = _("A cycle lasts at most ten years. Check the years.")


class CycleTaken(Invalid):
    """Cycles follow each other: no day is shared out twice."""

    code = "cycle_taken"
    sentence = _("What was earned through %(last)s was shared out already. Begin after that day.")


class BeforeTheEnd(Invalid):
    """Nothing is allotted while the cycle goes on."""

    code = "before_the_end"
    sentence = _("Choose a day from %(first)s on.")


class NothingToShare(Refused):
    """There is no surplus left, or all of it stays with the group."""

    code = "nothing_to_share"
    sentence = _("There is nothing to share out: no surplus is left at the end of this cycle.")


class MoreThanThereIs(Invalid):
    """The members would get more than was earned."""

    code = "more_than_there_is"
    sentence = _("At most %(most)s can go to the members.")


class MoreThanZero(Invalid):
    """A share-out of nothing."""

    code = "more_than_zero"
    sentence = _("Say how much goes to the members; nothing goes to a fund either.")


class FiguresMoved(Refused):
    """What was looked at is no longer so."""

    code = "figures_moved"
    sentence = _("The figures have changed since they were looked at. Look again before you go on.")


class AskedOfOther(Refused):
    """A second person cannot approve what is no longer so: it would never be carried out."""

    code = "asked_of_other"
    sentence = _(
        "What was asked for is no longer so: the figures have changed since. It cannot be approved any more. Reject "
        "it, or withdraw it if you asked for it, and ask again with the figures of today."
    )


class PaymentAsked(Refused):
    """Two requests for one payment: only one of them could be carried out."""

    code = "payment_asked"
    sentence = _(
        "The payment of this share-out waits for approval already. Have it approved, rejected or withdrawn under "
        "“Approvals” before you ask again."
    )


class AlreadyPaidOut(Refused):
    """A share-out is paid once."""

    code = "already_paid_out"
    sentence = _("This share-out was paid out already.")


class NothingToPay(Refused):
    """Nobody has anything to be paid."""

    code = "nothing_to_pay"
    sentence = _("There is nothing to pay out: the members' growth was used, or they are about to leave.")


class AlreadyTakenBack(Refused):
    """A record is reversed once."""

    code = "share_out_taken_back"
    sentence = _("This was reversed already.")

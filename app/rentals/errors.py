"""What leases and assignments refuse, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchLease(NotFound):
    """No lease of this group has that id."""

    code = "no_such_lease"
    sentence = _("There is no such lease.")


class NoSuchAssignment(NotFound):
    """No assignment of this group has that id."""

    code = "no_such_assignment"
    sentence = _("There is no such assignment.")


class LeasesOverlap(Refused):
    """Two leases of one unit would be in force in one month."""

    code = "leases_overlap"
    sentence = _("Unit %(unit)s is let to %(client)s in %(month)s already. End that lease first.")


class LeaseInUse(Refused):
    """A lease that counts for no month, and on which something still rests."""

    code = "lease_in_use"
    sentence = _("The lease cannot be withdrawn yet. %(what)s")


class GroupRents(Invalid):
    """A lease to the group itself, which could never pay it."""

    code = "group_rents"
    sentence = _("The group cannot rent from itself: it could never pay. Choose a client.")


class BadRent(Invalid):
    """A rent of nothing, or below it."""

    code = "bad_rent"
    sentence = _("The rent must be more than zero.")


class BadCharges(Invalid):
    """Charges or a deposit below zero."""

    code = "bad_charges"
    sentence = _("This cannot be below zero.")


class BadDayDue(Invalid):
    """A day that not every month has."""

    code = "bad_day_due"
    sentence = _("Choose a day between 1 and 28, which every month has.")


class NoEndForLast(Invalid):
    """An amount for the last month of a lease that has none."""

    code = "no_end_for_last"
    sentence = _("An amount for the last month needs a last day.")


class BadShare(Invalid):
    """Not a share that can be kept."""

    code = "bad_share"
    sentence = _("Enter a share above 0 and up to 100 per cent, with at most four decimals, or leave it empty.")


class BadTurn(Invalid):
    """A turn that is not told, or told twice."""

    code = "bad_turn"
    sentence = _("Say whose turn it is: 1 for odd or 2 for even months, or the month of a cycle of 2 to 60 months.")


class TurnNotAsked(Invalid):
    """A turn for a share that counts every month."""

    code = "turn_not_asked"
    sentence = _("A share of every month has no turn. Leave the length and the month of the cycle empty.")


class PatternTooLong(Invalid):
    """Turns that repeat only after a hundred years."""

    code = "pattern_too_long"
    sentence = _("The cycles of this unit fit so badly that its turns repeat only after more than a hundred years.")


class OverWhole(Refused):
    """More than 100 per cent of a month."""

    code = "over_whole"
    sentence = _("The shares would come to more than 100%% in %(months)s.")


class NobodyTakes(Invalid):
    """A change of ownership to nobody."""

    code = "nobody_takes"
    sentence = _("Name at least one new owner.")


class TakerTwice(Invalid):
    """The same new owner twice."""

    code = "taker_twice"
    sentence = _("%(party)s stands among the new owners twice. Write one line with the whole share.")


class TakersDiffer(Invalid):
    """New owners take more or less than there is."""

    code = "takers_differ"
    sentence = _("The new owners take %(taken)s%% together, and there is %(share)s%% to take.")


class NotHeldThen(Refused):
    """A change of ownership of a row that has ended, or before it began."""

    code = "not_held_then"
    sentence = _("This assignment does not hold on that day, so it cannot change hands then.")


class AnchorCounts(Refused):
    """The month from which turns are counted decides who was entitled already."""

    code = "anchor_counts"
    sentence = _(
        "Turns of this unit were counted from %(anchor)s in months that are past, and those keep their answer. "
        "End the assignments and start others instead."
    )

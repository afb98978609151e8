"""What dues refuse, each with the sentence that says how to go on."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotAllowed, NotFound, Refused


class NoSuchConfig(NotFound):
    """There is no levy with this id or name in the group."""

    code = "no_such_levy"
    sentence = _("There is no such levy in this group.")


class NoSuchRun(NotFound):
    """There is no assessment run with this id in the group."""

    code = "no_such_dues_run"
    sentence = _("There is no such run in this group.")


class NoSuchCharge(NotFound):
    """There is no charge with this id in the group."""

    code = "no_such_charge"
    sentence = _("There is no such charge in this group.")


class NoSuchDuesPayment(NotFound):
    """There is no payment of dues with this id in the group."""

    code = "no_such_dues_payment"
    sentence = _("There is no such payment of dues in this group.")


class NoSuchPayer(NotFound):
    """There is no such party, or nothing was ever levied on it."""

    code = "no_such_payer"
    sentence = _("There is no such party in this group.")


class NoSuchSettlement(NotFound):
    """There is no write-off with this id in the group."""

    code = "no_such_settlement"
    sentence = _("There is no such write-off in this group.")


class NameTaken(Invalid):
    """Another levy of the group is called so."""

    code = "levy_name_taken"
    sentence = _("There is a levy called “%(name)s” already. Choose another name.")


class BadDueDay(Invalid):
    """Not a day that every month has."""

    code = "bad_due_day"
    sentence = _("Choose a day from 1 to 28, which every month has.")


class MembersPayFlat(Invalid):
    """Members have no area and no part of a building."""

    code = "members_pay_flat"
    sentence = _("Members have neither area nor a part of the building: levy the same amount on each.")


class MembersHaveNoUnits(Invalid):
    """A set of deeds, or owners to split by, for a levy on members."""

    code = "members_have_no_units"
    sentence = _("This belongs to units. Leave it out for a levy on members.")


class NothingToCut(Invalid):
    """A budget of the year, levied once only."""

    code = "nothing_to_cut"
    sentence = _("A levy of one time is not cut into parts. Enter its amount as it is.")


class NoSuchSet(Invalid):
    """There is no allocation set with this id in the group."""

    code = "no_such_set_of_levy"
    sentence = _("Choose one of the group’s allocation sets.")


class NoSuchCategory(Invalid):
    """The account is none of expenses."""

    code = "no_such_category"
    sentence = _("Choose one of the group’s accounts of expenses.")


class LevyStopped(Refused):
    """The levy is no longer in use."""

    code = "levy_stopped"
    sentence = _("“%(name)s” is no longer levied. Take it up again first.")


class PeriodFarAway(Invalid):
    """A month so far ahead that it is a slip of the hand."""

    code = "period_far_away"
    sentence = _("Choose a month up to %(last)s.")


class NothingToLevyOn(Refused):
    """No deed of the set, or no member, in that period."""

    code = "nothing_to_levy_on"
    sentence = _("There is nobody to levy this on in that period.")


class NoAreas(Refused):
    """Units without an area where it is levied by the square metre."""

    code = "units_without_area"
    sentence = _("These units have no area, and this is levied by the square metre: %(units)s.")


class NoIndiviso(Refused):
    """All parts of the building are nought."""

    code = "no_indiviso"
    sentence = _("No deed has a part of the building: there is nothing to share this out by.")


class IndivisoNotWhole(Refused):
    """The parts do not total 100, and the levy refuses that."""

    code = "indiviso_not_whole"
    sentence = _(
        "The parts of the building total %(total)s%%, not 100%%. Put the deeds right, or choose in the levy what to do"
        " then."
    )


class TooMuchLevied(Refused):
    """The whole is beyond the greatest amount of the group."""

    code = "too_much_levied"
    sentence = _("This comes to %(total)s, more than the group’s largest amount.")


class NothingLevied(Refused):
    """Every part came to nought."""

    code = "nothing_levied"
    sentence = _("Every part comes to nought: there is nothing to levy.")


class DeedsMoved(Refused):
    """Deeds or members changed between the parts of one calculation."""

    code = "deeds_moved"
    sentence = _("Deeds changed while this was being calculated. Calculate it again.")


class WrongState(Refused):
    """The run has gone on meanwhile, or not come so far."""

    code = "wrong_state"
    sentence = _("This run is “%(state)s” now. Reload the page.")


class OwnRun(NotAllowed):
    """Who started a run above the threshold cannot approve it."""

    code = "own_run"
    sentence = _("You started this run. A second person must approve it.")


class MayNotApprove(NotAllowed):
    """A run above the threshold is posted by somebody who may approve."""

    code = "may_not_approve_run"
    sentence = _("This run is above the group’s threshold: somebody who may approve must post it.")


class ReasonMissing(Invalid):
    """Whoever calculated it wants to know why it is rejected."""

    code = "dues_reason_missing"
    sentence = _("Say why.")


class NothingDue(Refused):
    """A payment of nothing."""

    code = "nothing_due"
    sentence = _("Nothing is owed.")


class MoreThanOpen(Invalid):
    """More is written off than is open."""

    code = "more_than_open"
    sentence = _("Only %(open)s of it is open.")


class AlreadyReversed(Refused):
    """What was reversed stays so."""

    code = "dues_reversed_already"
    sentence = _("This was reversed already.")


class BadDays(Invalid):
    """The days of a statement are none."""

    code = "bad_dues_days"
    sentence = _("Choose a first and a last day, the first one before the last.")


class TooManyEvents(Invalid):
    """A statement that would go on for ever."""

    code = "too_many_dues_events"
    sentence = _("More than %(most)s entries fall into these days. Choose fewer days.")

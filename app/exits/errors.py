"""What is refused when somebody leaves or withdraws, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchExitRequest(NotFound):
    """No request of this group has that id."""

    code = "no_such_exit_request"
    sentence = _("There is no such request to leave or withdraw.")


class NoSuchLiquidityEvent(NotFound):
    """No money was set aside under that id."""

    code = "no_such_liquidity_event"
    sentence = _("There is no such money set aside.")


class NoSuchFulfilment(NotFound):
    """No fulfilment of this group has that id."""

    code = "no_such_fulfilment"
    sentence = _("There is no such part of a request.")


class AlreadyLeaving(Refused):
    """One leaves once."""

    code = "already_leaving"
    sentence = _("%(name)s is in the exit queue already.")


class HasLeft(Refused):
    """Nothing is left to ask for."""

    code = "has_left"
    sentence = _("%(name)s has left the group.")


class SavesNothing(Refused):
    """An auditor who is no member has nothing in the group."""

    code = "saves_nothing"
    sentence = _("%(name)s does not save in this group, so there is nothing to pay out.")


class WithdrawalsOff(Refused):
    """The group does not pay out savings of those who stay."""

    code = "withdrawals_off"
    sentence = _("This group does not pay out savings before a member leaves.")


class MoreThanSavings(Refused):
    """A withdrawal takes free savings above the floor."""

    code = "more_than_savings"
    sentence = _("At most %(free)s can be withdrawn: savings that are neither held nor below what must stay.")


class RequestEnded(Refused):
    """It was cancelled, or the member left."""

    code = "request_ended"
    sentence = _("This request has ended already.")


class AlreadyFulfilled(Refused):
    """A part was made payable; only an agreement ends it now."""

    code = "already_fulfilled"
    sentence = _(
        "%(amount)s of this request was paid out or is payable, so it can only be cancelled by agreement: an officer"
        " asks for it, and someone else approves."
    )


class OthersRequest(Refused):
    """A place in the queue is its owner's: nobody takes it away alone."""

    code = "others_request"
    sentence = _("Only the member can end this request alone. An officer asks for it, and someone else approves.")


class SavingsDoNotCover(Refused):
    """What was paid out would have to be taken from savings that are not there."""

    code = "savings_do_not_cover"
    sentence = _("The free savings of %(savings)s do not cover the %(amount)s that were paid out or are payable.")


class FulfilledSince(Refused):
    """An end was agreed to with another amount in sight."""

    code = "fulfilled_since"
    sentence = _(
        "When this end was asked for, %(agreed)s of the request was paid out or payable; now it is %(fulfilled)s. Ask"
        " for it anew."
    )


class BelowFulfilled(Refused):
    """A request cannot come to less than what was fulfilled of it."""

    code = "below_fulfilled"
    sentence = _("%(amount)s of this request was fulfilled already; it cannot come to less.")


class NoChange(Invalid):
    """An adjustment of nothing."""

    code = "no_change"
    sentence = _("Enter by how much it changes: more than zero, or less.")


class MoreThanFreeCash(Refused):
    """What is set aside must be there and be nobody else's."""

    code = "more_than_free_cash"
    sentence = _(
        "Only %(free)s can be set aside: the group has %(cash)s in cash, owes %(owed)s and has set %(earmarked)s aside"
        " already."
    )


class MoreThanFreeThere(Refused):
    """The cash account that was named has less that is free."""

    code = "more_than_free_there"
    sentence = _("Only %(free)s of “%(account)s” is free.")


class NothingUnspent(Refused):
    """All of it was used, or taken back before."""

    code = "nothing_unspent"
    sentence = _("Nothing of this money is left to take back.")


class AlreadyTakenBack(Refused):
    """A fulfilment is taken back once."""

    code = "fulfilment_taken_back"
    sentence = _("This was already taken back.")


class ExitNotClosed(Refused):
    """Something stands in the way of the end; it is tried again."""

    code = "exit_not_closed"
    sentence = _("The exit cannot be closed yet: %(reasons)s")


class BadTerms(Invalid):
    """Terms that cannot be used."""

    code = "bad_exit_terms"
    sentence = _("Enter a percentage between 0 and 100, with at most four decimals.")


class BadFloor(BadTerms):
    """What must stay is an amount."""

    code = "bad_floor"
    sentence = _("Enter an amount of zero or more, in whole coins of the currency.")


class EntitlementChanged(Refused):
    """Something was booked since the page was made."""

    code = "entitlement_changed"
    sentence = _("Something was booked since you opened this page. Look at the figures again, then confirm.")


class NotAnExit(Refused):
    """A withdrawal is cancelled and asked for anew."""

    code = "not_an_exit"
    sentence = _("Only a request to leave can be adjusted. Cancel this one and ask again.")

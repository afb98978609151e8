"""What this room refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotAllowed, NotFound, Refused


class NoSuchBuyOut(NotFound):
    """No buy-out of this group has that id, or it is between others."""

    code = "no_such_buy_out"
    sentence = _("There is no such buy-out.")


class NothingSold(Invalid):
    """Neither everything nor any part was named."""

    code = "nothing_sold"
    sentence = _("Say what is sold: everything, or a part of at least one thing.")


class NothingHeld(Invalid):
    """Everything was named, and the seller has nothing of it."""

    code = "seller_holds_nothing"
    sentence = _("The seller has no holdings and no asset shares. Name the savings if those are sold.")


class WholeAndParts(Invalid):
    """Everything was named, and parts of it too."""

    code = "whole_and_parts"
    sentence = _("Either everything is sold or the parts that are named, not both.")


class NotHeld(Invalid):
    """The seller has nothing of what was named."""

    code = "part_not_held"
    sentence = _("The seller has no part of that.")


class NotMoreThanZero(Invalid):
    """A part of nothing, or less."""

    code = "part_not_more_than_zero"
    sentence = _("What is sold of it must be more than zero.")


class TooFine(Invalid):
    """Units and percentages have four decimals."""

    code = "part_too_fine"
    sentence = _("Use at most four decimals.")


class MoreThanHeld(Invalid):
    """More of something was named than the seller has."""

    code = "part_more_than_held"
    sentence = _("The seller has only %(held)s of it.")


class MoreThanFree(Invalid):
    """A part of what was named is held for something else, such as a guarantee."""

    code = "part_more_than_free"
    sentence = _("Only %(free)s of it is free; the rest is held.")


class NoGrowth(Invalid):
    """Growth was named, and none was realised."""

    code = "no_growth"
    sentence = _("The seller has no realised growth to sell.")


class SellerIsBuyer(Invalid):
    """Nobody buys from oneself."""

    code = "seller_is_buyer"
    sentence = _("The seller and the buyer must be different people.")


class NoSuchSeller(Invalid):
    """The seller is not a member who could have anything."""

    code = "no_such_seller"
    sentence = _("Choose a member as the seller.")


class CannotBuy(Invalid):
    """The buyer is no active member."""

    code = "cannot_buy"
    sentence = _("%(name)s is not an active member and cannot buy.")


class BuyerLeaving(Invalid):
    """The buyer asked to leave."""

    code = "buyer_leaving"
    sentence = _("%(name)s has asked to leave the group and cannot buy.")


class BuyerMissing(Invalid):
    """Nobody was named as the buyer."""

    code = "buyer_missing"
    sentence = _("Choose who buys.")


class TwoBuyers(Invalid):
    """A newcomer was described, and somebody else chosen."""

    code = "two_buyers"
    sentence = _("Either a newcomer buys or whoever is chosen, not both.")


class BuyerUnknown(Invalid):
    """What was typed names nobody of the group, or more than one."""

    code = "buyer_unknown"
    sentence = _("Nobody in this group has this member number or e-mail address.")


class NewcomerUnnamed(Invalid):
    """A newcomer is known by name at least."""

    code = "newcomer_unnamed"
    sentence = _("Enter the newcomer’s name.")


class NoReferenceNeeded(Invalid):
    """The group pays through its own books, where the payment has its own reference."""

    code = "no_reference_needed"
    sentence = _("When the group buys, the payment has its own reference. Leave this empty.")


class NotYourOffer(NotAllowed):
    """Members offer what is theirs; for others an officer does."""

    code = "not_your_offer"
    sentence = _("You can offer only what is yours. For somebody else an officer makes the offer.")


class NotYours(NotAllowed):
    """Whoever asks is not on this side of the buy-out."""

    code = "not_your_buy_out"
    sentence = _("Only who sells or buys can do this.")


class ConsentedAlready(Refused):
    """That side has said yes before."""

    code = "consented_already"
    sentence = _("This side has consented already.")


class ConsentsThemselves(Refused):
    """Who can sign in says yes with their own hand."""

    code = "consents_themselves"
    sentence = _("%(name)s can sign in and must consent themselves.")


class OtherSide(Refused):
    """Who sells cannot speak for who buys, nor the other way round."""

    code = "other_side"
    sentence = _("You are a side of this buy-out yourself. Somebody else must record this.")


class OfficerWanted(NotAllowed):
    """The group says yes through an officer who records its money."""

    code = "officer_wanted"
    sentence = _("Only an officer can do this.")


class ConsentsMissing(Refused):
    """Both sides come first."""

    code = "consents_missing"
    sentence = _("Both sides must consent before it can be approved. Still missing: %(who)s.")


class SideApproves(Refused):
    """Who sells or buys does not approve."""

    code = "side_approves"
    sentence = _("You are a side of this buy-out. Somebody else must approve it.")


class OwnHand(Refused):
    """Who made the offer or recorded a consent for somebody does not approve, where somebody else can."""

    code = "own_hand"
    sentence = _("You recorded a part of this buy-out yourself. Somebody else must approve it: %(who)s.")


class Ended(Refused):
    """It was approved, declined or withdrawn before."""

    code = "buy_out_ended"
    sentence = _("This buy-out is no longer open: %(standing)s.")


class OfferChanged(Refused):
    """What was offered is no longer what the seller has."""

    code = "offer_changed"
    sentence = _(
        "What the seller has changed since both sides consented: %(what)s. Decline this buy-out and offer it again."
    )


class StaleOffer(Refused):
    """What the offer would move is no longer what was read."""

    code = "stale_offer"
    sentence = _("Something changed since you looked. What you typed is kept: look at it again.")


class NotEffective(Refused):
    """Only what took effect can be undone."""

    code = "buy_out_not_effective"
    sentence = _("Only a buy-out that was approved can be reversed.")


class AlreadyReversed(Refused):
    """It was undone before."""

    code = "buy_out_reversed"
    sentence = _("This buy-out was already reversed.")

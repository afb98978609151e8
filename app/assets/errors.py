"""What the room of assets refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchAsset(NotFound):
    """No asset of this group has that id."""

    code = "no_such_asset"
    sentence = _("There is no such asset.")


class NoSuchAssetSale(NotFound):
    """No sale of an asset of this group has that id."""

    code = "no_such_asset_sale"
    sentence = _("There is no such sale.")


class NothingChosen(Invalid):
    """A conversion without holdings."""

    code = "no_holdings_chosen"
    sentence = _("Choose at least one investment to convert.")


class NotHeld(Refused):
    """Nothing is left of the investment: sold, converted before, or taken back."""

    code = "holding_not_held"
    sentence = _("Nothing of “%(name)s” is held any more. Choose another investment.")


class HoldingSuspended(Refused):
    """The investment is suspended."""

    code = "holding_suspended"
    sentence = _("“%(name)s” is suspended. Make it active again first.")


class BeforeHoldingMoved(Invalid):
    """The conversion would come before something that already happened to its holdings."""

    code = "before_holding_moved"
    sentence = _("The last change to “%(name)s” was on %(day)s. Choose that day or a later one.")


class OwnersLack(Refused):
    """Owners cannot pay their part of the top-up out of free savings."""

    code = "owners_lack_savings"
    sentence = _("Free savings are missing: %(who)s. Change the price, or let the group own what they lack.")


class NobodyCanOwn(Refused):
    """Nobody has savings by which a gift could be shared."""

    code = "nobody_can_own"
    sentence = _("Nobody has free savings on that day, so there is nothing to share the ownership by.")


class AssetGone(Refused):
    """The asset was sold, or taken back."""

    code = "asset_gone"
    sentence = _("“%(name)s” is no longer an asset of the group.")


class BeforeAsset(Invalid):
    """A sale on a day before the asset was the group's, or before its shares last moved."""

    code = "before_asset"
    sentence = _("The shares of “%(name)s” last changed on %(day)s. Choose that day or a later one.")


class MoreThanOwned(Refused):
    """More of an asset is to pass on than the owner has."""

    code = "more_than_owned"
    sentence = _("%(owner)s does not own that much of “%(name)s”.")


class AlreadyTakenBack(Refused):
    """The record was reversed before."""

    code = "asset_taken_back"
    sentence = _("This was already reversed.")


class PlanChanged(Refused):
    """What would happen is no longer what was read."""

    code = "asset_plan_changed"
    sentence = _("Something changed since this was calculated. Look at what would happen now, and confirm again.")

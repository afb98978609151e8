"""What the holdings room refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchInvestment(NotFound):
    """No investment of this group has that id."""

    code = "no_such_investment"
    sentence = _("There is no such investment.")


class NoSuchHoldingsRecord(NotFound):
    """No sale, valuation or income of this group has that id."""

    code = "no_such_holdings_record"
    sentence = _("There is no such record of an investment.")


class SizeMissing(Invalid):
    """Neither amount nor units were given."""

    code = "size_missing"
    sentence = _("Say how much is invested: the amount, or the number of units.")


class UnitValueMissing(Invalid):
    """Only a percentage investment does without a unit value."""

    code = "unit_value_missing"
    sentence = _("Say what one unit costs.")


class NotAUnitValue(Invalid):
    """The value of a unit is not positive, too fine or too large."""

    code = "bad_unit_value"
    sentence = _("The value of a unit must be more than zero, with at most six decimals, for example 10.25.")


class NotUnits(Invalid):
    """A number of units is not positive, too fine or too large."""

    code = "bad_units"
    sentence = _("Give units as a number above zero with at most four decimals, for example 120.5.")


class SizesDiffer(Invalid):
    """Amount, units and unit value were all given and do not fit."""

    code = "sizes_differ"
    sentence = _("%(units)s units at %(unit_value)s are %(product)s, not %(amount)s. Leave one of them empty.")


class TooFewUnits(Invalid):
    """The amount buys less than the smallest part of a unit."""

    code = "too_few_units"
    sentence = _("This amount buys less than 0.0001 units. Check the value of a unit.")


class TooManyUnits(Invalid):
    """More units than can be kept: a slip of the hand."""

    code = "too_many_units"
    sentence = _("These are more units than can be kept. Check the value of a unit.")


class NothingBought(Invalid):
    """The units come to less than the smallest amount of the currency."""

    code = "nothing_bought"
    sentence = _("These units come to nothing in %(currency)s. Check the value of a unit.")


class PercentageHasUnits(Invalid):
    """A percentage investment is one of a hundred units."""

    code = "percentage_has_units"
    sentence = _("An investment in per cent is one of 100 units: give its amount and leave units and unit value empty.")


class NothingEligible(Refused):
    """Nobody has savings that may be invested."""

    code = "nothing_eligible"
    sentence = _("No member has savings that could be invested on that day.")


class BeyondEligible(Refused):
    """More than the savings that may be invested."""

    code = "beyond_eligible"
    sentence = _("Only %(eligible)s of savings may be invested on that day; this is %(amount)s.")


class BeyondCash(Refused):
    """More than the money that is there."""

    code = "beyond_cash"
    sentence = _("“%(account)s” has only %(free)s free; this is %(amount)s.")


class MoreThanHeld(Refused):
    """More units than are held."""

    code = "more_than_held"
    sentence = _("Only %(held)s units are held.")


class NothingHeld(Refused):
    """Everything of the investment was sold, converted or taken back."""

    code = "nothing_held"
    sentence = _("Nothing of this investment is held any more.")


class LessThanNothing(Refused):
    """A holder would give up more than they hold."""

    code = "less_than_nothing"
    sentence = _("A holder would give up more of an investment than they hold.")


class IsSuspended(Refused):
    """A suspended investment is neither sold nor converted."""

    code = "investment_suspended"
    sentence = _("“%(name)s” is suspended. Make it active again first, or record its default.")


class StateAlready(Refused):
    """It is in that state already."""

    code = "state_already"
    sentence = _("This investment is already in that state.")


class BeforeInvesting(Invalid):
    """The day lies before the investment was made."""

    code = "before_investing"
    sentence = _("It was bought on %(day)s. Choose that day or a later one.")


class BeforeLastMove(Invalid):
    """Units were sold, converted or handed on after that day."""

    code = "before_last_move"
    sentence = _("Units of it last changed hands on %(day)s. Choose that day or a later one.")


class NothingHeldThen(Invalid):
    """There was nothing to value on that day."""

    code = "nothing_held_then"
    sentence = _("Nothing of it was held on %(day)s.")


class ProceedsMissing(Invalid):
    """A sale brings something; what brings nothing is a default."""

    code = "proceeds_missing"
    sentence = _("Say what came in. If nothing did, record a default.")


class DefaultBringsNothing(Invalid):
    """A default has no proceeds."""

    code = "default_brings_nothing"
    sentence = _("A default brings nothing in. Record a sale for what was recovered.")


class CashAccountMissing(Invalid):
    """It must be said where the money came in."""

    code = "cash_account_missing"
    sentence = _("Say which cash account the money came into.")


class ValueMissing(Invalid):
    """Neither a value nor a unit value was given."""

    code = "value_missing"
    sentence = _("Say what it is worth: all of it, or one unit.")


class AlreadyTakenBack(Refused):
    """It was reversed before."""

    code = "holding_taken_back"
    sentence = _("This was already reversed.")


class BadHoldingsPolicy(Invalid):
    """A term of the policy cannot be."""

    code = "bad_holdings_policy"
    sentence = _("Ask for values every 1 to 36 months, or never.")

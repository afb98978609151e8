"""What is refused as an amount, each with the sentence that says how to put it right."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid


class UnknownCurrency(Invalid):
    """Not a code of ISO 4217."""

    code = "unknown_currency"
    sentence = _("There is no such currency. Choose one from the list, such as KES.")


class BadAmount(Invalid):
    """Not an amount that can be used here."""

    code = "bad_amount"
    sentence = _("Enter an amount such as 2500 or 2,500.00.")


class AmountMissing(BadAmount):
    """Nothing was typed."""

    code = "amount_missing"
    sentence = _("Enter an amount.")


class AmountTooLong(BadAmount):
    """More characters than any amount has."""

    code = "amount_too_long"
    sentence = _("This is too long for an amount.")


class StrangeCharacters(BadAmount):
    """Control characters, NUL, marks that change the direction of writing, broken Unicode."""

    code = "strange_characters"
    sentence = _("There are invisible characters in this amount. Type it again by hand.")


class OtherDigits(BadAmount):
    """Digits of another script or width, which are easily misread."""

    code = "other_digits"
    sentence = _("Write the amount with the digits 0 to 9.")


class NotAnAmount(BadAmount):
    """Not a number, or its separators stand where they cannot be understood."""

    code = "not_an_amount"


class WithExponent(BadAmount):
    """Scientific notation such as 1e6."""

    code = "with_exponent"
    sentence = _("Write the amount out in full, such as 1000000.")


class OtherCurrency(BadAmount):
    """The amount names another currency than the one it is for."""

    code = "other_currency"
    sentence = _("Amounts here are in %(currency)s.")


class NegativeAmount(BadAmount):
    """Below zero, or a zero with a minus sign."""

    code = "negative_amount"
    sentence = _("An amount cannot have a minus sign here.")


class ZeroAmount(BadAmount):
    """Zero where something is to move."""

    code = "zero_amount"
    sentence = _("The amount must be more than zero.")


class TooManyDecimals(BadAmount):
    """Finer than the currency's smallest coin, or written with more decimals than it has."""

    code = "too_many_decimals"
    sentence = _("%(currency)s amounts have at most %(digits)s decimals.")


class NoDecimals(TooManyDecimals):
    """The same in a currency without decimals."""

    sentence = _("%(currency)s amounts have no decimals.")


class TooLarge(BadAmount):
    """Beyond the greatest amount that is taken for meant."""

    code = "too_large"
    sentence = _("This is more than %(maximum)s, the largest amount that is accepted.")


class NothingToSplitBy(Invalid):
    """No weights, or all of them zero."""

    code = "nothing_to_split_by"
    sentence = _("There is nobody to divide this among.")

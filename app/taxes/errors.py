"""What this room refuses, each with a sentence for people."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid


class BadBands(Invalid):
    """Bands that leave a gap, or that are not in order."""

    code = "bad_bands"
    sentence = _("Give each step on a line of its own, from the lowest to the highest, beginning at 0.")


class BadRate(Invalid):
    """A percentage outside 0 to 100."""

    code = "bad_rate"
    sentence = _("A rate is between 0 and 100 per cent.")


class UnknownCountry(Invalid):
    """Not the two letters of a country."""

    code = "unknown_country"
    sentence = _("Write the two letters of the country, such as MA.")


class StartsNoMonth(Invalid):
    """Rates count from the first day of a month."""

    code = "starts_no_month"
    sentence = _("Rates count from the first day of a month.")

"""Why it cannot be said which column of a statement is which, and what is wrong with a row read by its columns."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, Refused
from app.core.money import NotAnAmount
from app.imports.errors import UnreadableFile


class NeedsMapping(Refused):
    """A table of bookings whose columns nobody has named yet."""

    code = "needs_mapping"
    sentence = _("The columns of this statement are not known yet. Say which is which on the page of the file.")


class MappingRefused(Invalid):
    """Columns that do not make a statement: no day, no amount, two things in one column."""

    code = "mapping_refused"
    sentence = _(
        "Choose a column for the day, and either one for the amount or those for paid in and paid out; "
        "no column can be two things."
    )


class NothingRead(Invalid):
    """Not one row makes sense by what was chosen."""

    code = "nothing_read"
    sentence = _("Read like this the file has not one booking. Look at the columns, the decimal sign and the days.")


class NoColumns(Refused):
    """A file that is not a table of bookings, or whose format is known without anybody's word."""

    code = "no_columns"
    sentence = _("The columns of this file cannot be chosen: it is no table of bookings.")


class OtherImport(UnreadableFile):
    """A list of members where a statement was asked for."""

    code = "other_import"
    sentence = _("This is a list of members, not a statement. Choose the import of members for it.")


class BothWays(NotAnAmount):
    """Paid in and paid out in one row."""

    code = "both_ways"
    sentence = _("Exactly one of paid in and paid out says how much, and paid in is not negative.")


class NoDirection(NotAnAmount):
    """A mark that is neither credit nor debit."""

    code = "no_direction"
    sentence = _("It is not told whether this came in or went out: CR, DR, credit or debit are understood.")

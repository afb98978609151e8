"""What oversight refuses."""

from flask_babel import lazy_gettext as _

from app.core.errors import NotFound, Refused


class NoSuchRecord(NotFound):
    """The record that is to be flagged was not shown by a page of this group."""

    code = "no_such_record"
    sentence = _("There is no such record in this group.")


class FlagSettled(Refused):
    """The flag was settled; a new question is a new flag."""

    code = "flag_settled"
    sentence = _("This flag was settled. Raise a new one if the question is open again.")

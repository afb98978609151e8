"""What reports refuse."""

from flask_babel import lazy_gettext as _

from app.core.errors import NotFound


class NoSuchReport(NotFound):
    """No report has that name, or it cannot be had in that form."""

    code = "no_such_report"
    sentence = _("There is no such report.")

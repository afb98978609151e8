"""What the front rooms refuse."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid


class SomeLinesUnread(Invalid):
    """A line of people to invite says nothing that can be used."""

    code = "some_lines_unread"
    sentence = _("Line %(line)s: %(why)s")

"""What the front rooms refuse."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, Refused


class SomeLinesUnread(Invalid):
    """A line of people to invite says nothing that can be used."""

    code = "some_lines_unread"
    sentence = _("Line %(line)s: %(why)s")


class SignUpsClosed(Refused):
    """Staff closed the door to new groups for a while."""

    code = "sign_ups_closed"
    sentence = _(
        "This service is closed to new groups at the moment."
        " If somebody invited you to a group, use the link in their mail."
    )

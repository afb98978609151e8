"""What this room refuses."""

from flask_babel import lazy_gettext as _

from app.core.errors import NotFound, Refused


class NoSuchMessage(NotFound):
    """No message of this group has that id."""

    code = "no_such_message"
    sentence = _("There is no such job.")


class NotDead(Refused):
    """The message is done, or is still being tried by itself."""

    code = "not_dead"
    sentence = _("This job has not given up: it is done, or is still being tried.")


class NoSuchMail(NotFound):
    """No mail of this group has that id."""

    code = "no_such_mail"
    sentence = _("There is no such mail.")


class MailUnderWay(Refused):
    """The mail was sent, or is still being tried by itself."""

    code = "mail_under_way"
    sentence = _("This mail was sent, or is still being tried.")


class RecipientErased(Refused):
    """The key of the mail's data was destroyed with the person's."""

    code = "recipient_erased"
    sentence = _("The recipient’s data was erased, so this mail cannot be sent any more.")

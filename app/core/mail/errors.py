"""What mail refuses, and how a try to send one may end badly."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid


class BadAddress(Invalid):
    """Nothing that a mail could be sent to, or an attempt to smuggle in a header."""

    code = "bad_address"
    sentence = _("Enter an e-mail address like amina@example.com.")

    def __init__(self) -> None:
        super().__init__(field="email")


class NotNow(RuntimeError):
    """The message surely did not leave; trying again later may help."""


class Rejected(RuntimeError):
    """The message surely did not leave and never will: the other side said so for good."""


class NoSuchAddress(Rejected):
    """The other side does not know the recipient."""


class PerhapsSent(RuntimeError):
    """The line broke after the message was handed over and before it was acknowledged: nobody knows."""

"""What is refused about tokens."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchToken(NotFound):
    """No token with this id."""

    code = "no_such_token"
    sentence = _("There is no such token.")


class RightNotHeld(Invalid):
    """Nobody hands out more than they have."""

    code = "right_not_held"
    sentence = _("You cannot give a token a right that you do not have yourself: %(permission)s.")


class NoRights(Invalid):
    """A token without rights opens nothing."""

    code = "no_rights"
    sentence = _("Choose at least one right.")


class BadEnd(Invalid):
    """A token ends, and not too late."""

    code = "token_end"
    sentence = _("A token lasts at least a day and at most %(days)s days.")


class TooManyTokens(Refused):
    """Tokens that nobody uses should be ended."""

    code = "too_many_tokens"
    sentence = _("The group has %(count)s tokens in use already. End one that is no longer needed.")


class TokenEnded(Refused):
    """It does not open anything any more."""

    code = "token_ended"
    sentence = _("This token was ended already.")

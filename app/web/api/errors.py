"""What the API refuses before a room is asked."""

from flask_babel import lazy_gettext as _

from app.core.errors import DomainError, Invalid, NotAllowed, Refused


class NotSignedIn(DomainError):
    """No token, or one that opens nothing: 401."""

    code = "not_signed_in"
    sentence = _("Send a token of the group: Authorization: Bearer pp_…")


class ReadOnlyToken(NotAllowed):
    """The token may only read."""

    code = "read_only_token"
    sentence = _("This token may only read.")


class OutOfScope(NotAllowed):
    """The token was not given this right."""

    code = "out_of_scope"
    sentence = _("This token was not given the right %(permission)s.")


class KeyMissing(Invalid):
    """A deed without a key could be done twice."""

    code = "idempotency_key_missing"
    sentence = _("Send an Idempotency-Key of 8 to 100 letters, digits, dashes or underscores with each deed.")


class OtherBody(Invalid):
    """The key was used for something else."""

    code = "idempotency_key_reused"
    sentence = _("This Idempotency-Key was sent before with another body. Take a new key for a new deed.")


class StillRunning(Refused):
    """The first request with this key has not ended."""

    code = "still_running"
    sentence = _("The first request with this Idempotency-Key is still running. Ask again in a moment.")


class NotJson(Invalid):
    """The body cannot be read."""

    code = "not_json"
    sentence = _("The body is not JSON in UTF-8: %(why)s.")


class OtherMedia(DomainError):
    """The body is of another type: 415."""

    code = "media_type"
    sentence = _("Send the body as %(media)s.")


class Unfit(Invalid):
    """Fields of the body or of the address that cannot be used; `faults` are (field, sentence)."""

    code = "invalid_fields"
    sentence = _("Some of what was sent cannot be used.")

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__()
        self.faults = faults


class BadCursor(Invalid):
    """`after` or `before` is not one that a page gave."""

    code = "bad_cursor"
    sentence = _("This is no place in this list: take `after` from the `next` of a page.")

"""What the room of one's own data refuses."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class StandsAgainst(Refused):
    """Somebody cannot be erased as long as `reasons` stand."""

    code = "erasure_stands_against"
    sentence = _("Not yet: %(reasons)s")


class HasSignIn(Refused):
    """A member who signs in asks for erasure themselves, as long as they are in the group."""

    code = "erasure_has_sign_in"
    sentence = _("%(name)s signs in and has not left: only they can ask to be erased, on the page of their own data.")


class ErasedAlready(Refused):
    """There is nobody left to erase."""

    code = "erased_already"
    sentence = _("This person has been erased already.")


class ReasonMissing(Invalid):
    """Who has somebody else erased says why."""

    code = "erasure_reason"
    sentence = _("Say why: they may ask, and so may an auditor.")


class NoSuchExport(NotFound):
    """Not theirs, not ready yet, or gone after a week."""

    code = "no_such_export"
    sentence = _("There is no such copy: it may be older than seven days.")

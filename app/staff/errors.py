"""What the rooms of platform staff refuse."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchGroup(NotFound):
    """No group has that id."""

    code = "no_such_group"
    sentence = _("There is no such group.")


class NoLook(NotFound):
    """Nobody looks inside a group without a reason and an end; to everyone else its inside does not exist."""

    code = "no_look"
    sentence = _("No look inside this group is open. Open one with a reason.")


class IsSuspended(Refused):
    """The group is suspended already."""

    code = "is_suspended"
    sentence = _("This group is suspended already.")


class NotSuspended(Refused):
    """Only a suspended group is revived."""

    code = "not_suspended"
    sentence = _("This group is not suspended.")


class CannotSuspend(Refused):
    """A group that was dissolved or closed takes no more entries anyway."""

    code = "cannot_suspend"
    sentence = _("A group that was dissolved or closed cannot be suspended.")


class TooLong(Invalid):
    """A look ends within four hours."""

    code = "look_too_long"
    sentence = _("A look inside lasts four hours at most.")


class UnknownPlan(Invalid):
    """Only plans of the catalogue exist."""

    code = "unknown_plan"
    sentence = _("There is no such plan.")


class BadValue(Invalid):
    """A setting of the service has a kind, and a length."""

    code = "bad_value"
    sentence = _("This setting cannot have that value.")


class ProtectedSetting(Refused):
    """Shown, and not edited in the browser."""

    code = "protected_platform_setting"
    sentence = _("This setting is not changed in the browser.")


class NoSuchPerson(Invalid):
    """Staff are people who have an account."""

    code = "no_such_person"
    sentence = _("Nobody has an account with the address %(email)s.")

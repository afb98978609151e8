"""What is refused about addresses of other programs and deliveries to them."""

from flask_babel import lazy_gettext as _

from app.core.errors import Invalid, NotFound, Refused


class NoSuchHook(NotFound):
    """No address with this id, or one that was ended."""

    code = "no_such_hook"
    sentence = _("There is no such address.")


class NoSuchDelivery(NotFound):
    """No delivery with this id to this address."""

    code = "no_such_delivery"
    sentence = _("There is no such delivery.")


class BadHookUrl(Invalid):
    """Nothing that could be told of anything from here."""

    code = "hook_url"
    sentence = _("Enter an address like https://example.com/told, without a name or password in it.")


class InsideUrl(Invalid):
    """An address of a private network, or of this machine."""

    code = "hook_url_inside"
    sentence = _("This address is not on the public internet. Enter one that everybody could reach.")


class BadPort(Invalid):
    """Only the ports of the web."""

    code = "hook_port"
    sentence = _("Only the ports 443 and 8443 can be told.")


class BadEvents(Invalid):
    """None, or one that is not in the catalogue."""

    code = "hook_events"
    sentence = _("Choose at least one event, and only events of the list.")


class BadSecret(Invalid):
    """A secret of another form, or too short to be one."""

    code = "hook_secret"
    sentence = _("A secret reads whsec_ and the base64 of 24 to 64 random bytes.")


class TooManyHooks(Refused):
    """Each address costs a request for each event."""

    code = "too_many_hooks"
    sentence = _("The group has %(count)s addresses already. End one that is no longer needed.")


class EarlierStillValid(Refused):
    """Two secrets are valid at most."""

    code = "secret_rotated"
    sentence = _(
        "The secret was changed less than a day ago, and the one before it is still valid. Wait until it ends."
    )


class NotActive(Refused):
    """A paused address is told nothing."""

    code = "hook_paused"
    sentence = _("This address is paused. Let it go on first.")


class StillOnItsWay(Refused):
    """It is sent already."""

    code = "delivery_waits"
    sentence = _("This is on its way already. Look again in a minute.")

"""The mails of this room: to whom, which one, and in the words, language and time zone of the person."""

from flask import has_request_context, request
from flask_babel import gettext as _

from app.auth import links
from app.auth.models import UserAccount
from app.auth.rules import Purpose, device_name
from app.core import clock, mail
from app.core.ids import new_id
from app.web import filters, i18n

_TEMPLATES = {
    Purpose.CONFIRM: "auth_confirm",
    Purpose.RESET: "auth_reset",
    Purpose.CHANGE: "auth_new_address",
    Purpose.UNDO: "auth_address_changed",
    Purpose.NOT_ME: "auth_new_device",
}


def send_link(account: UserAccount, purpose: Purpose, *, to: str, **data: str) -> None:
    """Make a link for a purpose and mail it to an address of the person."""
    row, token = links.make(account, purpose, email=to)
    mail.queue_for_person(
        key=f"auth:{row.id}",
        user_id=account.id,
        to=to,
        template=_TEMPLATES[purpose],
        data={"name": account.name, "token": token, **data},
        locale=account.locale,
    )


def tell(account: UserAccount, template: str, **data: object) -> None:
    """Tell the person what just happened to the account, when, and on which device."""
    mail.queue_for_person(
        key=f"auth:{new_id()}",
        user_id=account.id,
        to=account.email,
        template=f"auth_{template}",
        data={"name": account.name, "where": where(account), **data},
        locale=account.locale,
    )


def where(account: UserAccount) -> str:
    """Time, device and network address of this moment, as the person would write them."""
    with i18n.speaking(locale=account.locale, zone=account.time_zone, currency=""):
        parts = [filters.moment(clock.now())]
        if has_request_context():
            parts += [device(request.user_agent.string or ""), request.remote_addr or ""]
        return " · ".join(part for part in parts if part)


def device_now() -> str:
    """The browser and system that ask, in words."""
    return device(request.user_agent.string or "")


def device(agent: str) -> str:
    """A browser and system in words: "Firefox, Android"."""
    return ", ".join(part for part in device_name(agent) if part) or _("Unknown device")

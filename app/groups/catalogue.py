"""The settings a group has: each with its kind, default and bounds, so that nothing untyped is ever stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.core.money import MAX_AMOUNT
from app.groups.contacts import email_of
from app.groups.errors import BadEmail, BadSetting, UnknownSetting

LONGEST = 1_000


class Category(StrEnum):
    """The pages on which settings stand."""

    GENERAL = "general"
    FINANCIAL = "financial"
    SECURITY = "security"
    NOTIFICATIONS = "notifications"


class Kind(StrEnum):
    """What a setting's value is."""

    WHOLE = "whole"
    SWITCH = "switch"
    TEXT = "text"
    EMAIL = "email"


@dataclass(frozen=True)
class Setting:
    """A setting. A secret one is sealed and never shown again; a protected one is shown and not edited."""

    name: str
    category: Category
    kind: Kind
    default: Any
    label: Any
    hint: Any = ""
    lowest: int = 0
    highest: int = 0
    secret: bool = False
    protected: bool = False

    def checked(self, value: Any) -> Any:
        """The value as it is stored. Raises BadSetting or BadEmail, naming the field."""
        try:
            return _CHECKS[self.kind](self, value)
        except DomainError as error:
            raise type(error)(field=self.name, **error.places) from error


def _whole(setting: Setting, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not setting.lowest <= value <= setting.highest:
        raise BadSetting(lowest=setting.lowest, highest=setting.highest)
    return value


def _text(setting: Setting, value: Any) -> str:
    text = str(value or "").strip()
    if len(text) > LONGEST:
        raise BadSetting(lowest=setting.lowest, highest=LONGEST)
    return text


def _email(_setting: Setting, value: Any) -> str:
    if value and not isinstance(value, str):
        raise BadEmail
    return email_of(value) if value else ""


_CHECKS = {
    Kind.WHOLE: _whole,
    Kind.SWITCH: lambda _setting, value: bool(value),
    Kind.TEXT: _text,
    Kind.EMAIL: _email,
}

_ALL = (
    Setting(
        "contact_email",
        Category.GENERAL,
        Kind.EMAIL,
        "",
        _("Contact e-mail"),
        _("Where members write to; replies to the group’s mail go there."),
    ),
    Setting("meeting_place", Category.GENERAL, Kind.TEXT, "", _("Where the group meets")),
    Setting(
        "payment_instructions",
        Category.FINANCIAL,
        Kind.TEXT,
        "",
        _("How to pay"),
        _("Shown to members beside what they owe, such as the paybill and the account to name."),
    ),
    Setting(
        "retention_years",
        Category.FINANCIAL,
        Kind.WHOLE,
        7,
        _("Years that financial records are kept"),
        _("Set by the service; the books are never deleted earlier."),
        lowest=7,
        highest=100,
        protected=True,
    ),
    Setting(
        "alert_above",
        Category.FINANCIAL,
        Kind.WHOLE,
        0,
        _("Tell officers of movements above this amount"),
        _("In the group’s currency; the people who run the service are told too. 0 tells nobody."),
        lowest=0,
        highest=int(MAX_AMOUNT),
    ),
    Setting(
        "idle_minutes",
        Category.SECURITY,
        Kind.WHOLE,
        30,
        _("Sign officers out after idle minutes"),
        _("Leaders, treasurers, secretaries and auditors have to sign in again after this long without a click."),
        lowest=5,
        highest=240,
    ),
    Setting(
        "officers_second_factor",
        Category.SECURITY,
        Kind.SWITCH,
        False,  # noqa: FBT003  # the default of a switch
        _("Officers need a second factor"),
        _("Leaders, treasurers, secretaries and auditors open the group only with a second step: an app or a passkey."),
    ),
    Setting(
        "tell_of_new_members",
        Category.NOTIFICATIONS,
        Kind.SWITCH,
        True,  # noqa: FBT003  # the default of a switch
        _("Tell officers when someone joins"),
    ),
    Setting(
        "monthly_statements",
        Category.NOTIFICATIONS,
        Kind.SWITCH,
        False,  # noqa: FBT003  # the default of a switch
        _("Send statements by e-mail each month"),
        _("On the first day of a month every member with an address gets the statement of the month before."),
    ),
    Setting(
        "remind_days_before",
        Category.NOTIFICATIONS,
        Kind.WHOLE,
        3,
        _("Remind members this many days before a contribution is due"),
        _("0 sends no reminder."),
        lowest=0,
        highest=14,
    ),
)
CATALOGUE: Mapping[str, Setting] = {setting.name: setting for setting in _ALL}


def setting_named(name: str) -> Setting:
    """A setting of the catalogue. Raises UnknownSetting."""
    if name not in CATALOGUE:
        raise UnknownSetting
    return CATALOGUE[name]


def settings_in(category: str) -> tuple[Setting, ...]:
    """The settings of one page."""
    return tuple(setting for setting in CATALOGUE.values() if setting.category == category)

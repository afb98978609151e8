"""What staff do, in words; how long a look may be; how an address is masked: pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

ENTER_WITHIN = 60  # minutes since the second factor, to read
CHANGE_WITHIN = 10  # the same, to change anything
IDLE = 30  # minutes after which an unattended screen is closed
PHONE_DIGITS = 7  # of a telephone or an identity number at the least
LONGEST_LOOK = timedelta(hours=4)
LENGTHS = (30, 60, 120, 240)  # minutes
PLANS: Mapping[str, LazyString] = {"free": _("Free")}
STATUSES = ("active", "suspended", "pending", "inactive", "dissolved")


class Act(StrEnum):
    """What staff do."""

    SUSPEND = "suspend"
    REVIVE = "revive"
    LOOK = "look"
    END_LOOK = "end_look"
    PLAN = "plan"
    SETTING = "setting"
    SETTLE = "settle"
    RETRY = "retry"
    RATES = "rates"


ACTS: Mapping[str, LazyString] = {
    Act.SUSPEND: _("Suspended a group"),
    Act.REVIVE: _("Revived a group"),
    Act.LOOK: _("Opened a look inside"),
    Act.END_LOOK: _("Ended a look inside"),
    Act.PLAN: _("Gave a plan"),
    Act.SETTING: _("Changed a setting"),
    Act.SETTLE: _("Settled an alert"),
    Act.RETRY: _("Had a job tried again"),
    Act.RATES: _("Recorded tax rates"),
}


class Health(StrEnum):
    """How a group fares, as far as it can be seen from outside."""

    TROUBLE = "trouble"
    UNPROVED = "unproved"
    SOUND = "sound"


HEALTH: Mapping[str, tuple[str, LazyString]] = {
    Health.TROUBLE: ("bad", _("Needs attention")),
    Health.UNPROVED: ("warn", _("Not proved lately")),
    Health.SOUND: ("good", _("Sound")),
}
PROVED_WITHIN = timedelta(hours=26)  # a night and a little


class Page(StrEnum):
    """The pages a look inside opens, as the group's log names them."""

    OVERVIEW = "inside_overview"
    MEMBERS = "inside_members"
    ACCOUNTS = "inside_accounts"
    ENTRIES = "inside_entries"
    WORK = "inside_work"
    LOG = "inside_log"


PAGES: Mapping[str, LazyString] = {
    Page.OVERVIEW: _("Overview"),
    Page.MEMBERS: _("Members"),
    Page.ACCOUNTS: _("Accounts"),
    Page.ENTRIES: _("Entries"),
    Page.WORK: _("Background work"),
    Page.LOG: _("Audit log"),
}


def masked(identifier: str) -> str:
    """A member's number as staff see it: of an address its first sign, of what may be a telephone its last three."""
    if "@" in identifier:
        return f"{identifier[:1]}•••@•••"
    return f"•••{identifier[-3:]}" if sum(sign.isdigit() for sign in identifier) >= PHONE_DIGITS else identifier

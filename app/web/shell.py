"""What the frame around a page shows: the places of a group, the groups of a person, and the ways to the account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """A line of the side bar; those marked `tab` are the (at most four) tabs at the bottom of a phone."""

    label: Any
    icon: str
    url: str
    current: bool = False
    badge: str | int | None = None
    tab: bool = False


@dataclass(frozen=True)
class Section:
    """Places that belong together; the first section needs no label."""

    label: Any
    items: Sequence[Place]


@dataclass(frozen=True)
class GroupLink:
    """A group in the switcher, with what the person is in it."""

    name: str
    url: str
    role: Any = ""
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """The frame's facts; a link that is None is not shown."""

    user_name: str | None = None
    user_email: str | None = None
    group_name: str | None = None
    groups: Sequence[GroupLink] = ()
    unread: int = 0
    home_url: str = "/"
    all_groups_url: str | None = None
    new_group_url: str | None = None
    notifications_url: str | None = None
    account_url: str | None = None
    security_url: str | None = None
    help_url: str | None = None
    sign_in_url: str | None = None
    sign_out_url: str | None = None
    sign_up_url: str | None = None
    confirm_email_url: str | None = None  # only while the person's address is not confirmed

"""Shapes of what is asked about members, roles and invitations."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic import WithJsonSchema as Described

from app.groups.permissions import PERMISSIONS, ROLES
from app.groups.rules import Status
from app.web.api.shapes import Day, Long, Pasted, Shape, Text

Line = Annotated[Long, Field(max_length=254)]
# Which there are is known to the verbs, so that their refusals say what is wrong.
Role = Annotated[str, Described({"type": "string", "enum": list(ROLES)})]
Right = Annotated[str, Described({"type": "string", "enum": list(PERMISSIONS)})]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(ROLES))]


class MemberSearch(Shape):
    """Members whose name, number, phone or e-mail holds `q`, and who stand there."""

    q: Annotated[Text, Field(max_length=100)] | None = None
    status: Status | None = None


class _Person(Shape):
    display_name: Annotated[Text, Field(max_length=120)]
    identifier: Line | None = None
    email: Line | None = None
    phone: Annotated[Text, Field(max_length=40)] | None = None
    voting_rights: bool = True
    national_id: Annotated[Text, Field(max_length=64)] | None = None


class NewMemberIn(_Person):
    """Somebody who is added without a sign-in; without a number one is given, without a day it is today."""

    joined_on: Day | None = None
    roles: Roles = ["member"]


class MemberIn(_Person):
    """A member's profile: all of it is replaced, but an identity number that is left out stays.

    With the `version` that was read, it is refused when somebody changed the profile meanwhile.
    """

    joined_on: Day
    forget_national_id: bool = False
    version: Annotated[Text, Field(max_length=32)] | None = None


class StandingIn(Shape):
    """Where a member stands from now on; `on` is the day somebody left."""

    status: Literal["active", "inactive", "suspended", "left"]
    reason: Annotated[Text, Field(max_length=300)] | None = None
    on: Day | None = None


class RolesIn(Shape):
    """The roles a member has, all of them."""

    roles: Roles


class OverrideIn(Shape):
    """A right granted or denied to one member, or as the roles say again."""

    permission: Right
    effect: Literal["grant", "deny", "role"]


class InviteeIn(Shape):
    """A person to invite."""

    display_name: Annotated[Text, Field(max_length=120)]
    email: Line
    phone: Annotated[Text, Field(max_length=40)] | None = None
    roles: Roles = ["member"]


class InviteesIn(Shape):
    """People to invite: all of them or nobody."""

    people: Annotated[list[InviteeIn], Field(min_length=1, max_length=500)]


class ListIn(Shape):
    """A pasted list: one person a line, with name, e-mail, phone and role in any order."""

    text: Pasted


class AddressIn(Shape):
    """Where an invitation goes; left out, to the address that is known."""

    email: Line | None = None

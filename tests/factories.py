"""Plain functions that make people and groups: someone of the group, someone else of it, a stranger."""

import contextvars
import itertools
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.auth import sessions
from app.auth.models import UserAccount
from app.core import clock
from app.core.db import enter, platform, session, transaction
from app.core.ids import new_id
from app.groups.models import GroupPolicy, Member, SavingsGroup
from app.ledgers.heads import open_books

PASSWORD = "correct horse battery staple"
NOBODY = uuid.UUID(int=0)  # what a stranger is in any group
_count = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """A user, and the member they are in their group."""

    user_id: uuid.UUID
    member_id: uuid.UUID
    group_id: uuid.UUID
    slug: str
    name: str


@dataclass(frozen=True)
class Cast:
    """A group with every role, another group with its leader, and a stranger without any."""

    group_id: uuid.UUID
    slug: str
    leader: Person
    treasurer: Person
    secretary: Person
    member: Person
    other_member: Person
    auditor: Person
    outsider: Person  # leader of another group
    stranger: Person
    people: dict[str, Person] = field(default_factory=dict)


def user(name: str = "Amina Wanjiru", *, email: str | None = None) -> UserAccount:
    """A person with a confirmed address."""
    number = next(_count)
    account = UserAccount(
        id=new_id(),
        email=email or f"person{number}@example.com",
        name=name,
        status="active",
        password_hash="unusable",
        email_confirmed_at=clock.now(),
        time_zone="Africa/Nairobi",
    )
    platform().add(account)
    platform().flush()
    return account


def group(
    name: str = "Umoja", *, currency: str = "KES", zone: str = "Africa/Nairobi", country: str = "KE", **rules: Any
) -> SavingsGroup:
    """A group with open books and a first policy; the unit of work is inside it afterwards."""
    row = SavingsGroup(
        id=new_id(),
        name=name,
        slug=f"{name.lower().replace(' ', '-')}-{next(_count)}",
        currency=currency,
        country=country,
        time_zone=zone,
    )
    enter(row.id)
    platform().add(row)
    platform().flush()
    session().add(GroupPolicy(version=1, effective_on=date(2020, 1, 1), rules=rules, recorded_by=None))
    open_books()
    return row


def member(name: str, *roles: str, account: UserAccount | None = None, identifier: str | None = None) -> Member:
    """A member of the chosen group."""
    row = Member(
        id=new_id(),
        user_id=account.id if account else None,
        identifier=identifier or f"M{next(_count):04d}",
        display_name=name,
        email=account.email if account else None,
        joined_on=date(2025, 1, 1),
        roles=list(roles) or ["member"],
    )
    session().add(row)
    session().flush()
    return row


ROLES = {
    "leader": ("Amina Wanjiru", ("leader", "member")),
    "treasurer": ("Joseph Otieno", ("treasurer", "member")),
    "secretary": ("Grace Achieng", ("secretary", "member")),
    "member": ("Daniel Mwangi", ("member",)),
    "other_member": ("Mercy Atieno", ("member",)),
    "auditor": ("Peter Kamau", ("auditor",)),
}


def cast(**rules: Any) -> Cast:
    """The whole cast; each group is made in a unit of work of its own, as in life."""
    group_id, slug, people = _people("Umoja", ROLES, rules)
    _, _, others = _people("Harambee", {"outsider": ("Wanjiku Kamau", ("leader", "member"))}, rules)
    with transaction():
        account = user("Otieno Stranger")
        stranger = Person(account.id, NOBODY, NOBODY, "", account.name)
    people |= others | {"stranger": stranger}
    return Cast(group_id, slug, **people, people=people)


def _people(name: str, roles: dict[str, Any], rules: dict[str, Any]) -> tuple[uuid.UUID, str, dict[str, Person]]:
    with transaction():
        accounts = {part: user(who) for part, (who, _) in roles.items()}
        made = group(name, **rules)
        people = {}
        for part, (who, given) in roles.items():
            row = member(who, *given, account=accounts[part])
            people[part] = Person(accounts[part].id, row.id, made.id, made.slug, who)
        return made.id, made.slug, people


class Browser(FlaskClient):
    """A client whose requests share nothing with the test around them, not even its application context."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        # Else `g`, and with it the person who asked first, would be seen by every request of the test.
        return contextvars.Context().run(super().open, *args, **kwargs)


def browser(app: Flask, person: Person | None) -> FlaskClient:
    """A client with the person's session cookie, or without any."""
    client = Browser(app, app.response_class)
    if person is not None:
        with app.app_context():
            token = sign_in(person)
        client.set_cookie("sid", token)
    return client


def sign_in(person: Person) -> str:
    """Start a session; returns its token."""
    with transaction(user_id=person.user_id):
        account = platform().get_one(UserAccount, person.user_id)
        return sessions.start(account, address="127.0.0.1", agent="test", second_factor=True)

"""Two groups with one of everything: ids for every address, and canaries that must not leak."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.draining import drain_due
from app.core.periods import Month
from app.groups.models import Member
from app.statements.runs import start_run
from tests import factories
from tests.databases import copy
from tests.factories import NOBODY, Person
from tests.isolation.everything import Told, make

CANARY = "KANARI"  # in capitals: a slug, which an address may repeat, holds none
ODD = Decimal("7191.37")  # an amount nobody has but the other group
CANARIES = (CANARY, "7,191.37", "7191.37")
ZONE = ZoneInfo("Africa/Nairobi")
RULES: dict[str, Any] = {
    "approval_threshold": "50000",
    "maximum_amount": "1000000000",
    "disclaimer": None,
    "savings": {
        "frequency": "monthly",
        "expected": "5000",
        "maximum": "20000",
        "late_rule": "percent_fee",
        "fee_percent": "5",
        "over_rule": "refuse",
    },
}
ROLES: dict[str, tuple[str, ...]] = {
    "leader": ("leader", "member"),
    "treasurer": ("treasurer", "member"),
    "secretary": ("secretary", "member"),
    "member": ("member",),
    "other_member": ("member",),
    "auditor": ("auditor",),
}


@dataclass(frozen=True)
class Place:
    """A group with one of everything, and who is in it."""

    group_id: uuid.UUID
    slug: str
    people: dict[str, Person]
    ids: dict[str, str]  # by the table they are of: an id of the group, as an address writes it


@dataclass(frozen=True)
class World:
    """Our group, theirs, and somebody without any."""

    ours: Place
    theirs: Place
    stranger: Person

    def person(self, role: str) -> Person | None:
        """Who asks, by the name of the part they play."""
        if role == "anonymous":
            return None
        if role == "stranger":
            return self.stranger
        return self.theirs.people["leader"] if role == "outsider" else self.ours.people[role]


def world(app: Flask) -> World:
    """The world of a file of tests: built once in a process, and copied for each file that works in it.

    Ask for it before anything is committed: the copy takes the place of what was there.
    """
    name = app.config["SETTINGS"].database.name
    if "built world" not in app.extensions:
        app.extensions["built world"] = build(app)
        copy(app, "world", of=name)
    elif "tests.world" not in app.extensions:
        copy(app, name, of="world")
    made: World = app.extensions["built world"]
    app.extensions["tests.world"] = made
    return made


def build(app: Flask) -> World:
    """A new world, committed."""
    with app.app_context():
        ours, theirs = _place("Umoja", "Plain"), _place(f"Vipepeo {CANARY}", CANARY, more=5)
        with transaction():
            account = factories.user("Otieno Stranger")
            stranger = Person(account.id, NOBODY, NOBODY, "", account.name)
        drain_due(seconds=20)
    return World(ours, theirs, stranger)


def _place(name: str, mark: str, *, more: int = 0) -> Place:
    group_id, slug, people = _people(name, mark)
    treasurer, leader = people["treasurer"], people["leader"]
    with transaction(user_id=treasurer.user_id, group_id=group_id):
        make(Told(mark, ODD if mark == CANARY else Decimal("4321.50"), people, more))
    with transaction(user_id=leader.user_id, group_id=group_id):
        start_run(period=Month.of(clock.today(ZONE)).previous, by=_member(leader), key="run")
    drain_due(seconds=20)
    with transaction(group_id=group_id):
        ids = _ids()
    return Place(group_id, slug, people, ids)


def _people(name: str, mark: str) -> tuple[uuid.UUID, str, dict[str, Person]]:
    with transaction():
        accounts = {part: factories.user(f"{mark} {part}") for part in ROLES}
        made = factories.group(name, **RULES)
        made.set_up_at = clock.now()
        people = {}
        for part, roles in ROLES.items():
            row = factories.member(f"{mark} {part}", *roles, account=accounts[part])
            people[part] = Person(accounts[part].id, row.id, made.id, made.slug, row.display_name)
        return made.id, made.slug, people


def _member(person: Person) -> Member:
    return session().scalars(sa.select(Member).where(Member.id == person.member_id)).one()


def _ids() -> dict[str, str]:
    """The latest id of each table of the chosen group that has rows, and its highest entry number."""
    connection = session().connection()
    tables = connection.exec_driver_sql(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'group_id'"
        " INTERSECT SELECT table_name FROM information_schema.columns WHERE column_name = 'id' AND udt_name = 'uuid'"
    ).scalars()
    latest = {
        table: connection.exec_driver_sql(f'SELECT id FROM "{table}" ORDER BY id DESC LIMIT 1').scalar()
        for table in tables.all()
    }
    number = connection.exec_driver_sql("SELECT max(number) FROM entry").scalar()
    billed = connection.exec_driver_sql("SELECT event_id, party_id FROM dues_charge WHERE kind = 'entry' LIMIT 1").one()
    named = {"entry.number": number, "dues_charge.event": billed.event_id, "dues_charge.party": billed.party_id}
    return {name: str(found) for name, found in (latest | named).items() if found}

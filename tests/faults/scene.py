"""The groups on which a run plays: people who can sign in, cash accounts with money in them, windows that are open."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.auth.passwords import hashed
from app.core import clock
from app.core.db import platform, transaction
from app.core.periods import Month
from app.ledgers import chart, closing, entries
from app.ledgers.cash import add_cash_account
from app.savings.windows import open_due
from tests import factories
from tests.faults.person import Person
from tests.faults.stack import Stack

THRESHOLD = 50_000
OPENING = 1_000_000
ZONES = ("Africa/Nairobi", "Europe/London", "America/Sao_Paulo")
# When an era plays: today; the last night of a year, of February in a leap year; and the hour that is there twice.
NIGHTS = ("", "2026-12-31T20:40", "2028-02-29T20:40", "2027-03-28T00:40", "2027-10-31T00:40")


@dataclass
class Group:
    """A group as its officers see it."""

    id: uuid.UUID
    slug: str
    zone: str
    cash: list[uuid.UUID]
    members: list[uuid.UUID]
    identifiers: list[str]
    emails: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    opening: Decimal = Decimal(0)

    def url(self, rest: str) -> str:
        """A page of this group."""
        return f"/g/{self.slug}/{rest}"


@dataclass
class Scene:
    """All groups, and the day on which they play."""

    groups: list[Group]
    shift: float  # seconds that the programs' clock is ahead
    day: date  # of all movements: some days before today, so that a clock set back refuses none

    @property
    def month(self) -> Month:
        """The last month that is over."""
        return Month.of(self.day).previous


def set_up(
    stack: Stack, count: int = 3, members: int = 6, night: str = "", *, opening: int = OPENING, **rules: str
) -> Scene:
    """Make the groups, as the night wants it, and sign their officers in over HTTP."""
    shift = (datetime.fromisoformat(f"{night}+00:00") - clock.now()).total_seconds() if night else 0.0
    (stack.hurt / "clock").write_text(str(shift))
    kept = hashed(factories.PASSWORD)
    with stack.app.app_context(), clock.held(clock.now() + timedelta(seconds=shift)) as now:
        day = (now - timedelta(days=3)).date()
        groups = [_group(ZONES[n % len(ZONES)], members, day, opening, rules) for n in range(count)]
        with transaction():
            platform().execute(sa.text("UPDATE user_account SET password_hash = :kept"), {"kept": kept})
    for group in groups:
        group.people = {role: Person(email, lambda: stack.port) for role, email in group.emails.items()}
        for person in group.people.values():
            assert person.sign_in(), f"{person.email} cannot sign in\n{stack.tail()}"
    return Scene(groups, shift, day)


def _group(zone: str, members: int, day: date, opening: int, rules: dict[str, str]) -> Group:
    with transaction():
        accounts = {role: factories.user(role.title()) for role in ("leader", "treasurer")}
        made = factories.group("Bench", zone=zone, **({"approval_threshold": str(THRESHOLD)} | rules))
        rows = [factories.member(role.title(), role, "member", account=who) for role, who in accounts.items()]
        for n in range(members - 2):
            row = factories.member(f"Member {n}")
            row.email = f"m{n}@{made.id.hex}.example.org"
            rows.append(row)
        group = Group(made.id, made.slug, zone, [], [row.id for row in rows], [row.identifier for row in rows])
        group.emails = {role: account.email for role, account in accounts.items()}
        first = day.replace(day=1) - timedelta(days=20)
        open_due(by=None, since=first)  # before the clock knows of the group
    with transaction(group_id=group.id):
        for name, method in (("Bank", "bank"), ("Mobile money", "mobile_money"), ("Petty cash", "petty_cash")):
            group.cash.append(add_cash_account(name=name, method=method, by=None).id)
        held = [(chart.Account("cash", place), Decimal(opening)) for place in group.cash]
        owned = [(chart.Account("savings", who), Decimal(3 * opening) / len(rows)) for who in group.members]
        entries.opening_balances([*held, *owned], on=first, by=rows[0].id, key="opening")
        group.opening = Decimal(3 * opening)
    with transaction(group_id=group.id):
        closing.close_month(Month.of(first), by=rows[0].id)
    return group


def today_in(scene: Scene, zone: str) -> date:
    """The day it is for a group."""
    return (clock.now() + timedelta(seconds=scene.shift)).astimezone(ZoneInfo(zone)).date()

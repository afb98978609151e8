"""What tests of this room start from: a group that saves and earns, and short verbs."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.rooms import rooms
from app.distributions.allotting import Allotment, allot
from app.distributions.models import ShareOut, ShareOutPayment
from app.distributions.paying import Paying, pay_out
from app.distributions.planning import plan
from app.distributions.rules import Cycle, Rule
from app.groups.models import Member
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import Account, PostingKind
from tests import factories
from tests.factories import Cast

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
CYCLE = Cycle(date(2026, 1, 1), date(2026, 10, 31))
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)
TERMS = {"reserve_percent": "10", "education_percent": "5", "base": "surplus", "share_value": "500"}
_count = itertools.count(1)


@dataclass(frozen=True)
class Earning:
    """The cast's group: 600, 300 and 100 saved in March by member, other_member and leader, 1,000 earned in June."""

    cast: Cast
    till: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def saves(self, who: str, amount: str, on: date = MARCH) -> uuid.UUID:
        return self.entry(PostingKind.CONTRIBUTION, amount, on, credit("savings", Decimal(amount), self.id(who)))

    def saves_of(self, member_id: uuid.UUID, amount: str) -> None:
        self.entry(PostingKind.CONTRIBUTION, amount, MARCH, credit("savings", Decimal(amount), member_id))

    def entry_of_loss(self, who: str, amount: str) -> None:
        """Growth goes down, as by a sale at a loss."""
        lines = [debit("realised_growth", Decimal(amount), self.id(who)), credit("treasury", Decimal(amount))]
        post(Draft(PostingKind.MANUAL, TODAY, lines), by=self.by)

    def earns(self, amount: str, on: date = JUNE, kind: str = "other_income", who: str | None = None) -> uuid.UUID:
        line = credit(kind, Decimal(amount), self.id(who) if who else None)
        return self.entry(PostingKind.OTHER_INCOME, amount, on, line)

    def spends(self, amount: str, on: date = JUNE) -> uuid.UUID:
        return self.entry(PostingKind.EXPENSE, f"-{amount}", on, debit("other_expense", Decimal(amount)))

    def entry(self, kind: PostingKind, amount: str, on: date, line: Any) -> uuid.UUID:
        return post(Draft(kind, on, [debit("cash", Decimal(amount), self.till), line]), by=self.by).id

    def id(self, who: str) -> uuid.UUID:
        return self.cast.people[who].member_id

    def told(self, rule: Rule = Rule.SAVINGS, amount: str | None = None, cycle: Cycle = CYCLE) -> Allotment:
        shared = Decimal(amount) if amount else plan(cycle).amount
        return Allotment(cycle=cycle, rule=rule, amount=shared, on=TODAY)

    def allot(self, rule: Rule = Rule.SAVINGS, amount: str | None = None, **more: Any) -> ShareOut:
        return allot(self.told(rule, amount, **more), by=self.by, key=f"allot{next(_count)}")

    def pay(self, row: ShareOut, *, with_savings: bool = False) -> ShareOutPayment:
        told = Paying(share_out_id=row.id, with_savings=with_savings, on=TODAY)
        return pay_out(told, by=self.by, key=f"pay{next(_count)}")


def make_earning(people: Cast) -> Earning:
    """Save and earn."""
    with transaction(group_id=people.group_id):
        made = Earning(people, add_cash_account(name="Till", method="petty_cash", by=None).id)
        for who, amount in (("member", "600"), ("other_member", "300"), ("leader", "100")):
            made.saves(who, amount)
        made.earns("1000")
        return made


def balance(kind: str, owner: uuid.UUID | None = None) -> Decimal:
    """What an account holds on its natural side."""
    return natural_balance(Account(kind, owner))


def of(made: Earning, kind: str) -> list[Decimal]:
    """The same of those who have saved."""
    return [balance(kind, made.id(who)) for who in ("member", "other_member", "leader")]


def proved() -> None:
    """The proof finds no fault."""
    assert [fault for room in rooms() for check in room.checks for fault in check().faults] == []


def leave(made: Earning, who: str) -> None:
    """Somebody has asked to leave."""
    session().get_one(Member, (made.cast.group_id, made.id(who))).leaving_since = sa.func.now()
    session().flush()


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def earning(context: Flask, held_clock: None) -> Earning:
    """The group of the cast, having earned 1,000."""
    return make_earning(factories.cast(distributions=TERMS))


@pytest.fixture
def inside(earning: Earning) -> Iterator[Earning]:
    """The same, with the test inside their group."""
    with transaction(group_id=earning.cast.group_id):
        yield earning


@pytest.fixture
def allotted(earning: Earning) -> uuid.UUID:
    """What they earned is shared out, and not paid yet."""
    with transaction(group_id=earning.cast.group_id):
        return earning.allot().id

"""What tests of this room start from: Ann, Ben and Cai have saved 600, 300 and 100 and invested 500 of it in land."""

import itertools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from app.assets.converting import convert_holdings
from app.assets.models import Asset
from app.assets.planning import Wanted
from app.assets.queries import owners
from app.assets.selling import Selling
from app.core import clock
from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.rooms import rooms
from app.holdings.investing import Purchase, record_investment
from app.ledgers.balances import balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import CHART, Account, PostingKind
from tests import factories
from tests.factories import Cast

D = Decimal
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
SAVED, INVESTED, MADE, SOLD = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 2), date(2026, 11, 16)
SAVINGS = {"ann": "600", "ben": "300", "cai": "100"}
_count = itertools.count(1)


@dataclass(frozen=True)
class Owning:
    """The cast's group, three savers by name, a bank account and an investment of 500 in 50 units."""

    cast: Cast
    bank: uuid.UUID
    who: Mapping[str, uuid.UUID]
    land: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def save(self, name: str, amount: str, on: date = SAVED) -> None:
        save(self.who[name], amount, self.bank, on)

    def others_save(self, amount: str) -> None:
        """Money of somebody who holds nothing, so that cash is no question."""
        save(self.cast.member.member_id, amount, self.bank, SAVED)

    def wanted(self, price: int | str, **more: Any) -> Wanted:
        told = {"name": "Plot in Kitengela", "on": MADE, "key": f"asset{next(_count)}", "values": {self.land: None}}
        return Wanted(price=Decimal(price), **{**told, "cash_account_id": self.bank, **more})

    def convert(self, price: int | str, **more: Any) -> Asset:
        return convert_holdings(self.wanted(price, **more), by=self.by)

    def has(self, kind: str, name: str | None = None) -> Any:
        """What an account of a saver, or of the group, holds on its natural side."""
        return balance(Account(kind, self.who[name] if name else None)) * CHART[kind].type.normal

    def all_have(self, kind: str) -> list[Any]:
        """The same of Ann, Ben and Cai."""
        return [self.has(kind, name) for name in SAVINGS]


def save(member_id: uuid.UUID, amount: str, bank: uuid.UUID, on: date = SAVED) -> None:
    """Money that a member paid in, in the books alone."""
    lines = [debit("cash", Decimal(amount), bank), credit("savings", Decimal(amount), member_id)]
    post(Draft(PostingKind.CONTRIBUTION, on, lines, key=new_id().hex), by=None)


def make_owning(people: Cast, savings: Mapping[str, str] = SAVINGS, invested: str = "500") -> Owning:
    """The savers and what they invested; the unit of work is inside their group."""
    bank = add_cash_account(name="Bank", method="bank", by=None).id
    known = {part: person.member_id for part, person in people.people.items()}
    who = {name: known.get(name) or factories.member(name.title(), identifier=f"A-{name}").id for name in savings}
    for name, amount in savings.items():
        save(who[name], amount, bank)
    land = record_investment(
        Purchase(
            name="Land fund",
            type="unit_trust",
            on=INVESTED,
            cash_account_id=bank,
            key=new_id().hex,
            amount=Decimal(invested),
            unit_value=Decimal(10),
        ),
        by=people.treasurer.member_id,
    )
    session().flush()
    return Owning(people, bank, who, land.id)


def percents(row: Asset) -> list[Any]:
    """What part of an asset its owners have."""
    return [own.percent for own in owners([row.id])]


def proven() -> list[str]:
    """The faults that every room's checks find, inside this unit of work."""
    session().flush()
    return [fault for room in rooms() for check in room.checks for fault in check().faults]


def sale(owning: Owning, row: Asset, proceeds: int | str, **more: Any) -> Selling:
    """A sale of the whole, into the bank unless told otherwise."""
    told = {"asset_id": row.id, "on": SOLD, "key": new_id().hex, "cash_account_id": owning.bank}
    return Selling(proceeds=D(proceeds), **{**told, **more})


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def people(context: Flask, held_clock: None) -> Cast:
    return factories.cast()


@pytest.fixture
def owning(people: Cast) -> Iterator[Owning]:
    """The three savers, with the test inside their group."""
    with transaction(group_id=people.group_id):
        yield make_owning(people)

"""What tests of this room start from: three who hold units of a fund and shares of a plot, and short verbs."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.assets.converting import buy_asset
from app.assets.planning import Wanted as WantedAsset
from app.assets.queries import owners
from app.buyouts.approving import approve
from app.buyouts.models import BuyOut
from app.buyouts.offering import Offer, offer
from app.buyouts.rules import Wanted
from app.buyouts.saying import consent
from app.core import clock
from app.core.db import transaction
from app.groups.queries import names
from app.holdings.investing import Purchase, record_investment
from app.holdings.queries import holders
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import Account, PostingKind
from tests import factories
from tests.buyouts.hand import As, Hand
from tests.factories import Cast, Person

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
SAVED = {"member": 600, "other_member": 300, "leader": 100}
D = Decimal
_count = itertools.count(1)


@dataclass(frozen=True)
class Trading:
    """Of a fund 30, 15 and 5 units at 10, of a plot worth 100 60, 30 and 10 per cent; savings of 240, 120 and 40."""

    cast: Cast
    bank: uuid.UUID
    fund: uuid.UUID
    plot: uuid.UUID

    def told(self, price: int | str = 330, to: str | None = "other_member", **wanted: Any) -> Offer:
        """Everything the member has, to another member unless somebody else is named; None is the group."""
        buyer = self.cast.people[to].member_id if to else None
        what = Wanted(**wanted) if wanted else Wanted(whole=True)
        return Offer(seller_id=self.cast.member.member_id, wanted=what, price=D(price), buyer_id=buyer)

    def offer(self, price: int | str = 330, to: str | None = "other_member", **wanted: Any) -> BuyOut:
        """The member's own offer."""
        return self.make(self.told(price, to, **wanted))

    def make(self, told: Offer, by: Person | None = None, **more: Any) -> BuyOut:
        """An offer, of the seller's own hand unless somebody else makes it."""
        told = replace(told, **more)
        return offer(told, by=by.member_id if by else told.seller_id, key=f"key{next(_count)}")

    def agreed(self, price: int | str = 330, to: str | None = "other_member", **wanted: Any) -> BuyOut:
        """The same with the consent of both."""
        made = self.offer(price, to, **wanted)
        consent(made.id, by=self.cast.people[to or "secretary_with_money"].member_id if to else self.treasurer)
        return made

    def done(self, price: int | str = 330, to: str | None = "other_member", **wanted: Any) -> BuyOut:
        """The same, approved."""
        return approve(self.agreed(price, to, **wanted).id, by=self.leader)

    @property
    def treasurer(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    @property
    def leader(self) -> uuid.UUID:
        return self.cast.leader.member_id

    def units(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Units of the fund and their cost, by name."""
        return self._by_name({row.member_id: (row.units, row.cost) for row in holders([self.fund])})

    def shares(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Per cent of the plot and their amount, by name."""
        return self._by_name({row.member_id: (row.percent, row.amount) for row in owners([self.plot])})

    def _by_name(self, found: dict[uuid.UUID | None, Any]) -> dict[str, Any]:
        known = names(list(found))
        return {known[who].split()[0] if who else "group": value for who, value in found.items()}

    def balance(self, kind: str, who: Person | None = None) -> Decimal:
        """The natural balance of an account."""
        return natural_balance(Account(kind, who.member_id if who else None))

    def save(self, who: Person, amount: int | str) -> None:
        """Money put into savings by hand: what the savings room records has checks of its own."""
        lines = [debit("cash", D(amount), self.bank), credit("savings", D(amount), who.member_id)]
        post(Draft(PostingKind.CONTRIBUTION, date(2026, 11, 2), lines), by=self.treasurer)

    def grow(self, who: Person, amount: int | str) -> None:
        """Growth that was realised, by hand; a loss below zero."""
        lines = [debit("appropriated", D(amount)), credit("realised_growth", D(amount), who.member_id)]
        post(Draft(PostingKind.SALE, TODAY, lines), by=self.treasurer)


def make_trading(people: Cast) -> Trading:
    """Savings of three, a fund and a plot."""
    by = people.treasurer.member_id
    with transaction(group_id=people.group_id):
        bank = add_cash_account(name="Equity Bank", method="bank", by=None).id
        made = Trading(people, bank, bank, bank)
        for part, amount in SAVED.items():
            made.save(people.people[part], amount)
        fund = Purchase(
            name="Umoja fund",
            type="unit_trust",
            on=TODAY,
            cash_account_id=bank,
            amount=D(500),
            unit_value=D(10),
            key="fund",
        )
        fund_id = record_investment(fund, by=by).id
        plot = WantedAsset(name="Plot 7", price=D(100), on=TODAY, key="plot", cash_account_id=bank)
        return replace(made, fund=fund_id, plot=buy_asset(plot, by=by).id)


@pytest.fixture
def held_clock() -> Iterator[None]:
    """It is the 21st of November 2026."""
    with clock.held(NOW):
        yield


@pytest.fixture
def trading(context: Flask, held_clock: None) -> Iterator[Trading]:
    """The group of the cast, with a unit of work inside it."""
    made = make_trading(factories.cast())
    with transaction(group_id=made.cast.group_id):
        yield made


@pytest.fixture
def traded(context: Flask, held_clock: None) -> Trading:
    """The group of three, for pages."""
    return make_trading(factories.cast())


@pytest.fixture
def hand(as_person: Callable[[Person], FlaskClient]) -> As:
    """The browser of a person."""
    return lambda person: Hand(as_person(person), f"/g/{person.slug}/buyouts/" if person.slug else "/")

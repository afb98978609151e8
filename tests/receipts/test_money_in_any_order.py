"""Paying, bouncing, issuing, reversing, replacing and paying out in any order: nothing is lost or paid twice."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import Refused
from app.core.periods import Month
from app.owners import received
from app.receipts.deposits import Move
from app.receipts.payments_queries import open_receipts
from app.receipts.standing import reversal_of
from app.rentals.leases import make_lease, withdraw_lease
from tests.receipts.money import D, Money, key
from tests.receipts.world import SINCE, Flat

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.integers(1, 3)),
        st.tuples(st.just("pay"), st.integers(1, 250_000)),
        st.tuples(st.just("bounce"), st.integers(0, 9)),
        st.tuples(st.just("reverse"), st.integers(0, 9)),
        st.tuples(st.just("relet"), st.integers(500, 1_500)),
        st.tuples(st.just("replace"), st.integers(0, 9)),
        st.tuples(st.just("keep"), st.integers(1, 60_000)),
        st.tuples(st.just("pay_out"), st.just(0)),
    ),
    min_size=4,
    max_size=14,
)


class Story:
    """What happened to one flat of three owners."""

    def __init__(self, money: Money) -> None:
        self.money = money
        self.flat: Flat = money.simple(rent="1000", shares=("33.3333", "33.3333", "33.3334"))
        money.moves(self.flat.lease, Move.IN, "400")
        self.lease = self.flat.lease
        self.payments: list[object] = []
        self.till = D(100_400)

    def does(self, step: str, number: int) -> None:
        deed: Callable[[int], None] = getattr(self, step)
        try:
            deed(number)
        except Refused:
            return  # refused as a person would be; nothing was changed

    def issue(self, month: int) -> None:
        self.money.issues(Month(2026, month), self.flat.unit)

    def pay(self, cents: int) -> None:
        self.payments.append(self.money.pays(self.flat.client, str(Decimal(cents) / 100)))

    def bounce(self, place: int) -> None:
        if self.payments:
            self.money.bounces(self.payments[place % len(self.payments)])  # type: ignore[arg-type]

    def reverse(self, place: int) -> None:
        if rows := self.money.counting():
            self.money.undoes(rows[place % len(rows)].id)

    def relet(self, rent: int) -> None:
        """The lease was mistyped: from the beginning it was another rent."""
        told: dict[str, Any] = {"unit_id": self.flat.unit, "client_id": self.flat.client, "by": self.money.by}
        with self.money.unit_of_work():
            withdraw_lease(self.lease, by=self.money.by)
            self.lease = make_lease(rent=D(rent), starts_on=SINCE, key=key(), **told).id

    def replace(self, place: int) -> None:
        if rows := self.money.counting():
            self.money.undoes(rows[place % len(rows)].id, replaced=True)

    def keep(self, cents: int) -> None:
        self.money.moves(self.flat.lease, Move.RENT, str(Decimal(cents) / 100))

    def pay_out(self, _number: int) -> None:
        with self.money.unit_of_work():
            there = [one.owner.id for one in received.due() if one.amount > 0]
        if there:
            self.money.pays_owners(*there)

    def check(self) -> None:
        """The books, the receipts and the parts say the same."""
        money, client = self.money, self.flat.client
        with money.unit_of_work():
            unpaid = open_receipts([client])
            assert all(0 < one.open <= one.receipt.owed and not reversal_of(one.receipt.id) for one in unpaid)
        assert money.balance("rent_receivable", client) == sum((one.open for one in unpaid), D(0))
        assert D(money.credit(client)) >= 0
        assert not (unpaid and D(money.credit(client)))  # what is over does not lie beside what is open
        assert money.faults() == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_in_any_order_the_receivable_is_what_is_unpaid(money: Money, steps: list[tuple[str, int]]) -> None:
    story = Story(money)
    for step, number in steps:
        story.does(step, number)
    story.check()


def test_the_story_can_fail(money: Money, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(money)
    story.issue(1)
    monkeypatch.setattr("app.receipts.paying.note_parts", list)
    story.pay(50_000)
    with pytest.raises(AssertionError):
        story.check()

"""What is told of payments before anything is looked up."""

from decimal import Decimal

import pytest

from app.core.ids import new_id
from app.ledgers.methods import METHODS, Method
from app.payouts.errors import BadPart, ChosenTwice, NothingChosen
from app.payouts.rules import PayOne, amounts_of, by_member

D = Decimal
A, B, C = new_id(), new_id(), new_id()


def test_nothing_is_no_payment() -> None:
    with pytest.raises(NothingChosen):
        amounts_of([])


def test_the_same_debt_stands_once() -> None:
    with pytest.raises(ChosenTwice):
        amounts_of([PayOne(A, D(1)), PayOne(A, D(2))])


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_what_is_paid_is_more_than_zero(amount: str) -> None:
    with pytest.raises(BadPart):
        amounts_of([PayOne(A, D(amount))])


def test_amounts_keep_their_order() -> None:
    assert list(amounts_of([PayOne(B, D(2)), PayOne(A, D(1))]).items()) == [(B, D(2)), (A, D(1))]


def test_what_one_member_is_paid_is_one_payment() -> None:
    first, second, other = PayOne(A, D(1)), PayOne(B, D(2)), PayOne(C, D(3))
    assert by_member([("x", first), ("y", other), ("x", second)]) == {"x": [first, second], "y": [other]}  # type: ignore[list-item]


def test_every_method_has_a_word() -> None:
    assert set(METHODS) == set(Method)

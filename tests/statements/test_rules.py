"""A statement's figures agree with one another, and its hash covers all of them and nothing of any language."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.rooms import StatementLine
from app.statements.rules import ALWAYS, Account, Part, Statement, in_fours

AMOUNTS = st.decimals(min_value=-9999, max_value=9999, places=4).filter(bool)


def line(number: int, amount: Decimal, what: str = "Contribution") -> StatementLine:
    return StatementLine(date(2026, 10, 3), number, what, "REF", amount, uuid.UUID(int=number))


def statement(*lines: StatementLine, opening: Decimal = Decimal(0)) -> Statement:
    savings, nothing = Account(Part.SAVINGS, opening, lines), Account(Part.PENALTIES, Decimal(0), ())
    one = uuid.UUID(int=1)
    return Statement(one, one, "KES", date(2026, 10, 1), date(2026, 10, 31), savings, nothing, "ab")


@given(st.lists(AMOUNTS, max_size=8), AMOUNTS)
def test_opening_and_events_make_the_closing_balance(amounts: list[Decimal], opening: Decimal) -> None:
    account = statement(*(line(n, amount) for n, amount in enumerate(amounts)), opening=opening).savings
    assert account.closing == account.opening + account.added - account.taken
    assert [account.opening, *account.balances][-1] == account.closing


@given(st.lists(AMOUNTS, min_size=1, max_size=5), st.data())
def test_any_other_content_has_another_hash(amounts: list[Decimal], data: st.DataObject) -> None:
    lines = [line(n, amount) for n, amount in enumerate(amounts)]
    first = statement(*lines)
    place = data.draw(st.integers(0, len(lines) - 1))
    other = [*lines]
    other[place] = replace(lines[place], amount=lines[place].amount + Decimal("0.0001"))
    assert statement(*other).hash != first.hash
    assert replace(first, entry_hash="cd").hash != first.hash
    assert replace(first, last=date(2026, 11, 1)).hash != first.hash


def test_the_hash_speaks_no_language_and_knows_no_trailing_zero() -> None:
    first = statement(line(1, Decimal("5.5")), opening=Decimal(3))
    same = statement(line(1, Decimal("5.5000"), what="Mchango"), opening=Decimal("3.00"))
    assert first.hash == same.hash


def test_a_statement_given_out_before_there_were_other_accounts_is_still_genuine() -> None:
    made = statement(line(1, Decimal("5.5")), opening=Decimal(3))
    assert made.hash.hex() == "14aa3459f0ad13a0f96d38989f636f7f4e3ab94b6d2e320ae57e3a1e7c290d7b"
    nothing = tuple(Account(part, Decimal(0), ()) for part in Part if part not in ALWAYS)
    assert replace(made, others=nothing).hash == made.hash
    assert replace(made, others=nothing).accounts == made.accounts


@pytest.mark.parametrize("part", [part for part in Part if part not in ALWAYS])
def test_what_the_member_has_beside_savings_is_covered_too(part: Part) -> None:
    made = statement(line(1, Decimal("5.5")))
    others = [Account(part, Decimal(7), ()), Account(part, Decimal(0), (line(1, Decimal(7)),))]
    hashes = {replace(made, others=(other,)).hash for other in others}
    assert len(hashes | {made.hash}) == 3
    assert replace(made, others=(others[0],)).accounts[-1] is others[0]


def test_a_hash_is_read_in_fours() -> None:
    assert in_fours("abcdefghij") == "abcd efgh ij"

"""An independent checker accepts our books, agrees with our balances, and notices when either is wrong."""

import uuid
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from app.reports.beancount import Account, Books, Entry, Posting, text

CASH, SAVINGS, INCOME = (uuid.UUID(int=n) for n in (1, 2, 3))
ACCOUNTS = [
    Account(CASH, "1000-9F2A", "asset", 'M-Pesa "till" \\ 1\n2'),
    Account(SAVINGS, "3000/böse name", "equity", ""),
    Account(INCOME, "4000", "income", ""),
    Account(uuid.UUID(int=4), "2000", "liability", ""),
    Account(uuid.UUID(int=5), "", "expense", ""),
]


def entry(number, amount, day=date(2026, 1, 2), reverses=None, credit=SAVINGS):
    postings = [Posting(CASH, amount), Posting(credit, -amount)]
    return Entry(number, "late payment/é", day, "ab" * 32, postings, reverses)


def books(*entries, currency="KES"):
    balances: dict[uuid.UUID, Decimal] = {}
    for posting in (posting for one in entries for posting in one.postings):
        balances[posting.account_id] = balances.get(posting.account_id, Decimal(0)) + posting.amount
    return Books('Umoja “S” & "G" #tag ^link\nnext', currency, date(2026, 12, 31), ACCOUNTS, entries, balances)


def checked(written):
    found, errors, _options = loader.load_string(text(written))
    return found, [error.message for error in errors]


@pytest.mark.parametrize(("currency", "amount"), [("UGX", "5000"), ("KES", "12.50"), ("KWD", "1.005")])
def test_the_checker_accepts_books_in_any_currency(currency, amount):
    found, errors = checked(books(entry(1, Decimal(amount)), entry(2, Decimal(-3), reverses=1), currency=currency))
    assert errors == []
    assert [type(one).__name__ for one in found].count("Balance") == len(ACCOUNTS)


def test_books_without_an_entry_are_accepted():
    assert checked(books())[1] == []


def test_entries_carry_number_kind_hash_and_a_link_to_what_they_reverse():
    found, _errors = checked(books(entry(1, Decimal(5)), entry(2, Decimal(-5), reverses=1)))
    reversal = [one for one in found if isinstance(one, data.Transaction)][1]
    assert reversal.links == {"entry-2", "entry-1"}
    assert reversal.tags == {"late-payment--"}
    said = reversal.meta
    assert (said["number"], said["kind"], said["hash"], said["reverses"]) == (2, "late payment/é", "ab" * 32, 1)


def test_names_of_accounts_say_code_and_id_alone():
    written = text(books())
    assert "open Assets:1000-9F2A-000000000001 KES" in written
    assert "open Equity:3000-B-SE-NAME-000000000002 KES" in written
    assert "open Expenses:0-000000000005 KES" in written


def test_amounts_show_the_digits_of_the_currency_and_are_never_rounded():
    assert " 10.50 KES" in text(books(entry(1, Decimal("10.5000"))))
    assert " 10.5001 KES" in text(books(entry(1, Decimal("10.5001"))))


def test_a_balance_of_ours_that_is_wrong_by_the_least_is_found():
    right = books(entry(1, Decimal("10.00")))
    wrong = replace(right, balances={**right.balances, CASH: Decimal("10.0001")})
    assert [message[:14] for message in checked(wrong)[1]] == ["Balance failed"]


def test_an_entry_that_does_not_balance_is_found():
    uneven = replace(
        entry(1, Decimal("10.00")), postings=[Posting(CASH, Decimal(10)), Posting(SAVINGS, Decimal("-9.9999"))]
    )
    assert any("does not balance" in message for message in checked(books(uneven))[1])


@given(st.text(max_size=60), st.text(max_size=30), st.text(min_size=1, max_size=30))
def test_no_name_breaks_the_file(group_name, label, kind):
    written = books(replace(entry(1, Decimal(1)), kind=kind))
    accounts = [replace(ACCOUNTS[0], label=label), *ACCOUNTS[1:]]
    assert checked(replace(written, group_name=group_name, accounts=accounts))[1] == []


@given(
    st.lists(
        st.tuples(st.decimals(min_value=1, max_value=10**9, places=2), st.dates(date(2020, 1, 1), date(2026, 12, 31)))
    )
)
def test_any_history_comes_to_the_same_balances(history):
    entries = [
        entry(number, amount, day, credit=SAVINGS if number % 2 else INCOME)
        for number, (amount, day) in enumerate(history, 1)
    ]
    assert checked(books(*entries))[1] == []

"""Opening balances are read one account a row, an account once."""

from decimal import Decimal

import pytest

from app.imports.opening_file import read_opening
from tests.imports.made import csv


def opening(text):
    return read_opening(csv(text), currency="KES")


def test_accounts_and_balances_are_read():
    read = opening(
        'Account,Balance,Remark\nMobile money,"152,000.00",till\nBank,64000,\nOverdraft,(10.00),\nPetty cash,-,\n'
    )
    assert [(row.account, row.amount) for row in read.rows] == [
        ("Mobile money", Decimal(152_000)), ("Bank", Decimal(64_000)), ("Overdraft", Decimal(-10)),
        ("Petty cash", Decimal(0)),
    ]  # fmt: skip
    assert read.ignored == ("Remark",)


@pytest.mark.parametrize(
    ("row", "column"),
    [(",5", "account"), ("Bank,", "amount"), ("Bank,x", "amount"), ("Bank,--", "amount"), ("cash,5", "account")],
)
def test_a_fault_names_its_row_and_column(row, column):
    read = opening(f"account,amount\nCash,1\n{row}\n")
    assert [(error.row, error.column) for error in read.errors] == [(3, column)]
    assert len(read.rows) == 1

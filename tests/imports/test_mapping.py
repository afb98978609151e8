"""A table of bookings by its columns: every booking or its fault, nothing left out silently, keys that stay."""

from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.imports.bank_file import statement_of
from app.imports.guessing import guess
from app.imports.mapping import Mapping, header_digest, read_mapped
from app.imports.mapping_errors import MappingRefused, NeedsMapping
from app.imports.statements_file import Statement
from app.imports.tables import Table
from tests.imports.made import csv

ZONE = ZoneInfo("Africa/Nairobi")
BANK = (
    "Account Number;0118002301\n"
    "Posting Date;Narration;Ref No;Debit;Credit;Book Balance\n"
    "03/04/2026;CASH DEPOSIT;UM006 APR;;5.000,00;6.000,00\n"
    "03/04/2026;CASH DEPOSIT;UM006 APR;;5.000,00;11.000,00\n"
    "04/04/2026;LEDGER FEE;;150,50;;10.849,50\n"
    ";Total;;150,50;10.000,00;\n"
)


def mapped(table: Table, order: str = "dmy", columns: dict[str, int] | None = None) -> Mapping:
    found = guess(table)
    assert found is not None
    return Mapping(header_digest(found.header), columns or found.columns, found.decimal, order)


def statement(text: str, order: str = "dmy") -> Statement:
    table = csv(text)
    return statement_of(read_mapped(table, mapped(table, order), "KES"), currency="KES", zone=ZONE, number=None)


def test_columns_are_proposed_by_titles_and_what_stands_below_them() -> None:
    found = guess(csv(BANK))
    assert found is not None
    assert found.columns == {"at": 0, "details": 1, "reference": 2, "withdrawn": 3, "paid_in": 4, "balance": 5}
    assert (found.header.number, found.decimal, found.order) == (2, ",", "")


def test_a_statement_is_read_with_its_balances() -> None:
    told = statement(BANK)
    assert [line.amount for line in told.lines] == [Decimal(5000), Decimal(5000), Decimal("-150.50")]
    assert (told.opening, told.closing, told.fault, told.account_number) == (
        Decimal(1000),
        Decimal("10849.50"),
        None,
        "0118002301",
    )
    assert told.errors == ()


def test_two_payments_with_one_reference_on_one_day_are_two_and_keep_their_keys() -> None:
    keys = [line.key for line in statement(BANK).lines]
    assert len(set(keys)) == 3
    head, *rows = BANK.split("\n", 2)[1:]
    backwards = "\n".join([head, *reversed(rows[0].splitlines())])
    again = statement(backwards)
    assert {line.key for line in again.lines} == set(keys)
    assert again.fault is None  # the newest first is turned round


def test_a_lost_line_is_told_by_the_balances() -> None:
    lines = BANK.splitlines()
    assert statement("\n".join([*lines[:3], *lines[4:]])).fault is not None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (";CASH;;;5.000,00;", "at"),
        ("x;CASH;;;5.000,00;", "at"),
        ("05/04/2026;CASH;;5,00;5.000,00;", "paid_in"),
        ("05/04/2026;CASH;;;-5,00;", "paid_in"),
        ("05/04/2026;CASH;;;5,x;", "paid_in"),
        ("05/04/2026;CASH;;;5,00;x", "balance"),
    ],
)
def test_a_booking_that_cannot_be_read_is_a_fault_and_never_left_out(row: str, column: str) -> None:
    assert [(error.row, error.column) for error in statement(BANK + row + "\n").errors] == [(7, column)]


def test_one_amount_with_a_mark_beside_it() -> None:
    told = statement("Date,Details,Amount,DR/CR\n25/04/2026,Ann,500.00,CR\n26/04/2026,Fee,20.00,DR\n")
    assert [line.amount for line in told.lines] == [500, -20]


def test_the_same_file_in_another_order_of_days_has_other_days() -> None:
    assert {line.at.month for line in statement(BANK, "mdy").lines} == {3, 4}


@pytest.mark.parametrize(
    "columns",
    [{"at": 0}, {"amount": 1}, {"at": 0, "amount": 0}, {"at": 0, "amount": 1, "paid_in": 2}, {"at": 0, "amount": -1},
     {"at": 0, "paid_in": 1, "mark": 2}, {"at": 0, "amount": 1, "else": 2}, {"at": 0, "amount": 999}],
)  # fmt: skip
def test_columns_that_make_no_statement_are_refused(columns: dict[str, int]) -> None:
    with pytest.raises(MappingRefused):
        mapped(csv(BANK), columns=columns)


def test_another_header_needs_another_mapping() -> None:
    told = mapped(csv(BANK))
    with pytest.raises(NeedsMapping):
        read_mapped(csv(BANK), replace(told, header=b"x"), "KES")


@pytest.mark.parametrize(
    "text", ["a,b,c\n1,2,3\n", "Name,Savings\nAnn,500\n", "1,2\n3,4\n", "Day,Note\n2026-01-01,x\n"]
)
def test_what_holds_no_bookings_is_nothing_to_choose_columns_of(text: str) -> None:
    assert guess(csv(text)) is None

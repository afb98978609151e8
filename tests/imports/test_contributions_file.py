"""Contributions of the past are read with their times, and each line has a key by which it counts once."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.imports.contributions_file import read_contributions
from tests.imports.made import csv

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def contributions(text):
    return read_contributions(csv(text), currency="KES", zone=ZoneInfo("Africa/Nairobi"), now=NOW)


def test_a_contribution_is_read_with_day_reference_and_window():
    (line,) = contributions('Member,Date,Amount,Ref,Month\nUM1,05/02/2025,"5,000",R1,2025-02\n').rows
    assert (line.row, line.identifier, line.amount, line.reference, line.window) == (
        2, "UM1", Decimal(5000), "R1", "2025-02",
    )  # fmt: skip
    assert line.paid_at == datetime(2025, 2, 4, 21, tzinfo=UTC)


def test_the_same_line_has_the_same_key_and_equal_payments_have_their_own():
    text = "identifier,paid_at,amount\nUM1,2025-02-05,5000\nUM1,2025-02-05,5000\nUM2,2025-02-05,5000\n"
    keys = [line.key for line in contributions(text).rows]
    assert len(set(keys)) == 3
    assert keys == [line.key for line in contributions(text.replace("5000", "5000.00").replace("UM", "um")).rows]


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (",2025-02-05,5000,,", "identifier", "missing"),
        ("UM1,,5000,,", "paid_at", "missing"),
        ("UM1,soon,5000,,", "paid_at", "not a day and time"),
        ("UM1,2026-11-22,5000,,", "paid_at", "in the future"),
        ("UM1,2025-02-05,,,", "amount", "missing"),
        ("UM1,2025-02-05,0,,", "amount", "more than zero"),
        ("UM1,2025-02-05,-5,,", "amount", "more than zero"),
        ("UM1,2025-02-05,1e999,,", "amount", "in full"),
        (f"UM1,2025-02-05,5,{'R' * 65},", "reference", "longer than 64"),
    ],
)
def test_a_fault_names_its_row_and_column(row, column, sentence):
    read = contributions(f"identifier,paid_at,amount,reference,window\n{row}\n")
    assert read.rows == ()
    assert [(error.row, error.column) for error in read.errors] == [(2, column)]
    assert sentence in read.errors[0].sentence


def test_one_reference_for_two_payments_of_a_member_is_a_slip():
    read = contributions(
        "identifier,paid_at,amount,reference\nUM1,2025-02-05,5,R1\nUM2,2025-02-05,5,R1\num1,2025-03-05,5,r1\n"
    )
    assert [(error.row, error.column) for error in read.errors] == [(4, "reference")]

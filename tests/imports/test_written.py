"""Amounts and days in the writing that was said, and what the writing seems to be."""

from datetime import date
from decimal import Decimal

import pytest

from app.core.errors import DomainError
from app.imports.written import COMMA, DMY, MDY, POINT, YMD, day_in, decimal_of, directed, order_of

READ = [
    ("1,234.50", "", POINT, "1234.50"),
    ("(1,234.50)", "", POINT, "-1234.50"),
    ("1234.5-", "", POINT, "-1234.50"),
    ("-500", "", POINT, "-500"),
    ("KES 1 234.50", "", POINT, "1234.50"),
    ("Sh.1,000", "", POINT, "1000"),
    ("1,000/=", "", POINT, "1000"),
    ("1,00,000.00", "", POINT, "100000"),
    ("500 Dr", "", POINT, "-500"),
    ("500 CR.", "", POINT, "500"),
    ("500", "DR", POINT, "-500"),
    ("-500", "credit", POINT, "500"),
    ("500", "D", POINT, "-500"),
    ("1.234,50-", "", COMMA, "-1234.50"),
    ("5.000", "", COMMA, "5000"),
    ("5'000,00", "", COMMA, "5000"),
    ("12,5", "", COMMA, "12.50"),
]
REFUSED = ["", "x", "DR 500", "--5", "(-5)", "(5", "5)", "1.5.2", "1,5", "1,2345", "5 5", "NaN", "1e5", "9" * 80, "٣"]


@pytest.mark.parametrize(("text", "mark", "decimal", "amount"), READ)
def test_an_amount_is_read_in_the_writing_that_was_said(text: str, mark: str, decimal: str, amount: str) -> None:
    assert directed(text, mark, decimal, "KES") == Decimal(amount)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        directed(text, "", POINT, "KES")


def test_a_mark_that_says_neither_is_refused() -> None:
    with pytest.raises(DomainError, match="came in or went out"):
        directed("500", "Transfer", POINT, "KES")


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2026", DMY, date(2026, 4, 3)),
        ("03/04/2026", MDY, date(2026, 3, 4)),
        ("31.01.26", DMY, date(2026, 1, 31)),
        ("26/01/31", YMD, date(2026, 1, 31)),
        ("31-Jan-26", MDY, date(2026, 1, 31)),
        ("31 Jan 2026 10:05:00 AM", MDY, date(2026, 1, 31)),
        ("2026-01-31T10:00:00", DMY, date(2026, 1, 31)),
        ("20260131", DMY, date(2026, 1, 31)),
        ("3/4/2026 10:05", MDY, date(2026, 3, 4)),
    ],
)
def test_a_day_is_read_in_the_order_that_was_said(text: str, order: str, day: date) -> None:
    assert day_in(text, order) == day


@pytest.mark.parametrize(
    "text", ["", "Total", "32/01/2026", "13/13/2026", "01/02/202", "01/02/2026 x", "0/0/0", "5000"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        day_in(text, DMY)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/2026", "25/04/2026", "Total"], DMY),
        (["03/04/2026", "03/25/2026"], MDY),
        (["03/04/2026", "05/05/2026"], ""),
        (["25/04/2026", "04/25/2026"], ""),
        (["2026-01-31", "31 Jan 2026"], YMD),
        ([], ""),
    ],
)
def test_the_order_of_days_is_told_by_the_file_or_not_at_all(texts: list[str], order: str) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("texts", "sign"),
    [
        (["1,234.50"], POINT),
        (["1.234,50", "5"], COMMA),
        (["1,234"], ""),
        (["1,234", "12,50"], COMMA),
        (["1,234,567"], POINT),
        (["12.50", "12,50"], ""),
        (["KES.1,234", "5.00"], POINT),
        (["100", ""], POINT),
    ],
)
def test_the_decimal_sign_is_told_by_the_file_or_not_at_all(texts: list[str], sign: str) -> None:
    assert decimal_of(texts) == sign

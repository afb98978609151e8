"""Days, instants and amounts are read as files write them and never guessed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.core import money
from app.imports.values import BadDay, BadInstant, amount, day, instant

NAIROBI = ZoneInfo("Africa/Nairobi")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026/1/31",
        "31/01/2026",
        "31.1.2026",
        "31-01-2026",
        "31 Jan 2026",
        "31-January-2026",
        "Jan 31, 2026",
    ],
)
def test_a_day_is_read_in_any_unmistakable_form(text):
    assert day(text) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    ["", "31/13/2026", "01/31/2026", "31/01/26", "2026-02-30", "31 Foo 2026", "20260131", "3126-01-01", "2026-01-31 x",
     "31/01/20261", "\u0663\u0661/01/2026", "yesterday"],
)  # fmt: skip
def test_what_is_no_day_or_could_be_two_is_refused(text):
    with pytest.raises(BadDay, match="This is not a day"):
        day(text)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-10-28 17:02:11", "2026-10-28T14:02:11"),
        ("28/10/2026 17:02", "2026-10-28T14:02:00"),
        ("28/10/2026 5:02:11 PM", "2026-10-28T14:02:11"),
        ("28/10/2026, 12:05 am", "2026-10-27T21:05:00"),
        ("2026-10-28T17:02:11.250Z", "2026-10-28T17:02:11"),
        ("2026-10-28T17:02:11+0530", "2026-10-28T11:32:11"),
        ("2026-10-28T17:02:11-01:00", "2026-10-28T18:02:11"),
        ("28 Oct 2026", "2026-10-27T21:00:00"),
    ],
)
def test_an_instant_is_read_in_the_zone_of_the_group(text, at):
    read = instant(text, NAIROBI)
    assert read == datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert read.tzinfo is NAIROBI


@pytest.mark.parametrize(
    "text", ["", "17:02", "2026-10-28 25:00", "2026-10-28 13:00 pm", "2026-10-28 at five", "2026-10-28 1:2"]
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(BadInstant, match="This is not a day and time"):
        instant(text, NAIROBI)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5000", "5000"), ("5,000.00", "5000"), ("1,152,500.00", "1152500"), ("KES 7,500.00", "7500"),
        ("Ksh 12.50", "12.5"), ("-197.00", "-197"), ("−197.00", "-197"), ("(197.00)", "-197"), ("197.00-", "-197"),
        ("5000,00", "5000"), ("1.152.500,00", "1152500"), ("5 000,50", "5000.5"), ("0.00", "0"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_statements_print_it(text, value):
    assert amount(text, "KES") == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1e999",
        "NaN",
        "-0",
        "5.000",
        "1.23456",
        "(5",
        "--5",
        "(-5)",
        "USD 5",
        "9" * 13,
        "5,00,0",
        "1\u0665",
        "5" * 500,
    ],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(money.BadAmount):
        amount(text, "KES")

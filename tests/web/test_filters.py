"""How figures, days and names are written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from flask import Flask, g

from app.core import clock
from app.core.periods import Month
from app.web import i18n
from app.web.filters import ago, compact, day, initials, moment, money, money_plain, month, month_short, number, percent

SPACE = "\N{NO-BREAK SPACE}"
NOON = datetime(2026, 11, 18, 22, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("5000", None, f"KES{SPACE}5,000.00"),
        ("-250.5", None, f"−KES{SPACE}250.50"),
        ("0.125", None, f"KES{SPACE}0.13"),
        ("1500", "UGX", f"UGX{SPACE}1,500"),
        ("1.5", "KWD", f"KWD{SPACE}1.500"),
        ("0", None, f"KES{SPACE}0.00"),
    ],
)
def test_money_has_the_digits_of_its_currency(in_group: Flask, amount: str, currency: str | None, written: str):
    assert money(Decimal(amount), currency) == written


def test_money_of_a_column_has_no_currency_and_may_have_a_sign(in_group: Flask):
    assert money_plain(Decimal("1234567.891")) == "1,234,567.89"
    assert money_plain(Decimal(5), signed=True) == "+5.00"
    assert money_plain(Decimal(-5), signed=True) == "−5.00"
    assert money_plain(Decimal(0), signed=True) == "0.00"


def test_french_puts_the_currency_behind(in_group: Flask):
    with i18n.speaking(locale="fr", zone="Africa/Abidjan", currency="XOF"):
        assert money(Decimal(5000)).replace("\N{NARROW NO-BREAK SPACE}", SPACE) == f"5{SPACE}000{SPACE}XOF"


def test_an_amount_without_a_group_needs_its_currency(look: Flask):
    with look.test_request_context("/"):
        with pytest.raises(LookupError):
            money(Decimal(1))
        assert money(Decimal(1), "KES") == f"KES{SPACE}1.00"


def test_days_and_instants_are_those_of_the_groups_zone(in_group: Flask):
    assert day(date(2026, 11, 18)) == "18 Nov 2026"
    assert day(NOON) == "19 Nov 2026"
    assert moment(NOON) == "19 Nov 2026, 01:05"


def test_a_month_is_written_from_a_month_or_a_date(in_group: Flask):
    assert month(Month(2026, 1)) == "January 2026"
    assert month_short(date(2026, 11, 3)) == "Nov"


def test_figures_are_written_plainly(in_group: Flask):
    assert number(Decimal("-1250.5")) == "−1,250.5"
    assert percent(Decimal("5.0000")) == "5%"
    assert percent(Decimal("-2.125")) == "−2.125%"
    assert compact(Decimal(1_200_000)) == "1.2M"
    assert compact(-400) == "−400"


def test_ago_counts_from_the_clock(in_group: Flask):
    with clock.held(NOON):
        assert ago(NOON - timedelta(minutes=3)) == "3 minutes ago"


@pytest.mark.parametrize(
    ("name", "letters"), [("Amina Wanjiru Otieno", "AO"), ("amina", "A"), ("", ""), ("(the) Anne-Marie", "AM")]
)
def test_initials_are_at_most_two_letters(name: str, letters: str):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("person", "group", "asked", "spoken"),
    [
        ("sw", "fr", "es", "sw"),
        (None, "fr", "es", "fr"),
        (None, None, "es-MX,es;q=0.9", "es"),
        (None, None, "de", "en"),
        ("xx", "sw-KE", "es", "sw"),
    ],
)
def test_language_is_the_persons_then_the_groups_then_the_browsers(
    look: Flask, person: str | None, group: str | None, asked: str, spoken: str
):
    with look.test_request_context("/", headers={"Accept-Language": asked}):
        g._login_user = SimpleNamespace(locale=person)
        g.group = SimpleNamespace(locale=group)
        assert i18n.choose_locale() == spoken


def test_without_a_request_english_and_utc_are_spoken_unless_told(look: Flask):
    with look.app_context():
        assert (i18n.choose_locale(), i18n.choose_zone()) == ("en", "UTC")
        with i18n.speaking(locale="sw", zone="Africa/Kampala", currency="UGX"):
            assert (i18n.choose_zone(), i18n.choose_currency(), str(i18n.formats())) == ("Africa/Kampala", "UGX", "sw")
        assert i18n.choose_zone() == "UTC"

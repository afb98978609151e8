"""Reading an amount: what is accepted, and each refusal with its sentence."""

from contextlib import suppress
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import money

D = Decimal


@pytest.mark.parametrize(
    ("text", "currency", "locale", "expected"),
    [
        ("2500", "KES", None, "2500.00"),
        ("1,234.50", "KES", None, "1234.50"),
        ("1 234,50", "KES", "sv", "1234.50"),
        ("1\u202f234,50", "KES", "fr", "1234.50"),
        ("1\u00a0234.50", "KES", None, "1234.50"),
        ("1.234,50", "KES", "de", "1234.50"),
        ("1'234.50", "CHF", "de_CH", "1234.50"),
        ("12,34,567.80", "INR", "en_IN", "1234567.80"),
        ("  2500.5  ", "KES", None, "2500.50"),
        ("KES 2,500", "KES", None, "2500.00"),
        ("Ksh2500", "KES", None, "2500.00"),
        ("2500 kes", "KES", None, "2500.00"),
        ("₹5", "INR", None, "5.00"),
        (".5", "KES", None, "0.50"),
        ("007", "KES", None, "7.00"),
        ("5.125", "KWD", None, "5.125"),
        ("5,000.00", "UGX", None, "5000"),
        ("1,000,000,000,000.00", "KES", None, "1000000000000.00"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, currency, locale, expected):
    assert str(money.parse_amount(text, currency, locale=locale)) == expected


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (None, money.AmountMissing),
        ("", money.AmountMissing),
        ("   ", money.AmountMissing),
        ("KES", money.AmountMissing),
        ("ten", money.NotAnAmount),
        ("NaN", money.NotAnAmount),
        ("inf", money.NotAnAmount),
        ("-Infinity", money.NotAnAmount),
        ("1_000", money.NotAnAmount),
        ("0x10", money.NotAnAmount),
        ("+5", money.NotAnAmount),
        ("5.", money.NotAnAmount),
        (".", money.NotAnAmount),
        ("1,5", money.NotAnAmount),
        ("1,23", money.NotAnAmount),
        ("1,2345", money.NotAnAmount),
        ("1.234,50", money.NotAnAmount),
        ("1,234 567", money.NotAnAmount),
        ("(500)", money.NotAnAmount),
        ("5 5", money.NotAnAmount),
        ("🙂", money.NotAnAmount),
        ("1e999", money.WithExponent),
        ("1E-5", money.WithExponent),
        ("5.e+5", money.WithExponent),
        ("-5", money.NegativeAmount),
        ("KES -5", money.NegativeAmount),
        ("\u22125", money.NegativeAmount),
        ("-0", money.NegativeAmount),
        ("-0.00", money.NegativeAmount),
        ("0", money.ZeroAmount),
        ("0.00", money.ZeroAmount),
        ("5.000", money.TooManyDecimals),
        ("5.12345", money.TooManyDecimals),
        ("1000000000000.01", money.TooLarge),
        ("9" * 64, money.TooLarge),
        ("9" * 65, money.AmountTooLong),
        ("USD 5", money.OtherCurrency),
        ("5 eur", money.OtherCurrency),
        ("5\x00", money.StrangeCharacters),
        ("5\n", money.StrangeCharacters),
        ("\t5", money.StrangeCharacters),
        ("\u202e5", money.StrangeCharacters),
        ("5\u200f", money.StrangeCharacters),
        ("\u20665\u2069", money.StrangeCharacters),
        ("5\u200b", money.StrangeCharacters),
        ("5\u2028", money.StrangeCharacters),
        ("\ud800", money.StrangeCharacters),
        ("\uff11\uff12", money.OtherDigits),
        ("\u0661\u0662", money.OtherDigits),
        ("½", money.OtherDigits),
        ("5\u00b2", money.OtherDigits),
    ],
)
def test_everything_else_is_refused_with_a_sentence(text, refusal):
    with pytest.raises(refusal) as refused:
        money.parse_amount(text, "KES")
    assert type(refused.value) is refusal
    assert str(refused.value).endswith(".")
    assert "%" not in str(refused.value)


def test_a_currency_without_decimals_takes_none():
    with pytest.raises(money.NoDecimals) as refused:
        money.parse_amount("5000.50", "UGX")
    assert str(refused.value) == "UGX amounts have no decimals."


def test_a_thousands_separator_is_never_taken_for_a_decimal_one():
    with pytest.raises(money.TooManyDecimals):
        money.parse_amount("5.000", "KES")
    assert money.parse_amount("5.000", "KES", locale="de") == 5000


def test_a_minus_is_read_where_it_is_allowed_but_never_on_zero():
    for text in ("-800,000.00", "\u2212800000", "-KES 800,000", "KES -800,000"):
        assert money.parse_amount(text, "KES", allow_negative=True) == D(-800000)
    with pytest.raises(money.NegativeAmount):
        money.parse_amount("-0", "KES", allow_negative=True, allow_zero=True)
    with pytest.raises(money.NotAnAmount):
        money.parse_amount("--5", "KES", allow_negative=True)


def test_zero_is_read_where_it_is_allowed():
    assert str(money.parse_amount("0", "KES", allow_zero=True)) == "0.00"


def test_ten_megabytes_are_refused_without_work():
    text, began = "9" * 10_000_000, perf_counter()
    with pytest.raises(money.AmountTooLong):
        money.parse_amount(text, "KES")
    assert perf_counter() - began < 0.05


@given(st.text(max_size=70))
def test_any_text_gives_an_amount_or_a_refusal(text):
    with suppress(money.BadAmount):
        amount = money.parse_amount(text, "KES", allow_negative=True, allow_zero=True)
        assert amount == money.exact(amount, "KES")


@given(
    st.decimals("0.01", 10**12, places=2),
    st.sampled_from(["en", "en_KE", "en_IN", "sw", "fr", "de", "de_CH", "sv", "pt_BR", "hi", "ar"]),
)
def test_what_is_shown_can_be_typed_back(amount, locale):
    written = money.shown(amount, "KES", locale)
    assert money.parse_amount(written, "KES", locale=locale) == amount

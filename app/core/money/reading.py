"""Reading an amount that a person typed or a file holds: strictly, since a misread separator is a thousandfold."""

import re
import unicodedata
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol, is_currency

from app.core.money.currency import digits, exact, too_fine
from app.core.money.errors import (
    AmountMissing,
    AmountTooLong,
    NegativeAmount,
    NotAnAmount,
    OtherCurrency,
    OtherDigits,
    StrangeCharacters,
    WithExponent,
    ZeroAmount,
)

LONGEST = 64
# People paste any of these from spreadsheets and bank pages; between digits they all mean the same.
_SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}", " "))
_APOSTROPHES = str.maketrans(dict.fromkeys("'\N{RIGHT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"))
_MINUSES = "-\N{MINUS SIGN}"
_EXPONENT = re.compile(r"[0-9.,]\s*[eE]\s*[-+]?\s*[0-9]")
_WORD = re.compile(r"[A-Za-z]{3}(?![A-Za-z])")


def parse_amount(
    text: str | None,
    currency: str,
    *,
    locale: Locale | str | None = None,
    allow_negative: bool = False,
    allow_zero: bool = False,
) -> Decimal:
    """The amount written in a text, exact to the currency's digits.

    "2500", "2,500.00", "KES 2 500", and in a locale that writes so "2 500,00" or "2.500,00"; without a locale, as
    English writes. Trailing zeros may fill up two decimals even where the currency has none. Raises UnknownCurrency
    or a BadAmount: AmountMissing, AmountTooLong, StrangeCharacters, OtherDigits, NotAnAmount, WithExponent,
    OtherCurrency, NegativeAmount, ZeroAmount, TooManyDecimals, TooLarge.
    """
    if text is None:
        raise AmountMissing
    # First of all, so that ten megabytes cost nothing.
    if len(text) > LONGEST:
        raise AmountTooLong
    _check_characters(text)
    language = Locale.parse(str(locale or "en"))
    negative, bare = _without_sign_and_currency(text.translate(_SPACES).strip(), currency, language)
    amount = _number(bare, currency, language)
    if negative and not (allow_negative and amount):
        raise NegativeAmount
    if not (amount or allow_zero):
        raise ZeroAmount
    return exact(-amount if negative else amount, currency)


def _check_characters(text: str) -> None:
    for character in text:
        category = unicodedata.category(character)
        # C: control, format (directions, joiners), surrogates, private, unassigned; Zl, Zp: separators of lines.
        if category.startswith("C") or category in {"Zl", "Zp"}:
            raise StrangeCharacters
        if unicodedata.numeric(character, None) is not None and not "0" <= character <= "9":
            raise OtherDigits


def _without_sign_and_currency(text: str, currency: str, locale: Locale) -> tuple[bool, str]:
    """Whether there is a minus sign, before or after the currency, and what remains."""
    text, first = _without_minus(text)
    for name in _names_of(currency, str(locale)):
        if text[: len(name)].casefold() == name:
            text = text[len(name) :].strip()
            break
        if text[-len(name) :].casefold() == name:
            text = text[: -len(name)].strip()
            break
    if (word := _WORD.search(text)) and is_currency(word[0].upper()):
        raise OtherCurrency(currency=currency)
    text, second = (text, False) if first else _without_minus(text)
    return first or second, text


def _without_minus(text: str) -> tuple[str, bool]:
    return (text[1:].strip(), True) if text.startswith(tuple(_MINUSES)) else (text, False)


@cache
def _names_of(currency: str, locale: str) -> tuple[str, ...]:
    """How the currency may be named: its code, and its sign abroad and at home ("Ksh" in en_KE), the longest first."""
    digits(currency)
    names = {currency}
    # A currency's code begins with its country's.
    for home in (locale, "en", f"en_{currency[:2]}"):
        try:
            names.add(get_currency_symbol(currency, home))
        except (UnknownLocaleError, ValueError):
            continue
    return tuple(sorted({name.casefold() for name in names}, key=lambda name: (-len(name), name)))


def _number(text: str, currency: str, locale: Locale) -> Decimal:
    if not text:
        raise AmountMissing
    if _EXPONENT.search(text):
        raise WithExponent
    found = _grammar(str(locale)).fullmatch(text.translate(_APOSTROPHES))
    if found is None:
        raise NotAnAmount
    decimals = found["decimals"] or ""
    # "5.000" is five thousand to half the world: more decimals than the currency has are refused even when zero,
    # but for the two that many banks print for every currency.
    if len(decimals) > max(digits(currency), 2):
        raise too_fine(currency)
    figures = re.sub(r"[^0-9]", "", found["whole"] or "0")
    return Decimal(f"{figures}.{decimals or 0}")


@cache
def _grammar(locale: str) -> re.Pattern[str]:
    """Digits with one kind of separator in groups of three (in India, two before the last three), then decimals."""
    language = Locale.parse(locale)
    group = get_group_symbol(language, numbering_system="latn").translate(_SPACES).translate(_APOSTROPHES)
    point = re.escape(get_decimal_symbol(language, numbering_system="latn"))
    upper = language.decimal_formats[None].grouping[1]
    forms = ["[0-9]+"]
    for mark in sorted({group, " "}):
        between = re.escape(mark)
        forms.append(rf"[0-9]{{1,3}}(?:{between}[0-9]{{3}})+")
        if upper == 2:
            forms.append(rf"[0-9]{{1,2}}(?:{between}[0-9]{{2}})*{between}[0-9]{{3}}")
    return re.compile(rf"(?P<whole>{'|'.join(forms)})?(?:{point}(?P<decimals>[0-9]+))?", re.ASCII)

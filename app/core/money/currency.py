"""A currency's digits, and amounts rounded to them, checked against them and written with them."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision, is_currency
from flask_babel import LazyString, get_locale

from app.core.money.errors import NoDecimals, NotAnAmount, TooLarge, TooManyDecimals, UnknownCurrency

MAX_AMOUNT = Decimal(10) ** 12
# Wide enough for a product of two stored figures: with the 28 digits of the default, quantize would raise on one.
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def check_currency(currency: str) -> str:
    """The code itself, when it is one of ISO 4217 in capitals. Raises UnknownCurrency."""
    if not (len(currency) == 3 and currency.isascii() and currency.isupper() and is_currency(currency)):
        raise UnknownCurrency
    return currency


@cache
def digits(currency: str) -> int:
    """How many decimals amounts of a currency have: UGX 0, KES 2, KWD 3. Raises UnknownCurrency."""
    return get_currency_precision(check_currency(currency))


def quantum(currency: str) -> Decimal:
    """The smallest amount of a currency: 1, 0.01, 0.001. Raises UnknownCurrency."""
    return Decimal(1).scaleb(-digits(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's digits, half up, below zero away from it. Raises NotAnAmount unless finite."""
    if not amount.is_finite():
        raise NotAnAmount
    result = amount.quantize(quantum(currency), context=EXACT)
    return result or abs(result)  # there is no minus nought in the books


def exact(amount: Decimal, currency: str) -> Decimal:
    """The same amount in the currency's digits, never changed: raises TooManyDecimals, TooLarge or NotAnAmount."""
    if not amount.is_finite():
        raise NotAnAmount
    # Before any arithmetic: an exponent like 1e999999 would be written out.
    if abs(amount) > MAX_AMOUNT:
        raise TooLarge(maximum=lazily(MAX_AMOUNT, currency))
    result = rounded(amount, currency)
    if result != amount:
        raise too_fine(currency)
    return result


def too_fine(currency: str) -> TooManyDecimals:
    """The refusal of more decimals than the currency has."""
    places = digits(currency)
    return TooManyDecimals(currency=currency, digits=places) if places else NoDecimals(currency=currency)


def shown(amount: Decimal, currency: str, locale: Locale | str | None = None) -> str:
    """The amount as people read it, without the currency: "2,500.00"; in the reader's locale unless one is given."""
    places = digits(currency)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return format_decimal(rounded(amount, currency), pattern, locale=locale or get_locale() or "en")


def lazily(amount: Decimal, currency: str) -> LazyString:
    """The amount for a place of a lazy sentence: written when, and in the locale in which, the sentence is read."""
    return LazyString(shown, amount, currency)

"""placeholder, being replaced"""

from decimal import ROUND_HALF_UP, Decimal
from babel.numbers import get_currency_precision


def digits(currency: str) -> int:
    return get_currency_precision(currency)


def quantum(currency: str) -> Decimal:
    return Decimal(1).scaleb(-digits(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(quantum(currency), ROUND_HALF_UP)


def parse_amount(text: str, currency: str, **kw: object) -> Decimal:
    return Decimal(text)

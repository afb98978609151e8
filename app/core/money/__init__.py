"""Money: exact decimals in a currency's own digits, read strictly, rounded half up, split without losing a cent."""

from app.core.money.currency import (
    MAX_AMOUNT,
    check_currency,
    digits,
    exact,
    lazily,
    quantum,
    rounded,
    shown,
)
from app.core.money.errors import (
    AmountMissing,
    AmountTooLong,
    BadAmount,
    NegativeAmount,
    NotAnAmount,
    NothingToSplitBy,
    OtherCurrency,
    OtherDigits,
    StrangeCharacters,
    TooLarge,
    TooManyDecimals,
    UnknownCurrency,
    WithExponent,
    ZeroAmount,
)
from app.core.money.reading import parse_amount
from app.core.money.splitting import percentages, split

__all__ = [
    "MAX_AMOUNT",
    "AmountMissing",
    "AmountTooLong",
    "BadAmount",
    "NegativeAmount",
    "NotAnAmount",
    "NothingToSplitBy",
    "OtherCurrency",
    "OtherDigits",
    "StrangeCharacters",
    "TooLarge",
    "TooManyDecimals",
    "UnknownCurrency",
    "WithExponent",
    "ZeroAmount",
    "check_currency",
    "digits",
    "exact",
    "lazily",
    "parse_amount",
    "percentages",
    "quantum",
    "rounded",
    "shown",
    "split",
]

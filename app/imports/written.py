"""Amounts and days in a stated writing: which sign stands before the decimals, and in which order days are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from app.core.errors import DomainError
from app.core.money import NotAnAmount, exact
from app.imports import values
from app.imports.mapping_errors import NoDirection

POINT, COMMA = ".", ","
DMY, MDY, YMD = "dmy", "mdy", "ymd"
ORDERS = (DMY, MDY, YMD)
NOTHING = frozenset({"", "-", "–", "—"})
CREDIT = frozenset({"cr", "c", "credit", "crdt", "+", "in"})
DEBIT = frozenset({"dr", "d", "debit", "dbit", "-", "out"})

_SAMPLE = 500
_LONGEST = 60
_CURRENCY = r"(?:(?!(?:CR|DR)\b)[^\W\d_]{1,5}\.?|[$€£¥₦₹])"  # DR 500 is no currency, and nobody's guess
_MONEY = re.compile(
    rf"(?P<open>\()?\s*(?P<s1>[-+−])?\s*{_CURRENCY}?\s*(?P<s2>[-+−])?\s*(?P<digits>\d[\d.,'’ \u202f]*|[.,]\d+)"
    rf"\s*(?:{_CURRENCY}|/[=-])?\s*(?P<s3>[-+−])?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?P<amount>.*\d.*?)\s*(?P<mark>CR|DR|C|D)\.?", re.IGNORECASE)
_NUMBERS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?P<rest>\D.*)?", re.ASCII | re.DOTALL)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(?P<rest>\D.*)?", re.ASCII | re.DOTALL)
_SHORT = re.compile(r"(\d{1,2}[-/ ][a-z]{3,9}\.?[-/, ]+)'?(\d{2})", re.ASCII | re.IGNORECASE)
_TIME = re.compile(r"[T, ]\s*\d{1,2}[:.]\d{2}.*", re.ASCII | re.DOTALL)


def amount_in(text: str, decimal: str, currency: str) -> Decimal:
    """A signed amount with this decimal sign: `(1,234.50)`, `1.234,50-`, `KES 1 234.50`. Raises a BadAmount."""
    told = _MONEY.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if not told or bool(told["open"]) != bool(told["close"]):
        raise NotAnAmount
    signs = [sign for sign in (told["open"], told["s1"], told["s2"], told["s3"]) if sign]
    thousands = "[,'’ \u202f]" if decimal == POINT else "[.'’ \u202f]"
    whole = rf"\d{{1,3}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}}|\d+"
    parts = re.fullmatch(
        rf"(?P<whole>{whole})?(?:{re.escape(decimal)}(?P<part>\d+))?", told["digits"].strip(), re.ASCII
    )
    if not parts or len(signs) > 1:
        raise NotAnAmount
    digits = re.sub(r"\D", "", parts["whole"] or "0")
    amount = exact(Decimal(f"{digits}.{parts['part'] or '0'}"), currency)
    return -amount if signs and signs[0] != "+" else amount


def directed(text: str, mark: str, decimal: str, currency: str) -> Decimal:
    """A signed amount; what a mark beside or behind it says of its direction counts more than its sign.

    Raises a BadAmount, NoDirection.
    """
    found = None if mark or len(text) > _LONGEST else _MARKED.fullmatch(text.strip())
    mark = (found["mark"] if found else mark).strip().rstrip(".").casefold()
    amount = amount_in(found["amount"] if found else text, decimal, currency)
    if mark in CREDIT:
        return abs(amount)
    if mark in DEBIT:
        return -abs(amount)
    if mark:
        raise NoDirection
    return amount


def day_in(text: str, order: str) -> date:
    """A day whose numbers stand in this order; names of months and 2026-01-31 need none. Raises BadDay."""
    text = text.strip()
    found = _NUMBERS.fullmatch(text) or _TOGETHER.fullmatch(text)
    if not found:
        alone = re.sub(r"[, ]\s*\d{1,2}:\d{2}.*$", "", text, flags=re.DOTALL)
        return values.day(_SHORT.sub(r"\g<1>20\2", alone) if _SHORT.fullmatch(alone) else alone)
    if found["rest"] and not _TIME.fullmatch(found["rest"]):
        raise values.BadDay
    year, month, day = _arranged([found[1], found[2], found[3]], order)
    try:
        return values.checked_day(year, month, day)
    except ValueError:
        raise values.BadDay from None


def _arranged(parts: Sequence[str], order: str) -> tuple[int, int, int]:
    order = YMD if len(parts[0]) == 4 else order
    told = dict(zip(order, parts, strict=True))
    year = int(told["y"]) + (2000 if len(told["y"]) <= 2 else 0)
    return year, int(told["m"]), int(told["d"])


def is_day(text: str, order: str = "") -> bool:
    """Whether this can be a day, in this order or in any."""
    return any(_fits(text, one) for one in ([order] if order else ORDERS))


def _fits(text: str, order: str) -> bool:
    try:
        day_in(text, order)
    except DomainError:
        return False
    return True


def is_amount(text: str) -> bool:
    """Whether this can be an amount with either decimal sign, in any currency."""
    for decimal in (POINT, COMMA):
        try:
            directed(text, "", decimal, "BHD")  # three decimals: the most that any currency has
        except DomainError:
            continue
        return True
    return False


def order_of(texts: Iterable[str]) -> str:
    """In which order days are written, where all of them agree on one reading only; else ''."""
    told = [text for text in texts if is_day(text)][:_SAMPLE]
    fits = [order for order in ORDERS if told and all(_fits(text, order) for text in told)]
    if len(fits) > 1 and len({tuple(day_in(text, order) for text in told) for order in fits}) == 1:
        return YMD  # 2026-01-31 or 31 Jan 2026 say it themselves
    return fits[0] if len(fits) == 1 else ""


def decimal_of(texts: Iterable[str]) -> str:
    """Which sign stands before the decimals, where the amounts show it; a point where there are none at all."""
    signs, unsure = set[str](), False
    for text in texts:
        bare = re.sub(r"[^\d.,]", "", re.sub(rf"^\W*{_CURRENCY}", "", text))
        last = max(bare.rfind("."), bare.rfind(","))
        if last < 0:
            continue
        if "." in bare and "," in bare:
            signs.add(bare[last])
        elif bare.count(bare[last]) > 1:
            signs.add(COMMA if bare[last] == POINT else POINT)
        elif len(bare) - last - 1 != 3:
            signs.add(bare[last])
        else:
            unsure = True  # three digits behind one sign may be thousands or decimals
    if len(signs) == 1:
        return signs.pop()
    return "" if signs or unsure else POINT

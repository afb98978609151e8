"""How figures, days and names are written: Jinja filters in the reader's locale and the group's zone and currency."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask

from app.core import clock
from app.core.money import rounded
from app.web import i18n

MINUS = "\N{MINUS SIGN}"


class MonthLike(Protocol):
    """Anything with a year and a month: `app.core.periods.Month`, a date."""

    @property
    def year(self) -> int: ...
    @property
    def month(self) -> int: ...


def _currency_pattern() -> str:
    """The locale's pattern with the ISO code instead of the sign: "KES 5,000.00", in French "5 000,00 KES"."""
    pattern = str(i18n.formats().currency_formats["standard"].pattern).split(";")[0]
    code = "¤¤" if re.search(r"\s¤|¤\s", pattern) or not pattern.startswith("¤") else "¤¤\N{NO-BREAK SPACE}"
    return pattern.replace("¤", code)


def _signed(text: str, amount: Decimal, *, signed: bool = False) -> str:
    sign = MINUS if amount < 0 else "+" if signed and amount > 0 else ""
    return sign + text


def money(amount: Decimal, currency: str | None = None, *, signed: bool = False) -> str:
    """An amount with its currency, rounded half up: "KES 5,000.00"; a minus sign stands in front of all."""
    currency = currency or i18n.choose_currency()
    exact = rounded(amount, currency)
    text = numbers.format_currency(abs(exact), currency, format=_currency_pattern(), locale=i18n.formats())
    return _signed(text, exact, signed=signed)


def money_plain(amount: Decimal, currency: str | None = None, *, signed: bool = False) -> str:
    """The same without the currency, for columns whose heading says it: "5,000.00"."""
    currency = currency or i18n.choose_currency()
    exact = rounded(amount, currency)
    text = numbers.format_currency(abs(exact), currency, format="#,##0.00", locale=i18n.formats())
    return _signed(text, exact, signed=signed)


def compact(amount: Decimal | int) -> str:
    """A figure for the axis of a chart: "450K", "1.2M"."""
    text = numbers.format_compact_decimal(abs(Decimal(amount)), locale=i18n.formats(), fraction_digits=1)
    return _signed(text, Decimal(amount))


def number(value: Decimal | int) -> str:
    """A plain number with separators and its own decimals: "1,250", "0.5"."""
    text = numbers.format_decimal(abs(Decimal(value)), locale=i18n.formats(), decimal_quantization=False)
    return _signed(text, Decimal(value))


def percent(value: Decimal | int) -> str:
    """A percentage given as such (5 is "5%"), at most four decimals."""
    text = numbers.format_percent(abs(Decimal(value)) / 100, "#,##0.####%", locale=i18n.formats())
    return _signed(text, Decimal(value))


def _local(instant: datetime) -> datetime:
    return instant.astimezone(ZoneInfo(i18n.choose_zone()))


def day(value: date | datetime) -> str:
    """A calendar day, "18 Nov 2026"; an instant is taken to the group's zone first."""
    on = _local(value).date() if isinstance(value, datetime) else value
    return dates.format_date(on, "medium", locale=i18n.formats())


def moment(instant: datetime) -> str:
    """An instant in the group's zone: "18 Nov 2026, 14:05"."""
    return f"{day(instant)}, {dates.format_time(_local(instant).timetz(), 'short', locale=i18n.formats())}"


def month(value: MonthLike) -> str:
    """A month by name: "November 2026"."""
    return dates.format_skeleton("yMMMM", date(value.year, value.month, 1), locale=i18n.formats())


def month_short(value: MonthLike) -> str:
    """A month for the axis of a chart: "Nov"."""
    return dates.format_date(date(value.year, value.month, 1), "LLL", locale=i18n.formats())


def ago(instant: datetime) -> str:
    """How long ago, in one unit: "3 minutes ago"."""
    return dates.format_timedelta(instant - clock.now(), add_direction=True, locale=i18n.formats())


def initials(name: str) -> str:
    """At most two letters that stand for a name: "Amina Wanjiru Otieno" is "AO"."""
    words = [word for word in re.split(r"[\s\-]+", name) if word[:1].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()


FILTERS = (money, money_plain, compact, number, percent, day, moment, month, month_short, ago, initials)


def init_app(app: Flask) -> None:
    """Give templates the filters, under the names of the functions."""
    app.jinja_env.filters.update({f.__name__: f for f in FILTERS})

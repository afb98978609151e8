"""The values of the log as people write them: days and moments of the group, amounts, words instead of codes."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.audit import words
from app.core.periods import Month
from app.web.filters import day, moment, money, month, number

AMOUNTS = ("amount", "expected", "threshold")  # how the fields of money end
FORMS: tuple[tuple[str, Callable[[str], str]], ...] = (
    (r"\d{4}-\d\d-\d\d", lambda text: day(date.fromisoformat(text))),
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)", lambda text: moment(datetime.fromisoformat(text))),
    (r"\d{4}-(0[1-9]|1[0-2])", lambda text: month(Month.parse(text))),
    (r"-?\d{1,15}\.\d+", lambda text: number(Decimal(text).normalize())),
    (r"[a-z]+(_[a-z]+)+", words.plain),
)
CHOSEN = ("status", "method", "kind", "severity")  # one word of ours, where free text may be one word as well


def shown(name: str, value: Any) -> Any:
    """A value of the field `name` for people; what is none of ours is left as it was written."""
    if isinstance(value, list):
        return ", ".join(str(shown(name, part)) for part in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name.endswith(AMOUNTS) and re.fullmatch(r"-?\d{1,15}(\.\d+)?", str(value)):
        return money(Decimal(str(value)))
    return _text(name, value) if isinstance(value, str) else value


def _text(name: str, value: str) -> str:
    if name in CHOSEN and value.isascii():
        return words.plain(value)
    try:
        return next((form(value) for pattern, form in FORMS if re.fullmatch(pattern, value)), value)
    except ValueError:  # a day that no calendar has was free text
        return value

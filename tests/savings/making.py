"""Windows, policies and payments of a group in Nairobi, short enough to write a test with."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.core.periods import Span
from app.savings.rules import (
    Frequency,
    LateRule,
    PartKind,
    Payment,
    Plan,
    SavingsPolicy,
    Standing,
    Window,
    assess,
    opened,
    windows_to_open,
)

D = Decimal
NAIROBI = ZoneInfo("Africa/Nairobi")
DEFAULTS: dict[str, Any] = {
    "currency": "KES",
    "zone": NAIROBI,
    "frequency": Frequency.MONTHLY,
    "expected": D(5000),
    "late_rule": LateRule.PERCENT_FEE,
    "fee_percent": D(5),
}


def policy(**terms: Any) -> SavingsPolicy:
    """5,000 a month, 5% for a late payment, and what the test says."""
    return SavingsPolicy(**{**DEFAULTS, **terms})


def at(text: str) -> datetime:
    """An instant written as people there would: "2026-03-31 23:59"."""
    return datetime.fromisoformat(text).replace(tzinfo=NAIROBI).astimezone(UTC)


def window(name: str, span: Span, terms: SavingsPolicy) -> Window:
    """A window known by its name."""
    return opened(span, terms, uuid.uuid5(uuid.NAMESPACE_OID, name))


def months(terms: SavingsPolicy, first: date = date(2026, 1, 1), last: date = date(2026, 6, 30)) -> list[Window]:
    """The windows of the first half of 2026."""
    return [window(span.name, span, terms) for span in windows_to_open(terms, [], since=first, through=last)]


def named(name: str) -> uuid.UUID:
    """The id of the window of this name."""
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def standing(saved: dict[str, int | str] | None = None, **more: Any) -> Standing:
    """A standing with savings by the names of windows; `waived`, `paid_in` and `charged` are names too."""
    for key in ("waived", "paid_in", "charged"):
        more[key] = frozenset(map(named, more.get(key, ())))
    return Standing(saved={named(name): D(amount) for name, amount in (saved or {}).items()}, **more)


def plan(amount: int | str, when: str, terms: SavingsPolicy, **more: Any) -> Plan:
    """The plan for a payment in Nairobi; `for_` names its window, `had` is the member's standing."""
    for_ = more.pop("for_", None)
    had = more.pop("had", standing())
    windows = more.pop("windows", None) or months(terms)
    paid = Payment(amount=D(amount), paid_at=at(when), window_id=for_ and named(for_), **more)
    return assess(paid, windows=windows, standing=had, policy=terms)


def parts(made: Plan) -> list[tuple[PartKind, str, Decimal]]:
    """The parts, as (kind, name of the window, amount)."""
    return [(part.kind, part.window.name if part.window else "", part.amount) for part in made.parts]

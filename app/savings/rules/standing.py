"""Where a member stands in a window: expected, actual, what is missing, how late, and the status derived from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.savings.errors import NothingToWaive
from app.savings.rules.terms import ZERO
from app.savings.rules.windows import Window, days_late


class WindowStatus(StrEnum):
    """A member's status in a window; derived, never stored."""

    PENDING = "pending"
    PARTIAL = "partial"
    COMPLETED = "completed"
    OVERDUE = "overdue"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberWindow:
    """One member in one window. `variance` is actual less expected; `missing` is what keeps it from being met."""

    window: Window
    expected: Decimal
    actual: Decimal
    variance: Decimal
    missing: Decimal
    days_late: int
    status: WindowStatus


def status_of(
    window: Window,
    *,
    paid: Decimal,
    now: datetime,
    zone: ZoneInfo,
    waived: bool = False,
    settled_at: datetime | None = None,
) -> MemberWindow:
    """How a member stands in a window after paying so much for it.

    Days late run from the window's end until now while something is missing, and stop at `settled_at`, the payment
    that met the window. A waived contribution is neither due nor late.
    """
    expected = ZERO if waived else window.expected
    missing = ZERO if waived else max(window.due - paid, ZERO)
    status = _status(window, paid, missing, now, waived=waived)
    late_until = {WindowStatus.OVERDUE: now, WindowStatus.COMPLETED: settled_at}.get(status)
    return MemberWindow(
        window=window,
        expected=expected,
        actual=paid,
        variance=paid - expected,
        missing=missing,
        days_late=days_late(window, late_until, zone) if late_until else 0,
        status=status,
    )


def _status(window: Window, paid: Decimal, missing: Decimal, now: datetime, *, waived: bool) -> WindowStatus:
    if waived:
        return WindowStatus.WAIVED
    if not missing:
        return WindowStatus.COMPLETED
    if now > window.ends_at:
        return WindowStatus.OVERDUE
    return WindowStatus.PARTIAL if paid else WindowStatus.PENDING


def settled_at(window: Window, payments: Iterable[tuple[datetime, Decimal]]) -> datetime | None:
    """When the payments for a window, given as (paid_at, amount) in any order, had met it; None while they have not."""
    total = ZERO
    for paid_at, amount in sorted(payments):
        total += amount
        if total >= window.due:
            return paid_at
    return None


def check_waivable(standing: MemberWindow) -> None:
    """Raises NothingToWaive when nothing is missing or it is waived already."""
    if not standing.missing:
        raise NothingToWaive(window=standing.window.name)

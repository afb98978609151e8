"""What the page of a window shows, and what the form of a new one says."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.savings.forms import WindowForm
from app.savings.month import MonthRow, WindowTotals, month_of, neighbours, totals_of
from app.savings.policy import terms
from app.savings.rules import Window, WindowStatus, label


@dataclass(frozen=True)
class WindowPage:
    """A window with its figures, the rows that were asked for, and the way to its neighbours."""

    window: Window
    figures: WindowTotals
    rows: Sequence[MonthRow]
    chips: Sequence[tuple[Any, str, bool, int]]
    chosen: str
    before: Window | None
    after: Window | None


def parts(window: Window, status: str) -> WindowPage:
    """Everything on the page of a window; `status` picks the members in one state."""
    rows = month_of(window)
    chosen = status if status in set(WindowStatus) else ""
    counts = Counter(str(row.standing.status) for row in rows)
    before, after = neighbours(window)
    return WindowPage(
        window=window,
        figures=totals_of([window])[0],
        rows=[row for row in rows if chosen in ("", row.standing.status)],
        chips=_chips(window, counts, chosen, len(rows)),
        chosen=chosen,
        before=before,
        after=after,
    )


def _chips(window: Window, counts: Counter[str], chosen: str, total: int) -> list[tuple[Any, str, bool, int]]:
    shown = [(status, label(status), counts[status]) for status in WindowStatus if counts[status]]
    url = url_for("savings.window", window_id=window.id)
    everyone = (_("All"), url, chosen == "", total)
    return [everyone, *((text, f"{url}?status={status}", status == chosen, count) for status, text, count in shown)]


def new_form() -> WindowForm:
    """The form with what the terms expect."""
    policy = terms()
    return WindowForm(data={name: getattr(policy, name) or None for name in ("expected", "minimum", "maximum")})


def told(form: WindowForm) -> dict[str, Any]:
    """What a valid form says."""
    return {
        "name": form.name.data,
        "start": form.start.data,
        "end": form.end.data,
        "expected": form.expected.amount,
        "minimum": form.minimum.amount or Decimal(0),
        "maximum": form.maximum.amount,
    }

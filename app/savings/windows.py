"""Opening windows: by the schedule, by an officer, by an import of the past, or because a payment reaches ahead."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Span
from app.core.rows import row_with
from app.groups.queries import group
from app.savings.errors import NoSuchWindow, WindowNameTaken
from app.savings.models import ContributionWindow
from app.savings.policy import terms
from app.savings.rules import SavingsPolicy, Window, bounds, check_free, opened, windows_to_open

AHEAD = 1  # windows kept open after the current one, so that nobody waits for the clock


def all_windows() -> list[Window]:
    """Every window of the group, the earliest first."""
    rows = session().scalars(sa.select(ContributionWindow).order_by(ContributionWindow.starts_at))
    return [value_of(row) for row in rows]


def window_row(window_id: uuid.UUID) -> ContributionWindow:
    """The row of a window. Raises NoSuchWindow."""
    return row_with(ContributionWindow, window_id, NoSuchWindow)


def window(window_id: uuid.UUID) -> Window:
    """One window. Raises NoSuchWindow."""
    return value_of(window_row(window_id))


def value_of(row: ContributionWindow) -> Window:
    """A window as the rules know it."""
    return Window(
        id=row.id,
        name=row.name,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        expected=row.expected,
        minimum=row.minimum,
        maximum=row.maximum,
    )


def open_due(*, by: uuid.UUID | None, since: date | None = None, ahead: int = AHEAD) -> list[Window]:
    """Open what is due by the terms: through today and `ahead` more; from `since` on for an import of the past.

    As often as it is called, no window opens twice. Raises TooManyWindows.
    """
    session().flush()
    lock_windows()
    policy, existing = terms(), all_windows()
    spans = windows_to_open(policy, existing, through=clock.today(group().time_zone), since=since, ahead=ahead)
    return [_open(span, policy, by=by) for span in spans]


def _open(span: Span, policy: SavingsPolicy, *, by: uuid.UUID | None) -> Window:
    value = opened(span, policy, new_id())
    return _keep(value, by=by)


def open_by_hand(
    *,
    name: str,
    start: date,
    end: date,
    expected: Decimal,
    minimum: Decimal = Decimal(0),
    maximum: Decimal | None = None,
    by: uuid.UUID,
) -> Window:
    """An officer's own window, both days inclusive. Raises WindowBackwards, WindowOverlaps, WindowNameTaken."""
    lock_windows()
    existing = all_windows()
    starts_at, ends_at = bounds(start, end, terms().zone)
    check_free(starts_at, ends_at, existing)
    if name in {window.name for window in existing}:
        raise WindowNameTaken(name=name, field="name")
    value = Window(
        id=new_id(),
        name=name,
        starts_at=starts_at,
        ends_at=ends_at,
        expected=expected,
        minimum=minimum,
        maximum=maximum,
    )
    return _keep(value, by=by)


def _keep(value: Window, *, by: uuid.UUID | None) -> Window:
    session().add(
        ContributionWindow(
            id=value.id,
            name=value.name,
            starts_at=value.starts_at,
            ends_at=value.ends_at,
            expected=value.expected,
            minimum=value.minimum,
            maximum=value.maximum,
            opened_by=by,
        )
    )
    session().flush()
    record("create", "contribution_window", value.id, by=by, after={"name": value.name, "expected": value.expected})
    return value


def lock_windows() -> None:
    """Take the lock under which windows are opened and payments are assessed: one at a time in a group.

    Without it two payments at once could each find no fee levied yet, or two schedules open one window twice.
    """
    lock = sa.text("SELECT 1 FROM savings_group WHERE id = app.gid() FOR NO KEY UPDATE")
    session().execute(lock, execution_options={"core_ok": True})  # a lock, no reading: there is no entity to name


def due_windows(_now: datetime) -> None:
    """The schedule's plan: open what is due in this group."""
    if group().status == "active":
        open_due(by=None)

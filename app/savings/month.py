"""Reads of windows: totals of each, one window's members, and what is overdue; the same few queries for any number."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.groups.models import Member
from app.groups.queries import group
from app.savings.models import Contribution, ContributionWindow, WindowWaiver
from app.savings.policy import terms
from app.savings.rules import MemberWindow, Window, asked_of, settled_at, status_of
from app.savings.standings import asks, counts
from app.savings.windows import value_of
from app.web.keyset import Cursor, Slice, slice_of

SAVERS = Member.roles.contains(["member"])  # an auditor who is no member saves nothing
ZERO = Decimal(0)


@dataclass(frozen=True)
class MonthRow:
    """A member in a window; `paid_on` is the instant of the last payment for it."""

    member: Member
    standing: MemberWindow
    paid_at: datetime | None


def month_of(window: Window, *, with_leaving: bool = False) -> list[MonthRow]:
    """Every member of whom something is asked in a window, or who saved in it, by name; in three queries.

    `with_leaving`: those too of whom it is only not asked because they are in the exit queue.
    """
    zone, now = terms().zone, clock.now()
    paid: dict[uuid.UUID, list[tuple[datetime, Decimal]]] = defaultdict(list)
    rows = sa.select(Contribution.member_id, Contribution.paid_at, Contribution.amount)
    for member_id, at, amount in session().execute(rows.where(Contribution.window_id == window.id, counts())):
        paid[member_id].append((at, amount))
    waived = set(session().scalars(sa.select(WindowWaiver.member_id).where(WindowWaiver.window_id == window.id)))
    members = session().scalars(sa.select(Member).where(SAVERS).order_by(sa.func.lower(Member.display_name), Member.id))
    found = []
    for member in members:
        mine = paid[member.id]
        if not mine and not asks(window, member, zone, even_leaving=with_leaving):
            continue
        asked = asked_of(window, member.leaving_since)
        standing = status_of(
            asked,
            paid=sum((amount for _, amount in mine), ZERO),
            now=now,
            zone=zone,
            waived=member.id in waived,
            settled_at=settled_at(asked, mine),
        )
        found.append(MonthRow(member, standing, max((at for at, _ in mine), default=None)))
    return found


@dataclass(frozen=True)
class Totals:
    """A window's figures. `missing` is what keeps members from having met it; `unmet` is how many of them there are."""

    members: int = 0
    expected: Decimal = ZERO
    paid: Decimal = ZERO
    missing: Decimal = ZERO
    met: int = 0
    unmet: int = 0
    waived: int = 0


@dataclass(frozen=True)
class WindowTotals:
    """A window with its figures and where it stands in time: upcoming, open or closed."""

    window: Window
    totals: Totals
    state: str

    @property
    def overdue(self) -> int:
        """How many members have not met a window that has ended."""
        return self.totals.unmet if self.state == "closed" else 0


def totals_of(windows: Sequence[Window]) -> list[WindowTotals]:
    """The figures of windows, in one query."""
    asked = _asked().where(ContributionWindow.id.in_([window.id for window in windows])).subquery()
    open_ = sa.not_(asked.c.waived)
    missing = sa.case((open_, sa.func.greatest(asked.c.due - asked.c.paid, 0)), else_=0)
    query = sa.select(
        asked.c.window_id,
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.case((open_, asked.c.expected), else_=0)), 0),
        sa.func.sum(asked.c.paid),
        sa.func.sum(missing),
        sa.func.count().filter(open_, missing == 0),
        sa.func.count().filter(missing > 0),
        sa.func.count().filter(asked.c.waived),
    ).group_by(asked.c.window_id)
    rows = {window_id: Totals(*rest) for window_id, *rest in session().execute(query)}
    now = clock.now()
    return [WindowTotals(window, rows.get(window.id, Totals()), state_of(window, now)) for window in windows]


def state_of(window: Window, now: datetime) -> str:
    """Where a window stands in time."""
    return "upcoming" if now < window.starts_at else "open" if now <= window.ends_at else "closed"


def windows_page(at: Cursor | None) -> Slice[ContributionWindow]:
    """A page of windows, the latest first."""
    return slice_of(
        lambda statement: session().scalars(statement).all(),
        sa.select(ContributionWindow),
        by=(ContributionWindow.starts_at, ContributionWindow.id),
        key=lambda row: (row.starts_at, row.id),
        at=at,
        newest_first=True,
        size=12,
    )


def current_window() -> Window | None:
    """The window that contains now; else the last that began; else the first to come."""
    now = clock.now()
    begun = sa.select(ContributionWindow).where(ContributionWindow.starts_at <= now)
    row = session().scalar(begun.order_by(ContributionWindow.starts_at.desc()).limit(1))
    if row is None:
        row = session().scalar(sa.select(ContributionWindow).order_by(ContributionWindow.starts_at).limit(1))
    return value_of(row) if row else None


def neighbours(window: Window) -> tuple[Window | None, Window | None]:
    """The windows before and after one."""
    starts = ContributionWindow.starts_at
    before = sa.select(ContributionWindow).where(starts < window.starts_at).order_by(starts.desc()).limit(1)
    after = sa.select(ContributionWindow).where(starts > window.starts_at).order_by(starts).limit(1)
    found = [session().scalar(before), session().scalar(after)]
    return tuple(value_of(row) if row else None for row in found)  # type: ignore[return-value]  # two of them


@dataclass(frozen=True)
class Arrears:
    """What a member has not paid of windows that ended: how much, of how many, since which."""

    member_id: uuid.UUID
    name: str
    identifier: str
    missing: Decimal
    windows: int
    since: date


def arrears(member_id: uuid.UUID | None = None) -> list[Arrears]:
    """Everyone who is behind, by name, or one member; in one query. Who is in the exit queue pays in nothing more."""
    asked = _asked().where(ContributionWindow.ends_at < clock.now(), Member.leaving_since.is_(None))
    if member_id is not None:
        asked = asked.where(Member.id == member_id)
    behind = asked.subquery()
    missing = behind.c.due - behind.c.paid
    since = sa.cast(sa.func.timezone(group().time_zone, sa.func.min(behind.c.starts_at)), sa.Date)
    query = (
        sa.select(behind.c.member_id, behind.c.name, behind.c.identifier, sa.func.sum(missing), sa.func.count(), since)
        .where(sa.not_(behind.c.waived), missing > 0)
        .group_by(behind.c.member_id, behind.c.name, behind.c.identifier)
        .order_by(sa.func.lower(behind.c.name), behind.c.member_id)
    )
    return [Arrears(*row) for row in session().execute(query)]


@dataclass(frozen=True)
class Due:
    """What a member has still to pay for the window that is open; zero once it is met."""

    window: Window
    missing: Decimal


def due_of(member_id: uuid.UUID) -> Due | None:
    """What is due of a member now; None when no window is open, or none that asks anything of them."""
    opened = current_window()
    if opened is None or not opened.contains(clock.now()):
        return None
    asked = _asked().where(ContributionWindow.id == opened.id, Member.id == member_id).subquery()
    missing = session().scalar(sa.select(asked.c.due - asked.c.paid).where(sa.not_(asked.c.waived)))
    return None if missing is None else Due(opened, max(missing, ZERO))


def _asked() -> sa.Select[*tuple[object, ...]]:
    """Each member with each window that concerns them or in which they saved: what is due and what was paid."""
    paid = (
        sa.select(Contribution.window_id, Contribution.member_id, sa.func.sum(Contribution.amount).label("paid"))
        .where(counts())
        .group_by(Contribution.window_id, Contribution.member_id)
        .subquery()
    )
    zone = group().time_zone
    first = sa.cast(sa.func.timezone(zone, ContributionWindow.starts_at), sa.Date)
    last = sa.cast(sa.func.timezone(zone, ContributionWindow.ends_at), sa.Date)
    window = ContributionWindow
    open_ = sa.or_(Member.leaving_since.is_(None), window.ends_at < Member.leaving_since)  # as `still_asks`
    stayed = sa.or_(Member.left_on.is_(None), Member.left_on >= first)
    concerned = sa.and_(Member.joined_on <= last, stayed, open_)
    due = sa.case((window.minimum > 0, window.minimum), else_=window.expected)
    return (
        sa.select(
            window.id.label("window_id"),
            window.starts_at,
            Member.id.label("member_id"),
            Member.display_name.label("name"),
            Member.identifier,
            sa.case((open_, window.expected), else_=0).label("expected"),
            sa.case((open_, due), else_=0).label("due"),
            sa.func.coalesce(paid.c.paid, 0).label("paid"),
            WindowWaiver.id.is_not(None).label("waived"),
        )
        .select_from(window)
        .join(Member, SAVERS)
        .outerjoin(paid, sa.and_(paid.c.window_id == window.id, paid.c.member_id == Member.id))
        .outerjoin(WindowWaiver, sa.and_(WindowWaiver.window_id == window.id, WindowWaiver.member_id == Member.id))
        .where(sa.or_(concerned, paid.c.paid > 0))
    )

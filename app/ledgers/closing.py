"""Closing months: in order, only past ones, only when nothing in them waits for approval, and never opened again."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import LazyString

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.groups.services.members import lock_group
from app.ledgers.approvals import waiting
from app.ledgers.balances import totals
from app.ledgers.calling import call_ledger
from app.ledgers.errors import AwaitsApproval, CannotClose, MonthNotOver, NothingToClose, OutOfOrder
from app.ledgers.heads import head, today
from app.ledgers.models import ClosedPeriod, Entry
from app.web.filters import month as in_words

_CLOSE = sa.text("SELECT ledger.close(:by, :id, :through)").bindparams(
    sa.bindparam("by", type_=sa.Uuid), sa.bindparam("id", type_=sa.Uuid), sa.bindparam("through", type_=sa.Date)
)


@dataclass(frozen=True)
class Preview:
    """What closing a month would fix for ever, and what stands against it."""

    month: Month
    entries: int
    cash: Decimal
    savings: Decimal
    obstacle: CannotClose | None


def next_month() -> Month | None:
    """The month to close next: after the last closed one, at first that of the first entry; None without entries."""
    closed = session().scalar(sa.select(sa.func.max(ClosedPeriod.through)))
    if closed is not None:
        return Month.of(closed).next
    first = session().scalar(sa.select(sa.func.min(Entry.effective_on)))
    return Month.of(first) if first else None


def is_open(day: date) -> bool:
    """Whether entries may still be booked on a day."""
    return day > head().closed_through


def obstacle(month: Month) -> CannotClose | None:
    """What stands against closing this month now, if anything."""
    due = next_month()
    if due is None:
        return NothingToClose()
    if month != due:
        return OutOfOrder(month=LazyString(in_words, due))
    if month.last >= today():
        return MonthNotOver(month=LazyString(in_words, month))
    if count := len(waiting(through=month.last)):
        return AwaitsApproval(count=count, month=LazyString(in_words, month))
    return None


def preview(month: Month) -> Preview:
    """Look before closing: how much is in it, and what stands against it."""
    sums = totals(month.last)
    count = session().scalar(
        sa.select(sa.func.count()).select_from(Entry).where(Entry.effective_on.between(month.first, month.last))
    )
    return Preview(
        month,
        count or 0,
        sum((total.balance for total in sums if total.kind == "cash"), Decimal(0)),
        sum((total.natural for total in sums if total.kind == "savings"), Decimal(0)),
        obstacle(month),
    )


def close_month(month: Month, *, by: uuid.UUID) -> ClosedPeriod:
    """Close a month for ever. Raises CannotClose: MonthNotOver, OutOfOrder, AwaitsApproval, NothingToClose."""
    lock_group()  # nobody asks for something in it while it is looked at
    if (against := obstacle(month)) is not None:
        raise against
    period_id = new_id()
    call_ledger(_CLOSE, {"by": by, "id": period_id, "through": month.last})
    record("close", "month", period_id, by=by, after={"month": str(month), "entry": head().number}, severity="notice")
    return session().scalars(sa.select(ClosedPeriod).where(ClosedPeriod.id == period_id)).one()


def closed_periods() -> list[ClosedPeriod]:
    """Every closing, the latest first."""
    return list(session().scalars(sa.select(ClosedPeriod).order_by(ClosedPeriod.through.desc())))

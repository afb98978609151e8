"""Payments before they are recorded: what will become of each, assessed under the group's lock."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import LazyString

from app.core import clock
from app.core.db import session
from app.core.periods import day_in
from app.groups.models import Member
from app.ledgers.errors import DayInFuture
from app.savings.errors import InExitQueue, NotAMember
from app.savings.policy import terms
from app.savings.rules import ContributionType, Plan, SavingsPolicy, Standing, assess, windows_ahead
from app.savings.rules import Payment as Told
from app.savings.standings import standings
from app.savings.windows import all_windows, lock_windows, open_due
from app.web.filters import day

CASH, UNALLOCATED = "cash", "unallocated"
PAYS = ("active", "invited", "inactive", "suspended")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A payment to record. `source` says whether the money comes in now or waits among the unallocated already.

    `cash_account_id` is where it lies; `window_id` and `ahead` as in the rules. `key` makes it happen once.
    `payment_id` is the id it shall have, when something else must name it before it exists.
    """

    member_id: uuid.UUID
    amount: Decimal
    paid_at: datetime
    method: str
    cash_account_id: uuid.UUID
    key: str
    reference: str | None = None
    type: str = ContributionType.REGULAR.value
    window_id: uuid.UUID | None = None
    ahead: bool = False
    source: str = CASH
    payment_id: uuid.UUID | None = None


class Planner:
    """Plans payments one after the other, each after the ones before it; opens windows that they need."""

    def __init__(self, member_ids: Collection[uuid.UUID], *, since: date | None, by: uuid.UUID | None) -> None:
        """`since` is the day of the earliest payment. Takes the group's lock."""
        lock_windows()
        self.policy: SavingsPolicy = terms()
        self._by = by
        if since is not None:
            open_due(by=by, since=since)
        self.windows = all_windows()
        # Read anew: who asked to leave while this waited for the lock must be known to.
        wanted = sa.select(Member).where(Member.id.in_(member_ids)).execution_options(populate_existing=True)
        self._members = {row.id: row for row in session().scalars(wanted)}
        self.standings: dict[uuid.UUID, Standing] = standings(list(self._members.values()), self.windows, self.policy)

    def plan(self, receipt: Receipt) -> Plan:
        """What becomes of a payment, counted for those that follow.

        Raises NotAMember, InExitQueue and what `assess` refuses.
        """
        standing = self.standings[self._payer(receipt)]
        refuse_future(receipt.paid_at, self.policy)
        told = Told(amount=receipt.amount, paid_at=receipt.paid_at, window_id=receipt.window_id, ahead=receipt.ahead)
        plan = assess(told, windows=self.windows, standing=standing, policy=self.policy)
        if plan.lacks_windows and open_due(by=self._by, ahead=windows_ahead(self.policy, receipt.amount)):
            self.windows = all_windows()
            plan = assess(told, windows=self.windows, standing=standing, policy=self.policy)
        self.standings[receipt.member_id] = standing.after(plan)
        return plan

    def _payer(self, receipt: Receipt) -> uuid.UUID:
        member = self._members.get(receipt.member_id)
        if member is None or member.status not in PAYS:
            raise NotAMember(name=member.display_name if member else "?", field="member")
        refuse_leaving(member)
        return member.id


def refuse_leaving(member: Member) -> None:
    """Raises InExitQueue for who has asked to leave: they save no more, whenever the money came in."""
    if member.leaving_since is not None:
        raise InExitQueue(name=member.display_name, day=LazyString(day, member.leaving_since), field="member")


def refuse_future(paid_at: datetime, policy: SavingsPolicy) -> None:
    """Raises DayInFuture when money is said to have come in on a day that has not come yet."""
    paid_on = day_in(policy.zone, paid_at)
    if paid_on > clock.today(policy.zone):
        raise DayInFuture(day=paid_on.isoformat(), field="paid_on")


def plan_receipts(receipts: Sequence[Receipt], *, by: uuid.UUID | None) -> list[Plan]:
    """What would become of the payments, each after the ones before it. Raises as `Planner.plan` does."""
    if not receipts:
        return []
    zone = terms().zone
    first = min(day_in(zone, receipt.paid_at) for receipt in receipts)
    planner = Planner({receipt.member_id for receipt in receipts}, since=first, by=by)
    return [planner.plan(receipt) for receipt in receipts]


@contextmanager
def tried() -> Iterator[None]:
    """A part whose writing is always undone: a preview may open windows, and none of them stays."""
    inside = session().begin_nested()
    try:
        yield
        session().flush()
    finally:
        if inside.is_active:
            inside.rollback()

"""What the books say of members before a payment: for one or for all of them in the same few queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.core.db import session
from app.core.rooms import People
from app.groups.models import Member
from app.ledgers.models import Entry
from app.savings.models import (
    Contribution,
    Penalty,
    PenaltyNetting,
    PenaltyPayment,
    PenaltyWaiver,
    SavingsReversal,
    WindowWaiver,
)
from app.savings.rules import (
    OpenPenalty,
    PenaltyReason,
    PenaltyState,
    SavingsPolicy,
    Standing,
    Window,
    concerns,
    penalty_state,
)


def taken_back(kind: str) -> sa.Select[Any]:
    """The ids of records of a kind that were reversed."""
    return sa.select(SavingsReversal.original_id).where(SavingsReversal.original_kind == kind)


def counts() -> sa.ColumnElement[bool]:
    """The condition for a contribution that counts: its payment was not reversed."""
    return Contribution.payment_id.not_in(taken_back("payment"))


def netted() -> sa.ColumnElement[bool]:
    """The condition for a netting that counts: its entry was not reversed."""
    undone = sa.orm.aliased(Entry)
    return ~sa.exists().where(undone.reverses_id == PenaltyNetting.entry_id)


@dataclass(frozen=True)
class Saved:
    """A member's savings in a window: when and how much, and whether as a payment of its own."""

    member_id: uuid.UUID
    window_id: uuid.UUID
    paid_at: datetime
    amount: Decimal
    spread: bool


def savings_rows(members: Sequence[uuid.UUID], windows: Sequence[uuid.UUID] | None = None) -> list[Saved]:
    """The contributions that count of these members, in all windows or in some."""
    query = sa.select(
        Contribution.member_id, Contribution.window_id, Contribution.paid_at, Contribution.amount, Contribution.spread
    ).where(Contribution.member_id.in_(members), counts())
    if windows is not None:
        query = query.where(Contribution.window_id.in_(windows))
    return [Saved(*row) for row in session().execute(query)]


@dataclass(frozen=True)
class PenaltyStanding:
    """A penalty with what was paid on it and its state."""

    penalty: Penalty
    paid: Decimal
    state: PenaltyState

    @property
    def owed(self) -> Decimal:
        """What is still asked."""
        return self.penalty.amount - self.paid if self.state is PenaltyState.LEVIED else Decimal(0)


def penalties_of(members: Iterable[uuid.UUID] | None = None) -> list[PenaltyStanding]:
    """The penalties of these members, or of all, the oldest first, in one query."""
    query = penalty_query(of=None if members is None else list(members)).order_by(Penalty.levied_on, Penalty.id)
    return [standing_from(*row) for row in session().execute(query)]


def penalty_query(state: PenaltyState | None = None, *, of: Collection[uuid.UUID] | None = None) -> sa.Select[Any]:
    """Rows of a penalty, what was paid on it, whether it was waived, whether reversed; all or those in one state.

    `of`: only these members', and nothing is read of what others paid.
    """
    part = sa.orm.aliased(PenaltyPayment)
    parts = sa.select(part.penalty_id, part.amount).where(part.payment_id.not_in(taken_back("payment")))
    nets = sa.select(PenaltyNetting.penalty_id, PenaltyNetting.amount).where(netted())
    if of is not None:
        own = sa.select(Penalty.id).where(_of(of))
        parts, nets = parts.where(part.penalty_id.in_(own)), nets.where(PenaltyNetting.penalty_id.in_(own))
    given = sa.union_all(parts, nets).subquery()
    paid = (
        sa.select(given.c.penalty_id, sa.func.sum(given.c.amount).label("paid")).group_by(given.c.penalty_id).subquery()
    )
    waived = Penalty.id.in_(
        sa.select(PenaltyWaiver.penalty_id).where(PenaltyWaiver.id.not_in(taken_back("penalty_waiver")))
    )
    gone = sa.or_(
        Penalty.id.in_(taken_back("penalty")),
        sa.func.coalesce(Penalty.payment_id.in_(taken_back("payment")), sa.false()),
    )
    settled = sa.case((Penalty.settled_at_once, Penalty.amount), else_=sa.func.coalesce(paid.c.paid, 0))
    query = sa.select(Penalty, settled.label("settled"), waived, gone)
    query = query.outerjoin(paid, paid.c.penalty_id == Penalty.id)
    if of is not None:
        query = query.where(_of(of))
    is_in = {
        PenaltyState.REVERSED: gone,
        PenaltyState.WAIVED: sa.and_(sa.not_(gone), waived),
        PenaltyState.PAID: sa.and_(sa.not_(gone), sa.not_(waived), settled >= Penalty.amount),
        PenaltyState.LEVIED: sa.and_(sa.not_(gone), sa.not_(waived), settled < Penalty.amount),
    }
    return query.where(is_in[state]) if state else query


def _of(members: Collection[uuid.UUID]) -> sa.ColumnElement[bool]:
    """One parameter: a place for each of ten thousand takes longer to write than to ask."""
    return Penalty.member_id == sa.any_(sa.literal(list(members), sa.ARRAY(sa.Uuid)))


def standing_from(penalty: Penalty, paid: Decimal, waived: bool, gone: bool) -> PenaltyStanding:  # noqa: FBT001  # a row
    """A row of `penalty_query` as a value."""
    state = penalty_state(penalty.amount, paid=Decimal(paid), waived=waived, reversed_=gone)
    return PenaltyStanding(penalty, Decimal(paid), state)


def standings(members: Sequence[Member], windows: Sequence[Window], policy: SavingsPolicy) -> dict[uuid.UUID, Standing]:
    """The standing of each member before a payment, in four queries whatever their number."""
    ids = [member.id for member in members]
    saved: dict[uuid.UUID, dict[uuid.UUID, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    paid_in: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for row in savings_rows(ids):
        saved[row.member_id][row.window_id] += row.amount
        if not row.spread:
            paid_in[row.member_id].add(row.window_id)
    waived = waivers(ids)
    charged, owed = _penalties(ids)
    return {
        member.id: Standing(
            saved=dict(saved[member.id]),
            waived=frozenset(waived[member.id] | before_joining(member.joined_on, windows, policy)),
            paid_in=frozenset(paid_in[member.id]),
            charged=frozenset(charged[member.id]),
            penalties=tuple(owed[member.id]),
        )
        for member in members
    }


def waivers(members: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, set[uuid.UUID]]:
    """The windows waived, by member."""
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    query = sa.select(WindowWaiver.member_id, WindowWaiver.window_id).where(WindowWaiver.member_id.in_(members))
    for member_id, window_id in session().execute(query):
        found[member_id].add(window_id)
    return found


def before_joining(joined_on: date, windows: Sequence[Window], policy: SavingsPolicy) -> set[uuid.UUID]:
    """The windows in which nothing is asked of somebody who joined on that day."""
    return {window.id for window in windows if not concerns(window, policy.zone, joined_on=joined_on)}


def asks(window: Window, member: Member, zone: ZoneInfo, *, even_leaving: bool = False) -> bool:
    """Whether something is expected of a member in a window; `even_leaving`: were they not in the exit queue."""
    since = None if even_leaving else member.leaving_since
    return concerns(window, zone, joined_on=member.joined_on, left_on=member.left_on, leaving_since=since)


def _penalties(
    members: Sequence[uuid.UUID],
) -> tuple[Mapping[uuid.UUID, set[uuid.UUID]], Mapping[uuid.UUID, list[OpenPenalty]]]:
    charged: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    owed: dict[uuid.UUID, list[OpenPenalty]] = defaultdict(list)
    for found in penalties_of(members):
        penalty = found.penalty
        if found.state is PenaltyState.REVERSED:
            continue
        if penalty.window_id and penalty.reason == PenaltyReason.LATE and not penalty.settled_at_once:
            charged[penalty.member_id].add(penalty.window_id)
        if found.owed:
            owed[penalty.member_id].append(OpenPenalty(penalty.id, found.owed))
    return charged, owed


def owed_by_member(members: People | None = None) -> dict[uuid.UUID, Decimal]:
    """What each member, or each of these, owes in penalties, those who owe something, in one query."""
    query = penalty_query(PenaltyState.LEVIED, of=None if isinstance(members, sa.Select) else members)
    if isinstance(members, sa.Select):
        query = query.where(Penalty.member_id.in_(members))
    owed = sa.func.sum(Penalty.amount - query.selected_columns["settled"].element)
    rows = session().execute(query.with_only_columns(Penalty.member_id, owed).group_by(Penalty.member_id))
    return {member_id: Decimal(amount) for member_id, amount in rows}

"""Asking to leave, or to withdraw a part of one's savings: the place in the queue is taken, the amount frozen."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.money import ZeroAmount, exact, lazily
from app.exits import states, telling
from app.exits.errors import AlreadyLeaving, HasLeft, MoreThanSavings, SavesNothing, WithdrawalsOff
from app.exits.liquidity import end_holds
from app.exits.models import ExitRequest
from app.exits.offering import offer
from app.exits.policy import terms
from app.exits.rules import ZERO, Entitlement, RequestKind, State, entitlement
from app.exits.standing import Queued, read, standing_query
from app.groups.errors import LastLeader
from app.groups.models import Member
from app.groups.permissions import MEMBER
from app.groups.queries import group
from app.groups.queries import member as member_named
from app.groups.rules import ENTERS, Status
from app.groups.services.members import lock_group
from app.ledgers import chart, holds
from app.ledgers.balances import held, natural_balance
from app.ledgers.errors import KeyUsed

SOURCE = "exit_request"


def entitlement_of(member_id: uuid.UUID) -> Entitlement:
    """What a member would be owed who asked to leave now, with its working."""
    parts = {kind: natural_balance(chart.Account(kind, member_id)) for kind in _PARTS}
    return entitlement(
        savings=parts["savings"],
        holdings=parts["holdings"],
        asset_shares=parts["asset_share"],
        growth=parts["realised_growth"],
        growth_percent=terms().growth_percent,
        currency=group().currency,
    )


_PARTS = ("savings", "holdings", "asset_share", "realised_growth")


@dataclass(frozen=True)
class Withdrawable:
    """What a member may withdraw and stay: savings less what is held of them, above what must stay."""

    savings: Decimal
    held: Decimal
    floor: Decimal

    @property
    def free(self) -> Decimal:
        """The rest, never below zero."""
        return max(ZERO, self.savings - self.held - self.floor)

    def to_store(self, amount: Decimal) -> dict[str, str]:
        """JSON of the working of a withdrawal of this amount."""
        told = {**vars(self), "free": self.free, "gross": amount}
        return {name: f"{value:f}" for name, value in told.items()}


def withdrawable(member_id: uuid.UUID) -> Withdrawable:
    """What of a member's savings may be withdrawn now."""
    savings = chart.Account("savings", member_id)
    return Withdrawable(natural_balance(savings), held(savings), terms().withdrawal_floor)


def refuse_leaving(member: Member) -> None:
    """Raises AlreadyLeaving, HasLeft, SavesNothing: who is gone, on the way or only checks asks for nothing."""
    if member.status == Status.LEFT:
        raise HasLeft(name=member.display_name)
    if member.leaving_since is not None:
        raise AlreadyLeaving(name=member.display_name)
    if MEMBER not in member.roles and not entitlement_of(member.id).gross:
        raise SavesNothing(name=member.display_name)


def refuse_last_leader(member: Member) -> None:
    """Raises LastLeader: the group would be left without anyone who could lead it; who is leaving as well will not."""
    stays = sa.and_(Member.user_id.is_not(None), Member.status.in_(ENTERS), Member.leaving_since.is_(None))
    others = sa.select(Member.id).where(sa.literal("leader") == sa.any_(Member.roles), stays, Member.id != member.id)
    if "leader" in member.roles and session().scalar(others.limit(1)) is None:
        raise LastLeader


def request_exit(*, member_id: uuid.UUID, by: uuid.UUID | None, key: str) -> ExitRequest:
    """Take a place in the exit queue with the entitlement of this moment, once for each key.

    Open withdrawals of the member end: the exit takes their place. Raises LastLeader, AlreadyLeaving, HasLeft.
    """
    lock_group()
    if (known := _known(key, member_id, RequestKind.EXIT)) is not None:
        return known
    member = _fresh(member_id)
    refuse_leaving(member)
    refuse_last_leader(member)
    for open_one in open_of(member_id):
        _supersede(open_one, by=by)
    owed = entitlement_of(member_id)
    row = _keep(member_id, RequestKind.EXIT, owed.gross, owed.to_store(), by=by, key=key)
    member.leaving_since = row.requested_at
    return _told(row, by=by)


def request_withdrawal(*, member_id: uuid.UUID, amount: Decimal, by: uuid.UUID | None, key: str) -> ExitRequest:
    """Ask for a part of one's free savings, behind all who leave, once for each key; until it is paid it is held.

    Raises WithdrawalsOff, AlreadyLeaving, HasLeft, ZeroAmount, TooManyDecimals, MoreThanSavings.
    """
    lock_group()
    if (known := _known(key, member_id, RequestKind.WITHDRAWAL, amount)) is not None:
        return known
    if not terms().withdrawals:
        raise WithdrawalsOff
    refuse_leaving(_fresh(member_id))
    if exact(amount, group().currency) <= 0:
        raise ZeroAmount(field="amount")
    found = withdrawable(member_id)
    if amount > found.free:
        raise MoreThanSavings(field="amount", free=lazily(found.free, group().currency))
    row = _keep(member_id, RequestKind.WITHDRAWAL, amount, found.to_store(amount), by=by, key=key)
    hold_open(row.id, member_id, amount, by=by)
    return _told(row, by=by)


def hold_open(request_id: uuid.UUID, member_id: uuid.UUID, amount: Decimal, *, by: uuid.UUID | None) -> None:
    """Hold of a member's savings just what is open of a withdrawal, instead of what was held for it before."""
    end_holds(SOURCE, [request_id], by=by)
    if amount:
        savings = chart.Account("savings", member_id)
        holds.hold(savings, amount, reason="withdrawal", source=(SOURCE, request_id), by=by)


def open_of(member_id: uuid.UUID) -> list[Queued]:
    """A member's requests that are not over, in the order of the queue, without places."""
    found = read(standing_query(in_queue=True).where(ExitRequest.member_id == member_id))
    return sorted(found, key=lambda one: one.order)


def _fresh(member_id: uuid.UUID) -> Member:
    member = member_named(member_id)
    session().refresh(member)  # somebody may have waited for the lock
    return member


def _known(key: str, member_id: uuid.UUID, kind: RequestKind, amount: Decimal | None = None) -> ExitRequest | None:
    row = session().scalar(sa.select(ExitRequest).where(ExitRequest.idempotency_key == key))
    if row is not None and ((row.member_id, row.kind) != (member_id, kind) or amount not in (None, row.gross)):
        raise KeyUsed
    return row


def _keep(
    member_id: uuid.UUID,
    kind: RequestKind,
    gross: Decimal,
    working: dict[str, Any],
    *,
    by: uuid.UUID | None,
    key: str,
) -> ExitRequest:
    last = session().scalar(sa.select(sa.func.max(ExitRequest.sequence))) or 0
    row = ExitRequest(id=new_id(), member_id=member_id, kind=kind.value, sequence=last + 1, gross=gross)
    row.working, row.requested_at, row.requested_by, row.idempotency_key = working, clock.now(), by, key
    session().add(row)
    session().flush()
    states.first_state(row.id, by=by)
    return row


def _told(row: ExitRequest, *, by: uuid.UUID | None) -> ExitRequest:
    after = {"kind": row.kind, "amount": row.gross, "sequence": row.sequence}
    record("create", SOURCE, row.id, by=by, after=after, about=row.member_id, severity="notice")
    offer(f"request:{row.id}")
    telling.asked(row, by=by)
    if row.gross:
        telling.moved(cause=row.id, behind=row)  # who withdraws stands behind all who leave
    return row


def _supersede(found: Queued, *, by: uuid.UUID | None) -> None:
    hold_open(found.request_id, found.member_id, ZERO, by=by)
    states.end(found, State.CANCELLED, by=by)
    record("cancel", SOURCE, found.request_id, by=by, about=found.member_id)

"""How requests stand now: what is open, payable and held of each, in which order, read for all of them at once."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.rooms import People, rooms
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitRequest, ExitsReversal, ExitState
from app.exits.policy import terms
from app.exits.rules import ENDED, ZERO, RequestKind, State, Waiting
from app.ledgers.models import Account, AccountBalance


@dataclass(frozen=True)
class Queued:
    """A request as it stands: amounts in the group's currency.

    `gross` is with its adjustments; `place` counts those to whom something is payable, None for who waits for nothing;
    `ahead` is what is payable to those before.
    """

    request_id: uuid.UUID
    member_id: uuid.UUID
    kind: RequestKind
    sequence: int
    requested_at: datetime
    frozen: Decimal
    gross: Decimal
    fulfilled: Decimal
    held: Decimal
    state: State
    state_number: int
    deductions: Decimal = ZERO
    place: int | None = None
    ahead: Decimal = ZERO

    @property
    def waiting(self) -> Waiting:
        """The same as the rules of the queue see it."""
        return Waiting(self.request_id, self.member_id, self.kind, self.sequence, self.open, self.held, self.deductions)

    @property
    def open(self) -> Decimal:
        """What is not fulfilled yet; nothing of what has ended."""
        return ZERO if self.state in ENDED else self.gross - self.fulfilled

    @property
    def payable(self) -> Decimal:
        """What is payable now: open less the deductions."""
        return max(ZERO, self.open - self.deductions)

    @property
    def ready(self) -> Decimal:
        """What of it is under no hold."""
        return max(ZERO, self.payable - self.held)

    @property
    def order(self) -> tuple[bool, int]:
        """The key of the queue: those who leave, then those who withdraw, each by the number of the request."""
        return self.kind is RequestKind.WITHDRAWAL, self.sequence


def reversed_fulfilments() -> sa.Select[uuid.UUID]:
    """The fulfilments that were taken back."""
    return sa.select(ExitsReversal.original_id).where(ExitsReversal.original_kind == "exit_fulfilment")


def standing_query(*, in_queue: bool = False) -> sa.Select[Any]:
    """Requests with what was adjusted, fulfilled and held; each found in its index, however long the history is.

    `in_queue`: only those that are not over; a withdrawal is over when it is fulfilled.
    """
    adjusted, given, state = _adjusted(), _given(), _latest()
    savings = sa.and_(Account.owner_id == ExitRequest.member_id, Account.kind == "savings")
    held = sa.case((ExitRequest.kind == RequestKind.EXIT, sa.func.coalesce(AccountBalance.held, 0)), else_=0)
    own = (getattr(ExitRequest, name) for name in ("id", "member_id", "kind", "sequence", "requested_at", "gross"))
    total = (ExitRequest.gross + adjusted.c.amount).label("adjusted")
    query = (
        sa.select(*own, total, given.c.amount.label("fulfilled"), held.label("held"), state.c.state, state.c.number)
        .select_from(ExitRequest)
        .join(adjusted, sa.true())
        .join(given, sa.true())
        .join(state, sa.true())
        .outerjoin(Account, savings)
        .outerjoin(AccountBalance, AccountBalance.account_id == Account.id)
    )
    leaving = sa.or_(ExitRequest.kind == RequestKind.EXIT, state.c.state != State.FULFILLED)
    return query.where(state.c.state.not_in(ENDED), leaving) if in_queue else query


def _adjusted() -> Any:
    total = sa.func.coalesce(sa.func.sum(ExitAdjustment.amount), 0).label("amount")
    return sa.select(total).where(ExitAdjustment.request_id == ExitRequest.id).lateral("adjusted")


def _given() -> Any:
    total = sa.func.coalesce(sa.func.sum(ExitFulfilment.amount), 0).label("amount")
    stands = ExitFulfilment.id.not_in(reversed_fulfilments())
    return sa.select(total).where(ExitFulfilment.request_id == ExitRequest.id, stands).lateral("given")


def _latest() -> Any:
    mine = sa.select(ExitState.state, ExitState.number).where(ExitState.request_id == ExitRequest.id)
    return mine.order_by(ExitState.number.desc()).limit(1).lateral("state")


def read(query: sa.Select[Any]) -> list[Queued]:
    """Rows of `standing_query` as values, with what those who are still in the queue owe today."""
    found = [
        Queued(
            request_id=row.id,
            member_id=row.member_id,
            kind=RequestKind(row.kind),
            sequence=row.sequence,
            requested_at=row.requested_at,
            frozen=row.gross,
            gross=row.adjusted,
            fulfilled=row.fulfilled,
            held=row.held,
            state=State(row.state),
            state_number=row.number,
        )
        for row in session().execute(query)
    ]
    leaving = [one.member_id for one in found if one.kind is RequestKind.EXIT and one.state not in ENDED]
    owed = deductions_of(leaving)
    return [replace(one, deductions=owed.get(one.member_id, ZERO)) if _owes(one) else one for one in found]


def _owes(one: Queued) -> bool:
    return one.kind is RequestKind.EXIT and one.state not in ENDED


def owed_by(member_ids: People) -> dict[uuid.UUID, Decimal]:
    """What members owe the group in every room, those who owe something."""
    owed: dict[uuid.UUID, Decimal] = {}
    anybody = isinstance(member_ids, sa.Select) or bool(member_ids)
    for room in rooms():
        if anybody and room.owed_by is not None:
            for member_id, amount in room.owed_by(member_ids).items():
                owed[member_id] = owed.get(member_id, ZERO) + amount
    return owed


def deductions_of(member_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What is kept back of what members who leave are paid: all they owe today, or nothing where the policy says so."""
    return owed_by(member_ids) if member_ids and terms().deduct else {}


def first_waiting(limit: int) -> list[Queued]:
    """The first of those of whose requests anything is open, in the order of the queue, without places."""
    query = standing_query(in_queue=True)
    amounts = {column.name: column for column in query.selected_columns}
    found = query.where(amounts["adjusted"].element > amounts["fulfilled"].element)
    return read(found.order_by(ExitRequest.kind == RequestKind.WITHDRAWAL, ExitRequest.sequence).limit(limit))


def queue() -> list[Queued]:
    """Every request that is not over, in the order of the queue, each with its place and what is ahead of it."""
    return placed(read(standing_query(in_queue=True)))


def placed(found: Sequence[Queued]) -> list[Queued]:
    """The same in order, with places and what is ahead."""
    placed_ones, number, ahead = [], 0, ZERO
    for one in sorted(found, key=lambda queued: queued.order):
        number += bool(one.payable)
        placed_ones.append(replace(one, place=number if one.payable else None, ahead=ahead))
        ahead += one.payable
    return placed_ones


def standing_of(request_id: uuid.UUID) -> Queued:
    """One request as it stands, without a place. Raises NoResultFound for none: its row was read before."""
    return read(standing_query().where(ExitRequest.id == request_id))[0]

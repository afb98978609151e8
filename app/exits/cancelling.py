"""Ending a request without leaving: by oneself until a part is fulfilled, afterwards or by others by agreement."""

import uuid
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.core.money import lazily
from app.exits import states, telling
from app.exits.errors import AlreadyFulfilled, FulfilledSince, OthersRequest, RequestEnded, SavingsDoNotCover
from app.exits.models import ExitState
from app.exits.offering import offer
from app.exits.queries import request as request_row
from app.exits.requesting import SOURCE as REQUEST
from app.exits.requesting import hold_open
from app.exits.rules import ENDED, ZERO, RequestKind, State
from app.exits.standing import Queued, standing_of
from app.groups.models import Member
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers import chart
from app.ledgers.balances import held, natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today

SOURCE = "exit_state"


def cancel(*, request_id: uuid.UUID, reason: str, by: uuid.UUID) -> ExitState:
    """Take one's own request back of which nothing was fulfilled yet.

    Raises RequestEnded, AlreadyFulfilled, OthersRequest.
    """
    lock_group()
    found = refuse_over(request_id)
    if found.fulfilled:
        raise AlreadyFulfilled(amount=lazily(found.fulfilled, group().currency))
    if by != found.member_id:
        raise OthersRequest
    return _end(found, reason, by=by)


def cancel_by_agreement(
    *, request_id: uuid.UUID, reason: str, by: uuid.UUID, agreed: Decimal | None = None
) -> ExitState:
    """End a request by two people: what of it was fulfilled counts as taken out of the savings.

    `agreed` is what was fulfilled when it was asked for. Raises RequestEnded, FulfilledSince, SavingsDoNotCover.
    """
    lock_group()
    _refuse_changed(refuse_over(request_id), agreed)
    found = refuse_cancelling(request_id)
    taken = found.fulfilled if found.kind is RequestKind.EXIT else ZERO  # a withdrawal has taken them already
    state_id, entry_id = new_id(), None
    if taken:
        lines = [debit("savings", taken, found.member_id), credit("exit", taken, found.member_id)]
        draft = Draft(PostingKind.EXIT_CLOSED, today(), lines, source=(SOURCE, state_id), subject=found.member_id)
        entry_id = post(draft, by=by).id
    return _end(found, reason, by=by, state_id=state_id, entry_id=entry_id)


def refuse_over(request_id: uuid.UUID) -> Queued:
    """How a request stands that can still be ended. Raises NoSuchExitRequest, RequestEnded."""
    request_row(request_id)
    found = standing_of(request_id)
    over = found.state in ENDED or (found.kind is RequestKind.WITHDRAWAL and found.state is State.FULFILLED)
    if over:
        raise RequestEnded
    return found


def _refuse_changed(found: Queued, agreed: Decimal | None) -> None:
    if agreed is not None and agreed != found.fulfilled:
        told = {"agreed": lazily(agreed, group().currency), "fulfilled": lazily(found.fulfilled, group().currency)}
        raise FulfilledSince(**told)


def refuse_cancelling(request_id: uuid.UUID) -> Queued:
    """The same for an end by agreement. Raises SavingsDoNotCover too: what was fulfilled is taken from free savings."""
    found = refuse_over(request_id)
    free = free_savings(found.member_id)
    if found.kind is RequestKind.EXIT and free < found.fulfilled:
        told = {"savings": lazily(free, group().currency), "amount": lazily(found.fulfilled, group().currency)}
        raise SavingsDoNotCover(**told)
    return found


def free_savings(member_id: uuid.UUID) -> Decimal:
    """A member's savings less what is held of them."""
    savings = chart.Account("savings", member_id)
    return natural_balance(savings) - held(savings)


def _end(
    found: Queued,
    reason: str,
    *,
    by: uuid.UUID,
    state_id: uuid.UUID | None = None,
    entry_id: uuid.UUID | None = None,
) -> ExitState:
    row_id = state_id or new_id()
    why = seal_about(found.member_id, reason, reason_place(row_id)) if reason else None
    row = states.end(found, State.CANCELLED, by=by, state_id=row_id, entry_id=entry_id, reason_sealed=why)
    if found.kind is RequestKind.WITHDRAWAL:
        hold_open(found.request_id, found.member_id, ZERO, by=by)
    else:
        session().execute(sa.update(Member).where(Member.id == found.member_id).values(leaving_since=None))
    after = {"reason": reason, "fulfilled": found.fulfilled}
    record("cancel", REQUEST, found.request_id, by=by, after=after, about=found.member_id, severity="notice")
    offer(f"cancelled:{row.id}")
    cancelled = request_row(found.request_id)
    telling.cancelled(cancelled, by=by)
    if found.payable:  # else it had no place
        telling.moved(cause=row.id, behind=cancelled)
    return row


def reason_place(row_id: uuid.UUID) -> str:
    """What the reason of a cancellation is bound to."""
    return f"exit_state|{row_id}|reason"

"""Reads of the queue, of single requests with all that happened to them, and of the money set aside."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.keys import open_about
from app.core.periods import day_in, zone_named
from app.core.rooms import rooms
from app.core.rows import row_with
from app.exits import closing
from app.exits.ahead import placed_alone
from app.exits.errors import NoSuchExitRequest
from app.exits.liquidity import Spent, event_of, left_query, pots, unspent
from app.exits.liquidity import read as read_events
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitRequest, ExitsReversal, ExitState, LiquidityEvent
from app.exits.policy import terms
from app.exits.requesting import Withdrawable, entitlement_of, open_of, withdrawable
from app.exits.rules import ENDED, ZERO, State, served
from app.exits.standing import Queued, deductions_of, queue, read, reversed_fulfilments, standing_query
from app.exits.standing import standing_of as standing_by_id
from app.groups.queries import group, names
from app.payouts.queries import paid_of
from app.web import keyset
from app.web.keyset import PAGE, Cursor, Slice, slice_of

__all__ = ["Queued", "Withdrawable", "deductions_of", "entitlement_of", "pots", "queue", "withdrawable"]


def request(request_id: uuid.UUID) -> ExitRequest:
    """A request to leave or withdraw. Raises NoSuchExitRequest."""
    return row_with(ExitRequest, request_id, NoSuchExitRequest)


def standing_of(row: ExitRequest) -> Queued:
    """A request as it stands, with its place while it has one."""
    found = standing_by_id(row.id)
    if found.state in ENDED or not found.payable:
        return found
    return placed_alone([found])[0]


def requests_of(member_id: uuid.UUID) -> list[ExitRequest]:
    """All requests of a member, the latest first."""
    mine = sa.select(ExitRequest).where(ExitRequest.member_id == member_id)
    return list(session().scalars(mine.order_by(ExitRequest.sequence.desc())))


def requests_page(*, state: State | None = None, at: Cursor | None = None) -> Slice[Queued]:
    """All requests or those in one state, the latest first, without places."""
    query = standing_query() if state is None else standing_query().where(_latest_state() == state)
    by = (ExitRequest.sequence,)
    return slice_of(read, query, by=by, key=lambda row: (row.sequence,), at=at, newest_first=True)


def _latest_state() -> sa.ScalarSelect[str]:
    row = sa.orm.aliased(ExitState)
    latest = sa.select(row.state).where(row.request_id == ExitRequest.id).order_by(row.number.desc()).limit(1)
    return latest.correlate(ExitRequest).scalar_subquery()


def queue_page(at: Cursor | None = None, size: int = PAGE) -> Slice[Queued]:
    """A page of the queue. The whole is read whatever the page: what is ahead of one depends on all before."""
    rows = queue()
    if at is not None and at.backwards:
        before = [row for row in rows if _key(row) < at.values]
        shown, earlier, later = before[-size:], len(before) > size, True
    else:
        after = [row for row in rows if at is None or _key(row) > at.values]
        shown, earlier, later = after[:size], at is not None, len(after) > size
    first = keyset.write(_key(shown[0])) if shown and earlier else None
    return Slice(shown, first, keyset.write(_key(shown[-1])) if shown and later else None)


def _key(row: Queued) -> tuple[int, int]:
    return int(row.order[0]), row.order[1]


@dataclass(frozen=True)
class Totals:
    """The queue summed up: how many wait for money, what is open, what is payable, what is set aside and unspent.

    `listed` counts those too of which nothing more becomes payable, until they are over.
    """

    requests: int
    open: Decimal
    payable: Decimal
    unspent: Decimal
    listed: int


def queue_totals() -> Totals:
    """What the queue comes to."""
    rows = queue()
    waiting = sum(1 for row in rows if row.place)
    opened, payable = sum((row.open for row in rows), ZERO), sum((row.payable for row in rows), ZERO)
    return Totals(waiting, opened, payable, sum((pot.left for pot in pots()), ZERO), len(rows))


def places_of(member_id: uuid.UUID) -> list[Queued]:
    """A member's requests that are not over, with their places, in the order of the queue."""
    return placed_alone(open_of(member_id))


def place_of(member_id: uuid.UUID) -> Queued | None:
    """The first of them."""
    return next(iter(places_of(member_id)), None)


def owed_of(member_id: uuid.UUID) -> list[tuple[Any, Decimal]]:
    """What a member owes the group, room by room, with what each calls it."""
    return [
        (room.owed_word or room.name, amount)
        for room in rooms()
        if room.owed_by is not None and (amount := room.owed_by([member_id]).get(member_id, ZERO))
    ]


def obstacles(request_id: uuid.UUID) -> list[str]:
    """Why an exit is not closed yet, a sentence each."""
    found = standing_by_id(request_id)
    return [] if found.state in ENDED else closing.obstacles(found)


@dataclass(frozen=True)
class StateLine:
    """A state of a request: when, why where that was said, and the name of whoever did it."""

    at: datetime
    state: State
    reason: str | None
    by: str | None
    entry_id: uuid.UUID | None


def states_of(request_id: uuid.UUID) -> list[StateLine]:
    """The states of a request, the first first."""
    member_id = request(request_id).member_id
    mine = sa.select(ExitState).where(ExitState.request_id == request_id).order_by(ExitState.number)
    rows = session().scalars(mine).all()
    people = names([row.recorded_by for row in rows])
    return [
        StateLine(row.recorded_at, State(row.state), state_reason(member_id, row), _name(people, row), row.entry_id)
        for row in rows
    ]


def state_reason(member_id: uuid.UUID, row: ExitState) -> str | None:
    """Why a request was cancelled, opened."""
    return open_about(member_id, row.reason_sealed, f"exit_state|{row.id}|reason") if row.reason_sealed else None


def _name(people: Any, row: ExitState | ExitAdjustment) -> str | None:
    return people.get(row.recorded_by) if row.recorded_by else None


@dataclass(frozen=True)
class AdjustmentLine:
    """A change of what a request comes to."""

    at: datetime
    amount: Decimal
    reason: str | None
    by: str | None
    approved_by: str | None
    source: tuple[str, uuid.UUID] | None


def adjustments_of(request_id: uuid.UUID) -> list[AdjustmentLine]:
    """The changes of what a request comes to, the first first."""
    member_id = request(request_id).member_id
    mine = sa.select(ExitAdjustment).where(ExitAdjustment.request_id == request_id)
    rows = session().scalars(mine.order_by(ExitAdjustment.recorded_at, ExitAdjustment.id)).all()
    people = names([who for row in rows for who in (row.recorded_by, row.approved_by)])
    return [
        AdjustmentLine(
            row.recorded_at,
            row.amount,
            adjustment_reason(member_id, row),
            _name(people, row),
            people.get(row.approved_by) if row.approved_by else None,
            (row.source_kind, row.source_id) if row.source_kind and row.source_id else None,
        )
        for row in rows
    ]


def adjustment_reason(member_id: uuid.UUID, row: ExitAdjustment) -> str | None:
    """Why a request was adjusted, opened."""
    return open_about(member_id, row.reason_sealed, f"exit_adjustment|{row.id}|reason") if row.reason_sealed else None


@dataclass(frozen=True)
class Fulfilled:
    """A fulfilment, the event that it was taken from, what was paid of it, and whether it was taken back."""

    fulfilment: ExitFulfilment
    event: LiquidityEvent
    member_id: uuid.UUID
    paid: Decimal
    reversed: bool


def fulfilments_of(request_id: uuid.UUID) -> list[Fulfilled]:
    """What became payable of a request, the first first."""
    return _fulfilled(_fulfilments().where(ExitFulfilment.request_id == request_id))


def fulfilments_of_event(event_id: uuid.UUID) -> list[Fulfilled]:
    """Who was served by an event, in order."""
    return _fulfilled(_fulfilments().where(ExitFulfilment.event_id == event_id))


def fulfilled_page(event_id: uuid.UUID, at: Cursor | None = None) -> Slice[Fulfilled]:
    """The same page by page."""
    by = (ExitFulfilment.number,)
    wanted = _fulfilments().where(ExitFulfilment.event_id == event_id)
    return slice_of(_read_fulfilled, wanted, by=by, key=lambda row: (row.fulfilment.number,), at=at)


def _fulfilments() -> Any:  # a query of four columns, where pages take one of any
    gone = ExitFulfilment.id.in_(reversed_fulfilments())
    return (
        sa.select(ExitFulfilment, LiquidityEvent, ExitRequest.member_id, gone)
        .join(LiquidityEvent, LiquidityEvent.id == ExitFulfilment.event_id)
        .join(ExitRequest, ExitRequest.id == ExitFulfilment.request_id)
    )


def _fulfilled(query: sa.Select[Any]) -> list[Fulfilled]:
    return _read_fulfilled(query.order_by(ExitFulfilment.recorded_at, ExitFulfilment.event_id, ExitFulfilment.number))


def _read_fulfilled(query: sa.Select[Any]) -> list[Fulfilled]:
    rows = session().execute(query).all()
    paid = paid_of([(closing.FULFILMENT, row[0].id) for row in rows])
    return [Fulfilled(row, event, who, paid[closing.FULFILMENT, row.id], gone) for row, event, who, gone in rows]


def events_page(at: Cursor | None = None) -> Slice[Spent]:
    """Money set aside, the latest first."""
    by = (LiquidityEvent.occurred_at, LiquidityEvent.id)
    key = lambda row: (row.event.occurred_at, row.event.id)  # noqa: E731  # one line says it
    return slice_of(read_events, left_query(), by=by, key=key, at=at, newest_first=True)


def event_line(event_id: uuid.UUID) -> Spent:
    """One event with what was given of it and what is left. Raises NoSuchLiquidityEvent."""
    return event_of(event_id)


@dataclass(frozen=True)
class Simulated:
    """What a request would get of an amount, and what would be payable of it afterwards."""

    queued: Queued
    gets: Decimal
    left: Decimal


def simulate(amount: Decimal) -> list[Simulated]:
    """Who would be served if so much were set aside on top of what is unspent; nothing is written."""
    rows, there = queue(), sum((one.left for one in unspent()), ZERO)
    waiting, partial = [row.waiting for row in rows], terms().partial
    before = dict(served(waiting, there, partial=partial))
    after = dict(served(waiting, there + amount, partial=partial))
    gets = [(row, after.get(row.request_id, ZERO) - before.get(row.request_id, ZERO)) for row in rows]
    return [Simulated(row, gain, row.payable - after.get(row.request_id, ZERO)) for row, gain in gets if row.place]


def set_aside_days() -> list[tuple[date, Decimal]]:
    """The days and amounts of money set aside, less what was taken back unspent."""
    zone = zone_named(group().time_zone)
    rows: Sequence[Spent] = read_events(left_query())
    return [(day_in(zone, row.event.occurred_at), row.event.amount - row.taken_back) for row in rows]


def since() -> date | None:
    """The day of the first request or of the first money set aside; None before there is any."""
    firsts = (sa.select(sa.func.min(column)) for column in (ExitRequest.requested_at, LiquidityEvent.occurred_at))
    found = [at for at in (session().scalar(first) for first in firsts) if at is not None]
    return day_in(zone_named(group().time_zone), min(found)) if found else None


def reversal_of(kind: str, record_id: uuid.UUID) -> ExitsReversal | None:
    """The row that took a fulfilment or the rest of an event back, the latest."""
    mine = sa.select(ExitsReversal).where(ExitsReversal.original_kind == kind, ExitsReversal.original_id == record_id)
    return session().scalar(mine.order_by(ExitsReversal.recorded_at.desc(), ExitsReversal.id.desc()).limit(1))

"""Places in the queue added up by the database: one asks for one's own place, and of nobody else is a row read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.exits.models import ExitAdjustment, ExitFulfilment, ExitRequest, ExitState
from app.exits.policy import terms
from app.exits.rules import ENDED, ZERO, RequestKind
from app.exits.standing import Queued, owed_by, reversed_fulfilments


@dataclass(frozen=True)
class Ahead:
    """Those to whom something is payable before a place: how many, and how much, in the group's currency."""

    requests: int
    payable: Decimal


def placed_alone(rows: Sequence[Queued]) -> list[Queued]:
    """Requests that are not over, each with its place and what is ahead of it, as the whole queue would tell them."""
    return [_placed(one, ahead_of(one.kind, one.sequence)) for one in rows]


def _placed(one: Queued, before: Ahead) -> Queued:
    return replace(one, place=before.requests + 1 if one.payable else None, ahead=before.payable)


def ahead_of(kind: RequestKind, sequence: int | None = None) -> Ahead:
    """Who waits before the request of this kind and number; without a number, before one that were made now."""
    found = open_ones().subquery()
    before = sa.and_(found.c.open > 0, _before(found, kind, sequence))
    wanted = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(found.c.open), 0)).where(before)
    count, total = session().execute(wanted).one()
    out, kept = _kept_back(found, before) if count else (0, ZERO)
    return Ahead(count - out, total - kept)


def _before(found: sa.Subquery, kind: RequestKind, sequence: int | None) -> sa.ColumnElement[bool]:
    """Those who leave go before those who withdraw, each by the number of the request."""
    first = found.c.kind == RequestKind.EXIT
    same = found.c.kind == kind if sequence is None else sa.and_(found.c.kind == kind, found.c.sequence < sequence)
    return same if kind is RequestKind.EXIT else sa.or_(first, same)


def _kept_back(found: sa.Subquery, before: sa.ColumnElement[bool]) -> tuple[int, Decimal]:
    """How many of them nothing is payable to, since they owe it all, and how much is kept back of all together."""
    if not terms().deduct:
        return 0, ZERO
    leaving = sa.and_(before, found.c.kind == RequestKind.EXIT)
    owed = owed_by(sa.select(found.c.member_id).where(leaving))
    if not owed:
        return 0, ZERO
    these = found.c.member_id == sa.any_(sa.literal(list(owed), sa.ARRAY(sa.Uuid)))
    rows = session().execute(sa.select(found.c.member_id, found.c.open).where(leaving, these)).all()
    kept = [min(open_, owed[member_id]) for member_id, open_ in rows]
    out = sum(1 for (_who, open_), part in zip(rows, kept, strict=True) if part == open_)
    return out, sum(kept, ZERO)


def open_ones() -> sa.Select[uuid.UUID, str, int, Decimal]:
    """Requests that are not over, each with what is open of it, by sums over all: for who asks about all of them."""
    given, adjusted = _sums(ExitFulfilment, standing=True), _sums(ExitAdjustment)
    open_ = ExitRequest.gross + sa.func.coalesce(adjusted.c.amount, 0) - sa.func.coalesce(given.c.amount, 0)
    over = sa.exists().where(ExitState.request_id == ExitRequest.id, ExitState.state.in_(ENDED))
    told = (ExitRequest.member_id, ExitRequest.kind, ExitRequest.sequence, open_.label("open"))
    return (
        sa.select(*told)
        .select_from(ExitRequest)
        .outerjoin(given, given.c.request_id == ExitRequest.id)
        .outerjoin(adjusted, adjusted.c.request_id == ExitRequest.id)
        .where(sa.not_(over))
    )


def _sums(table: type[ExitFulfilment] | type[ExitAdjustment], *, standing: bool = False) -> sa.Subquery:
    query = sa.select(table.request_id, sa.func.sum(table.amount).label("amount")).group_by(table.request_id)
    return (query.where(table.id.not_in(reversed_fulfilments())) if standing else query).subquery()

"""What this room adds to pages it does not know: position, a member's page, the dashboard and statements."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import session
from app.core.rooms import Figure, Section
from app.exits import closing, queries
from app.exits.ahead import open_ones
from app.exits.models import ExitFulfilment, ExitRequest, ExitsReversal, ExitState, LiquidityEvent
from app.exits.rules import RequestKind, State
from app.exits.standing import Queued
from app.groups.access import may
from app.web.filters import day, money


def position(member_id: uuid.UUID) -> Section | None:
    """A member's open requests: the place, what is ahead, what was fulfilled; nothing for who never asked."""
    waiting = queries.places_of(member_id)
    if not waiting:
        return None
    paid = paid_so_far(waiting)
    figures = [figure for row in waiting for figure in _figures(row, paid[row.request_id])]
    leaves = any(row.kind is RequestKind.EXIT for row in waiting)
    return Section(_("Leaving the group") if leaves else _("Withdrawal"), figures, order=60)


def paid_so_far(rows: Sequence[Queued]) -> Mapping[uuid.UUID, Decimal]:
    """What of each request's fulfilled amount was paid out, by its id."""
    unpaid = closing.unpaid_of([row.request_id for row in rows])
    return {row.request_id: row.fulfilled - unpaid.get(row.request_id, Decimal(0)) for row in rows}


def statuses_of(rows: Sequence[Queued]) -> Mapping[uuid.UUID, str]:
    """How each request reads, by its id: its state, but "payable" while it is wholly fulfilled and not wholly paid."""
    unpaid = closing.unpaid_of([row.request_id for row in rows if row.state is State.FULFILLED])
    return {row.request_id: "payable" if unpaid.get(row.request_id) else row.state.value for row in rows}


def _figures(row: Queued, paid_out: Decimal) -> list[Figure]:
    url = url_for("exits.request", exit_request_id=row.request_id)
    since = _("asked on %(day)s", day=day(row.requested_at))
    left = Figure(_("Still to be made payable"), row.payable, url=url, note=_kept(row))
    made = _("of %(amount)s made payable", amount=money(row.fulfilled))
    paid = Figure(_("Paid so far"), paid_out, url=url, note=made)
    rest = [left, *_taken(row, url), paid]
    if row.place is None:
        return rest
    place = Figure(_("Place in the queue"), row.place, url=url, note=since, money=False)
    return [place, Figure(_("Ahead in money"), row.ahead, url=url), *rest]


def _taken(row: Queued, url: str) -> list[Figure]:
    """What an exit made payable is still among the savings and shares until its end, and would be counted twice.

    A withdrawal takes it from the savings at once.
    """
    if row.kind is not RequestKind.EXIT or not row.fulfilled:
        return []
    note = _("It comes off your savings and shares")
    return [Figure(_("Made payable so far"), -row.fulfilled, url=url, note=note, counts_in_total=True)]


def _kept(row: Queued) -> str | None:
    return str(_("after %(owed)s that is owed", owed=money(row.deductions))) if row.deductions else None


def dashboard() -> Sequence[Section]:
    """How many requests are open with how much; to members without the lists."""
    count, open_ = open_requests()
    lists = may("money.see")
    if not (count or lists):
        return []
    url, own = url_for("exits.queue") if lists else None, url_for("exits.mine")
    waits = ngettext("One request", "%(num)d requests", count) if count else _("Nobody waits")
    figures = [Figure(_("Exit queue"), open_, url=url or own, note=waits)]
    if lists:
        figures.append(Figure(_("Set aside for the queue"), unspent(), url=url_for("exits.events")))
    return [Section(_("Leaving and withdrawing"), figures, order=40)]


def open_requests() -> tuple[int, Decimal]:
    """How many requests are not wholly fulfilled, and what is open of them; by sums, since every overview asks."""
    open_ = open_ones().subquery().c.open
    query = sa.select(sa.func.count().filter(open_ > 0), sa.func.coalesce(sa.func.sum(open_), 0))
    count, amount = session().execute(query).one()
    return int(count), Decimal(amount)


def unspent() -> Decimal:
    """What is set aside and was neither given to anybody nor taken back."""
    back = sa.select(sa.func.sum(ExitsReversal.amount)).where(ExitsReversal.original_kind == "liquidity_event")
    parts = [sa.select(sa.func.sum(table.amount)) for table in (LiquidityEvent, ExitFulfilment)] + [back]
    aside, given, taken = (sa.func.coalesce(part.scalar_subquery(), 0) for part in parts)
    return Decimal(session().scalar(sa.select(aside - given - taken)) or 0)


def fulfilments_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What fulfilments were, for a statement."""
    query = (
        sa.select(ExitFulfilment.id, ExitRequest.kind, ExitRequest.sequence)
        .join(ExitRequest, ExitRequest.id == ExitFulfilment.request_id)
        .where(ExitFulfilment.id.in_(ids))
    )
    return {id_: (_part(kind), _number(sequence)) for id_, kind, sequence in session().execute(query)}


def _part(kind: str) -> str:
    if kind == RequestKind.WITHDRAWAL:
        return str(_("Savings withdrawn"))
    return str(_("Part of the exit made payable"))


def endings_told(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Any, str]]:
    """What the ends of requests were, for a statement: closed, or cancelled after something was fulfilled."""
    query = (
        sa.select(ExitState.id, ExitState.state, ExitRequest.sequence)
        .join(ExitRequest, ExitRequest.id == ExitState.request_id)
        .where(ExitState.id.in_(ids))
    )
    words = {"closed": _("Left the group: settled with what was paid"), "cancelled": _("Exit cancelled by agreement")}
    return {id_: (words.get(state, ""), _number(sequence)) for id_, state, sequence in session().execute(query)}


def _number(sequence: int) -> str:
    return str(_("Request %(number)s", number=sequence))

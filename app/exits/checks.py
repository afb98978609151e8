"""What is proved of the exit queue: each shilling set aside is given once, each request stands as its rows say."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.exits import liquidity
from app.exits.models import ExitFulfilment, ExitRequest, ExitState, LiquidityEvent
from app.exits.requesting import SOURCE as REQUEST
from app.exits.rules import ENDED, ZERO, RequestKind, State
from app.exits.standing import queue, read, reversed_fulfilments, standing_query
from app.groups.models import Member
from app.ledgers.balances import balances_of_kind
from app.ledgers.models import Entry, Hold, HoldRelease, Posting
from app.ledgers.pairs import pairs

FULFILMENT = "exit_fulfilment"


def fulfilments() -> Check:
    """Each fulfilment has one entry of its own amount that names it, undone if and only if it is; none is alone."""
    own = sa.orm.aliased(Entry)
    debits = sa.select(sa.func.sum(Posting.amount)).where(Posting.entry_id == ExitFulfilment.entry_id)
    amount = debits.where(Posting.amount > 0).scalar_subquery()
    named = sa.and_(own.source_kind == FULFILMENT, own.source_id == ExitFulfilment.id, amount == ExitFulfilment.amount)
    undone = sa.exists().where(Entry.reverses_id == ExitFulfilment.entry_id)
    alike = undone == ExitFulfilment.id.in_(reversed_fulfilments())
    rows = sa.select(ExitFulfilment.id).join(own, own.id == ExitFulfilment.entry_id)
    bad = session().scalars(rows.where(sa.not_(sa.and_(named, alike))).order_by(ExitFulfilment.id))
    faults = [_("Fulfilment %(id)s has no entry of its amount, or is not undone as that is.", id=id_) for id_ in bad]
    alone = sa.select(Entry.number).where(
        Entry.source_kind.in_((FULFILMENT, "exit_state")),
        Entry.reverses_id.is_(None),
        Entry.id.not_in(sa.select(ExitFulfilment.entry_id)),
        Entry.id.not_in(sa.select(ExitState.entry_id).where(ExitState.entry_id.is_not(None))),
    )
    faults += [_("Entry %(number)s comes from the exit queue, and no record has it.", number=n) for n in _all(alone)]
    return Check(_("Fulfilments"), _count(ExitFulfilment.id), faults)


def _all(query: "sa.Select[Any]") -> Iterable[Any]:
    return session().scalars(query).all()


def _count(column: Any) -> int:
    return session().scalar(sa.select(sa.func.count(column))) or 0


def money_set_aside() -> Check:
    """No event gave more than it had, and just what is left of each is held where it lies."""
    rows = liquidity.read(liquidity.left_query())
    kept = _held(liquidity.SOURCE)
    faults = [
        _("Event %(id)s has %(left)s left, and %(held)s is held.", id=one.event.id, left=one.left, held=held)
        for one in rows
        for held in [kept.get(one.event.id, ZERO)]
        if one.left < 0 or one.left != held
    ]
    numbers = sa.select(ExitFulfilment.event_id).group_by(ExitFulfilment.event_id)
    gaps = numbers.having(sa.func.max(ExitFulfilment.number) != sa.func.count())
    faults += [_("The fulfilments of event %(id)s are not numbered without gaps.", id=id_) for id_ in _all(gaps)]
    return Check(_("Money set aside for the queue"), _count(LiquidityEvent.id), faults)


def _held(kind: str) -> dict[uuid.UUID, Decimal]:
    released = sa.exists().where(HoldRelease.hold_id == Hold.id)
    rows = sa.select(Hold.source_id, sa.func.sum(Hold.amount)).where(Hold.source_kind == kind, sa.not_(released))
    return pairs(rows.group_by(Hold.source_id))


def requests() -> Check:
    """Requests are numbered without gaps, none was fulfilled beyond what it comes to, and their states say so."""
    every = sorted(read(standing_query()), key=lambda one: one.sequence)
    faults = [
        _("Request %(number)s is missing.", number=number)
        for number in sorted(set(range(1, len(every) + 1)) - {one.sequence for one in every})
    ]
    for one in every:
        if one.fulfilled > one.gross:
            faults.append(_("Request %(number)s was fulfilled beyond its amount.", number=one.sequence))
        if one.state is (State.QUEUED if one.fulfilled else State.PARTIALLY_FULFILLED):
            faults.append(_("Request %(number)s is not in the state that its rows say.", number=one.sequence))
    return Check(_("Requests to leave or withdraw"), len(every), faults)


def exit_accounts() -> Check:
    """The exit account of each member is what was fulfilled of an exit that has not ended."""
    due = {one.member_id: one.fulfilled for one in queue() if one.kind is RequestKind.EXIT}
    kept = {member_id: -amount for member_id, amount in balances_of_kind("exit").items()}
    faults = [
        _("Member %(id)s was fulfilled %(due)s, the books say %(kept)s.", id=who, due=due.get(who, ZERO), kept=says)
        for who in sorted(due.keys() | kept.keys(), key=str)
        if due.get(who, ZERO) != (says := kept.get(who, ZERO))
    ]
    return Check(_("Exit accounts"), len(kept), faults)


def withdrawals_are_held() -> Check:
    """Just what is open of each withdrawal is held of the savings."""
    due = {one.request_id: one.open for one in queue() if one.kind is RequestKind.WITHDRAWAL}
    kept = _held(REQUEST)
    faults = [
        _("Of a withdrawal %(due)s is open, and %(kept)s is held.", due=due.get(id_, ZERO), kept=kept.get(id_, ZERO))
        for id_ in sorted(due.keys() | kept.keys(), key=str)
        if due.get(id_, ZERO) != kept.get(id_, ZERO)
    ]
    return Check(_("Holds for withdrawals"), len(due), faults)


def who_leaves_has_asked() -> Check:
    """Just those are marked as leaving who have one open exit, or had one that was closed."""
    over = sa.exists().where(ExitState.request_id == ExitRequest.id, ExitState.state.in_(ENDED))
    asked = sa.select(ExitRequest.member_id).where(ExitRequest.kind == RequestKind.EXIT, sa.not_(over))
    counts = dict.fromkeys(_all(asked), 0)
    for member_id in _all(asked):
        counts[member_id] += 1
    rows = session().execute(sa.select(Member.id, Member.leaving_since, Member.status)).all()
    marked = {row.id for row in rows if row.leaving_since is not None and row.status != "left"}
    faults = [_("Member %(id)s has %(n)s exits open.", id=who, n=n) for who, n in counts.items() if n > 1]
    faults += [
        _("Member %(id)s is marked as leaving and has no open exit, or has one and is not.", id=who)
        for who in sorted(marked ^ counts.keys(), key=str)
    ]
    return Check(_("Members who are leaving"), len(marked), faults)


CHECKS = (fulfilments, money_set_aside, requests, exit_accounts, withdrawals_are_held, who_leaves_has_asked)

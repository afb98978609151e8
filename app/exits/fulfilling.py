"""The worker of the queue: what is set aside is made payable, in order, a chunk in each transaction."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.audit.log import record
from app.core.crashpoints import crash
from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Step
from app.core.rows import insert_at_once
from app.exits import closing, liquidity, places, states, telling
from app.exits.models import ExitFulfilment
from app.exits.policy import terms
from app.exits.requesting import SOURCE as REQUEST
from app.exits.requesting import hold_open
from app.exits.rules import ZERO, Given, Pot, RequestKind, State, distributed
from app.exits.standing import Queued, first_waiting, queue
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from app.payouts.rules import Owed
from app.payouts.services import owe

CHUNK = 1_000  # fulfilments in one transaction
SOURCE = "exit_fulfilment"


def fulfil(**_payload: Any) -> Step:
    """Offer what is set aside to the queue; the handler of `exits.fulfil`. It looks for itself what there is to do."""
    lock_group()  # before anything is read: what was read without it may be given away by another worker meanwhile
    given = fulfil_next()
    crash("exits.chunk")
    if len(given) == CHUNK:
        gone = [one for one in _after(given) if not one.payable]
        return Step(progress=len(given), more=True, result=places.kept(gone))
    waiting = queue()
    states.note_states(waiting, by=None)  # what members owe has changed some of them
    closing.close_ready(waiting, by=None)
    places.tell(_out_of_line(given, waiting))
    return Step(progress=len(given), more=False)


def _out_of_line(given: Sequence["_Part"], waiting: Sequence[Queued]) -> list[Queued]:
    """Those who had a place until now: wholly served, or with nothing more payable since they owe more."""
    still = {one.request_id for one in waiting if one.place}
    over = [one for one in waiting if one.fulfilled and one.state is not State.FULFILLED and not one.place]
    return [one for one in [*(part.request for part in given), *over] if one.request_id not in still]


def job_words(**_payload: Any) -> str:
    """What that job is about, for the list of background work."""
    return str(_("Serve the exit queue with the money set aside"))


@dataclass(frozen=True)
class _Part:
    """A fulfilment to be: the request as it stood, the event, and the row."""

    request: Queued
    row: dict[str, Any]

    @property
    def amount(self) -> Decimal:
        amount: Decimal = self.row["amount"]
        return amount


def fulfil_next() -> list[_Part]:
    """Make payable what can be now, at most one chunk: fulfilments, entries, states, debts, holds. Under the lock."""
    spent = {one.event.id: one for one in liquidity.unspent()}
    if not spent:
        return []
    pots = [Pot(event_id, one.left) for event_id, one in spent.items()]
    waiting, given = _next(pots)
    if not given:
        return []
    parts = _parts(given, waiting, {event_id: one.fulfilments for event_id, one in spent.items()})
    _free_savings(parts)
    _post(parts)
    after = _after(parts)
    states.note_states(after, by=None)
    _hold_the_rest(parts, after, spent)
    _tell(parts)
    return parts


def _next(pots: Sequence[Pot]) -> tuple[dict[uuid.UUID, Queued], list[Given]]:
    """Those who are served now with what each gets; of a long queue only the front is read, unless it takes nothing."""
    front = 2 * CHUNK
    found = first_waiting(front)
    partial = terms().partial
    given = distributed([one.waiting for one in found], pots, partial=partial)[:CHUNK]
    if len(given) < CHUNK and len(found) == front:  # many wait for a hold to end or owe everything
        found = queue()
        given = distributed([one.waiting for one in found], pots, partial=partial)[:CHUNK]
    return {one.request_id: one for one in found}, given


def _parts(given: Sequence[Given], waiting: dict[uuid.UUID, Queued], numbers: dict[uuid.UUID, int]) -> list[_Part]:
    parts, on = [], today()
    for one in given:
        numbers[one.event_id] += 1
        request = waiting[one.request_id]
        row = {
            "group_id": session().group_id,
            "id": new_id(),
            "event_id": one.event_id,
            "number": numbers[one.event_id],
            "request_id": one.request_id,
            "amount": one.amount,
            "deductions": min(request.deductions, request.open),
            "fulfilled_on": on,
        }
        parts.append(_Part(request, row))
    return parts


def _free_savings(parts: Sequence[_Part]) -> None:
    """What is held for withdrawals is about to be used."""
    ids = {part.request.request_id for part in parts if part.request.kind is RequestKind.WITHDRAWAL}
    if ids:
        liquidity.end_holds(REQUEST, ids, by=None)


def _post(parts: Sequence[_Part]) -> None:
    """An entry for each fulfilment, so that each can be taken back alone, then the rows, then the debts."""
    posted = post_many([_draft(part) for part in parts], by=None)
    for part, entry in zip(parts, posted, strict=True):
        part.row["entry_id"], part.row["fulfilled_on"] = entry.id, entry.on
    insert_at_once(ExitFulfilment, [part.row for part in parts])
    owe([_owed(part, part.row["fulfilled_on"]) for part in parts], by=None)


def _draft(part: _Part) -> Draft:
    amount, member_id = part.amount, part.request.member_id
    leaving = part.request.kind is RequestKind.EXIT
    kind = PostingKind.EXIT_FULFILLED if leaving else PostingKind.WITHDRAWAL
    lines = [debit("exit" if leaving else "savings", amount, member_id), credit("member_payable", amount, member_id)]
    return Draft(kind, part.row["fulfilled_on"], lines, source=(SOURCE, part.row["id"]), subject=member_id)


def _owed(part: _Part, on: date) -> Owed:
    source = (SOURCE, part.row["id"])
    return Owed(part.request.member_id, part.amount, source=source, entry_id=part.row["entry_id"], on=on)


def _after(parts: Sequence[_Part]) -> list[Queued]:
    """The requests as they stand afterwards, in the order of the queue."""
    given: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    for part in parts:
        given[part.request.request_id] += part.amount
    before = {part.request.request_id: part.request for part in parts}
    return [replace(one, fulfilled=one.fulfilled + given[id_]) for id_, one in before.items()]


def _hold_the_rest(parts: Sequence[_Part], after: Sequence[Queued], spent: dict[uuid.UUID, liquidity.Spent]) -> None:
    for one in after:
        if one.kind is RequestKind.WITHDRAWAL:
            hold_open(one.request_id, one.member_id, one.open, by=None)
    used = {event_id: sum((part.amount for part in own), ZERO) for event_id, own in _by_event(parts).items()}
    left = {id_: (spent[id_].event.cash_account_id, spent[id_].left - amount) for id_, amount in used.items()}
    liquidity.hold_left(left, by=None)


def _by_event(parts: Sequence[_Part]) -> dict[uuid.UUID, list[_Part]]:
    found: dict[uuid.UUID, list[_Part]] = defaultdict(list)
    for part in parts:
        found[part.row["event_id"]].append(part)
    return found


def _tell(parts: Sequence[_Part]) -> None:
    """The log says it of the event with the amounts, and of each request that it was; the members hear it by a job."""
    for event_id, own in _by_event(parts).items():
        after = {"amount": sum((part.amount for part in own), ZERO), "requests": len(own)}
        record("fulfil", liquidity.SOURCE, event_id, by=None, after=after)
    for one in {part.request.request_id: part.request for part in parts}.values():
        record("fulfil", REQUEST, one.request_id, by=None)
    news = [
        telling.Payable(part.row["id"], part.request.request_id, part.request.member_id, part.amount) for part in parts
    ]
    telling.payable(news)

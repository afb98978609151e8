"""Taking a fulfilment back before it was paid: the request has its place again, and the money is free."""

import uuid
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.core.rows import row_with
from app.exits import states, telling
from app.exits.errors import AlreadyTakenBack, NoSuchFulfilment
from app.exits.liquidity import SOURCE as EVENT
from app.exits.liquidity import event_of, known_reversal, reason_place
from app.exits.models import ExitFulfilment, ExitRequest, ExitsReversal, ExitState
from app.exits.queries import request as request_row
from app.exits.requesting import hold_open
from app.exits.rules import ENDED, RequestKind
from app.exits.standing import reversed_fulfilments
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import reverse
from app.ledgers.entries import refuse_resting
from app.ledgers.models import Entry
from app.payouts.models import MemberPaymentPart, Payable
from app.payouts.queries import resting_on
from app.payouts.services import no_longer_owed
from app.web.filters import money

SOURCE = "exit_fulfilment"


def fulfilment_row(fulfilment_id: uuid.UUID) -> ExitFulfilment:
    """A fulfilment. Raises NoSuchFulfilment."""
    return row_with(ExitFulfilment, fulfilment_id, NoSuchFulfilment)


def refuse_reversing(fulfilment_id: uuid.UUID) -> ExitFulfilment:
    """A fulfilment that can be taken back. Raises NoSuchFulfilment, AlreadyTakenBack, SomethingRestsOnIt."""
    row = fulfilment_row(fulfilment_id)
    if session().scalar(reversed_fulfilments().where(ExitsReversal.original_id == row.id)) is not None:
        raise AlreadyTakenBack
    refuse_resting(SOURCE, row.id)
    return row


def reverse_fulfilment(fulfilment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, key: str) -> ExitsReversal:
    """Undo a fulfilment that was not paid out, once for each key; `on` is an open day.

    Its money is free and no longer set aside: else the next worker would give it to the same request at once. Raises
    as `refuse_reversing` and the books do, and KeyUsed.
    """
    lock_group()
    if (known := known_reversal(key, SOURCE, fulfilment_id)) is not None:
        return known
    row = refuse_reversing(fulfilment_id)
    request = request_row(row.request_id)
    entry = session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one()
    no_longer_owed((SOURCE, row.id), by=by)
    reverse(entry, by=by, on=on, reason=reason, subject=request.member_id)
    made = ExitsReversal(id=new_id(), original_kind=SOURCE, original_id=row.id, amount=row.amount, recorded_by=by)
    made.subject_id = request.member_id
    made.idempotency_key, made.reason_sealed = key, seal_about(request.member_id, reason, reason_place(made.id))
    session().add(made)
    session().flush()
    found = states.note_state(row.request_id, by=by)
    if found.kind is RequestKind.WITHDRAWAL:
        hold_open(found.request_id, found.member_id, found.open, by=by)
    after = {"reason": reason, "amount": row.amount}
    record("reverse", SOURCE, row.id, by=by, after=after, about=request.member_id, severity="notice")
    telling.moved(cause=made.id, behind=request)
    return made


def resting_on_fulfilment(fulfilment_id: uuid.UUID) -> list[str]:
    """What rests on a fulfilment: what was paid of it, and the end of its request."""
    over = session().scalar(
        sa.select(ExitState.state)
        .join(ExitFulfilment, ExitFulfilment.request_id == ExitState.request_id)
        .where(ExitFulfilment.id == fulfilment_id, ExitState.state.in_(ENDED))
    )
    return [*resting_on((SOURCE, fulfilment_id)), *([_("its request has ended")] if over else [])]


def resting_on_event(event_id: uuid.UUID) -> list[str]:
    """What rests on money set aside, when nothing of it is left to take back: the requests that it served."""
    if event_of(event_id).left:
        return []
    rows = session().execute(
        sa.select(ExitFulfilment.amount, ExitRequest.sequence, ExitFulfilment.fulfilled_on)
        .join(ExitRequest, ExitRequest.id == ExitFulfilment.request_id)
        .where(ExitFulfilment.event_id == event_id, ExitFulfilment.id.not_in(reversed_fulfilments()))
        .order_by(ExitFulfilment.number)
    )
    currency, sentence = group().currency, _("%(amount)s of it serves request %(number)s since %(day)s")
    return [
        sentence % {"amount": money(amount, currency), "number": number, "day": day.isoformat()}
        for amount, number, day in rows
    ]


def resting_on_payment(payment_id: uuid.UUID) -> list[str]:
    """What rests on a payment to a member: an exit that was closed on it."""
    closed = session().scalar(
        sa.select(ExitState.id)
        .join(ExitFulfilment, ExitFulfilment.request_id == ExitState.request_id)
        .join(Payable, sa.and_(Payable.source_kind == SOURCE, Payable.source_id == ExitFulfilment.id))
        .join(MemberPaymentPart, MemberPaymentPart.payable_id == Payable.id)
        .where(MemberPaymentPart.payment_id == payment_id, ExitState.state == "closed")
        .limit(1)
    )
    return [_("the member has left on it")] if closed else []


def what_waits(member_id: uuid.UUID) -> list[str]:
    """Why a member cannot simply be marked as gone: a request that is not over."""
    over = sa.exists().where(ExitState.request_id == ExitRequest.id, ExitState.state.in_(ENDED))
    open_one = sa.select(ExitRequest.id).where(
        ExitRequest.member_id == member_id, ExitRequest.kind == RequestKind.EXIT, sa.not_(over)
    )
    waits = session().scalar(open_one.limit(1)) is not None
    return [_("the exit queue has not come to its end")] if waits else []


RESTS_ON = {
    SOURCE: resting_on_fulfilment,
    EVENT: resting_on_event,
    "member_payment": resting_on_payment,
    "member": what_waits,
}

"""Taking back a share-out or its payment, where nothing rests on it; both entries stay visible."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_for
from app.distributions import telling
from app.distributions.errors import AlreadyTakenBack
from app.distributions.measures import purses
from app.distributions.models import DistributionsReversal, ShareOut, ShareOutPart, ShareOutPayment
from app.distributions.standing import entry_with, payment_of, payment_row, reversal_of, share_out_row, standing
from app.groups.models import Member
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import reverse_many
from app.ledgers.entries import refuse_resting
from app.ledgers.models import Entry
from app.payouts import queries as payouts
from app.payouts.services import no_longer_owed
from app.web.filters import day, money

SHARE_OUT, PAYMENT = "share_out", "share_out_payment"
NAMED = 10  # members in a list of what rests on something


def reverse_share_out(share_out_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> DistributionsReversal:
    """Undo an allotment: the surplus can be shared out again. `on` is an open day.

    Raises NoSuchShareOut, AlreadyTakenBack, SomethingRestsOnIt, NotEnough (a fund was used) and what the books refuse.
    """
    lock_group()
    row = share_out_row(share_out_id)
    refuse_undoing(SHARE_OUT, row.id)
    made = _reverse(SHARE_OUT, row.id, entry_with(row.entry_id), reason=reason, on=on, by=by)
    telling.allotment_taken_back(row)
    return made


def reverse_payment(payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> DistributionsReversal:
    """Undo the payment of a share-out that reached nobody yet: growth and savings are back, and the debts kept back.

    Raises NoSuchShareOut, AlreadyTakenBack, SomethingRestsOnIt and what the books refuse.
    """
    lock_group()
    row = payment_row(payment_id)
    refuse_undoing(PAYMENT, row.id)
    no_longer_owed((PAYMENT, row.id), by=by)
    made = _reverse(PAYMENT, row.id, entry_with(row.entry_id), reason=reason, on=on, by=by)
    telling.payment_taken_back(row)
    return made


def refuse_undoing(kind: str, record_id: uuid.UUID) -> None:
    """Raises AlreadyTakenBack, SomethingRestsOnIt: what stands against undoing a share-out or its payment."""
    if reversal_of(kind, record_id):
        raise AlreadyTakenBack
    refuse_resting(kind, record_id)


def entry_behind(kind: str, record_id: uuid.UUID) -> Entry:
    """The entry that undoing mirrors. Raises NoSuchShareOut."""
    row: ShareOut | ShareOutPayment = share_out_row(record_id) if kind == SHARE_OUT else payment_row(record_id)
    return entry_with(row.entry_id)


def resting_on_share_out(share_out_id: uuid.UUID) -> list[str]:
    """Its payment, a later share-out, and members whose growth was used or who are leaving with it."""
    row = share_out_row(share_out_id)
    found = []
    paid = payment_of(row.id)
    if paid is not None:
        found.append(_("its payment of %(day)s", day=day(paid.effective_on)))
    later = session().scalars(standing().where(ShareOut.last_day > row.last_day)).all()
    found += [_("the share-out of the cycle through %(day)s", day=day(one.last_day)) for one in later]
    return found or _used_growth(row)


def _used_growth(row: ShareOut) -> list[str]:
    purse, currency = purses(), group().currency
    query = (
        sa.select(ShareOutPart.member_id, ShareOutPart.amount, Member)
        .join(Member, Member.id == ShareOutPart.member_id)
        .where(ShareOutPart.share_out_id == row.id)
        .order_by(ShareOutPart.place)
    )
    found = []
    for who, amount, member in session().execute(query):
        growth = purse[who].growth if who in purse else Decimal(0)
        if member.leaving_since or member.status == "left":
            found.append(_("%(name)s is leaving, and it is in their entitlement", name=member.display_name))
        elif growth < amount:
            told = {"name": member.display_name, "left": money(max(growth, Decimal(0)), currency)}
            found.append(_("of the growth of %(name)s only %(left)s is left", **told))
    return _shortened(found)


def _shortened(found: Sequence[str]) -> list[str]:
    more = len(found) - NAMED
    return [*found[:NAMED], *([_("and of %(count)s more members", count=more)] if more > 0 else [])]


def resting_on_payment(payment_id: uuid.UUID) -> list[str]:
    """What of it was paid to members already."""
    return _shortened(payouts.resting_on((PAYMENT, payment_id)))


def _reverse(
    kind: str, record_id: uuid.UUID, entry: Entry, *, reason: str, on: date, by: uuid.UUID
) -> DistributionsReversal:
    undone = reverse_many([entry], by=by, on=on, reason=reason)[0]
    row = DistributionsReversal(
        id=new_id(), original_kind=kind, original_id=record_id, entry_id=undone.id, recorded_by=by
    )
    row.reason_sealed = seal_for(session().group_id, reason, place_of_reason(row.id))
    session().add(row)
    session().flush()
    record("reverse", kind, record_id, by=by, after={"reason": reason}, severity="notice")
    return row


def place_of_reason(row_id: uuid.UUID) -> str:
    """What the sealed reason of a reversal is bound to."""
    return f"distributions_reversal|{row_id}"

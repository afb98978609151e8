"""Penalties by hand: levied and waived. None of it changes anybody's savings."""

import uuid
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.groups.models import Member
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.savings.errors import NotAMember
from app.savings.lookups import penalty_row
from app.savings.models import Penalty, PenaltyWaiver
from app.savings.planning import PAYS
from app.savings.policy import terms
from app.savings.rules import PenaltyReason, check_penalty_payment
from app.savings.standings import PenaltyStanding, penalties_of
from app.savings.windows import lock_windows, window


def levy_penalty(
    *,
    member_id: uuid.UUID,
    amount: Decimal,
    on: date,
    note: str,
    by: uuid.UUID,
    key: str,
    window_id: uuid.UUID | None = None,
) -> Penalty:
    """Make a penalty owed, once for each key. Raises NotAMember, NoSuchWindow and what the books refuse."""
    lock_windows()  # else the same form sent twice at once would find nothing twice
    known = session().scalar(sa.select(Penalty).where(Penalty.idempotency_key == key))
    if known is not None:
        return known
    member = session().scalar(sa.select(Member).where(Member.id == member_id))
    if member is None or member.status not in PAYS:
        raise NotAMember(name=member.display_name if member else "?", field="member")
    if window_id is not None:
        window(window_id)
    row = Penalty(
        id=new_id(),
        member_id=member.id,
        window_id=window_id,
        payment_id=None,
        amount=amount,
        reason=PenaltyReason.OTHER.value,
        levied_on=on,
        settled_at_once=False,
        idempotency_key=key,
        levied_by=by,
    )
    lines = [debit("penalties_receivable", amount, member.id), credit("penalty_income", amount)]
    draft = Draft(PostingKind.PENALTY_LEVIED, on, lines, source=("penalty", row.id), note=note, subject=member.id)
    row.entry_id = post(draft, by=by).id
    session().add(row)
    session().flush()
    record("create", "penalty", row.id, by=by, after={"amount": amount}, about=member.id, severity="notice")
    return row


def waive_penalty(penalty_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID) -> PenaltyWaiver:
    """No longer ask for what is owed of a penalty. Raises NoSuchPenalty, PenaltyNotOpen."""
    lock_windows()
    found = standing_of(penalty_id)
    check_penalty_payment(found.state, owed=found.owed, currency=terms().currency)
    member_id, owed = found.penalty.member_id, found.owed
    row = PenaltyWaiver(id=new_id(), penalty_id=penalty_id, amount=owed, approved_by=by)
    row.reason_sealed = seal_about(member_id, reason, f"penalty_waiver|{row.id}")
    lines = [debit("penalty_income", owed), credit("penalties_receivable", owed, member_id)]
    draft = Draft(PostingKind.PENALTY_WAIVED, on, lines, source=("penalty_waiver", row.id), subject=member_id)
    row.entry_id = post(draft, by=by).id
    session().add(row)
    session().flush()
    record("waive", "penalty", penalty_id, by=by, after={"reason": reason, "amount": owed}, about=member_id)
    return row


def standing_of(penalty_id: uuid.UUID) -> PenaltyStanding:
    """A penalty with what was paid and its state. Raises NoSuchPenalty."""
    penalty = penalty_row(penalty_id)
    return next(found for found in penalties_of([penalty.member_id]) if found.penalty.id == penalty.id)

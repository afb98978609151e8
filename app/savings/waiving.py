"""Not asking for an expected contribution: neither due nor late afterwards, and nothing is booked."""

import uuid
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import seal_about
from app.groups.models import Member
from app.savings.errors import NotAMember, NothingToWaive
from app.savings.models import WindowWaiver
from app.savings.policy import terms
from app.savings.rules import check_waivable, status_of
from app.savings.standings import asks, savings_rows, waivers
from app.savings.windows import lock_windows, window


def waive_contribution(*, window_id: uuid.UUID, member_id: uuid.UUID, reason: str, by: uuid.UUID) -> WindowWaiver:
    """Not ask for a member's contribution of a window; nothing is booked. Raises NoSuchWindow, NothingToWaive."""
    lock_windows()
    asked = window(window_id)
    member = session().scalar(sa.select(Member).where(Member.id == member_id))
    if member is None:
        raise NotAMember(name="?", field="member")
    if window_id in waivers([member_id])[member_id] or not asks(asked, member, terms().zone):
        raise NothingToWaive(window=asked.name)
    paid = sum((row.amount for row in savings_rows([member_id], [window_id])), Decimal(0))
    check_waivable(status_of(asked, paid=paid, now=clock.now(), zone=terms().zone))
    row = WindowWaiver(id=new_id(), window_id=window_id, member_id=member_id, approved_by=by)
    row.reason_sealed = seal_about(member_id, reason, f"window_waiver|{row.id}")
    session().add(row)
    session().flush()
    record("waive", "contribution_window", window_id, by=by, after={"reason": reason}, about=member_id)
    return row

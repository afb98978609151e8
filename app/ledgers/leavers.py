"""What was promised to who leaves rests on their accounts: what made these is not taken back behind their backs."""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.groups.models import Member
from app.groups.rules import Status
from app.ledgers.errors import SomethingRestsOnIt
from app.ledgers.models import Account, Entry, Posting

FROZEN = ("savings", "holdings", "asset_share", "realised_growth")  # what an entitlement is made of
NAMED = 5


def refuse_leavers(entries: Collection[uuid.UUID]) -> None:
    """Raises SomethingRestsOnIt, with names, when undoing these entries would change what somebody was promised.

    Of who has asked to leave, entries of before that count: the entitlement was fixed with what they made. Who has left
    has nothing any more, and nothing is given to them by undoing.
    """
    if found := resting_leavers(entries):
        raise SomethingRestsOnIt(what="; ".join(found))


def resting_leavers(entries: Collection[uuid.UUID]) -> Sequence[str]:
    """A sentence for each member concerned, the first few of them."""
    gone = Member.status == Status.LEFT
    asked_since = sa.and_(Member.leaving_since > Entry.recorded_at, Account.kind.in_(FROZEN))
    rows = session().execute(
        sa.select(Member.display_name, sa.func.bool_or(gone))
        .join(Account, Account.owner_id == Member.id)
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.id.in_(entries), sa.or_(gone, asked_since))
        .group_by(Member.id, Member.display_name)
        .order_by(sa.func.lower(Member.display_name), Member.id)
        .limit(NAMED)
    )
    asked = _("%(name)s has asked to leave, and it is in the entitlement that was fixed then")
    return [_left(name) if has_left else asked % {"name": name} for name, has_left in rows]


def resting_gone(member_ids: Collection[uuid.UUID]) -> Sequence[str]:
    """A sentence for each of these who has left, the first few: also what stood in no entry is not given to them."""
    wanted = sa.select(Member.display_name).where(Member.id.in_(member_ids), Member.status == Status.LEFT)
    rows = session().scalars(wanted.order_by(sa.func.lower(Member.display_name), Member.id).limit(NAMED))
    return [_left(name) for name in rows] if member_ids else []


def _left(name: str) -> str:
    return str(_("%(name)s has left the group", name=name))

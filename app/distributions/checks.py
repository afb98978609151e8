"""What is proved of share-outs: each has its one entry of just these amounts, parts add up, and each member has one."""

import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.distributions.models import Fund, ShareOut, ShareOutPart, ShareOutPayment, ShareOutPaymentPart
from app.distributions.standing import taken_back
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.record_checks import entries_alone

ZERO = Decimal(0)
Moved = Mapping[tuple[uuid.UUID, str], Mapping[uuid.UUID | None, Decimal]]  # (entry, kind of account): owner, amount


def share_outs() -> Check:
    """The parts and the funds' parts are what was distributed, each once; the entry moves just that; undone alike."""
    parts: dict[uuid.UUID, dict[uuid.UUID | None, Decimal]] = {}
    rows = sa.select(ShareOutPart.share_out_id, ShareOutPart.member_id, ShareOutPart.amount)
    for share_out_id, member_id, amount in session().execute(rows):
        parts.setdefault(share_out_id, {})[member_id] = amount
    whole = session().scalars(sa.select(ShareOut).order_by(ShareOut.id)).all()
    moved = _moved(row.entry_id for row in whole)
    faults = [*_named(ShareOut, _("Share-out"))]
    for row in whole:
        own = parts.get(row.id, {})
        kept = [amount for amount in (row.reserve, row.education) if amount]
        is_whole = sum(own.values(), ZERO) == row.shared and len(own) == row.members
        if not is_whole:
            faults.append(_("Share-out %(id)s: its parts are not what was shared.", id=row.id))
        funds = sorted(-amount for amount in moved.get((row.entry_id, "fund"), {}).values())
        says = {who: -amount for who, amount in moved.get((row.entry_id, "realised_growth"), {}).items()}
        taken = sum(moved.get((row.entry_id, "appropriated"), {}).values(), ZERO)
        if says != own or funds != sorted(kept) or taken != row.shared + sum(kept, ZERO):
            faults.append(_("Share-out %(id)s: its entry is not what its parts say.", id=row.id))
    return Check(_("Share-outs"), len(whole), faults)


def payments() -> Check:
    """What each member was paid is in the entry, and what is owed and kept back adds up; undone alike."""
    parts: dict[uuid.UUID, list[ShareOutPaymentPart]] = {}
    for part in session().scalars(sa.select(ShareOutPaymentPart)):
        parts.setdefault(part.payment_id, []).append(part)
    whole = session().scalars(sa.select(ShareOutPayment).order_by(ShareOutPayment.id)).all()
    moved = _moved(row.entry_id for row in whole)
    faults = [*_named(ShareOutPayment, _("Payment of a share-out"))]
    for row in whole:
        own = parts.get(row.id, [])
        sums = (sum((part.owed for part in own), ZERO), sum((part.deducted for part in own), ZERO))
        if sums != (row.owed, row.deducted) or len(own) != row.members:
            faults.append(_("Payment of a share-out %(id)s: its parts are not what was paid.", id=row.id))
        wanted = {
            "realised_growth": {part.member_id: part.growth for part in own if part.growth},
            "savings": {part.member_id: part.savings for part in own if part.savings},
            "member_payable": {part.member_id: -part.owed for part in own if part.owed},
        }
        if any(moved.get((row.entry_id, kind), {}) != told for kind, told in wanted.items()):
            faults.append(_("Payment of a share-out %(id)s: its entry is not what its parts say.", id=row.id))
    return Check(_("Payments of share-outs"), len(whole), faults)


def cycles_do_not_overlap() -> Check:
    """No day is shared out twice."""
    query = sa.select(ShareOut.first_day, ShareOut.last_day, ShareOut.id)
    rows = (
        session().execute(query.where(ShareOut.id.not_in(taken_back("share_out"))).order_by(ShareOut.first_day)).all()
    )
    told = _("Share-out %(id)s begins in a cycle shared out before.")
    faults = [told % {"id": after.id} for before, after in pairwise(rows) if after.first_day <= before.last_day]
    return Check(_("Cycles of share-outs"), len(rows), faults)


def funds() -> Check:
    """Every account of a fund has its fund, and every fund its account."""
    accounts = set(session().scalars(sa.select(Account.owner_id).where(Account.kind == "fund")))
    known = set(session().scalars(sa.select(Fund.id)))
    faults = [
        _("Fund %(id)s and its account do not belong together.", id=one) for one in sorted(accounts ^ known, key=str)
    ]
    return Check(_("Funds"), len(known), faults)


def _named(table: type[ShareOut] | type[ShareOutPayment], name: str) -> list[str]:
    """Records whose entry does not name them or is not reversed as they are, and entries that name no record."""
    kind, own = table.__tablename__, sa.orm.aliased(Entry)
    named = sa.func.coalesce(sa.and_(own.source_kind == kind, own.source_id == table.id), sa.false())
    gone = sa.exists().where(Entry.reverses_id == table.entry_id)
    is_right = sa.and_(named, gone == table.id.in_(taken_back(kind)))
    bad: sa.Select[Any] = sa.select(table.id).outerjoin(own, own.id == table.entry_id).where(sa.not_(is_right))
    faults = [
        _("%(name)s %(id)s and its entry are not alike.", name=name, id=row_id) for row_id in session().scalars(bad)
    ]
    return [*faults, *entries_alone(table, name)]


def _moved(entry_ids: Iterable[uuid.UUID]) -> Moved:
    rows = session().execute(
        sa.select(Posting.entry_id, Account.kind, Account.owner_id, sa.func.sum(Posting.amount))
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.entry_id.in_(list(entry_ids)))
        .group_by(Posting.entry_id, Account.kind, Account.owner_id)
    )
    found: dict[tuple[uuid.UUID, str], dict[uuid.UUID | None, Decimal]] = {}
    for entry_id, kind, owner, amount in rows:
        found.setdefault((entry_id, kind), {})[owner] = amount
    return found


CHECKS = (share_outs, payments, cycles_do_not_overlap, funds)

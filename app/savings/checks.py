"""What is proved of savings: each record has exactly its entry, reversed if and only if it is, and the books agree."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.ledgers.record_checks import entries_alone
from app.savings.models import Contribution, HeldReceipt, HeldReceiptEnd, Penalty, PenaltyPayment, PenaltyWaiver
from app.savings.queries import still_held
from app.savings.standings import counts, penalties_of, taken_back

# Table, what it is called, the kind of account its amount stands on, and when it is undone.
_GONE = {
    Contribution: Contribution.payment_id.in_(taken_back("payment")),
    Penalty: sa.or_(
        Penalty.id.in_(taken_back("penalty")),
        sa.func.coalesce(Penalty.payment_id.in_(taken_back("payment")), sa.false()),
    ),
    PenaltyPayment: PenaltyPayment.payment_id.in_(taken_back("payment")),
    PenaltyWaiver: PenaltyWaiver.id.in_(taken_back("penalty_waiver")),
    HeldReceipt: HeldReceipt.payment_id.in_(taken_back("payment")),
}
Record = type[Contribution] | type[Penalty] | type[PenaltyPayment] | type[PenaltyWaiver] | type[HeldReceipt]


def _records(table: Record, name: str) -> Check:
    """Each row has one entry of its own amount that names it, reversed if and only if the row is; no entry is alone."""
    own = sa.orm.aliased(Entry)
    debits = sa.select(sa.func.sum(Posting.amount)).where(Posting.entry_id == table.entry_id, Posting.amount > 0)
    named = sa.and_(own.source_kind == table.__tablename__, own.source_id == table.id)
    is_named = sa.and_(sa.func.coalesce(named, sa.false()), debits.scalar_subquery() == table.amount)
    is_undone_alike = sa.exists().where(Entry.reverses_id == table.entry_id) == _GONE[table]
    rows = sa.select(table.id, is_named).outerjoin(own, own.id == table.entry_id)
    bad = rows.where(table.entry_id.is_not(None), sa.not_(sa.and_(is_named, is_undone_alike))).order_by(table.id)
    unlike = _("%(name)s: %(id)s and its entry are not reversed alike.")
    without = _("%(name)s: %(id)s has no entry of its amount.")
    faults = [(unlike if known else without) % {"name": name, "id": row_id} for row_id, known in session().execute(bad)]
    looked = session().scalar(sa.select(sa.func.count(table.entry_id))) or 0
    return Check(name, looked, [*faults, *entries_alone(table, name)])


def contributions() -> Check:
    """Every contribution and its entry."""
    return _records(Contribution, _("Contributions"))


def penalties() -> Check:
    """Every penalty and its entry."""
    return _records(Penalty, _("Penalties"))


def penalty_payments() -> Check:
    """Every payment of a penalty and its entry."""
    return _records(PenaltyPayment, _("Payments of penalties"))


def penalty_waivers() -> Check:
    """Every waiver of a penalty and its entry."""
    return _records(PenaltyWaiver, _("Waivers of penalties"))


def held_receipts() -> Check:
    """Every held receipt and its entry; together they are a part of what is unallocated."""
    found = _records(HeldReceipt, _("Held receipts"))
    waiting = session().scalar(sa.select(sa.func.coalesce(sa.func.sum(HeldReceipt.amount), 0)).where(still_held()))
    kept = -(_balance("unallocated") or 0)
    short = _("%(waiting)s is held, and only %(kept)s is unallocated.", waiting=waiting, kept=kept)
    return Check(found.name, found.looked_at, [*found.faults, *([short] if (waiting or 0) > kept else [])])


def held_receipts_end_once() -> Check:
    """No held receipt is both returned and allocated, or twice one of them."""
    counted = sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment")))
    query = sa.select(HeldReceiptEnd.held_receipt_id, sa.func.count()).where(counted)
    rows = session().execute(query.group_by(HeldReceiptEnd.held_receipt_id)).all()
    faults = [_("Held receipt %(id)s ended %(count)s times.", id=held, count=n) for held, n in rows if n > 1]
    return Check(_("Ends of held receipts"), len(rows), faults)


def penalties_are_what_is_owed() -> Check:
    """The receivable of each member is what is open on the member's penalties."""
    owed: dict[Any, Any] = {}
    for found in penalties_of():
        owed[found.penalty.member_id] = owed.get(found.penalty.member_id, 0) + found.owed
    query = sa.select(Account.owner_id, AccountBalance.balance).join(
        AccountBalance, AccountBalance.account_id == Account.id
    )
    kept = {owner: balance for owner, balance in session().execute(query.where(Account.kind == "penalties_receivable"))}  # noqa: C416  # dict(rows) is not typed as one
    brought = _posted("penalties_receivable", "opening_balance")
    faults = [
        _("Member %(id)s owes %(owed)s of penalties, the books say %(kept)s.", id=who, owed=owed.get(who, 0), kept=says)
        for who in owed.keys() | kept.keys()
        if owed.get(who, 0) != (says := kept.get(who, 0) - brought.get(who, 0))
    ]
    return Check(_("Penalties owed"), len(owed), sorted(faults))


def savings_are_contributions() -> Check:
    """What contributions brought to each member's savings is the sum of those that count."""
    query = sa.select(Contribution.member_id, sa.func.sum(Contribution.amount)).where(counts())
    saved = {row[0]: row[1] for row in session().execute(query.group_by(Contribution.member_id))}
    posted = {who: -amount for who, amount in _posted("savings", None, source="contribution").items()}
    faults = [
        _("Member %(id)s contributed %(saved)s, the books say %(kept)s.", id=who, saved=saved.get(who, 0), kept=says)
        for who in saved.keys() | posted.keys()
        if saved.get(who, 0) != (says := posted.get(who, 0))
    ]
    return Check(_("Savings from contributions"), len(saved), sorted(faults))


def _posted(account_kind: str, entry_kind: str | None, *, source: str | None = None) -> dict[Any, Any]:
    """What entries of a kind or of a source, their reversals too, moved on accounts of a kind, by owner."""
    query = (
        sa.select(Account.owner_id, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == account_kind)
        .group_by(Account.owner_id)
    )
    if source is not None:
        query = query.where(Entry.source_kind == source)
    if entry_kind is not None:
        original = sa.orm.aliased(Entry)
        of_kind = sa.select(original.id).where(original.kind == entry_kind)
        query = query.where(sa.or_(Entry.kind == entry_kind, Entry.reverses_id.in_(of_kind)))
    return {row[0]: row[1] for row in session().execute(query)}


def _balance(kind: str) -> Any:
    query = sa.select(sa.func.sum(AccountBalance.balance)).join(Account, Account.id == AccountBalance.account_id)
    return session().scalar(query.where(Account.kind == kind))


CHECKS = (
    contributions,
    penalties,
    penalty_payments,
    penalty_waivers,
    held_receipts,
    held_receipts_end_once,
    penalties_are_what_is_owed,
    savings_are_contributions,
)

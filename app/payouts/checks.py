"""What is proved of payouts: entries, debts and payments say the same, and nothing was paid twice or too much."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.ledgers.models import Account, AccountBalance, Entry, Posting
from app.payouts.models import MemberPayment, MemberPaymentPart, Payable, PayableEnd
from app.payouts.queries import taken_back
from app.payouts.rules import ZERO


def _reversed(entry_id: Any) -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(Entry)
    return sa.exists().where(later.reverses_id == entry_id)


def payables() -> Check:
    """Each debt is what its entry credited the member's payable with, and ended if and only if that is reversed."""
    credited, owed = _credited(), _owed()
    keys = sorted(credited.keys() | owed.keys(), key=str)
    sentence = _("Entry %(entry)s credits member %(id)s with %(credited)s, and %(owed)s is noted as owed.")
    faults = [
        sentence % {"entry": entry_id, "id": owner, "credited": credited.get(key, ZERO), "owed": owed.get(key, ZERO)}
        for key in keys
        for entry_id, owner in [key]
        if credited.get(key, ZERO) != owed.get(key, ZERO)
    ]
    ended = sa.exists().where(PayableEnd.payable_id == Payable.id)
    unlike = sa.select(Payable.id).where(ended != _reversed(Payable.entry_id)).order_by(Payable.id)
    told = _("What is owed by %(id)s and its entry did not end alike.")
    faults += [told % {"id": row_id} for row_id in session().scalars(unlike)]
    return Check(_("What is owed to members"), len(keys), faults)


def _credited() -> Mapping[tuple[uuid.UUID, uuid.UUID], Decimal]:
    """What each entry that is no reversal credited to members' payables, by entry and member."""
    total = -sa.func.sum(Posting.amount)
    rows = session().execute(
        sa.select(Posting.entry_id, Account.owner_id, total)
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == "member_payable", Posting.amount < 0, Entry.reverses_id.is_(None))
        .group_by(Posting.entry_id, Account.owner_id)
    )
    return {(entry_id, owner): Decimal(amount) for entry_id, owner, amount in rows if owner}


def _owed() -> Mapping[tuple[uuid.UUID, uuid.UUID], Decimal]:
    rows = session().execute(
        sa.select(Payable.entry_id, Payable.member_id, sa.func.sum(Payable.amount)).group_by(
            Payable.entry_id, Payable.member_id
        )
    )
    return {(entry_id, member_id): Decimal(amount) for entry_id, member_id, amount in rows}


def payments() -> Check:
    """Each payment has one entry of its amount that names it, reversed if and only if it was taken back."""
    own = sa.orm.aliased(Entry)
    debits = sa.select(sa.func.sum(Posting.amount)).where(
        Posting.entry_id == MemberPayment.entry_id, Posting.amount > 0
    )
    parts = sa.select(sa.func.sum(MemberPaymentPart.amount)).where(MemberPaymentPart.payment_id == MemberPayment.id)
    named = sa.and_(own.kind == "member_paid", own.source_kind == "member_payment", own.source_id == MemberPayment.id)
    rows = (
        session()
        .execute(
            sa.select(
                MemberPayment.id,
                sa.func.coalesce(sa.and_(named, debits.scalar_subquery() == MemberPayment.amount), sa.false()),
                sa.func.coalesce(parts.scalar_subquery() == MemberPayment.amount, sa.false()),
                _reversed(MemberPayment.entry_id) == MemberPayment.id.in_(taken_back()),
            )
            .outerjoin(own, own.id == MemberPayment.entry_id)
            .order_by(MemberPayment.id)
        )
        .all()
    )
    faults = [
        sentence % {"id": row.id}
        for row in rows
        for holds, sentence in (
            (row[1], _("Payment %(id)s has no entry of its amount.")),
            (row[2], _("Payment %(id)s is not the sum of what it was for.")),
            (row[3], _("Payment %(id)s and its entry are not reversed alike.")),
        )
        if not holds
    ]
    known = sa.select(MemberPayment.entry_id)
    alone = sa.select(Entry.number).where(
        Entry.kind == "member_paid", Entry.reverses_id.is_(None), Entry.id.not_in(known)
    )
    told = _("Entry %(number)s pays a member, and no payment has it.")
    faults += [told % {"number": number} for number in session().scalars(alone.order_by(Entry.number))]
    return Check(_("Payments to members"), len(rows), faults)


def nothing_paid_twice() -> Check:
    """Of nothing more was paid than was owed, nothing that ended was paid, and each went to whom it is owed."""
    paid = sa.func.coalesce(sa.func.sum(MemberPaymentPart.amount), 0)
    rows = (
        session()
        .execute(
            sa.select(Payable.id, Payable.amount, paid, sa.func.bool_and(MemberPayment.member_id == Payable.member_id))
            .join(MemberPaymentPart, MemberPaymentPart.payable_id == Payable.id)
            .join(MemberPayment, MemberPayment.id == MemberPaymentPart.payment_id)
            .where(MemberPayment.id.not_in(taken_back()))
            .group_by(Payable.group_id, Payable.id, Payable.amount)
            .order_by(Payable.id)
        )
        .all()
    )
    ended = set(session().scalars(sa.select(PayableEnd.payable_id)))
    over = _("%(paid)s of %(id)s was paid, of which only %(owed)s was owed.")
    other = _("%(id)s was paid to somebody else.")
    faults = []
    for payable_id, amount, given, alike in rows:
        owed = ZERO if payable_id in ended else amount
        if given > owed:
            faults.append(over % {"paid": given, "id": payable_id, "owed": owed})
        if not alike:
            faults.append(other % {"id": payable_id})
    return Check(_("Nothing paid twice"), len(rows), faults)


def payable_is_what_is_open() -> Check:
    """The payable of each member in the books is what is still open of what is owed to them."""
    paid = sa.func.coalesce(
        sa.select(sa.func.sum(MemberPaymentPart.amount))
        .where(MemberPaymentPart.payable_id == Payable.id, MemberPaymentPart.payment_id.not_in(taken_back()))
        .scalar_subquery(),
        0,
    )
    left = sa.select(Payable.member_id, sa.func.sum(Payable.amount - paid)).where(
        Payable.id.not_in(sa.select(PayableEnd.payable_id))
    )
    opened = {member_id: amount for member_id, amount in session().execute(left.group_by(Payable.member_id))}  # noqa: C416  # dict(rows) is not typed as one
    kept = sa.select(Account.owner_id, -AccountBalance.balance).join(
        AccountBalance, AccountBalance.account_id == Account.id
    )
    rows = session().execute(kept.where(Account.kind == "member_payable"))
    books = {owner: amount for owner, amount in rows if owner}
    faults = [
        _("Member %(id)s is owed %(open)s, the books say %(kept)s.", id=who, open=opened.get(who, ZERO), kept=says)
        for who in opened.keys() | books.keys()
        if opened.get(who, ZERO) != (says := books.get(who, ZERO))
    ]
    return Check(_("Payables of members"), len(opened.keys() | books.keys()), sorted(faults))


CHECKS = (payables, payments, nothing_paid_twice, payable_is_what_is_open)

"""What is proved of payouts to owners: entries, parts, receipts and the books say the same."""

import uuid
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.credits.checks import balances_of, is_reversed, moved
from app.credits.rules import ZERO
from app.ledgers.models import Account, Entry, Posting
from app.owners.models import OwnerPayout, OwnerPayoutPart, OwnerPayoutReversal
from app.owners.received import taken_back
from app.owners.years import all_of_year, years_of
from app.receipts.models import Receipt, ReceiptReversal
from app.registry.models import Party


def payouts() -> Check:
    """Each payout has one entry of its amount and is the sum of its parts, all on receipts of that owner."""
    entry = sa.orm.aliased(Entry)
    named = sa.and_(entry.kind == "owner_paid", entry.source_kind == "owner_payout", entry.source_id == OwnerPayout.id)
    whole = moved(OwnerPayout.entry_id, "owner_payable", OwnerPayout.owner_id) == OwnerPayout.amount
    own = sa.select(sa.func.sum(OwnerPayoutPart.amount)).join(Receipt, Receipt.id == OwnerPayoutPart.receipt_id)
    parts = own.where(OwnerPayoutPart.payout_id == OwnerPayout.id, Receipt.owner_id == OwnerPayout.owner_id)
    undone = OwnerPayout.id.in_(sa.select(OwnerPayoutReversal.payout_id))
    query = sa.select(
        OwnerPayout.id,
        sa.func.coalesce(sa.and_(named, whole), sa.false()),
        sa.func.coalesce(parts.scalar_subquery() == OwnerPayout.amount, sa.false()),
        is_reversed(OwnerPayout.entry_id) == undone,
    ).outerjoin(entry, entry.id == OwnerPayout.entry_id)
    rows = session().execute(query.order_by(OwnerPayout.id)).all()
    sentences = (
        _("Payout %(id)s has no entry of its amount."),
        _("Payout %(id)s is not the sum of its parts."),
        _("Payout %(id)s and its entry are not reversed alike."),
    )
    faults = [
        text % {"id": row[0]} for row in rows for text, holds in zip(sentences, row[1:], strict=True) if not holds
    ]
    return Check(_("Payouts to owners"), len(rows), faults)


def payables() -> Check:
    """What each owner is owed in the books is what their receipts that count come to, less what they were paid."""
    issued = sa.select(Receipt.owner_id, sa.func.sum(Receipt.net + Receipt.charges))
    issued = issued.join(Party, Party.id == Receipt.owner_id).where(
        sa.not_(Party.is_group), ~sa.exists().where(ReceiptReversal.receipt_id == Receipt.id)
    )
    ours = {owner: Decimal(amount) for owner, amount in session().execute(issued.group_by(Receipt.owner_id))}
    paid = sa.select(OwnerPayout.owner_id, sa.func.sum(OwnerPayout.amount)).where(OwnerPayout.id.not_in(taken_back()))
    for owner, amount in session().execute(paid.group_by(OwnerPayout.owner_id)):
        ours[owner] = ours.get(owner, ZERO) - amount
    books = {owner: -amount for owner, amount in balances_of("owner_payable").items()}
    keys = sorted(ours.keys() | books.keys(), key=str)
    faults = [
        _("Owner %(id)s is owed %(ours)s, the books say %(books)s.", id=key, ours=own, books=said)
        for key in keys
        for own, said in [(ours.get(key, ZERO), books.get(key, ZERO))]
        if own != said
    ]
    return Check(_("What is owed to owners"), len(keys), faults)


def sheets() -> Check:
    """The years of each owner are what the entries of receipts booked for them, and of all what clients owe by them."""
    told = [row for year in years_of() for row in all_of_year(year)]
    ours: dict[uuid.UUID, Decimal] = {}
    for row in told:
        ours[row.owner.id] = ours.get(row.owner.id, ZERO) + row.net + row.charges
    total, said = sum(ours.values(), ZERO), sum(_booked("rent_receivable").values(), ZERO)
    faults = [_("The years of owners come to %(told)s, the books to %(said)s.", told=total, said=said)]
    faults = faults if total != said else []
    books, own = _booked("owner_payable"), {row.owner.id for row in told if row.owner.is_group}
    unlike = _("The years of owner %(id)s come to %(told)s, the books to %(said)s.")
    faults += [
        unlike % {"id": who, "told": mine, "said": -books.get(who, ZERO)}
        for who, mine in sorted(ours.items())
        if who not in own and mine != -books.get(who, ZERO)
    ]
    uneven = _("The year of owner %(id)s: gross less what was withheld is not the net.")
    faults += [uneven % {"id": row.owner.id} for row in told if row.gross - row.withheld != row.net]
    return Check(_("Tax sheets and receipts"), len(told), faults)


def _booked(kind: str) -> dict[uuid.UUID, Decimal]:
    """What entries of receipts, and their reversals, moved on the accounts of a kind, by owner."""
    first = sa.orm.aliased(Entry)
    rows = session().execute(
        sa.select(Account.owner_id, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(first, first.id == Entry.reverses_id)
        .where(Account.kind == kind, sa.func.coalesce(first.kind, Entry.kind) == "rent_receipt")
        .group_by(Account.owner_id)
    )
    return {owner: Decimal(amount) for owner, amount in rows if owner}


CHECKS = (payouts, payables, sheets)

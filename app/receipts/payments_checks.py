"""What is proved of money on receipts: parts, payments, deposits and the books say the same."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.credits.checks import balances_of, is_reversed, moved
from app.credits.rules import ZERO
from app.ledgers.models import Account, Entry, Posting
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.payment_models import ClientPayment, DepositMovement, ReceiptPart, RentMoneyReversal


def _paid() -> Any:
    total = sa.func.sum(ReceiptPart.amount).label("amount")
    return sa.select(ReceiptPart.receipt_id, total).group_by(ReceiptPart.receipt_id).subquery("paid")


def parts() -> Check:
    """Of no receipt more is paid than is owed, and of one that was reversed nothing."""
    paid = _paid()
    undone = sa.exists().where(ReceiptReversal.receipt_id == Receipt.id)
    amount = sa.func.coalesce(paid.c.amount, 0)
    owed = sa.case((undone, 0), else_=Receipt.net + Receipt.charges)
    joined = sa.select(Receipt.id, amount, owed).outerjoin(paid, paid.c.receipt_id == Receipt.id)
    wrong = session().execute(joined.where(sa.or_(amount < 0, amount > owed)).order_by(Receipt.id))
    sentence = _("Of receipt %(id)s %(paid)s is paid, and %(owed)s is owed.")
    faults = [sentence % {"id": id_, "paid": n, "owed": most} for id_, n, most in wrong]
    count = session().scalar(sa.select(sa.func.count()).select_from(ReceiptPart)) or 0
    return Check(_("What is paid of receipts"), count, faults)


def parts_and_entries() -> Check:
    """Each entry that paid rent, or undid that, moved the receivable by just the parts that name it."""
    total = sa.func.sum(ReceiptPart.amount).label("amount")
    noted = sa.select(ReceiptPart.entry_id, total).group_by(ReceiptPart.entry_id).subquery("noted")
    first = sa.orm.aliased(Entry)
    line = sa.func.sum(Posting.amount).label("amount")
    booked = (
        sa.select(Posting.entry_id, line)
        .join(Account, Account.id == Posting.account_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(first, first.id == Entry.reverses_id)
        .where(Account.kind == "rent_receivable", sa.func.coalesce(first.kind, Entry.kind) != "rent_receipt")
        .group_by(Posting.entry_id)
        .subquery("booked")
    )
    rows = session().execute(
        sa.select(sa.func.coalesce(booked.c.entry_id, noted.c.entry_id), booked.c.amount, noted.c.amount)
        .select_from(booked)
        .join(noted, noted.c.entry_id == booked.c.entry_id, full=True)
    )
    found = rows.all()
    sentence = _("Entry %(id)s moves the receivable by %(booked)s, and its parts come to %(noted)s.")
    faults = [
        sentence % {"id": id_, "booked": booked_ or ZERO, "noted": noted_ or ZERO}
        for id_, booked_, noted_ in found
        if (booked_ or ZERO) != -(noted_ or ZERO)
    ]
    return Check(_("Parts of receipts and entries"), len(found), sorted(faults))


def receivables() -> Check:
    """What each client owes in the books is what is unpaid on their receipts that count."""
    paid = _paid()
    left = sa.func.sum(Receipt.net + Receipt.charges - sa.func.coalesce(paid.c.amount, 0))
    counts = ~sa.exists().where(ReceiptReversal.receipt_id == Receipt.id)
    rows = session().execute(
        sa.select(Receipt.client_id, left)
        .outerjoin(paid, paid.c.receipt_id == Receipt.id)
        .where(counts)
        .group_by(Receipt.client_id)
        .having(left != 0)
    )
    opened = {client: Decimal(amount) for client, amount in rows}
    sentence = _("Client %(id)s owes %(open)s on receipts, the books say %(booked)s.")
    return _same(_("Rent that is owed"), opened, balances_of("rent_receivable"), sentence)


def deposits() -> Check:
    """What is held of each client in the books is what their leases' deposits come to."""
    signed = sa.case((DepositMovement.kind == "in", DepositMovement.amount), else_=-DepositMovement.amount)
    total = sa.func.sum(signed)
    undone = sa.select(RentMoneyReversal.movement_id).where(RentMoneyReversal.movement_id.is_not(None))
    rows = session().execute(
        sa.select(DepositMovement.client_id, total)
        .where(DepositMovement.id.not_in(undone))
        .group_by(DepositMovement.client_id)
        .having(total != 0)
    )
    held = {client: Decimal(amount) for client, amount in rows}
    books = {owner: -amount for owner, amount in balances_of("deposit_held").items()}
    sentence = _("Of client %(id)s %(open)s is held as deposit, the books say %(booked)s.")
    return _same(_("Deposits held"), held, books, sentence)


def _same(name: str, ours: Mapping[uuid.UUID, Decimal], books: Mapping[uuid.UUID, Decimal], sentence: str) -> Check:
    keys = sorted(ours.keys() | books.keys(), key=str)
    faults = [
        sentence % {"id": key, "open": ours.get(key, ZERO), "booked": books.get(key, ZERO)}
        for key in keys
        if ours.get(key, ZERO) != books.get(key, ZERO)
    ]
    return Check(name, len(keys), faults)


def payments() -> Check:
    """Each payment and each movement of a deposit has one entry of its amount, reversed if and only if it is."""
    cash = moved(ClientPayment.entry_id, "cash", ClientPayment.cash_account_id) == ClientPayment.amount
    undone = sa.select(RentMoneyReversal.payment_id).where(RentMoneyReversal.payment_id.is_not(None))
    faults, count = _recorded(ClientPayment, "client_payment", cash, undone)
    signed = sa.case((DepositMovement.kind == "in", -DepositMovement.amount), else_=DepositMovement.amount)
    held = moved(DepositMovement.entry_id, "deposit_held", DepositMovement.client_id) == signed
    undone = sa.select(RentMoneyReversal.movement_id).where(RentMoneyReversal.movement_id.is_not(None))
    more, others = _recorded(DepositMovement, "deposit_movement", held, undone)
    return Check(_("Payments of rent and deposits"), count + others, [*faults, *more])


def _recorded(
    model: type[Any], kind: str, whole: sa.ColumnElement[bool], undone: sa.Select[Any]
) -> tuple[list[str], int]:
    entry = sa.orm.aliased(Entry)
    named = sa.and_(entry.source_kind == kind, entry.source_id == model.id)
    rows = (
        session()
        .execute(
            sa.select(
                model.id,
                sa.func.coalesce(sa.and_(named, whole), sa.false()),
                is_reversed(model.entry_id) == model.id.in_(undone),
            )
            .outerjoin(entry, entry.id == model.entry_id)
            .order_by(model.id)
        )
        .all()
    )
    faults = [_("The record %(id)s has no entry of its amount.", id=row[0]) for row in rows if not row[1]]
    faults += [_("The record %(id)s and its entry are not reversed alike.", id=row[0]) for row in rows if not row[2]]
    return faults, len(rows)


CHECKS = (parts, parts_and_entries, receivables, payments, deposits)

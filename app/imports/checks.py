"""What `flask proof` looks at in this room: lines, what they were made into, and what was reconciled."""

from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.money import shown
from app.core.rooms import Check
from app.groups.queries import group
from app.imports import standing
from app.imports.models import ImportedLine, LineAllocation, Reconciliation
from app.imports.standing import WAITS
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.models import Account, Posting
from app.savings.models import HeldReceipt, HeldReceiptEnd
from app.savings.standings import taken_back

ZERO = Decimal(0)


def unallocated_is_what_waits() -> Check:
    """Unallocated receipts are the lines nobody has allocated, and held receipts."""
    last = standing.last_standing()
    lines = session().execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(ImportedLine.amount), 0))
        .join(last, last.c.line_id == ImportedLine.id)
        .where(last.c.what == WAITS)
    )
    count, waiting = lines.one()
    held = _held()
    booked = natural_balance(chart.Account("unallocated"))
    faults = []
    if booked != waiting + held:
        told = [shown(amount, group().currency) for amount in (booked, waiting, held)]
        faults.append(
            _(
                "They are %(booked)s; lines wait with %(lines)s, held receipts are %(held)s.",
                booked=told[0],
                lines=told[1],
                held=told[2],
            )
        )
    return Check(_("Unallocated receipts are what waits"), count, faults)


def _held() -> Decimal:
    """Held receipts that are neither returned nor allocated, and whose payment stands."""
    ended = sa.select(HeldReceiptEnd.held_receipt_id).where(
        sa.or_(HeldReceiptEnd.payment_id.is_(None), HeldReceiptEnd.payment_id.not_in(taken_back("payment")))
    )
    total = session().scalar(
        sa.select(sa.func.sum(HeldReceipt.amount)).where(
            HeldReceipt.id.not_in(ended), HeldReceipt.payment_id.not_in(taken_back("payment"))
        )
    )
    return total or ZERO


def lines_are_booked_as_printed() -> Check:
    """What a line was made into moved its account by exactly the line's amount."""
    parts = standing.entries_of_payments()
    entry = sa.func.coalesce(LineAllocation.entry_id, parts.c.entry_id)
    cash = sa.select(Account.id, Account.owner_id).where(Account.kind == "cash").subquery()
    rows = (
        session()
        .execute(
            sa.select(ImportedLine.key, ImportedLine.amount, sa.func.coalesce(sa.func.sum(Posting.amount), 0))
            .join(LineAllocation, LineAllocation.line_id == ImportedLine.id)
            .join(cash, cash.c.owner_id == ImportedLine.cash_account_id)
            .outerjoin(parts, parts.c.payment_id == LineAllocation.payment_id)
            .outerjoin(Posting, sa.and_(Posting.entry_id == entry, Posting.account_id == cash.c.id))
            .where(standing.stands())
            .group_by(ImportedLine.id, ImportedLine.key, ImportedLine.amount)
        )
        .all()
    )
    faults = [
        _("Line %(key)s is %(amount)s; the books hold %(booked)s of it.", key=key, amount=amount, booked=booked)
        for key, amount, booked in rows
        if amount != booked
    ]
    return Check(_("Lines are booked as printed"), len(rows), faults)


def nothing_counts_twice() -> Check:
    """A payment or an entry is what one line of an account is, and no other line of it."""
    record = sa.func.coalesce(LineAllocation.payment_id, LineAllocation.entry_id)
    rows = (
        session()
        .execute(
            sa.select(ImportedLine.cash_account_id, record, sa.func.count(ImportedLine.id.distinct()))
            .join(ImportedLine, ImportedLine.id == LineAllocation.line_id)
            .where(standing.stands())
            .group_by(ImportedLine.cash_account_id, record)
        )
        .all()
    )
    faults = [
        _("Record %(id)s is what %(count)s lines are.", id=record_id, count=count)
        for _account, record_id, count in rows
        if count > 1
    ]
    return Check(_("No line counts twice"), len(rows), faults)


def reconciled_balances_hold() -> Check:
    """What was reconciled still has the lines and the printed balance it was reconciled with."""
    faults = []
    rows = session().scalars(sa.select(Reconciliation)).all()
    for row in rows:
        own = sa.and_(ImportedLine.cash_account_id == row.cash_account_id, ImportedLine.day <= row.through)
        lines = session().scalar(sa.select(sa.func.count()).select_from(ImportedLine).where(own))
        latest = sa.select(ImportedLine.balance).where(own)
        printed = session().scalar(latest.order_by(ImportedLine.at.desc(), ImportedLine.place.desc()).limit(1))
        if lines != row.lines or printed != row.balance:
            faults.append(
                _(
                    "Through %(day)s it was %(balance)s after %(lines)s lines, and is %(now)s after %(after)s.",
                    day=row.through,
                    balance=row.balance,
                    lines=row.lines,
                    now=printed,
                    after=lines,
                )
            )
    return Check(_("Reconciled balances hold"), len(rows), faults)


CHECKS = (unallocated_is_what_waits, lines_are_booked_as_printed, nothing_counts_twice, reconciled_balances_hold)

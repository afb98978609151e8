"""What is proved of credits: uses and repayments have the entries they should, reversed if and only if they are."""

import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.credits.models import CreditRefund, CreditRefundReversal, CreditUse, CreditUseEnd
from app.ledgers.models import Account, Entry, Posting


def is_reversed(entry_id: Any) -> sa.ColumnElement[bool]:
    """Whether an entry was reversed, for a query over records."""
    later = sa.orm.aliased(Entry)
    return sa.exists().where(later.reverses_id == entry_id)


def moved(entry_id: Any, kind: str, owner_id: Any) -> sa.ScalarSelect[Any]:
    """What an entry did to an account of a kind and owner, debit positive; nothing is zero."""
    line, account = sa.orm.aliased(Posting), sa.orm.aliased(Account)
    total = sa.select(sa.func.coalesce(sa.func.sum(line.amount), 0)).join(account, account.id == line.account_id)
    return total.where(line.entry_id == entry_id, account.kind == kind, account.owner_id == owner_id).scalar_subquery()


def _checked(name: str, query: Any, unlike: str, other: str) -> Check:
    rows = session().execute(query).all()
    faults = [unlike % {"id": row[0]} for row in rows if not row[1]]
    faults += [other % {"id": row[0]} for row in rows if not row[2]]
    return Check(name, len(rows), faults)


def uses() -> Check:
    """Each use of credit took its amount from the party's credit, and its entry is reversed as it was undone."""
    entry = sa.orm.aliased(Entry)
    named = sa.and_(entry.source_kind == "credit_use", entry.source_id == CreditUse.id)
    taken = moved(CreditUse.entry_id, "credit", CreditUse.party_id) == CreditUse.amount
    ended = CreditUse.id.in_(sa.select(CreditUseEnd.use_id))
    query = sa.select(
        CreditUse.id, sa.func.coalesce(sa.and_(named, taken), sa.false()), is_reversed(CreditUse.entry_id) == ended
    ).outerjoin(entry, entry.id == CreditUse.entry_id)
    unlike = _("The use %(id)s of a credit has no entry of its amount.")
    other = _("The use %(id)s of a credit and its entry are not undone alike.")
    return _checked(_("Uses of credit"), query.order_by(CreditUse.id), unlike, other)


def refunds() -> Check:
    """Each repayment took its amount from the party's credit, and its entry is reversed as it is."""
    entry = sa.orm.aliased(Entry)
    named = sa.and_(
        entry.kind == "credit_back", entry.source_kind == "credit_refund", entry.source_id == CreditRefund.id
    )
    taken = moved(CreditRefund.entry_id, "credit", CreditRefund.party_id) == CreditRefund.amount
    undone = CreditRefund.id.in_(sa.select(CreditRefundReversal.refund_id))
    query = sa.select(
        CreditRefund.id,
        sa.func.coalesce(sa.and_(named, taken), sa.false()),
        is_reversed(CreditRefund.entry_id) == undone,
    ).outerjoin(entry, entry.id == CreditRefund.entry_id)
    unlike = _("The repayment %(id)s of a credit has no entry of its amount.")
    other = _("The repayment %(id)s of a credit and its entry are not reversed alike.")
    return _checked(_("Credit paid back"), query.order_by(CreditRefund.id), unlike, other)


def balances_of(kind: str) -> dict[uuid.UUID, Decimal]:
    """The balance of every account of a kind by owner, from the postings themselves; zero is left out."""
    total = sa.func.sum(Posting.amount)
    rows = session().execute(
        sa.select(Account.owner_id, total)
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.kind == kind)
        .group_by(Account.owner_id)
        .having(total != 0)
    )
    return {owner: Decimal(amount) for owner, amount in rows if owner}


CHECKS = (uses, refunds)

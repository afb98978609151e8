"""What is proved of receipts: numbers without a gap, one each, hashes, entries, and whole rents."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.core.rooms import Check
from app.ledgers.models import Account, Entry, Posting
from app.receipts.issuing import HASHED, hash_of
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.reversing import HASHED as UNDO_HASHED
from app.receipts.reversing import hash_of_reversal
from app.receipts.standing import not_reversed
from app.receipts.words import number_of
from app.rentals.models import Lease

AT_ONCE = 1_000
MOST = 50  # faults named of a kind


def numbers() -> Check:
    """Receipts and reversing receipts of a year have the numbers from 1 on, each once."""
    both = sa.union_all(
        sa.select(Receipt.year, Receipt.number), sa.select(ReceiptReversal.year, ReceiptReversal.number)
    ).subquery()
    many, different = sa.func.count(), sa.func.count(both.c.number.distinct())
    query = sa.select(both.c.year, many, different, sa.func.max(both.c.number)).group_by(both.c.year)
    rows = session().execute(query, execution_options={"core_ok": True}).all()  # its parts are filtered by the wall
    told = _("The receipts of %(year)s do not have the numbers 1 to %(last)s, each once.")
    faults = [told % {"year": year, "last": last} for year, all_, apart, last in rows if not all_ == apart == last]
    return Check(_("Numbers of receipts"), sum(row[1] for row in rows), faults)


def one_each() -> Check:
    """No assignment has two receipts of a month that count, and the owners of a month share no more than all of it."""
    counted = sa.select(Receipt.assignment_id, Receipt.period).where(not_reversed())
    double = counted.group_by(Receipt.assignment_id, Receipt.period).having(sa.func.count() > 1)
    told = _("Two receipts of %(period)s count for one assignment.")
    faults = [told % {"period": period} for _assignment, period in session().execute(double.limit(MOST))]
    return Check(_("One receipt for each assignment and month"), _count(Receipt), faults)


def whole() -> Check:
    """The receipts of a unit's month are of one rent; where they are all of it they add up to it and its charges."""
    percent, amount, charges = (sa.func.sum(column) for column in (Receipt.percent, Receipt.amount, Receipt.charges))
    rents = sa.func.min(Receipt.rent), sa.func.max(Receipt.rent)
    query = (
        sa.select(Receipt.unit_id, Receipt.period, percent)
        .join(Lease, Lease.id == Receipt.lease_id)
        .where(not_reversed())
        .group_by(Receipt.group_id, Receipt.unit_id, Receipt.period)
        .having(
            sa.or_(
                percent > 100,
                sa.func.count(Receipt.lease_id.distinct()) > 1,
                rents[0] != rents[1],
                sa.and_(percent == 100, sa.or_(amount != rents[0], charges != sa.func.min(Lease.charges))),
            )
        )
    )
    told = _("The receipts of unit %(unit)s for %(period)s are not its rent.")
    rows = session().execute(query.limit(MOST))
    return Check(_("Rents"), _count(Receipt), [told % {"unit": unit, "period": period} for unit, period, _sum in rows])


def hashes() -> Check:
    """Every receipt, and every reversing one, still says what its hash says."""
    said = sa.select(Receipt.hash, *(getattr(Receipt, name) for name in HASHED))
    undone: Any = sa.select(
        ReceiptReversal.hash, Receipt.hash.label("reverses"), *(getattr(ReceiptReversal, name) for name in UNDO_HASHED)
    ).join(Receipt, Receipt.id == ReceiptReversal.receipt_id)
    told, looked_at, faults = _("Receipt %(number)s was changed."), 0, list[str]()
    for query, hashed in ((said, hash_of), (undone, _hash_of_undone)):
        for rows in session().execute(query, execution_options={"yield_per": AT_ONCE}).partitions():
            looked_at += len(rows)
            faults += [told % {"number": number_of(row)} for row in rows if hashed(_named(row)) != row.hash]
    return Check(_("Hashes of receipts"), looked_at, faults[:MOST])


def _named(row: Any) -> Mapping[str, Any]:
    return dict(row._mapping)  # noqa: SLF001  # it is public in spite of its line


def _hash_of_undone(row: Mapping[str, Any]) -> bytes:
    return hash_of_reversal(row, row["reverses"])


def entries() -> Check:
    """Each receipt has its one entry of just its amounts, reversed when it is; and no entry says it is one alone."""
    gone = sa.exists().where(Entry.reverses_id == Receipt.entry_id)
    own = sa.orm.aliased(Entry)
    named = sa.and_(own.source_kind == "receipt", own.source_id == Receipt.id)
    owed = Receipt.net + Receipt.charges
    theirs = sa.or_(
        _moved("owner_payable", Receipt.owner_id) == -owed,
        sa.and_(
            _moved("rent_income") == -(Receipt.amount + Receipt.charges), _moved("tax_recoverable") == Receipt.withheld
        ),
    )
    alike = sa.and_(named, gone != not_reversed(), _moved("rent_receivable", Receipt.client_id) == owed, theirs)
    query = sa.select(Receipt).join(own, own.id == Receipt.entry_id).where(~alike).limit(MOST)
    told = _("Receipt %(number)s and its entry are not alike.")
    faults = [told % {"number": number_of(row)} for row in session().scalars(query)]
    return Check(_("Receipts and their entries"), _count(Receipt), [*faults, *_alone()])


def _moved(kind: str, owner: Any = None) -> sa.ColumnElement[Any]:
    """What a receipt's entry did to an account, debit positive."""
    lines = sa.select(sa.func.sum(Posting.amount)).join(Account, Account.id == Posting.account_id)
    lines = lines.where(Posting.entry_id == Receipt.entry_id, Account.kind == kind)
    return sa.func.coalesce((lines if owner is None else lines.where(Account.owner_id == owner)).scalar_subquery(), 0)


def _alone() -> Sequence[str]:
    kind = sa.and_(Entry.source_kind == "receipt", Entry.reverses_id.is_(None))
    query = sa.select(Entry.number).where(kind, ~sa.exists().where(Receipt.entry_id == Entry.id)).limit(MOST)
    told = _("Entry %(number)s says it is a receipt, and none has it.")
    return [told % {"number": number} for number in session().scalars(query)]


def _count(table: type[Receipt]) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


CHECKS = (numbers, one_each, whole, hashes, entries)

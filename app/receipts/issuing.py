"""Issuing receipts, one or a thousand: those that lack are numbered, hashed, booked and kept, each once for ever."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.core.outbox import later
from app.core.periods import Month
from app.groups.queries import group
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.chart import PostingKind
from app.receipts.models import Receipt, ReceiptReversal
from app.receipts.parties import facts_of
from app.receipts.planning import UnitPlan
from app.receipts.rules import Due, Stands, fingerprint, lacking
from app.receipts.writing import add_rows

SETTLE = "receipts.settle"


@dataclass(frozen=True)
class Issued:
    """What came of issuing: receipts with their dues, how many stood before, and units whose receipts say otherwise."""

    dues: Sequence[Due]
    ids: Sequence[uuid.UUID]
    known: int
    changed: Collection[uuid.UUID]


def issue(plans: Sequence[UnitPlan], month: Month, *, by: uuid.UUID, batch_id: uuid.UUID | None = None) -> Issued:
    """Issue what lacks of a month for these units. The caller holds the group's lock.

    For an assignment and a month there is one receipt at most that counts. A unit of which receipts stand that say
    otherwise than its plan is left alone, and named.
    """
    standing, follow = standing_in([one.unit.unit_id for one in plans], month)
    fresh, known, changed = list[Due](), 0, set[uuid.UUID]()
    for one in plans:
        stands = standing.get(one.unit.unit_id, ())
        lacks = lacking(one.dues, stands) if one.skip is None else []
        if lacks is None:
            changed.add(one.unit.unit_id)
        else:
            fresh += lacks
        known += len(stands)
    ids = _issue(fresh, month, follow, by=by, batch_id=batch_id) if fresh else []
    return Issued(fresh, ids, known, changed)


def standing_in(
    unit_ids: Sequence[uuid.UUID], month: Month
) -> tuple[Mapping[uuid.UUID, list[Stands]], Mapping[uuid.UUID, uuid.UUID]]:
    """The receipts of a month that count, by unit; and by assignment the reversal that the next receipt follows."""
    mine = sa.and_(ReceiptReversal.receipt_id == Receipt.id, ReceiptReversal.group_id == Receipt.group_id)
    said = (Receipt.id, Receipt.assignment_id, Receipt.lease_id, Receipt.rent, Receipt.amount, Receipt.charges)
    query: Any = (
        sa.select(Receipt.unit_id, ReceiptReversal.id, Receipt.after_id, *said)
        .outerjoin(ReceiptReversal, mine)
        .where(Receipt.period == str(month))
        .where(Receipt.unit_id == sa.any_(sa.literal(list(unit_ids), sa.ARRAY(sa.Uuid))))
    )
    standing: dict[uuid.UUID, list[Stands]] = defaultdict(list)
    ended, followed = dict[uuid.UUID, uuid.UUID](), set[uuid.UUID | None]()
    for unit_id, reversal_id, after_id, *told in session().execute(query):
        followed.add(after_id)
        if reversal_id is None:
            standing[unit_id].append(Stands(*told))
        else:
            ended[reversal_id] = told[1]
    return standing, {assignment: reversal for reversal, assignment in ended.items() if reversal not in followed}


def _issue(
    dues: Sequence[Due],
    month: Month,
    follow: Mapping[uuid.UUID, uuid.UUID],
    *,
    by: uuid.UUID,
    batch_id: uuid.UUID | None,
) -> list[uuid.UUID]:
    now = clock.now()
    year = clock.today(group().time_zone).year
    first = next_number(year)
    given = {"year": year, "period": str(month), "issued_at": now, "issued_by": by, "batch_id": batch_id}
    rows = [
        _row(due, given | {"id": new_id(), "number": number, "after_id": follow.get(due.assignment_id)})
        for number, due in enumerate(dues, first)
    ]
    ours = {party_id for party_id, facts in facts_of({due.owner_id for due in dues}).items() if facts.is_group}
    drafts = [_draft(row, month.first, ours) for row in rows]
    for row, entry in zip(rows, post_many(drafts, by=by), strict=True):
        row["entry_id"] = entry.id
    add_rows(Receipt, rows)
    later(SETTLE, key=f"{SETTLE}:{year}:{first}", year=year, first=first, last=first + len(rows) - 1)
    return [row["id"] for row in rows]


def next_number(year: int) -> int:
    """The next free number of a year, of receipts and reversing receipts alike. The caller holds the group's lock."""
    highest = (
        sa.select(sa.func.max(table.number)).where(table.year == year).scalar_subquery()
        for table in (Receipt, ReceiptReversal)
    )
    found: int | None = session().scalar(sa.select(sa.func.greatest(*highest, 0)))
    return (found or 0) + 1


def _row(due: Due, given: Mapping[str, Any]) -> dict[str, Any]:
    row = {**_said(due), **given}
    return row | {"hash": hash_of(row)}


def _said(due: Due) -> dict[str, Any]:
    return {name: getattr(due, name) for name in due.__slots__} | {"net": due.net, "ras_ir": due.rate > 0}


HASHED = (
    *("number", "year", "assignment_id", "unit_id", "owner_id", "client_id", "lease_id", "period", "percent", "rent"),
    *(
        "amount",
        "charges",
        "ras_ir",
        "rate",
        "final",
        "annual_gross",
        "withheld",
        "net",
        "due_on",
        "issued_at",
        "after_id",
    ),
)


def hash_of(row: Mapping[str, Any]) -> bytes:
    """The hash of a receipt, by the names of its columns."""
    return fingerprint({"group": session().group_id, **{name: row[name] for name in HASHED}})


def is_intact(receipt: Receipt) -> bool:
    """Whether a receipt still says what its hash says."""
    return hash_of({name: getattr(receipt, name) for name in HASHED}) == receipt.hash


def _draft(row: Mapping[str, Any], on: date, ours: Collection[uuid.UUID]) -> Draft:
    """The client owes net and charges; they are the owner's, or the group's own income, which then has its tax back."""
    owed: Decimal = row["net"] + row["charges"]
    lines = [debit("rent_receivable", owed, row["client_id"])]
    if row["owner_id"] in ours:
        lines += [debit("tax_recoverable", row["withheld"])] if row["withheld"] else []
        lines.append(credit("rent_income", row["amount"] + row["charges"]))
    else:
        lines.append(credit("owner_payable", owed, row["owner_id"]))
    place = f"{row['assignment_id']}:{row['period']}:{row['after_id'] or 'first'}"
    return Draft(PostingKind.RENT_RECEIPT, on, lines, source=("receipt", row["id"]), key=f"receipt:{place}")

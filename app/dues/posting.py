"""Making parties owe dues, any number at once: each charge its own entry, and what a party has over used for it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.crashpoints import crash
from app.core.db import session
from app.core.ids import new_id
from app.credits.queries import credit_of
from app.credits.rules import Purpose, Using
from app.credits.services import use
from app.dues.models import DuesCharge, DuesPart
from app.dues.rules import Order, settle
from app.dues.standing import open_of
from app.groups.queries import group
from app.ledgers.books import Draft, Posted, credit, debit, post_many
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today

CHUNK = 1_000  # entries told to the books at once
SOURCE = "dues_charge"
_BOOKED = {"entry": (PostingKind.DUES_POSTED, "dues_income"), "penalty": (PostingKind.DUES_PENALTY, "penalty_income")}


@dataclass(frozen=True)
class NewCharge:
    """What a party is to owe: an entry of a run, or a penalty on a charge that was late, which `penalised_id` names."""

    party_id: uuid.UUID
    config_id: uuid.UUID
    event_id: uuid.UUID
    amount: Decimal
    due_on: date
    unit_id: uuid.UUID | None = None
    assessment_entry_id: uuid.UUID | None = None
    penalised_id: uuid.UUID | None = None
    id: uuid.UUID = field(default_factory=new_id)

    @property
    def kind(self) -> str:
        """Whether it is an entry or a penalty."""
        return "penalty" if self.penalised_id else "entry"


def charge(rows: Sequence[NewCharge], *, on: date, by: uuid.UUID | None) -> list[uuid.UUID]:
    """Make parties owe, all of it or none, under the group's lock: an entry in the books for each, then own credits.

    The ids of the charges, in the order given. Raises what the books refuse (DayInFuture).
    """
    posted: list[Posted] = []
    for start in range(0, len(rows), CHUNK):
        posted += post_many([_draft(row, on) for row in rows[start : start + CHUNK]], by=by)
        crash("dues.posting")
    session().flush()
    if rows:
        values = [_values(row, entry, by) for row, entry in zip(rows, posted, strict=True)]
        session().connection().execute(sa.insert(DuesCharge), values)  # row-level security checks it as objects
    ids = [row.id for row in rows]
    use_credits({row.party_id for row in rows}, by=by, new=frozenset(ids))
    return ids


def _draft(row: NewCharge, on: date) -> Draft:
    kind, income = _BOOKED[row.kind]
    lines = [debit("dues_receivable", row.amount, row.party_id), credit(income, row.amount)]
    return Draft(kind, on, lines, source=(SOURCE, row.id), key=f"{SOURCE}:{row.id}")


def _values(row: NewCharge, entry: Posted, by: uuid.UUID | None) -> dict[str, Any]:
    names = ("id", "kind", "party_id", "config_id", "event_id", "assessment_entry_id", "penalised_id", "unit_id")
    told = {name: getattr(row, name) for name in (*names, "amount", "due_on")}
    return told | {"group_id": session().group_id, "entry_id": entry.id, "posted_on": entry.on, "recorded_by": by}


def use_credits(
    party_ids: Collection[uuid.UUID], *, by: uuid.UUID | None, new: Collection[uuid.UUID] = frozenset()
) -> Mapping[uuid.UUID, Decimal]:
    """Use what these parties have over for what they owe in dues, the oldest first; what was used, by charge.

    Of a charge that is `new` the money was there before it was due: it counts as paid on that day.
    """
    there = {party_id: amount for party_id, amount in credit_of(party_ids).items() if amount > 0}
    if not there:
        return {}
    now, currency = today(), group().currency
    uses: list[Using] = []
    due: dict[uuid.UUID, date] = {}
    for party_id, owed in open_of(list(there)).items():
        due |= {one.charge.id: one.charge.due_on for one in owed}
        parts = settle([one.unpaid for one in owed], there[party_id], Order.OLDEST, currency)
        uses += [Using(party_id, amount, Purpose.DUES, charge_id) for charge_id, amount in parts.items()]
    for row in use(uses, on=now, by=by):
        counts_on = min(due[row.target_id], now) if row.target_id in new else now
        told = {"charge_id": row.target_id, "credit_use_id": row.id, "amount": row.amount, "entry_id": row.entry_id}
        session().add(DuesPart(id=new_id(), counts_on=counts_on, **told))
    session().flush()
    return {one.target_id: one.amount for one in uses}

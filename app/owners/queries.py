"""Reads of what was paid to owners: payouts one by one, by run, and what rests on a receipt."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import session
from app.credits.rules import ZERO
from app.credits.sealing import opened, place_of
from app.groups.queries import group, names
from app.ledgers.models import CashAccount, Entry
from app.owners.errors import NoSuchPayout, NoSuchRun
from app.owners.models import OwnerPayout, OwnerPayoutPart, OwnerPayoutReversal, OwnerPayoutRun
from app.owners.received import counts
from app.receipts.models import Receipt
from app.registry.models import Unit
from app.registry.queries import PartyNamed, named, parties_named
from app.web.filters import money
from app.web.keyset import Cursor, Slice, slice_of

reference_place = place_of("owner_payout_run", "reference")
reason_place = place_of("owner_payout_reversal", "reason")


@dataclass(frozen=True)
class PayoutLine:
    """A payout in a list: to whom, out of which account, and whether it was taken back."""

    payout: OwnerPayout
    run: OwnerPayoutRun
    owner: PartyNamed
    place: str
    reversed: bool


@dataclass(frozen=True)
class PayoutView:
    """Everything that the page of a payout shows; `parts` are receipts with the code of their unit and how much."""

    line: PayoutLine
    reference: str | None
    recorder: str | None
    entry: Entry
    parts: Sequence[tuple[Receipt, str, Decimal]]
    undone: OwnerPayoutReversal | None
    reason: str | None
    undone_by: str | None


@dataclass(frozen=True)
class RunView:
    """A run with its payouts, by the owners' codes."""

    run: OwnerPayoutRun
    place: str
    reference: str | None
    recorder: str | None
    lines: Sequence[PayoutLine]

    @property
    def total(self) -> Decimal:
        """What left the account in it and was not taken back."""
        return sum((line.payout.amount for line in self.lines if not line.reversed), ZERO)


def resting_on_receipt(receipt_id: uuid.UUID) -> list[str]:
    """What rests on a receipt: each payout of what was received on it, a sentence each."""
    rows = session().execute(
        sa.select(OwnerPayoutPart.amount, OwnerPayoutRun.paid_on, OwnerPayout.owner_id)
        .join(OwnerPayout, OwnerPayout.id == OwnerPayoutPart.payout_id)
        .join(OwnerPayoutRun, OwnerPayoutRun.id == OwnerPayout.run_id)
        .where(OwnerPayoutPart.receipt_id == receipt_id, counts(), OwnerPayoutPart.amount > 0)
        .order_by(OwnerPayoutRun.paid_on, OwnerPayout.id)
    )
    sentence, currency = _("%(amount)s of it was paid out to %(name)s on %(day)s"), group().currency
    return [
        sentence % {"amount": money(amount, currency), "name": named(owner).name, "day": day.isoformat()}
        for amount, day, owner in rows
    ]


def _lines() -> Any:
    undone = sa.exists().where(OwnerPayoutReversal.payout_id == OwnerPayout.id)
    found: Any = sa.select(OwnerPayout, OwnerPayoutRun, CashAccount.name, undone)
    found = found.join(OwnerPayoutRun, OwnerPayoutRun.id == OwnerPayout.run_id)
    return found.join(CashAccount, CashAccount.id == OwnerPayoutRun.cash_account_id)


def _read(query: sa.Select[Any]) -> list[PayoutLine]:
    rows = session().execute(query).all()
    known = parties_named({row.owner_id for row, *_rest in rows})
    return [PayoutLine(row, run, known[row.owner_id], place, undone) for row, run, place, undone in rows]


def payouts_page(*, owner_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[PayoutLine]:
    """Payouts, the latest first, those that were taken back among them; to one owner or to all."""
    wanted = _lines()
    if owner_id is not None:
        wanted = wanted.where(OwnerPayout.owner_id == owner_id)
    return slice_of(
        _read,
        wanted,
        by=(OwnerPayoutRun.paid_on, OwnerPayout.id),
        key=lambda line: (line.run.paid_on, line.payout.id),
        at=at,
        newest_first=True,
    )


def all_payouts() -> list[PayoutLine]:
    """Every payout, the latest first, for a file."""
    return _read(_lines().order_by(OwnerPayoutRun.paid_on.desc(), OwnerPayout.id.desc()))


def run_under(key: str) -> OwnerPayoutRun | None:
    """The run of one deed, known again by its key."""
    return session().scalar(sa.select(OwnerPayoutRun).where(OwnerPayoutRun.idempotency_key == key))


def owners_in(run_id: uuid.UUID) -> set[uuid.UUID]:
    """Who was paid in a run."""
    return set(session().scalars(sa.select(OwnerPayout.owner_id).where(OwnerPayout.run_id == run_id)))


def payout_row(payout_id: uuid.UUID) -> OwnerPayout:
    """A payout. Raises NoSuchPayout."""
    found = session().scalar(sa.select(OwnerPayout).where(OwnerPayout.id == payout_id))
    if found is None:
        raise NoSuchPayout
    return found


def run_view(run_id: uuid.UUID) -> RunView:
    """A run with its payouts. Raises NoSuchRun."""
    run = session().scalar(sa.select(OwnerPayoutRun).where(OwnerPayoutRun.id == run_id))
    if run is None:
        raise NoSuchRun
    lines = sorted(_read(_lines().where(OwnerPayout.run_id == run.id)), key=lambda line: line.owner.code)
    known = names([run.recorded_by]) if run.recorded_by else {}
    return RunView(
        run=run,
        place=lines[0].place,
        reference=opened(run.reference_sealed, reference_place(run.id)),
        recorder=known.get(run.recorded_by) if run.recorded_by else None,
        lines=lines,
    )


def payout_view(payout_id: uuid.UUID) -> PayoutView:
    """A payout with all that belongs to it. Raises NoSuchPayout."""
    row = payout_row(payout_id)
    line = _read(_lines().where(OwnerPayout.id == row.id))[0]
    undone = session().scalar(sa.select(OwnerPayoutReversal).where(OwnerPayoutReversal.payout_id == row.id))
    people = [one for one in (line.run.recorded_by, undone.recorded_by if undone else None) if one]
    known: dict[uuid.UUID | None, str] = {}
    known.update(names(people).items())
    return PayoutView(
        line=line,
        reference=opened(line.run.reference_sealed, reference_place(line.run.id)),
        recorder=known.get(line.run.recorded_by),
        entry=session().scalars(sa.select(Entry).where(Entry.id == row.entry_id)).one(),
        parts=_parts(row.id),
        undone=undone,
        reason=opened(undone.reason_sealed, reason_place(undone.id)) if undone else None,
        undone_by=known.get(undone.recorded_by) if undone else None,
    )


def _parts(payout_id: uuid.UUID) -> list[tuple[Receipt, str, Decimal]]:
    rows = session().execute(
        sa.select(Receipt, Unit.code, OwnerPayoutPart.amount)
        .join(OwnerPayoutPart, OwnerPayoutPart.receipt_id == Receipt.id)
        .join(Unit, Unit.id == Receipt.unit_id)
        .where(OwnerPayoutPart.payout_id == payout_id)
        .order_by(Receipt.period, Unit.code, Receipt.number)
    )
    return [(receipt, unit, Decimal(amount)) for receipt, unit, amount in rows]

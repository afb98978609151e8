"""Taking charges back, one or a whole run: what was paid on them becomes the payer's credit, penalties go along."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.core.crypto import seal
from app.core.db import session
from app.core.ids import new_id
from app.core.keys import key_of, open_for
from app.credits.models import CreditUse
from app.credits.services import kept, undo
from app.dues import steps, untelling
from app.dues.errors import AlreadyReversed
from app.dues.models import DuesCharge, DuesPart, DuesReversal, DuesSettlement
from app.dues.rules import ZERO, State
from app.dues.standing import Run, counts, entries_with, run_of, settlement_row, standing_of, taken_back, undone
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, debit, post_many, reverse_many
from app.ledgers.chart import PostingKind

EVENT, CHARGE, SETTLEMENT = "assessment_event", "dues_charge", "dues_settlement"
CHUNK = 1_000


@dataclass(frozen=True)
class Undoing:
    """When something is taken back, why, and by whom."""

    reason: str
    on: date
    by: uuid.UUID


def reason_place(reversal_id: uuid.UUID) -> str:
    """What the reason of a reversal is bound to."""
    return f"dues_reversal|{reversal_id}|reason"


def reason_of(row: DuesReversal) -> str | None:
    """Why something was taken back, opened."""
    return open_for(session().group_id, row.reason_sealed, reason_place(row.id))


def reverse_charge(charge_id: uuid.UUID, told: Undoing) -> DuesCharge:
    """Take a charge back with the penalties on it; what was paid of them becomes the party's credit.

    Raises NoSuchCharge, AlreadyReversed, PeriodClosed.
    """
    lock_group()
    found = standing_of(charge_id)
    if found.undone:
        raise AlreadyReversed
    reverse_charges([charge_id], told)
    record("reverse", CHARGE, charge_id, by=told.by, after={"reason": told.reason}, severity="notice")
    untelling.charge_taken_back(found)
    return found.charge


def reverse_run(event_id: uuid.UUID, told: Undoing) -> Run:
    """Take a posted run back with every charge of it that stands and the penalties on them: it can be run anew.

    Raises NoSuchRun, WrongState, PeriodClosed.
    """
    lock_group()
    run = steps.require(run_of(event_id), State.POSTED)
    wanted = sa.select(DuesCharge.id).where(DuesCharge.event_id == event_id, sa.not_(undone()))
    found = session().scalars(wanted.order_by(DuesCharge.id)).all()
    for start in range(0, len(found), CHUNK):
        reverse_charges(found[start : start + CHUNK], told)
    _keep([(EVENT, event_id)], told)
    steps.take(event_id, State.REVERSED, by=told.by, before=run.step, reason=told.reason)
    record("reverse", EVENT, event_id, by=told.by, after={"reason": told.reason}, severity="notice")
    untelling.run_taken_back(run)
    return run_of(event_id)


def reverse_charges(charge_ids: Sequence[uuid.UUID], told: Undoing) -> None:
    """Take charges back with the penalties on them, some thousands at once; the caller holds the group's lock."""
    own = sa.or_(DuesCharge.id.in_(charge_ids), DuesCharge.penalised_id.in_(charge_ids))
    rows = session().scalars(sa.select(DuesCharge).where(own, sa.not_(undone())).order_by(DuesCharge.id)).all()
    _release(rows, told)
    for start in range(0, len(rows), CHUNK):
        entries = entries_with([row.entry_id for row in rows[start : start + CHUNK]])
        ordered = sorted(entries.values(), key=lambda entry: entry.number)
        reverse_many(ordered, by=told.by, on=told.on, reason=told.reason)
    _keep([(CHARGE, row.id) for row in rows], told)


def _keep(originals: Sequence[tuple[str, uuid.UUID]], told: Undoing) -> None:
    key = key_of(session().group_id)  # once, however many there are
    rows = [
        DuesReversal(id=new_id(), original_kind=kind, original_id=original_id, recorded_by=told.by)
        for kind, original_id in originals
    ]
    for row in rows:
        row.reason_sealed = seal(key, told.reason.encode(), reason_place(row.id))
    session().add_all(rows)
    session().flush()


def _release(rows: Sequence[DuesCharge], told: Undoing) -> None:
    """Free what was paid on charges: credits are there again, write-offs are undone, and money becomes credit."""
    wanted = sa.select(DuesPart).where(DuesPart.charge_id.in_([row.id for row in rows]), counts())
    parts = session().scalars(wanted.order_by(DuesPart.id)).all()
    used = [part.credit_use_id for part in parts if part.credit_use_id]
    uses = session().scalars(sa.select(CreditUse).where(CreditUse.id.in_(used)).order_by(CreditUse.id)).all()
    undo(uses, on=told.on, by=told.by, reason=told.reason)
    given_up = _given_up([part.settlement_id for part in parts if part.settlement_id])
    _undo_settlements(given_up, told)
    gone = {row.id for row in given_up}
    money = [part for part in parts if not part.credit_use_id and part.settlement_id not in gone]
    _move(money, {row.id: row.party_id for row in rows}, told)


def _given_up(ids: Sequence[uuid.UUID]) -> Sequence[DuesSettlement]:
    wanted = sa.select(DuesSettlement).where(DuesSettlement.id.in_(ids), DuesSettlement.kind == "write_off")
    return session().scalars(wanted.order_by(DuesSettlement.id)).all()


def _move(parts: Sequence[DuesPart], party_of: dict[uuid.UUID, uuid.UUID], told: Undoing) -> None:
    """Make money paid on charges the payers' credit: an entry for each payment and charge, and the mirrored part."""
    sums: dict[tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None], Decimal] = {}
    for part in parts:
        key = (part.charge_id, part.payment_id, part.settlement_id)
        sums[key] = sums.get(key, ZERO) + part.amount
    moved = [(key, amount) for key, amount in sums.items() if amount]
    drafts = [_moving(key[0], party_of[key[0]], amount, told.on) for key, amount in moved]
    posted = post_many(drafts, by=told.by, strict=True)
    for (key, amount), entry in zip(moved, posted, strict=True):
        charge_id, payment_id, settlement_id = key
        source = {"payment_id": payment_id, "settlement_id": settlement_id, "entry_id": entry.id}
        session().add(DuesPart(id=new_id(), charge_id=charge_id, amount=-amount, counts_on=told.on, **source))
    session().flush()


def _moving(charge_id: uuid.UUID, party_id: uuid.UUID, amount: Decimal, on: date) -> Draft:
    lines = [debit("dues_receivable", amount, party_id), kept(party_id, amount)]
    return Draft(PostingKind.DUES_PAID, on, lines, source=("dues_reversal", charge_id))


def reverse_settlement(settlement_id: uuid.UUID, told: Undoing) -> DuesSettlement:
    """Ask again for what was written off. Raises NoSuchSettlement, AlreadyReversed, PeriodClosed."""
    lock_group()
    row = settlement_row(settlement_id)
    done = sa.select(DuesReversal.id).where(DuesReversal.original_id == row.id)
    if session().scalar(done.where(DuesReversal.original_id.in_(taken_back(SETTLEMENT)))) is not None:
        raise AlreadyReversed
    _undo_settlements([row], told)
    record("reverse", SETTLEMENT, row.id, by=told.by, after={"reason": told.reason}, severity="notice")
    return row


def _undo_settlements(rows: Sequence[DuesSettlement], told: Undoing) -> None:
    if rows:
        entries = entries_with([row.entry_id for row in rows])
        reverse_many(list(entries.values()), by=told.by, on=told.on, reason=told.reason)
        _keep([(SETTLEMENT, row.id) for row in rows], told)

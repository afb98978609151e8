"""Lists of dues: runs, their entries with the odd ones first, charges, payments; each in a few statements."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.dues.models import (
    AssessmentConfig,
    AssessmentEntry,
    AssessmentEvent,
    DuesCharge,
    DuesPayment,
)
from app.dues.rules import ZERO
from app.dues.standing import (
    Run,
    Standing,
    charges,
    is_open,
    paid_of,
    read_runs,
    run_before,
    runs,
    taken_back,
    undone,
    written_off,
)
from app.ledgers.models import Account, AccountBalance, CashAccount, Entry
from app.registry.models import Unit
from app.registry.queries import PartyNamed, parties_named
from app.web.keyset import Cursor, Slice, slice_of

GONE = 20  # entries of the last period that are named when they are not there any more


@dataclass(frozen=True)
class EntryLine:
    """A calculated entry: on which unit, to whom, and its charge once it was posted."""

    entry: AssessmentEntry
    unit: str
    party: PartyNamed
    standing: Standing | None

    @property
    def change(self) -> Decimal | None:
        """By how much per cent it differs from the last period; None where there was nothing to compare."""
        was = self.entry.before
        return None if not was else (self.entry.amount - was) * 100 / was


@dataclass(frozen=True)
class ChargeLine:
    """A charge in a list: what it is for, on which unit, and whose."""

    standing: Standing
    levy: str
    slot: str
    first_on: date
    unit: str
    party: PartyNamed


@dataclass(frozen=True)
class PaymentLine:
    """A payment in a list: whose, where it came in, and whether it was reversed."""

    payment: DuesPayment
    party: PartyNamed
    place: str
    reversed: bool


def levies_page(*, at: Cursor | None = None) -> Slice[AssessmentConfig]:
    """The levies by name, those out of use among them."""
    name = sa.func.lower(AssessmentConfig.name)
    return slice_of(
        lambda query: session().scalars(query).all(),
        sa.select(AssessmentConfig),
        by=(name, AssessmentConfig.id),
        key=lambda row: (row.name.lower(), row.id),
        at=at,
    )


def levies_in_use() -> Sequence[AssessmentConfig]:
    """The levies that can be run, by name, for a choice."""
    wanted = sa.select(AssessmentConfig).where(AssessmentConfig.active)
    return session().scalars(wanted.order_by(sa.func.lower(AssessmentConfig.name), AssessmentConfig.id)).all()


def runs_page(*, config_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[Run]:
    """Runs, the latest period first; of one levy or of all."""
    wanted = runs()
    if config_id is not None:
        wanted = wanted.where(AssessmentEvent.config_id == config_id)
    return slice_of(
        read_runs,
        wanted,
        by=(AssessmentEvent.first_on, AssessmentEvent.id),
        key=lambda run: (run.event.first_on, run.event.id),
        at=at,
        newest_first=True,
    )


def entries_page(run: Run, *, at: Cursor | None = None) -> Slice[EntryLine]:
    """The entries of a run's last calculation, those that moved most since the last period first."""
    odd = sa.type_coerce(-AssessmentEntry.oddity, sa.Numeric(20, 4))
    return slice_of(
        _entry_lines,
        _entries().where(AssessmentEntry.event_id == run.event.id, AssessmentEntry.attempt == run.step.attempt),
        by=(odd, AssessmentEntry.place),
        key=lambda line: (-line.entry.oddity, line.entry.place),
        at=at,
    )


def all_entries(run: Run) -> list[EntryLine]:
    """The same in the order of units, for a file."""
    own = (AssessmentEntry.event_id == run.event.id, AssessmentEntry.attempt == run.step.attempt)
    return _entry_lines(_entries().where(*own).order_by(AssessmentEntry.place))


def _entries() -> sa.Select[Any]:
    found: Any = sa.select(AssessmentEntry, Unit.code, DuesCharge, paid_of(), written_off(), undone())
    found = found.outerjoin(Unit, Unit.id == AssessmentEntry.unit_id)
    return found.outerjoin(DuesCharge, DuesCharge.assessment_entry_id == AssessmentEntry.id)  # type: ignore[no-any-return]  # joins are not typed


def _entry_lines(query: sa.Select[Any]) -> list[EntryLine]:
    rows = session().execute(query).all()
    people = parties_named([entry.party_id for entry, *_rest in rows])
    return [
        EntryLine(entry, unit or "", people[entry.party_id], Standing(charge, paid, given_up, gone) if charge else None)
        for entry, unit, charge, paid, given_up, gone in rows
    ]


def gone_since(run: Run) -> tuple[int, list[tuple[str, PartyNamed, Decimal]]]:
    """What the last period charged and this calculation does not: how many, and the first few with unit and party."""
    last = run_before(run.event)
    if last is None:
        return 0, []
    then, now = AssessmentEntry, sa.orm.aliased(AssessmentEntry)
    same = sa.and_(
        now.event_id == run.event.id,
        now.attempt == run.step.attempt,
        now.party_id == then.party_id,
        sa.func.coalesce(now.unit_id, now.member_id) == sa.func.coalesce(then.unit_id, then.member_id),
    )
    missing = (
        sa.select(then.party_id, then.amount, Unit.code)
        .outerjoin(Unit, Unit.id == then.unit_id)
        .where(then.event_id == last.event.id, then.attempt == last.step.attempt, ~sa.exists().where(same))
    )
    rows = session().execute(missing.order_by(then.amount.desc(), then.place).limit(GONE)).all()
    count = session().scalar(sa.select(sa.func.count()).select_from(missing.subquery())) or 0
    people = parties_named([row.party_id for row in rows])
    return count, [(row.code or "", people[row.party_id], row.amount) for row in rows]


@dataclass(frozen=True)
class Wanted:
    """Which charges a list shows."""

    state: str = "open"  # open, overdue or all
    party_id: uuid.UUID | None = None
    event_id: uuid.UUID | None = None
    today: date | None = None

    def conditions(self) -> Iterable[sa.ColumnElement[bool]]:
        """The conditions of the query."""
        if self.state != "all":
            # Who owes nothing is passed over by the kept balances, so that years of paid charges cost little.
            yield DuesCharge.party_id.in_(_owing())
            yield is_open()
        if self.state == "overdue" and self.today:
            yield DuesCharge.due_on < self.today
        if self.party_id:
            yield DuesCharge.party_id == self.party_id
        if self.event_id:
            yield DuesCharge.event_id == self.event_id


def _owing() -> sa.Select[Any]:
    owing = sa.select(Account.owner_id).join(AccountBalance, AccountBalance.account_id == Account.id)
    return owing.where(Account.kind == "dues_receivable", AccountBalance.balance > 0)


def charges_page(wanted: Wanted, *, at: Cursor | None = None) -> Slice[ChargeLine]:
    """Charges: of what is open the oldest first, of all the latest."""
    return slice_of(
        _charge_lines,
        _charges().where(*wanted.conditions()),
        by=(DuesCharge.due_on, DuesCharge.id),
        key=lambda line: (line.standing.charge.due_on, line.standing.charge.id),
        at=at,
        newest_first=wanted.state == "all",
    )


def all_charges(wanted: Wanted) -> list[ChargeLine]:
    """The same, all of it, for a file."""
    return _charge_lines(_charges().where(*wanted.conditions()).order_by(DuesCharge.due_on, DuesCharge.id))


def charge_lines(charge_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, ChargeLine]:
    """Charges with their words, by id."""
    found = _charge_lines(_charges().where(DuesCharge.id.in_(list(charge_ids))))
    return {line.standing.charge.id: line for line in found}


def _charges() -> sa.Select[Any]:
    return (
        charges()
        .add_columns(AssessmentConfig.name, AssessmentEvent.slot, AssessmentEvent.first_on, Unit.code)
        .join(AssessmentConfig, AssessmentConfig.id == DuesCharge.config_id)
        .join(AssessmentEvent, AssessmentEvent.id == DuesCharge.event_id)
        .outerjoin(Unit, Unit.id == DuesCharge.unit_id)
    )


def _charge_lines(query: sa.Select[Any]) -> list[ChargeLine]:
    rows = session().execute(query).all()
    people = parties_named([row[0].party_id for row in rows])
    return [
        ChargeLine(Standing(*row[:4]), row.name, row.slot, row.first_on, row.code or "", people[row[0].party_id])
        for row in rows
    ]


def payments_page(*, party_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[PaymentLine]:
    """Payments of dues, the latest first, those that were reversed among them."""
    wanted = _payments()
    if party_id is not None:
        wanted = wanted.where(DuesPayment.party_id == party_id)
    return slice_of(
        _payment_lines,
        wanted,
        by=(DuesPayment.paid_on, DuesPayment.id),
        key=lambda line: (line.payment.paid_on, line.payment.id),
        at=at,
        newest_first=True,
    )


def _payments() -> sa.Select[Any]:
    is_gone = DuesPayment.id.in_(taken_back("dues_payment"))
    found: Any = sa.select(DuesPayment, CashAccount.name, is_gone)
    return found.join(CashAccount, CashAccount.id == DuesPayment.cash_account_id)  # type: ignore[no-any-return]  # joins are not typed


def _payment_lines(query: sa.Select[Any]) -> list[PaymentLine]:
    rows = session().execute(query).all()
    people = parties_named([row.party_id for row, _place, _gone in rows])
    return [PaymentLine(row, people[row.party_id], place, gone) for row, place, gone in rows]


def payment_line(payment_id: uuid.UUID) -> PaymentLine | None:
    """One payment as lists show it."""
    found = _payment_lines(_payments().where(DuesPayment.id == payment_id))
    return found[0] if found else None


def owed_in_all(party_ids: Sequence[uuid.UUID] | None = None) -> tuple[int, Decimal]:
    """How many parties owe dues, and what they come to; of these or of all, by the kept balances."""
    total = sa.func.coalesce(sa.func.sum(AccountBalance.balance), ZERO)
    wanted = sa.select(sa.func.count(), total).join(Account, Account.id == AccountBalance.account_id)
    wanted = wanted.where(Account.kind == "dues_receivable", AccountBalance.balance > 0)
    if party_ids is not None:
        wanted = wanted.where(Account.owner_id.in_(party_ids))
    count, amount = session().execute(wanted).one()
    return count, Decimal(amount)


def overdue_in_all(today: date, party_ids: Sequence[uuid.UUID] | None = None) -> Decimal:
    """What of the charges is past its due day."""
    wanted = sa.select(sa.func.coalesce(sa.func.sum(DuesCharge.amount - paid_of()), ZERO))
    wanted = wanted.where(DuesCharge.party_id.in_(_owing()), DuesCharge.due_on < today, is_open())
    if party_ids is not None:
        wanted = wanted.where(DuesCharge.party_id.in_(party_ids))
    return Decimal(session().scalar(wanted) or ZERO)


def entry_numbers(entry_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The numbers of entries in the books."""
    rows = session().execute(sa.select(Entry.id, Entry.number).where(Entry.id.in_(list(entry_ids))))
    return {row.id: row.number for row in rows}

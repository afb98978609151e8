"""Which records of dues stand and how: a levy, a run with its state, a charge with what was paid of it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from app.core.db import session
from app.core.tenancy import Base
from app.dues.errors import NoSuchCharge, NoSuchConfig, NoSuchDuesPayment, NoSuchRun, NoSuchSettlement
from app.dues.models import (
    AssessmentConfig,
    AssessmentEvent,
    AssessmentState,
    DuesCharge,
    DuesPart,
    DuesPayment,
    DuesReversal,
    DuesSettlement,
)
from app.dues.rules import ZERO, ChargeState, State, Unpaid, charge_state
from app.ledgers.models import Entry

Row = TypeVar("Row", bound=Base)
ENDED = (State.REVERSED, State.DISCARDED)


@dataclass(frozen=True)
class Run:
    """A run with its levy and the step it has come to."""

    event: AssessmentEvent
    config: AssessmentConfig
    step: AssessmentState

    @property
    def state(self) -> State:
        """How far it is."""
        return State(self.step.state)


@dataclass(frozen=True)
class Standing:
    """A charge and what was paid of it; `written_off` is a part of `paid`."""

    charge: DuesCharge
    paid: Decimal
    written_off: Decimal
    undone: bool

    @property
    def open(self) -> Decimal:
        """What is still to be paid."""
        return ZERO if self.undone else self.charge.amount - self.paid

    @property
    def state(self) -> ChargeState:
        """How it stands."""
        return charge_state(self.charge.amount, self.paid, self.written_off, undone=self.undone)

    @property
    def unpaid(self) -> Unpaid:
        """As the rules of payments see it."""
        call = self.charge.event_id if self.charge.penalised_id is None else self.charge.id
        return Unpaid(self.charge.id, call, self.charge.due_on, self.open)


def taken_back(kind: str) -> sa.Select[Any]:
    """The ids of records of a kind that were reversed."""
    return sa.select(DuesReversal.original_id).where(DuesReversal.original_kind == kind)


def reversed_entry(entry_id: Any) -> sa.ColumnElement[bool]:
    """The condition for an entry that was reversed."""
    later = sa.orm.aliased(Entry)
    return sa.exists().where(later.reverses_id == entry_id)


def counts() -> sa.ColumnElement[bool]:
    """The condition for a part that counts: its entry was not reversed."""
    return sa.not_(reversed_entry(DuesPart.entry_id))


def paid_of(*where: sa.ColumnElement[bool]) -> sa.ColumnElement[Decimal]:
    """What was paid of the charge of the row, with further conditions on the parts."""
    paid = sa.select(sa.func.coalesce(sa.func.sum(DuesPart.amount), sa.literal(ZERO, sa.Numeric(20, 4))))
    return paid.where(DuesPart.charge_id == DuesCharge.id, counts(), *where).correlate(DuesCharge).scalar_subquery()


def written_off() -> sa.ColumnElement[Decimal]:
    """The part of it that was given up."""
    given_up = sa.select(DuesSettlement.id).where(DuesSettlement.kind == "write_off")
    return paid_of(DuesPart.settlement_id.in_(given_up))


def undone() -> sa.ColumnElement[bool]:
    """Whether the charge of the row was reversed."""
    return reversed_entry(DuesCharge.entry_id)


def is_open() -> sa.ColumnElement[bool]:
    """The condition for a charge of which something is to be paid."""
    return sa.and_(sa.not_(undone()), paid_of() < DuesCharge.amount)


def charges() -> sa.Select[Any]:
    """Charges with what `Standing` needs, for lists."""
    found: Any = sa.select(DuesCharge, paid_of(), written_off(), undone())
    return found  # type: ignore[no-any-return]  # a row of four is not typed as one of any


def standings(*where: sa.ColumnElement[bool]) -> list[Standing]:
    """The charges of a condition, the oldest first."""
    rows = session().execute(charges().where(*where).order_by(DuesCharge.due_on, DuesCharge.id))
    return [Standing(*row) for row in rows]


def open_of(party_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Standing]]:
    """What each of these parties still has to pay, the oldest first; in one statement."""
    found: dict[uuid.UUID, list[Standing]] = {}
    for one in standings(DuesCharge.party_id.in_(party_ids), is_open()):
        found.setdefault(one.charge.party_id, []).append(one)
    return found


def standing_of(charge_id: uuid.UUID) -> Standing:
    """One charge. Raises NoSuchCharge."""
    found = standings(DuesCharge.id == charge_id)
    if not found:
        raise NoSuchCharge
    return found[0]


def config_row(config_id: uuid.UUID) -> AssessmentConfig:
    """A levy. Raises NoSuchConfig."""
    return _one(AssessmentConfig, AssessmentConfig.id == config_id, NoSuchConfig)


def config_named(name: str) -> AssessmentConfig:
    """The levy of a name, however its letters are. Raises NoSuchConfig."""
    return _one(AssessmentConfig, sa.func.lower(AssessmentConfig.name) == sa.func.lower(name.strip()), NoSuchConfig)


def payment_row(payment_id: uuid.UUID) -> DuesPayment:
    """A payment of dues. Raises NoSuchDuesPayment."""
    return _one(DuesPayment, DuesPayment.id == payment_id, NoSuchDuesPayment)


def settlement_row(settlement_id: uuid.UUID) -> DuesSettlement:
    """A write-off or a netting. Raises NoSuchSettlement."""
    return _one(DuesSettlement, DuesSettlement.id == settlement_id, NoSuchSettlement)


def _one(table: type[Row], condition: sa.ColumnElement[bool], refusal: type[Exception]) -> Row:
    found = session().scalar(sa.select(table).where(condition))
    if found is None:
        raise refusal
    return found


def runs() -> sa.Select[Any]:
    """Runs with their levies and last steps, for lists."""
    later = sa.orm.aliased(AssessmentState)
    is_last = sa.not_(
        sa.exists().where(later.event_id == AssessmentState.event_id, later.number > AssessmentState.number)
    )
    found: Any = sa.select(AssessmentEvent, AssessmentConfig, AssessmentState)
    found = found.join(AssessmentConfig, AssessmentConfig.id == AssessmentEvent.config_id)
    return found.join(AssessmentState, sa.and_(AssessmentState.event_id == AssessmentEvent.id, is_last))  # type: ignore[no-any-return]  # joins are not typed


def read_runs(query: sa.Select[Any]) -> Sequence[Run]:
    """The rows of such a list."""
    return [Run(*row) for row in session().execute(query)]


def run_of(event_id: uuid.UUID) -> Run:
    """One run. Raises NoSuchRun."""
    found = read_runs(runs().where(AssessmentEvent.id == event_id))
    if not found:
        raise NoSuchRun
    return found[0]


def run_there(config_id: uuid.UUID, slot: str) -> Run | None:
    """The run of a levy and a period that was not given up."""
    wanted = runs().where(AssessmentEvent.config_id == config_id, AssessmentEvent.slot == slot)
    found = read_runs(wanted.where(AssessmentState.state.not_in(ENDED)))
    return found[0] if found else None


def run_before(event: AssessmentEvent) -> Run | None:
    """The posted run of the same levy for the last period before this one's."""
    wanted = runs().where(AssessmentEvent.config_id == event.config_id, AssessmentEvent.first_on < event.first_on)
    wanted = wanted.where(AssessmentState.state == State.POSTED)
    found = read_runs(wanted.order_by(AssessmentEvent.first_on.desc(), AssessmentEvent.id.desc()).limit(1))
    return found[0] if found else None


def reversal_of(kind: str, record_id: uuid.UUID) -> DuesReversal | None:
    """What took a record back."""
    return session().scalar(
        sa.select(DuesReversal).where(DuesReversal.original_kind == kind, DuesReversal.original_id == record_id)
    )


def entries_with(entry_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Entry]:
    """Entries of the books with their lines, by id."""
    wanted = sa.select(Entry).where(Entry.id.in_(entry_ids)).options(sa.orm.selectinload(Entry.postings))
    return {row.id: row for row in session().scalars(wanted)}

"""Shapes of levies, of their runs with the entries, and of the rule for payments."""

import uuid
from typing import Any

from pydantic import Field

from app.dues.models import AssessmentConfig
from app.dues.queries import EntryLine
from app.dues.rules import Basis, ChargeState, Frequency, Method, NotWhole, Order, State
from app.dues.standing import Run
from app.web.api.shapes import Amount, AmountOrNothing, Balance, Day, Long, Moment, Shape, Short


class LevyIn(Shape):
    """What a levy says; `base_amount` is for each, for each m², or what is shared out, of a year when `yearly`."""

    name: Short
    basis: Basis = Basis.DEEDS
    method: Method = Method.FLAT_RATE
    base_amount: Amount
    frequency: Frequency = Frequency.MONTHLY
    yearly: bool = False
    day_due: int = Field(default=1, ge=1, le=28)
    allocation_set: uuid.UUID | None = None
    split_by_owners: bool = False
    not_whole: NotWhole = NotWhole.REFUSE
    category: uuid.UUID | None = None


class LevyOut(LevyIn):
    """A levy and whether it is in use."""

    id: uuid.UUID
    active: bool


class RunIn(Shape):
    """Which levy is run, for the period in which a month lies, like 2026-01."""

    levy: uuid.UUID
    period: Short


class RunOut(Shape):
    """A run: how far it is, what it levies, and why it went back to draft when it did."""

    id: uuid.UUID
    levy: uuid.UUID
    levy_name: str
    period: str
    first_on: Day
    last_on: Day
    due_on: Day
    state: State
    attempt: int
    entries: int | None
    total: AmountOrNothing | None
    shortfall: Balance | None
    borne: AmountOrNothing | None
    reason: str | None
    started_at: Moment


class EntryOut(Shape):
    """What a run charges one party for one unit, with the last period's amount and how it stands."""

    id: uuid.UUID
    place: int
    deed: uuid.UUID | None
    unit: str
    member: uuid.UUID | None
    party: uuid.UUID
    party_code: str
    party_name: str
    amount: Amount
    last_period: AmountOrNothing | None
    moved_by: AmountOrNothing
    state: ChargeState
    charge: uuid.UUID | None
    open: AmountOrNothing


class ReasonIn(Shape):
    """Why."""

    reason: Long


class OrderOut(Shape):
    """Which charges payments meet."""

    order: Order


class OrderIn(Shape):
    """Which charges payments meet, from a day on."""

    order: Order
    effective_on: Day


def levy_out(row: AssessmentConfig) -> LevyOut:
    """A levy as it is told."""
    names = ("id", "name", "base_amount", "yearly", "day_due", "split_by_owners", "active")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    words = {"basis": Basis(row.basis), "method": Method(row.method), "frequency": Frequency(row.frequency)}
    rest = {"not_whole": NotWhole(row.not_whole), "allocation_set": row.set_id, "category": row.category_id}
    return LevyOut.model_validate(told | words | rest)


def run_out(run: Run, reason: str | None = None) -> RunOut:
    """A run as it is told."""
    event, step = run.event, run.step
    return RunOut(
        id=event.id,
        levy=run.config.id,
        levy_name=run.config.name,
        period=event.slot,
        first_on=event.first_on,
        last_on=event.last_on,
        due_on=event.due_on,
        state=run.state,
        attempt=step.attempt,
        entries=step.entries,
        total=step.total,
        shortfall=step.shortfall,
        borne=step.borne,
        reason=reason,
        started_at=event.started_at,
    )


def entry_out(line: EntryLine) -> EntryOut:
    """An entry as it is told."""
    row, standing = line.entry, line.standing
    return EntryOut(
        id=row.id,
        place=row.place,
        deed=row.deed_id,
        unit=line.unit,
        member=row.member_id,
        party=row.party_id,
        party_code=line.party.code,
        party_name=line.party.name,
        amount=row.amount,
        last_period=row.before,
        moved_by=row.oddity,
        state=standing.state if standing else ChargeState.PENDING,
        charge=standing.charge.id if standing else None,
        open=standing.open if standing else row.amount,
    )

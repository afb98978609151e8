"""Shapes of leases, assignments and entitlement. Shares are text with a point, in per cent."""

import uuid
from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.core.errors import DomainError
from app.core.periods import Month
from app.registry.schemas import Number
from app.rentals.calendar import Calendar
from app.rentals.lists import AssignmentLine, LeaseLine
from app.rentals.queries import UnitMonth
from app.rentals.rules import Alternation
from app.rentals.stating import Turn
from app.web.api.shapes import Amount, AmountOrNothing, Day, Shape


def _month(value: str) -> str:
    try:
        Month.parse(value)
    except DomainError as error:
        raise PydanticCustomError("month", "{sentence}", {"sentence": str(error)}) from error
    return value


Period = Annotated[
    str,
    AfterValidator(_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2026-01"]}),
]


class LeaseIn(Shape):
    """A unit let to a client; amounts are of a month."""

    unit: uuid.UUID
    client: uuid.UUID
    rent: Amount
    charges: AmountOrNothing | None = None
    deposit: AmountOrNothing | None = None
    starts_on: Day
    ends_on: Day | None = None
    day_due: Annotated[int, Field(ge=1, le=28)] = 1
    first_amount: AmountOrNothing | None = None
    last_amount: AmountOrNothing | None = None


class LeaseOut(Shape):
    """A lease with its unit and client."""

    id: uuid.UUID
    unit_id: uuid.UUID
    unit: str
    client_id: uuid.UUID
    client: str
    rent: Amount
    charges: AmountOrNothing
    deposit: AmountOrNothing
    starts_on: Day
    ends_on: Day | None
    day_due: int
    first_amount: AmountOrNothing | None
    last_amount: AmountOrNothing | None
    withdrawn: bool


class LeaseEndIn(Shape):
    """The last day of a lease; null: it goes on."""

    on: Day | None
    last_amount: AmountOrNothing | None = None


class AssignmentIn(Shape):
    """Who is entitled to what, when. Without a share: all that the fixed shares leave."""

    owner: uuid.UUID
    share: Number | None = None
    alternation: Alternation = Field(default=Alternation.NONE, strict=False)
    cycle_length: Annotated[int, Field(ge=2, le=60)] | None = None
    cycle_position: Annotated[int, Field(ge=1, le=60)] | None = None
    anchor: Period | None = None
    starts_on: Day
    ends_on: Day | None = None

    @property
    def turn(self) -> Turn:
        """When it counts."""
        return Turn(self.alternation, self.cycle_length, self.cycle_position)


class AssignmentOut(Shape):
    """An assignment with its unit and owner."""

    id: uuid.UUID
    unit_id: uuid.UUID
    unit: str
    owner_id: uuid.UUID
    owner: str
    share: Number | None
    alternation: Alternation
    cycle_length: int | None
    cycle_position: int | None
    starts_on: Day
    ends_on: Day | None
    withdrawn: bool


class AssignmentEndIn(Shape):
    """The last day of an assignment; null: it goes on."""

    on: Day | None


class TakerIn(Shape):
    """A new owner, and how much of the share they take."""

    party: uuid.UUID
    share: Number | None = None


class ChangeIn(Shape):
    """New owners from a day on. One without a share takes all of it."""

    owners: Annotated[list[TakerIn], Field(min_length=1, max_length=60)]
    from_on: Day


class AnchorIn(Shape):
    """The month from which the turns of a unit are counted."""

    anchor: Period


class AnchorOut(Shape):
    """The month from which the turns of a unit are counted."""

    anchor: str | None


class PartOut(Shape):
    """One owner's part of a month, in per cent."""

    assignment_id: uuid.UUID
    owner_id: uuid.UUID
    owner_code: str
    percent: Number


class UnitMonthOut(Shape):
    """A unit in a month; `gap` says why nobody can be said to be entitled."""

    unit_id: uuid.UUID
    unit: str
    lease_id: uuid.UUID | None
    client_id: uuid.UUID | None
    rent: AmountOrNothing
    charges: AmountOrNothing
    due_on: Day | None
    parts: list[PartOut]
    gap: str | None


class OwnerMonthOut(Shape):
    """An owner's share of a month, in per cent; zero where nothing is theirs."""

    owner_id: uuid.UUID
    owner: str
    percent: Number


class CalendarMonthOut(Shape):
    """A month of a unit: whether it is let, who is entitled, and why nobody is."""

    month: str
    let: bool
    gap: str | None
    owners: list[OwnerMonthOut]


class CalendarOut(Shape):
    """A year of a unit. `fault` says why what is being thought of cannot be so."""

    year: int
    months: list[CalendarMonthOut]
    fault: str | None = None


def lease_out(line: LeaseLine) -> LeaseOut:
    """A lease as it is answered."""
    row = line.lease
    named = ("id", "unit_id", "client_id", "rent", "charges", "deposit", "starts_on", "ends_on", "day_due")
    told = {name: getattr(row, name) for name in (*named, "first_amount", "last_amount")}
    return LeaseOut(unit=line.unit.code, client=line.client.name, withdrawn=line.withdrawn, **told)


def assignment_out(line: AssignmentLine) -> AssignmentOut:
    """An assignment as it is answered."""
    row = line.assignment
    named = ("id", "unit_id", "owner_id", "cycle_length", "cycle_position", "starts_on", "ends_on")
    told: dict[str, Any] = {name: getattr(row, name) for name in named}
    said: dict[str, Any] = {
        "share": row.share_percent,
        "alternation": Alternation(row.alternation),
        "withdrawn": line.withdrawn,
    }
    return AssignmentOut(unit=line.unit.code, owner=line.owner.name, **told, **said)


def unit_month_out(row: UnitMonth) -> UnitMonthOut:
    """A unit in a month as it is answered."""
    return UnitMonthOut(
        unit_id=row.unit_id,
        unit=row.unit_code,
        lease_id=row.lease_id,
        client_id=row.client_id,
        rent=row.rent,
        charges=row.charges,
        due_on=row.due_on,
        parts=[
            PartOut(assignment_id=assignment_id, owner_id=owner_id, owner_code=code, percent=percent)
            for assignment_id, owner_id, code, percent in row.parts
        ],
        gap=row.gap,
    )


def calendar_out(found: Calendar, fault: str | None = None) -> CalendarOut:
    """A year as it is answered."""
    months = [
        CalendarMonthOut(
            month=str(head.month),
            let=head.let,
            gap=head.gap,
            owners=[
                OwnerMonthOut(owner_id=row.owner.id, owner=row.owner.name, percent=row.cells[place].percent)
                for row in found.rows
            ],
        )
        for place, head in enumerate(found.months)
    ]
    return CalendarOut(year=found.year, months=months, fault=fault)

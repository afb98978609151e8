"""Endpoints of leases, assignments, calendars and entitlement."""

import uuid
from typing import Annotated, Any, Literal

from flask import Response, g
from pydantic import Field

from app.core.periods import Month
from app.groups.access import needs
from app.registry.gathering import today
from app.registry.picking import tidy
from app.registry.queries import unit_row
from app.rentals import assigning, exporting, foreseeing, leases, lists
from app.rentals.assigning import Taker
from app.rentals.blueprint import api
from app.rentals.calendar import calendar_of
from app.rentals.queries import anchors_of
from app.rentals.rules import ZERO
from app.rentals.schemas import (
    AnchorIn,
    AnchorOut,
    AssignmentEndIn,
    AssignmentIn,
    AssignmentOut,
    CalendarOut,
    ChangeIn,
    LeaseEndIn,
    LeaseIn,
    LeaseOut,
    Period,
    UnitMonthOut,
    assignment_out,
    calendar_out,
    lease_out,
    unit_month_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole
from app.web.api.once import deed_key
from app.web.api.shapes import Shape

Standing = Literal["in_force", "all"]


class LeasesAsked(Shape):
    """Which leases: those in force today or all; of a unit, of a client."""

    q: str = ""
    standing: Standing = "in_force"
    unit: uuid.UUID | None = None
    client: uuid.UUID | None = None


class AssignmentsAsked(Shape):
    """Which assignments: those that hold today or all; of a unit, of an owner."""

    standing: Standing = "in_force"
    unit: uuid.UUID | None = None
    owner: uuid.UUID | None = None


class MonthAsked(Shape):
    """Which month; left out, the one it is."""

    month: Period | None = None


class YearAsked(Shape):
    """Which year; left out, the one it is."""

    year: Annotated[int, Field(ge=1901, le=2199)] | None = None


@api.get("/leases", endpoint="leases")
@needs("money.see")
@endpoint("Leases", covers="rentals.leases", paged=True)
def leases_list(query: LeasesAsked) -> Listing[LeaseOut]:
    """By code of their unit."""
    on, at = today() if query.standing == "in_force" else None, keyset.asked(str, uuid.UUID)
    asked: dict[str, Any] = {"search": tidy(query.q), "unit_id": query.unit, "client_id": query.client}
    return listed(lists.leases_page(on=on, at=at, **asked), lease_out)


@api.get("/leases.csv")
@needs("money.see")
@endpoint("Leases as a file", covers="rentals.leases_csv", media="text/csv")
def leases_csv() -> Response:
    """With the columns that an import reads; none that was withdrawn."""
    return exporting.leases_file()


@api.get("/leases/<uuid:lease_id>")
@needs("money.see")
@endpoint("A lease", covers="rentals.lease")
def lease(lease_id: uuid.UUID) -> LeaseOut:
    """With its unit and client."""
    return lease_out(lists.lease_line(lease_id))


@api.post("/leases")
@needs("money.record")
@endpoint("Let a unit", covers=("rentals.lease_new", "rentals.lease_create"), status=201)
def lease_create(body: LeaseIn) -> LeaseOut:
    """One lease at a time is in force for a unit."""
    told = {name: value for name, value in body if name not in {"unit", "client", "charges", "deposit"}}
    told |= {"charges": body.charges or ZERO, "deposit": body.deposit or ZERO}
    row = leases.make_lease(unit_id=body.unit, client_id=body.client, by=g.member.id, key=deed_key(), **told)
    return lease_out(lists.lease_line(row.id))


@api.post("/leases/<uuid:lease_id>/end")
@needs("money.record")
@endpoint("Say which day is the last of a lease", covers=("rentals.lease_end_new", "rentals.lease_end"))
def lease_end(lease_id: uuid.UUID, body: LeaseEndIn) -> LeaseOut:
    """Null lets it go on."""
    leases.end_lease(lease_id, on=body.on, last_amount=body.last_amount, by=g.member.id)
    return lease_out(lists.lease_line(lease_id))


@api.post("/leases/<uuid:lease_id>/withdrawal")
@needs("money.record")
@endpoint("Withdraw a lease", covers="rentals.lease_withdraw")
def lease_withdraw(lease_id: uuid.UUID) -> LeaseOut:
    """It was mistyped and counts for no month."""
    leases.withdraw_lease(lease_id, by=g.member.id)
    return lease_out(lists.lease_line(lease_id))


@api.get("/entitlement")
@needs("money.see")
@endpoint("Who is entitled in a month", covers="rentals.entitlement", paged=True)
def entitlement(query: MonthAsked) -> Listing[UnitMonthOut]:
    """The units that are let, by code, with their gaps named."""
    month = Month.parse(query.month) if query.month else Month.of(today())
    return listed(lists.entitlement_page(month, at=keyset.asked(str, uuid.UUID)), unit_month_out)


@api.get("/units/<uuid:unit_id>/calendar")
@needs("money.see")
@endpoint("The calendar of a unit", covers="rentals.calendar")
def calendar(unit_id: uuid.UUID, query: YearAsked) -> CalendarOut:
    """A year: months, and each owner's share of them."""
    unit_row(unit_id)
    return calendar_out(calendar_of(unit_id, query.year or today().year))


@api.get("/assignments")
@needs("money.see")
@endpoint("Assignments", paged=True)
def assignments(query: AssignmentsAsked) -> Listing[AssignmentOut]:
    """By code of their unit."""
    on, at = today() if query.standing == "in_force" else None, keyset.asked(str, uuid.UUID)
    return listed(lists.assignments_page(on=on, unit_id=query.unit, owner_id=query.owner, at=at), assignment_out)


@api.get("/assignments.csv")
@needs("money.see")
@endpoint("Assignments as a file", covers="rentals.assignments_csv", media="text/csv")
def assignments_csv() -> Response:
    """With the columns that an import reads; none that was withdrawn."""
    return exporting.assignments_file()


@api.post("/units/<uuid:unit_id>/assignments")
@needs("money.record")
@endpoint("Entitle an owner", covers=("rentals.assignment_new", "rentals.assignment_create"), status=201)
def assignment_create(unit_id: uuid.UUID, body: AssignmentIn) -> AssignmentOut:
    """Refused, naming the months, where the shares would come to more than 100 per cent."""
    told = {name: value for name, value in body if name in {"share", "starts_on", "ends_on"}}
    anchor = Month.parse(body.anchor) if body.anchor else None
    named: dict[str, Any] = {"unit_id": unit_id, "owner_id": body.owner, "turn": body.turn, "anchor": anchor}
    row = assigning.assign(by=g.member.id, key=deed_key(), **named, **told)
    return assignment_out(lists.assignment_line(row.id))


@api.post("/units/<uuid:unit_id>/assignments/preview")
@needs("money.record")
@endpoint("What an assignment would do", covers="rentals.assignment_preview")
def assignment_preview(unit_id: uuid.UUID, body: AssignmentIn) -> CalendarOut:
    """The year of its first day; nothing is recorded."""
    seen = foreseeing.assigned(unit_row(unit_id), foreseeing.thought_of(**_thought(body)), _anchor(body))
    return calendar_out(seen.calendar, seen.fault)


@api.post("/assignments/<uuid:assignment_id>/change")
@needs("money.record")
@endpoint("A change of ownership", covers=("rentals.change_new", "rentals.change_create"), status=201)
def change_create(assignment_id: uuid.UUID, body: ChangeIn) -> Listing[AssignmentOut]:
    """The assignment ends the day before; the new owners have its turn. Past months keep their answer."""
    takers = [Taker(one.party, one.share) for one in body.owners]
    told = {"takers": takers, "from_on": body.from_on, "by": g.member.id, "key": deed_key()}
    made = assigning.change_ownership(assignment_id, **told)
    return whole([lists.assignment_line(row.id) for row in made], assignment_out)


@api.post("/assignments/<uuid:assignment_id>/change/preview")
@needs("money.record")
@endpoint("What a change of ownership would do", covers="rentals.change_preview")
def change_preview(assignment_id: uuid.UUID, body: ChangeIn) -> CalendarOut:
    """The year of the change; nothing is recorded."""
    takers = [Taker(one.party, one.share) for one in body.owners]
    seen = foreseeing.changed(lists.assignment_line(assignment_id), takers, body.from_on)
    return calendar_out(seen.calendar, seen.fault)


@api.post("/assignments/<uuid:assignment_id>/end")
@needs("money.record")
@endpoint("End an assignment", covers=("rentals.assignment_end_new", "rentals.assignment_end"))
def assignment_end(assignment_id: uuid.UUID, body: AssignmentEndIn) -> AssignmentOut:
    """The day is its last; null lets it go on."""
    assigning.end_assignment(assignment_id, on=body.on, by=g.member.id)
    return assignment_out(lists.assignment_line(assignment_id))


@api.post("/assignments/<uuid:assignment_id>/withdrawal")
@needs("money.record")
@endpoint("Withdraw an assignment", covers="rentals.assignment_withdraw")
def assignment_withdraw(assignment_id: uuid.UUID) -> AssignmentOut:
    """It was mistyped and counts for no month."""
    assigning.withdraw_assignment(assignment_id, by=g.member.id)
    return assignment_out(lists.assignment_line(assignment_id))


@api.get("/units/<uuid:unit_id>/cycle")
@needs("money.see")
@endpoint("From which month turns are counted")
def anchor(unit_id: uuid.UUID) -> AnchorOut:
    """Null where no turn of the unit is by cycle."""
    unit_row(unit_id)
    found = anchors_of([unit_id]).get(unit_id)
    return AnchorOut(anchor=str(found) if found else None)


@api.put("/units/<uuid:unit_id>/cycle")
@needs("money.record")
@endpoint("Count turns from a month", covers=("rentals.anchor_edit", "rentals.anchor_change"))
def anchor_change(unit_id: uuid.UUID, body: AnchorIn) -> AnchorOut:
    """Refused once turns were counted in months that are past."""
    row = assigning.set_anchor(unit_id, anchor=Month.parse(body.anchor), by=g.member.id)
    return AnchorOut(anchor=str(Month.of(row.anchor)))


def _thought(body: AssignmentIn) -> dict[str, Any]:
    told: dict[str, Any] = {"owner_id": body.owner, "turn": body.turn}
    return told | {"share": body.share, "starts": body.starts_on, "ends": body.ends_on}


def _anchor(body: AssignmentIn) -> Month | None:
    return Month.parse(body.anchor) if body.anchor else None

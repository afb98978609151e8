"""From a form to its verb or its preview: what the views of this room call, so that they stay a parse and an answer."""

import uuid
from datetime import date
from typing import Any

from flask import g, request

from app.core.errors import DomainError
from app.core.periods import Month
from app.registry.gathering import today
from app.registry.models import Unit
from app.registry.queries import unit_row
from app.rentals import assigning, foreseeing, leases
from app.rentals.calendar import calendar_of
from app.rentals.foreseeing import Foreseen
from app.rentals.forms import AnchorForm, AssignmentForm, ChangeForm, EndLeaseForm, LeaseForm
from app.rentals.lists import AssignmentLine
from app.rentals.models import Assignment, Lease
from app.rentals.queries import anchors_of
from app.rentals.rules import ZERO

SHOWN_YEARS = range(1901, 2200)


def year_asked() -> int:
    """The year in this request's address, else the one it is."""
    asked = request.args.get("year", type=int)
    return asked if asked is not None and asked in SHOWN_YEARS else int(today().year)


def month_asked() -> Month:
    """The month in this request's address, else the one it is."""
    try:
        found = Month.parse(request.args.get("month", ""))
    except DomainError:
        return Month.of(today())
    return found if found.year in SHOWN_YEARS else Month.of(today())


def lease_form() -> LeaseForm:
    """The form for a lease; of a unit that is named in the address."""
    form = LeaseForm()
    if request.method == "GET":
        form.starts_on.data = today().replace(day=1)
        if wanted := request.args.get("unit", type=uuid.UUID):
            form.unit.data = unit_row(wanted).code
    return form


def let(form: LeaseForm) -> Lease:
    """Let the unit of the form."""
    assert form.unit.unit is not None  # noqa: S101  # the form is valid
    assert form.client.party is not None  # noqa: S101  # as above
    return leases.make_lease(
        unit_id=form.unit.unit.id,
        client_id=form.client.party.id,
        rent=form.rent.amount or ZERO,
        charges=form.charges.amount or ZERO,
        deposit=form.deposit.amount or ZERO,
        starts_on=form.starts_on.data or today(),
        ends_on=form.ends_on.data,
        day_due=form.day_due.data or 0,
        first_amount=form.first_amount.amount,
        last_amount=form.last_amount.amount,
        by=g.member.id,
        key=form.key,
    )


def end_lease(lease_id: uuid.UUID, form: EndLeaseForm) -> None:
    """End the lease as the form says."""
    leases.end_lease(lease_id, on=form.on.data, last_amount=form.last_amount.amount, by=g.member.id)


def assignment_form(unit_id: uuid.UUID) -> AssignmentForm:
    """The form for an assignment, with the month from which the unit's turns are counted."""
    anchor = anchors_of([unit_id]).get(unit_id)
    first = today().replace(day=1)
    return AssignmentForm(data={"alternation": "none", "starts_on": first, "anchor": str(anchor) if anchor else ""})


def assign(unit: Unit, form: AssignmentForm) -> Assignment:
    """Entitle the owner of the form."""
    assert form.owner.party is not None  # noqa: S101  # the form is valid
    return assigning.assign(
        unit_id=unit.id,
        owner_id=form.owner.party.id,
        share=form.share.value,
        turn=form.turn,
        starts_on=form.starts_on.data or today(),
        ends_on=form.ends_on.data,
        anchor=form.anchor.month,
        by=g.member.id,
        key=form.key,
    )


def foresee(unit: Unit, form: AssignmentForm) -> Foreseen:
    """The year with what is being typed."""
    form.validate()
    return foresee_typed(unit, form)


def foresee_typed(unit: Unit, form: AssignmentForm) -> Foreseen:
    """The year of the first day with the row of the form in it, as far as it is told."""
    day: date = form.starts_on.data or today()
    fault = None
    if form.owner.party and not form.share.errors and not form.alternation.errors:
        told: dict[str, Any] = {"share": form.share.value, "starts": day, "ends": form.ends_on.data}
        try:
            row = foreseeing.thought_of(owner_id=form.owner.party.id, turn=form.turn, **told)
            return foreseeing.assigned(unit, row, form.anchor.month)
        except DomainError as error:
            fault = str(error)
    return Foreseen(calendar_of(unit.id, day.year), fault)


def foresee_change(line: AssignmentLine, form: ChangeForm) -> Foreseen:
    """The year of the change with the new owners in it, as far as they are told."""
    form.validate()
    day: date = form.from_on.data or today()
    takers, fault = form.takers(), None
    if takers:
        try:
            return foreseeing.changed(line, takers, day)
        except DomainError as error:
            fault = str(error)
    return Foreseen(calendar_of(line.unit.id, day.year), fault)


def change(assignment_id: uuid.UUID, form: ChangeForm) -> list[Assignment]:
    """Pass an assignment on to the owners of the form."""
    return assigning.change_ownership(
        assignment_id, takers=form.takers(), from_on=form.from_on.data or today(), by=g.member.id, key=form.key
    )


def keep_anchor(unit_id: uuid.UUID, form: AnchorForm) -> None:
    """Count the unit's turns from the month of the form."""
    assert form.anchor.month is not None  # noqa: S101  # the form is valid
    assigning.set_anchor(unit_id, anchor=form.anchor.month, by=g.member.id)

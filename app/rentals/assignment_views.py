"""The pages of assignments: adding with the year in view, a change of ownership, an end, and the calendar."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.registry.gathering import today
from app.registry.queries import unit_row
from app.rentals import assigning, doing, lists
from app.rentals.blueprint import bp
from app.rentals.calendar import calendar_of
from app.rentals.foreseeing import Foreseen
from app.rentals.forms import TURNS, AnchorForm, ChangeForm, EndAssignmentForm
from app.rentals.queries import anchors_of
from app.web.attempt import attempt
from app.web.pages import go, page

NOTES = {name: note for name, (_word, note) in TURNS.items()}


@bp.get("/units/<uuid:unit_id>/calendar")
@needs("money.see")
def calendar(unit_id: uuid.UUID) -> Response:
    """A year of a unit: months across, owners down."""
    row, year = unit_row(unit_id), doing.year_asked()
    shown: dict[str, Any] = {"calendar": calendar_of(unit_id, year), "row": row}
    return page("rentals/calendar.html", "rentals/_calendar.html", **shown)


@bp.get("/units/<uuid:unit_id>/assignments/new")
@needs("money.record")
def assignment_new(unit_id: uuid.UUID) -> Response:
    """The form for an assignment, with the year beside it."""
    row, form = unit_row(unit_id), doing.assignment_form(unit_id)
    seen = Foreseen(calendar_of(unit_id, today().year))
    return page("rentals/assignment_form.html", form=form, row=row, seen=seen, notes=NOTES)


@bp.post("/units/<uuid:unit_id>/assignments/preview")
@needs("money.record")
def assignment_preview(unit_id: uuid.UUID) -> Response:
    """The year with what is being typed."""
    row, form = unit_row(unit_id), doing.assignment_form(unit_id)
    seen = doing.foresee(row, form)
    template, fragment = "rentals/assignment_form.html", "rentals/_assignment_preview.html"
    return page(template, fragment, form=form, row=row, seen=seen, notes=NOTES)


@bp.post("/units/<uuid:unit_id>/assignments")
@needs("money.record")
def assignment_create(unit_id: uuid.UUID) -> Response:
    """Entitle an owner."""
    row, form = unit_row(unit_id), doing.assignment_form(unit_id)
    if wrong := attempt(form, lambda: doing.assign(row, form)):
        shown: dict[str, Any] = {"row": row, "seen": doing.foresee_typed(row, form), "notes": NOTES}
        return page("rentals/assignment_form.html", "rentals/_assignment_form.html", wrong, form=form, **shown)
    return go(url_for("registry.unit", unit_id=unit_id), toast=_("The owner is entitled. Look at the calendar."))


@bp.get("/assignments/<uuid:assignment_id>/change")
@needs("money.record")
def change_new(assignment_id: uuid.UUID) -> Response:
    """The form that passes an assignment on."""
    line = lists.assignment_line(assignment_id)
    form, seen = ChangeForm(data={"from_on": today()}), Foreseen(calendar_of(line.unit.id, today().year))
    return page("rentals/change_form.html", form=form, line=line, seen=seen)


@bp.post("/assignments/<uuid:assignment_id>/change/preview")
@needs("money.record")
def change_preview(assignment_id: uuid.UUID) -> Response:
    """The year with the new owners."""
    line, form = lists.assignment_line(assignment_id), ChangeForm()
    seen = doing.foresee_change(line, form)
    return page("rentals/change_form.html", "rentals/_change_preview.html", form=form, line=line, seen=seen)


@bp.post("/assignments/<uuid:assignment_id>/change")
@needs("money.record")
def change_create(assignment_id: uuid.UUID) -> Response:
    """End the assignment and begin others for the new owners."""
    line, form = lists.assignment_line(assignment_id), ChangeForm()
    url, seen = url_for("registry.unit", unit_id=line.unit.id), Foreseen(calendar_of(line.unit.id, today().year))
    if form.more.data:
        form.add_lines()
        return page("rentals/change_form.html", "rentals/_change_form.html", form=form, line=line, seen=seen)
    if wrong := attempt(form, lambda: doing.change(assignment_id, form)):
        return page("rentals/change_form.html", "rentals/_change_form.html", wrong, form=form, line=line, seen=seen)
    return go(url, toast=_("The share has changed hands. Past months keep their answer."))


@bp.get("/assignments/<uuid:assignment_id>/end")
@needs("money.record")
def assignment_end_new(assignment_id: uuid.UUID) -> Response:
    """The form that ends an assignment."""
    line = lists.assignment_line(assignment_id)
    form = EndAssignmentForm(data={"on": line.assignment.ends_on or today()})
    return page("rentals/assignment_end.html", form=form, line=line)


@bp.post("/assignments/<uuid:assignment_id>/end")
@needs("money.record")
def assignment_end(assignment_id: uuid.UUID) -> Response:
    """Say which day is the last of an assignment."""
    line, form = lists.assignment_line(assignment_id), EndAssignmentForm()
    if wrong := attempt(form, lambda: assigning.end_assignment(assignment_id, on=form.on.data, by=g.member.id)):
        return page("rentals/assignment_end.html", "rentals/_assignment_end_form.html", wrong, form=form, line=line)
    return go(url_for("registry.unit", unit_id=line.unit.id), toast=_("Saved"))


@bp.post("/assignments/<uuid:assignment_id>/withdrawal")
@needs("money.record")
def assignment_withdraw(assignment_id: uuid.UUID) -> Response:
    """Put a mistyped assignment aside."""
    row = assigning.withdraw_assignment(assignment_id, by=g.member.id)
    return go(url_for("registry.unit", unit_id=row.unit_id), toast=_("It was withdrawn: it counts for no month"))


@bp.get("/units/<uuid:unit_id>/cycle")
@needs("money.record")
def anchor_edit(unit_id: uuid.UUID) -> Response:
    """The form that says from which month turns are counted."""
    row, anchor = unit_row(unit_id), anchors_of([unit_id]).get(unit_id)
    return page("rentals/anchor.html", form=AnchorForm(data={"anchor": str(anchor) if anchor else ""}), row=row)


@bp.post("/units/<uuid:unit_id>/cycle")
@needs("money.record")
def anchor_change(unit_id: uuid.UUID) -> Response:
    """Say from which month turns are counted."""
    row, form = unit_row(unit_id), AnchorForm()
    if wrong := attempt(form, lambda: doing.keep_anchor(unit_id, form)):
        return page("rentals/anchor.html", "rentals/_anchor_form.html", wrong, form=form, row=row)
    return go(url_for("registry.unit", unit_id=unit_id), toast=_("Saved"))

"""This room's part of a unit's and of a party's page: calendar, assignments and leases."""

import uuid

from app.core.rooms import Section
from app.registry.gathering import today
from app.registry.queries import unit_row
from app.rentals import doing, lists
from app.rentals.calendar import calendar_of
from app.rentals.queries import anchors_of
from app.rentals.rules import Alternation


def unit_panel(unit_id: uuid.UUID) -> Section:
    """The calendar of a unit, who is entitled to its rent, and its leases."""
    assignments = lists.assignments_of_unit(unit_id)
    data = {
        "row": unit_row(unit_id),
        "calendar": calendar_of(unit_id, doing.year_asked()),
        "assignments": assignments,
        "cycles": any(line.assignment.alternation == Alternation.CYCLE for line in assignments),
        "anchor": anchors_of([unit_id]).get(unit_id),
        "leases": lists.leases_of_unit(unit_id),
    }
    return Section(None, template="rentals/_unit_panel.html", data=data, order=10)


def party_panel(party_id: uuid.UUID) -> Section | None:
    """What a party is entitled to now and what it rents, the first of each; all of it stands in the lists."""
    owned = lists.assignments_page(on=today(), owner_id=party_id)
    rented = lists.leases_page(on=today(), client_id=party_id)
    if not owned.rows and not rented.rows:
        return None
    data = {"owned": owned, "rented": rented}
    return Section(None, template="rentals/_party_panel.html", data=data, order=10)

"""Leases and assignments as files, with the columns by which an import reads them again."""

from collections.abc import Sequence
from decimal import Decimal

from flask import Response

from app.core.exports import Cell
from app.core.money import rounded
from app.core.periods import Month
from app.groups.queries import group
from app.registry.exporting import AT_ONCE, given, parts
from app.rentals import lists
from app.rentals.lists import AssignmentLine, LeaseLine
from app.rentals.queries import anchors_of
from app.rentals.rules import plain

DAYS = ("start_date", "end_date")
LEASE = ("unit", "client", "client_name", "rent", "charges", "deposit", *DAYS, "day_due", "first_amount", "last_amount")
TURN = ("alternation_type", "cycle_length", "cycle_position", "anchor")
ASSIGNMENT = ("unit", "owner", "owner_name", "share_percent", *TURN, *DAYS)


def leases_file() -> Response:
    """Every lease by code of its unit, those that have ended among them; none that was withdrawn."""
    currency = group().currency

    def amount(told: Decimal | None) -> Decimal | None:
        return None if told is None else rounded(told, currency)

    def cells(line: LeaseLine) -> Sequence[Cell]:
        row, who = line.lease, [line.unit.code, line.client.code, line.client.name]
        asked = [amount(told) for told in (row.rent, row.charges, row.deposit)]
        others = [amount(told) for told in (row.first_amount, row.last_amount)]
        return [*who, *asked, row.starts_on, row.ends_on, row.day_due, *others]

    found = parts(lambda at: lists.leases_page(at=at, size=AT_ONCE), lambda line: (line.unit.code, line.lease.id))
    return given("leases", LEASE, (cells(line) for lines in found for line in lines if not line.withdrawn))


def assignments_file() -> Response:
    """Every assignment by code of its unit, those that have ended among them; none that was withdrawn."""
    found = parts(
        lambda at: lists.assignments_page(at=at, size=AT_ONCE), lambda line: (line.unit.code, line.assignment.id)
    )
    return given("assignments", ASSIGNMENT, (cells for lines in found for cells in _assignments(lines)))


def _assignments(lines: Sequence[AssignmentLine]) -> list[Sequence[Cell]]:
    anchors = anchors_of({line.unit.id for line in lines})
    return [_cells(line, anchors.get(line.unit.id)) for line in lines if not line.withdrawn]


def _cells(line: AssignmentLine, anchor: Month | None) -> Sequence[Cell]:
    row = line.assignment
    share = None if row.share_percent is None else Decimal(plain(row.share_percent))
    turn = [row.alternation, row.cycle_length, row.cycle_position, str(anchor) if row.cycle_length and anchor else ""]
    return [line.unit.code, line.owner.code, line.owner.name, share, *turn, row.starts_on, row.ends_on]

"""A form of the register that is sent twice finds what the first one entered, or is refused when it says otherwise."""

from datetime import date
from typing import Any

import pytest

from app.core.errors import DomainError
from app.core.periods import Month
from app.registry.deeds import make_deed, pass_on
from app.registry.errors import SentOtherwise
from app.registry.parties import group_party, make_party
from app.registry.queries import unit_row
from app.registry.rules import Kind, Share
from app.registry.sets import make_set
from app.registry.units import make_unit
from app.rentals import foreseeing
from app.rentals.assigning import Taker, change_ownership
from app.rentals.errors import GroupRents
from app.rentals.rules import Alternation
from app.rentals.stating import Turn
from tests.rentals.conftest import D, Letting

FIRST, JUNE = date(2026, 1, 1), date(2026, 6, 1)


def said(letting: Letting, verb: Any, told: dict[str, Any], otherwise: dict[str, Any]) -> None:
    """Twice the same is one row; each thing said otherwise is refused."""
    same = {"by": letting.by, "key": f"once-{verb.__name__}", **told}
    first, again = verb(**same), verb(**same)
    assert again is first or [row.id for row in again] == [row.id for row in first]
    for name, value in otherwise.items():
        with pytest.raises(SentOtherwise):
            verb(**{**same, name: value})


def test_what_was_sent_before_is_found_and_never_taken_for_something_else(letting: Letting) -> None:
    whole, half = [Share(letting.a, D(100))], [Share(letting.a, D(50)), Share(letting.b, D(50))]
    said(letting, make_party, {"name": "Zed", "code": "Z1"}, {"name": "Yan", "code": "Z2", "kind": Kind.COMPANY})
    said(letting, make_unit, {"code": "U9", "area": D("12.5")}, {"code": "U8", "area": D(13), "address": "Moi Ave"})
    said(letting, make_set, {"name": "Tower"}, {"name": "Lifts"})
    told: dict[str, Any] = {"unit_id": letting.unit, "owners": whole, "indiviso": D(1), "starts_on": FIRST}
    said(letting, make_deed, told, {"owners": half, "indiviso": D(2), "starts_on": JUNE})
    deed = make_deed(by=letting.by, key="once-make_deed", **told)
    told = {"deed_id": deed.id, "owners": half, "from_on": JUNE}
    said(letting, pass_on, told, {"owners": whole, "from_on": date(2026, 7, 1)})


def test_so_it_is_of_leases_assignments_and_changes(letting: Letting) -> None:
    lease = letting.let("1000", key="lease")
    assert letting.let("1000", key="lease") is lease
    others: tuple[dict[str, Any], ...] = (
        {"rent": "900"},
        {"starts_on": JUNE},
        {"client_id": letting.a},
        {"first_amount": D(0)},
    )
    for other in others:
        with pytest.raises(SentOtherwise):
            letting.let(**{"rent": "1000", "key": "lease", **other})
    row = letting.assign(letting.a, 60, key="row")
    assert letting.assign(letting.a, 60, key="row") is row
    for owner, share, turn in ((letting.b, 60, Turn()), (letting.a, 50, Turn()), (letting.a, 60, odd())):
        with pytest.raises(SentOtherwise):
            letting.assign(owner, share, turn, key="row")
    told: dict[str, Any] = {"assignment_id": row.id, "takers": [Taker(letting.b)], "from_on": JUNE}
    said(letting, change_ownership, told, {"takers": [Taker(letting.a)], "from_on": date(2026, 7, 1)})


def odd() -> Turn:
    return Turn(Alternation.ODD_EVEN, None, 1)


def test_the_group_rents_nothing_from_itself(letting: Letting) -> None:
    with pytest.raises(GroupRents) as refused:
        letting.let(client_id=group_party(by=letting.by).id)
    assert refused.value.field == "client"


def test_a_month_may_be_free(letting: Letting) -> None:
    lease = letting.let("1000", first_amount=D(0), last_amount=D(0), ends_on=date(2026, 3, 31))
    assert (lease.first_amount, lease.last_amount) == (D(0), D(0))
    with pytest.raises(DomainError):
        letting.let("1000", starts_on=JUNE, first_amount=D(-1))


def test_what_is_foreseen_is_counted_from_the_month_that_would_be_kept(letting: Letting) -> None:
    later = date(2027, 1, 1)
    letting.assign(letting.a, 100, Turn(Alternation.CYCLE, 2, 1), starts_on=later)  # its anchor: January 2027
    told: dict[str, Any] = {"owner_id": letting.b, "share": D(100), "starts": later, "ends": None}
    row = foreseeing.thought_of(turn=Turn(Alternation.CYCLE, 2, 2), **told)
    unit = unit_row(letting.unit)
    seen = foreseeing.assigned(unit, row, Month(2027, 2))
    assert (seen.fault, [owner.cells[0].percent for owner in seen.calendar.rows]) == (None, [D(0), D(100)])
    letting.assign(letting.b, 10, Turn(Alternation.CYCLE, 2, 2), ends_on=date(2026, 12, 31))  # turns that have counted
    seen = foreseeing.assigned(unit, row, Month(2027, 2))
    assert "2027-01" in str(seen.fault)
    assert [owner.cells[0].percent for owner in seen.calendar.rows] == [100, 0]

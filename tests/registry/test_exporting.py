"""The register as files: what is downloaded can be imported elsewhere, and no cell is a formula."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.imports import register_import
from app.registry import exporting
from app.registry.deeds import make_deed
from app.registry.models import Party, Unit
from app.registry.parties import make_party
from app.registry.rules import Kind, Share
from app.registry.units import make_unit
from app.rentals.leases import withdraw_lease
from app.rentals.models import Assignment, Lease
from app.rentals.rules import Alternation
from app.rentals.stating import Turn
from tests import factories
from tests.imports.test_register_import import taken
from tests.rentals.conftest import Letting, held_clock, let_out, letting, people

__all__ = ["held_clock", "let_out", "letting", "people"]
Open = Callable[[Any], FlaskClient]
FILES = ("units", "parties", "leases", "assignments")


@pytest.fixture
def town(let_out: Letting) -> Letting:
    """A unit with a formula for an address, a store, leases of which one was withdrawn, and turns of a cycle."""
    with transaction(group_id=let_out.cast.group_id):
        store = make_unit(code="S1", area=Decimal("12.50"), address='=HYPERLINK("x")', by=let_out.by, key="s")
        told: dict[str, Any] = {"tax_id": "SECRET-1", "phone": "+254712345678", "kind": Kind.COMPANY}
        make_party(code="C9", name="@Company", professional=True, by=let_out.by, key="c9", **told)
        withdraw_lease(let_out.let("700").id, by=let_out.by)
        let_out.let("1000.50", charges=Decimal(30), first_amount=Decimal(0), ends_on=date(2026, 12, 31))
        let_out.assign(let_out.a, "60", Turn(Alternation.CYCLE, 3, 1))
        let_out.assign(let_out.b, "40", Turn(Alternation.ODD_EVEN, None, 2))
        let_out.assign(let_out.b, None, unit_id=store.id)
        share = Share(let_out.a, Decimal(100))
        told = {"indiviso": Decimal("1.5"), "starts_on": date(2026, 1, 1), "by": let_out.by}
        make_deed(unit_id=let_out.unit, owners=[share], key="d", **told)
    return let_out


def files(client: FlaskClient, town: Letting) -> dict[str, str]:
    return {name: client.get(f"/g/{town.cast.slug}/register/{name}.csv").text for name in (*FILES, "deeds")}


def test_what_is_downloaded_makes_the_same_register_elsewhere(town: Letting, as_person: Open) -> None:
    found = files(as_person(town.cast.treasurer), town)
    elsewhere = factories.cast()
    with transaction(group_id=elsewhere.group_id):
        there = Letting(elsewhere, town.unit, town.a, town.b, town.client)
        for name in FILES:
            assert taken(there, name, found[name]).errors == []
        assert [told(*row) for row in _leases()] == [("U1", "K", "1000.50", "30.00", "0.00", date(2026, 12, 31))]
        turns = session().execute(sa.select(Assignment.share_percent, Assignment.cycle_length).order_by(Assignment.id))
        assert {(share, length) for share, length in turns} == {(Decimal(60), 3), (Decimal(40), None), (None, None)}
        unit = session().scalars(sa.select(Unit).where(Unit.code == "S1")).one()
        assert (unit.area, unit.address) == (Decimal("12.50"), '=HYPERLINK("x")')


def _leases() -> Any:
    wanted: Any = sa.select(Unit.code, Party.code, Lease).join(Unit, Unit.id == Lease.unit_id)
    return session().execute(wanted.join(Party, Party.id == Lease.client_id))


def told(unit: str, client: str, lease: Lease) -> tuple[Any, ...]:
    amounts = (f"{amount:.2f}" for amount in (lease.rent, lease.charges, lease.first_amount))
    return unit, client, *amounts, lease.ends_on


def test_no_cell_is_a_formula_and_no_tax_number_is_told(town: Letting, as_person: Open) -> None:
    found = files(as_person(town.cast.treasurer), town)
    assert "\"'=HYPERLINK" in found["units"]
    assert '"\'@Company"' in found["parties"]
    assert '"\'+254712345678"' in found["parties"]
    assert "SECRET-1" not in found["parties"]
    assert '"A 100%","A",1.5000' in found["deeds"]


def test_long_lists_are_read_part_by_part(town: Letting, as_person: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = files(as_person(town.cast.treasurer), town)
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    monkeypatch.setattr("app.rentals.exporting.AT_ONCE", 1)
    assert files(as_person(town.cast.treasurer), town) == whole
    assert len(whole["parties"].splitlines()) == 5


def test_members_get_no_file_and_that_one_was_taken_is_written_down(
    town: Letting, as_person: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[tuple[str, ...]] = []
    monkeypatch.setattr(exporting, "record", lambda *told, **_more: written.append(told))
    for name in (*FILES, "deeds"):
        assert as_person(town.cast.member).get(f"/g/{town.cast.slug}/register/{name}.csv").status_code == 403
        assert as_person(town.cast.outsider).get(f"/g/{town.cast.slug}/register/{name}.csv").status_code == 404
    assert written == []
    files(as_person(town.cast.treasurer), town)
    assert written == [("export", name) for name in (*FILES, "deeds")]


def test_the_list_of_kinds_is_that_of_the_imports() -> None:
    assert set(FILES) == set(register_import.REGISTER_KINDS)

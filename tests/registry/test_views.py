"""The pages of the register as officers and members meet them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.registry import details, parties
from app.registry.errors import MemberHasParty, PartyLinked
from app.registry.models import AllocationSet, Deed, Party, Unit
from app.registry.queries import named, party
from tests.assets.test_views import fields
from tests.payouts.test_views import statements
from tests.rentals.conftest import Letting, held_clock, let_out, letting, people

__all__ = ["held_clock", "let_out", "letting", "people"]
Open = Callable[[Any], FlaskClient]


def at(letting: Letting, path: str = "") -> str:
    return f"/g/{letting.cast.slug}/register{path}"


def send(client: FlaskClient, form: str, told: dict[str, Any], to: str | None = None) -> Any:
    """Fill in the form of a page and send it where the page says."""
    page = client.get(form)
    assert page.status_code == 200, page.text
    return client.post(to or form, data=fields(page) | told)


def last(letting: Letting, table: Any) -> Any:
    with transaction(group_id=letting.cast.group_id):
        return session().scalars(sa.select(table).order_by(table.recorded_at.desc()).limit(1)).one()


@pytest.fixture
def client(let_out: Letting, as_person: Open) -> FlaskClient:
    return as_person(let_out.cast.treasurer)


def test_a_party_is_entered_changed_and_its_tax_number_read(let_out: Letting, client: FlaskClient) -> None:
    told = {"name": "Zed", "code": "Z", "kind": "person", "tax_id": "A0012", "email": "zed@example.com"}
    new = send(client, at(let_out, "/parties/new"), told | {"member": ""}, at(let_out, "/parties"))
    assert new.status_code == 303
    row = last(let_out, Party)
    page = client.get(at(let_out, f"/parties/{row.id}"))
    assert "zed@example.com" in page.text
    assert "A0012" not in page.text
    change = at(let_out, f"/parties/{row.id}/profile")
    assert send(client, change, told | {"name": "Zoe", "active": "y", "tax_id": ""}).status_code == 303
    assert "Zoe" in client.get(at(let_out, "/parties?q=zo")).text
    revealed = client.post(at(let_out, f"/parties/{row.id}/tax-number"), data=fields(page))
    assert revealed.status_code in (200, 303)


def test_what_was_typed_stays_beside_its_fault(let_out: Letting, client: FlaskClient) -> None:
    told = {"name": "Somebody kept", "code": "a", "kind": "person", "member": ""}
    taken = send(client, at(let_out, "/parties/new"), told, at(let_out, "/parties"))
    assert taken.status_code == 409
    assert "is taken already" in taken.text
    assert "Somebody kept" in taken.text
    nobody = send(client, at(let_out, "/parties/new"), told | {"name": "", "code": ""}, at(let_out, "/parties"))
    assert nobody.status_code == 422
    wrong = send(
        client, at(let_out, "/units/new"), {"code": "X", "type": "store", "area": "many"}, at(let_out, "/units")
    )
    assert wrong.status_code == 422
    assert "Enter a number such as 12.5." in wrong.text


def test_a_unit_is_entered_and_changed(let_out: Letting, client: FlaskClient) -> None:
    told = {"code": "A-12", "type": "store", "area": "38,5", "address": "Moi Avenue", "asset": ""}
    assert send(client, at(let_out, "/units/new"), told, at(let_out, "/units")).status_code == 303
    row = last(let_out, Unit)
    assert row.area == 38.5
    assert send(client, at(let_out, f"/units/{row.id}/profile"), told | {"code": "A-13"}).status_code == 303
    assert "A-13" in client.get(at(let_out, "?q=moi")).text
    assert "A-13" not in client.get(at(let_out, "?type=land")).text


def test_a_deed_with_more_lines_a_sale_and_an_end(let_out: Letting, client: FlaskClient) -> None:
    told = {
        "unit": "U1",
        "indiviso": "45",
        "usage": "owner_occupied",
        "starts_on": "2026-01-01",
        "owners-0-party": "A · Owner A",
        "owners-0-share": "60",
        "owners-1-party": "owner b",
        "owners-1-share": "30",
    }
    more = send(client, at(let_out, "/deeds/new"), told | {"more": "1"}, at(let_out, "/deeds"))
    assert "owners-5-share" in more.text
    assert 'value="60"' in more.text
    short = send(client, at(let_out, "/deeds/new"), told, at(let_out, "/deeds"))
    assert short.status_code == 422
    assert "come to 90%" in short.text
    assert (
        send(client, at(let_out, "/deeds/new"), told | {"owners-1-share": "40"}, at(let_out, "/deeds")).status_code
        == 303
    )
    row = last(let_out, Deed)
    page = client.get(at(let_out, f"/deeds/{row.id}"))
    assert "60%" in page.text
    sale = {"from_on": "2026-07-01", "owners-0-party": "K", "owners-0-share": "100"}
    assert send(client, at(let_out, f"/deeds/{row.id}/sale"), sale).status_code == 303
    new = last(let_out, Deed)
    change = {"responsible": "A", "usage": "long_term_rental"}
    assert send(client, at(let_out, f"/deeds/{new.id}/profile"), change).status_code == 303
    assert send(client, at(let_out, f"/deeds/{new.id}/end"), {"on": "2026-06-01"}).status_code == 422
    assert send(client, at(let_out, f"/deeds/{new.id}/end"), {"on": "2026-12-31"}).status_code == 303
    page = client.get(at(let_out, f"/deeds/{new.id}"))
    assert client.post(at(let_out, f"/deeds/{new.id}/withdrawal"), data=fields(page)).status_code == 303
    assert "Withdrawn" in client.get(at(let_out, f"/units/{let_out.unit}")).text


def test_a_set_and_its_total(let_out: Letting, client: FlaskClient) -> None:
    assert send(client, at(let_out, "/sets/new"), {"name": "Tower"}, at(let_out, "/sets")).status_code == 303
    row = last(let_out, AllocationSet)
    page = at(let_out, f"/sets/{row.id}")
    none = send(client, page, {"unit": "U1"}, f"{page}/deeds")
    assert none.status_code == 422
    assert "has no deed yet" in none.text
    told = {"unit": "U1", "indiviso": "45", "usage": "owner_occupied", "starts_on": "2026-01-01"}
    told |= {"owners-0-party": "A", "owners-0-share": "100", "sets": str(row.id)}
    assert send(client, at(let_out, "/deeds/new"), told, at(let_out, "/deeds")).status_code == 303
    assert "Not 100%" in client.get(at(let_out, "/sets")).text
    deed = last(let_out, Deed)
    removal = f"{page}/deeds/{deed.id}/removal"
    assert client.post(removal, data=fields(client.get(page))).status_code == 303
    assert send(client, f"{page}/profile", {"name": "Tower B", "active": "y"}).status_code == 303
    assert "Tower B" in client.get(page).text


def test_somebody_from_outside_who_becomes_a_member_is_linked(let_out: Letting, client: FlaskClient) -> None:
    member = let_out.cast.member.member_id
    page = at(let_out, f"/parties/{let_out.a}/profile")
    told = {"code": "A", "name": "Owner A", "kind": "person", "email": "ann@example.com", "active": "y"}
    assert send(client, page, {**told, "member": str(member)}).status_code == 303
    with transaction(group_id=let_out.cast.group_id):
        row = party(let_out.a)
        assert (row.member_id, row.subject_id, row.name) == (member, member, None)
        assert details.details_of(row) == {"email": "ann@example.com"}
        assert named(let_out.a).name == "Daniel Mwangi"
        with pytest.raises(PartyLinked):
            parties.edit_party(let_out.a, member_id=let_out.cast.leader.member_id, by=let_out.by)
        with pytest.raises(MemberHasParty):
            parties.edit_party(let_out.b, member_id=member, by=let_out.by)
    again = client.get(page)
    assert (again.status_code, 'name="member"' in again.text) == (200, False)
    assert send(client, page, {**told, "name": "", "email": "", "active": "y"}).status_code == 303
    assert str(member) not in client.get(at(let_out, f"/parties/{let_out.b}/profile")).text


def test_lists_cost_as_many_statements_however_long(
    let_out: Letting, client: FlaskClient, rolled_back: sa.Connection
) -> None:
    paths = [at(let_out), at(let_out, "/parties"), at(let_out, "/deeds?all=1"), at(let_out, "/sets")]
    for path in paths:
        client.get(path)
    few = [statements(rolled_back, lambda path=path: client.get(path)) for path in paths]  # type: ignore[misc]  # of its turn
    with transaction(group_id=let_out.cast.group_id):
        for number in range(6):
            let_out.party(f"N{number}")
            let_out.another_unit(f"N{number}")
    assert [statements(rolled_back, lambda path=path: client.get(path)) for path in paths] == few  # type: ignore[misc]  # as above


@pytest.mark.parametrize("path", ["", "/parties", "/deeds", "/sets"])
def test_the_register_is_no_members_business(let_out: Letting, as_person: Open, path: str) -> None:
    assert as_person(let_out.cast.member).get(at(let_out, path)).status_code == 403
    assert as_person(let_out.cast.stranger).get(at(let_out, path)).status_code == 404
    seen = as_person(let_out.cast.auditor).get(at(let_out, path))
    assert seen.status_code == 200
    assert not re.search(r"Add a (unit|party|deed|set)", seen.text)

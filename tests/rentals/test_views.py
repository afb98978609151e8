"""The pages of leases, assignments and calendars as officers and members meet them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.rentals.models import Assignment, Lease
from tests.assets.test_views import fields
from tests.payouts.test_views import statements
from tests.registry.test_views import last, send
from tests.rentals.conftest import EVEN, ODD, Letting

Open = Callable[[Any], FlaskClient]


def at(letting: Letting, path: str) -> str:
    return f"/g/{letting.cast.slug}/register{path}"


def unit_page(letting: Letting, query: str = "") -> str:
    return f"/g/{letting.cast.slug}/register/units/{letting.unit}{query}"


@pytest.fixture
def client(let_out: Letting, as_person: Open) -> FlaskClient:
    return as_person(let_out.cast.treasurer)


def entitle(let_out: Letting, *rows: Any) -> list[Assignment]:
    with transaction(group_id=let_out.cast.group_id):
        return [let_out.assign(*row) for row in rows]


def test_a_unit_is_let_ended_and_the_lease_withdrawn(let_out: Letting, client: FlaskClient) -> None:
    told = {"unit": "u1", "client": "K · Kiosk Ltd", "rent": "1,000.00", "starts_on": "2026-01-01", "day_due": "5"}
    form, to = at(let_out, f"/leases/new?unit={let_out.unit}"), at(let_out, "/leases")
    assert "Gap in" not in client.get(unit_page(let_out)).text  # who lives in it is nobody's client
    wrong = send(client, form, told | {"client": "Nobody", "rent": "12,34"}, to)
    assert wrong.status_code == 422
    assert "Nobody in the register is “Nobody”" in wrong.text
    assert 'value="12,34"' in wrong.text
    assert send(client, form, told, to).status_code == 303
    row = last(let_out, Lease)
    assert (row.rent, row.day_due) == (1000, 5)
    assert "Gap in" in client.get(unit_page(let_out)).text
    again = send(client, form, told, to)
    assert again.status_code == 409
    assert "is let to Kiosk Ltd in 2026-01 already" in again.text
    end = at(let_out, f"/leases/{row.id}/end")
    assert send(client, end, {"on": "2025-06-01"}).status_code == 422
    assert send(client, end, {"on": "2026-12-31", "last_amount": "500"}).status_code == 303
    assert "500.00" in client.get(at(let_out, f"/leases/{row.id}")).text
    assert "Kiosk Ltd" in client.get(at(let_out, "/leases?q=kio")).text
    page = client.get(at(let_out, f"/leases/{row.id}"))
    assert client.post(at(let_out, f"/leases/{row.id}/withdrawal"), data=fields(page)).status_code == 303
    assert "Withdrawn" in client.get(at(let_out, "/leases?all=1")).text


def test_turns_are_seen_before_and_after_they_are_entered(let_out: Letting, client: FlaskClient) -> None:
    form = at(let_out, f"/units/{let_out.unit}/assignments/new")
    to = at(let_out, f"/units/{let_out.unit}/assignments")
    told = {"owner": "A", "share": "100", "alternation": "odd", "starts_on": "2026-01-01"}
    seen = send(client, form, told, f"{to}/preview")
    assert seen.status_code == 200
    assert "Gap in Jan, Mar" in seen.text
    assert send(client, form, told, to).status_code == 303
    seen = send(client, form, told | {"owner": "B", "alternation": "even"}, f"{to}/preview")
    assert "Gap" not in seen.text
    assert seen.text.count('class="has"') == 12
    over = send(client, form, told | {"owner": "B", "share": "60"}, to)
    assert over.status_code == 409
    assert "2026-01, 2026-03" in over.text
    assert 'value="60"' in over.text
    assert send(client, form, told | {"owner": "B", "alternation": "even"}, to).status_code == 303
    page = client.get(unit_page(let_out, "?year=2027"))
    assert page.text.count('class="has"') == 12
    assert client.get(at(let_out, f"/units/{let_out.unit}/calendar?year=2024")).text.count('class="has"') == 0


def test_a_cycle_is_entered_with_its_month(let_out: Letting, client: FlaskClient) -> None:
    form = at(let_out, f"/units/{let_out.unit}/assignments/new")
    to = at(let_out, f"/units/{let_out.unit}/assignments")
    told = {"owner": "A", "alternation": "cycle", "starts_on": "2027-01-01", "anchor": "2027-01"}
    lacks = send(client, form, told, to)
    assert lacks.status_code == 422
    assert "the month of a cycle of 2 to 60 months" in lacks.text
    assert send(client, form, told | {"cycle_length": "3", "cycle_position": "2"}, to).status_code == 303
    anchor = at(let_out, f"/units/{let_out.unit}/cycle")
    assert 'value="2027-01"' in client.get(anchor).text
    assert send(client, anchor, {"anchor": "2027-13"}).status_code == 422
    assert send(client, anchor, {"anchor": "2027-02"}).status_code == 303
    assert "February 2027" in client.get(unit_page(let_out)).text


def test_ownership_changes_in_one_form(let_out: Letting, client: FlaskClient) -> None:
    row = entitle(let_out, (let_out.a, 100))[0]
    form = at(let_out, f"/assignments/{row.id}/change")
    told = {"from_on": "2026-06-01", "owners-0-party": "B"}
    seen = send(client, form, told, f"{form}/preview")
    assert seen.text.count('class="has"') == 12
    assert "Owner B" in seen.text
    assert "owners-5-share" in send(client, form, told | {"more": "1"}).text
    short = send(client, form, told | {"owners-0-share": "60"})
    assert short.status_code == 422
    assert "take 60% together" in short.text
    assert "take 60% together" in send(client, form, told | {"owners-0-share": "60"}, f"{form}/preview").text
    assert send(client, form, told).status_code == 303
    new = last(let_out, Assignment)
    assert (new.owner_id, new.starts_on) == (let_out.b, date(2026, 6, 1))
    end = at(let_out, f"/assignments/{new.id}/end")
    assert send(client, end, {"on": "2026-01-01"}).status_code == 422
    assert send(client, end, {"on": "2026-12-31"}).status_code == 303
    page = client.get(unit_page(let_out))
    assert client.post(at(let_out, f"/assignments/{new.id}/withdrawal"), data=fields(page)).status_code == 303


def test_the_month_shows_who_is_entitled_and_where_there_is_a_gap(
    let_out: Letting, client: FlaskClient, rolled_back: sa.Connection
) -> None:
    entitle(let_out, (let_out.a, 50, ODD), (let_out.b, 50, EVEN))
    with transaction(group_id=let_out.cast.group_id):
        let_out.let()
        let_out.let(unit_id=let_out.another_unit("U2"))
    page = client.get(at(let_out, "/entitlement?month=2026-01"))
    assert "Owner A 100%" in page.text
    assert "No owner is assigned" in page.text
    few = statements(rolled_back, lambda: client.get(at(let_out, "/entitlement?month=2026-01")))
    leases = statements(rolled_back, lambda: client.get(at(let_out, "/leases")))
    with transaction(group_id=let_out.cast.group_id):
        for number in range(3, 8):
            unit = let_out.another_unit(f"U{number}")
            let_out.let(unit_id=unit)
            let_out.assign(let_out.a, 100, unit_id=unit)
    assert statements(rolled_back, lambda: client.get(at(let_out, "/entitlement?month=2026-01"))) == few
    assert statements(rolled_back, lambda: client.get(at(let_out, "/leases"))) == leases
    assert "Nothing is let" in client.get(at(let_out, "/entitlement?month=2020-01")).text
    assert client.get(at(let_out, "/entitlement?month=never")).status_code == 200


def test_a_party_shows_what_it_owns_and_rents(let_out: Letting, client: FlaskClient) -> None:
    entitle(let_out, (let_out.client, 100))
    with transaction(group_id=let_out.cast.group_id):
        let_out.let()
        session().flush()
    page = client.get(f"/g/{let_out.cast.slug}/register/parties/{let_out.client}")
    assert "Entitled to rent of" in page.text
    assert "1,000.00" in page.text


@pytest.mark.parametrize("path", ["/leases", "/entitlement"])
def test_leases_are_no_members_business(let_out: Letting, as_person: Open, path: str) -> None:
    assert as_person(let_out.cast.member).get(at(let_out, path)).status_code == 403
    assert as_person(let_out.cast.stranger).get(at(let_out, path)).status_code == 404
    assert as_person(let_out.cast.auditor).get(at(let_out, path)).status_code == 200

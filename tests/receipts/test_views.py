"""The pages of months, runs and receipts: what officers see and do, what a member sees, and what is refused."""

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from app.receipts.models import Receipt
from tests.receipts.world import JANUARY, MARCH, World

As = Callable[[Any], FlaskClient]


def base(world: World) -> str:
    return f"/g/{world.cast.slug}/rent"


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'<input[^>]*name="(csrf_token|once)"[^>]*value="([^"]*)"', page))


def post(browser: FlaskClient, url: str, at: str, **values: Any) -> Any:
    """Send the form of a page."""
    page = browser.get(url).get_data(as_text=True)
    return browser.post(at, data=form_of(page) | values)


def the_receipt(world: World) -> Receipt:
    return world.counting()[0]


def statements(connection: sa.Connection, ask: Callable[[], Any]) -> int:
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(connection, "before_cursor_execute", note)
    try:
        assert ask().status_code == 200
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(found)


def test_a_month_is_looked_at_run_and_followed_to_its_end(world: World, as_person: As) -> None:
    world.simple(rent="1000", shares=("60", "40"))
    world.simple(shares=("30",))
    client = as_person(world.cast.treasurer)
    seen = client.get(f"{base(world)}?period=2026-01").get_data(as_text=True)
    assert "Receipts to issue" in seen
    assert "MAD 1,000.00" in seen.replace("\xa0", " ")
    units = client.get(f"{base(world)}/preview?period=2026-01").get_data(as_text=True)
    assert "neither adds up to 100%" in units
    made = post(client, base(world), f"{base(world)}/runs", period="2026-01", unit="")
    assert made.status_code == 303
    url = made.headers["Location"]
    assert "hx-trigger" in client.get(url).get_data(as_text=True)
    world.work()
    told = client.get(url, headers={"HX-Request": "true", "HX-Target": "run"}).get_data(as_text=True)
    assert "2 receipts were issued" in told
    assert "hx-trigger" not in told.split("skips")[0]
    assert "neither adds up" in told
    assert client.get(f"{url}/skipped.csv").status_code == 200
    assert client.get(f"{url}.pdf").get_data().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        ({"period": "2026-13", "unit": ""}, 422, "Write a month like 2026-01."),
        ({"period": "", "unit": ""}, 422, "Choose a month."),
        ({"period": "2026-04", "unit": ""}, 422, "has not begun yet"),
        ({"period": "2026-01", "unit": "nowhere"}, 422, "There is no unit “nowhere”."),
        ({"period": "2020-01", "unit": ""}, 409, "No unit has a lease or an owner in January 2020."),
    ],
)
def test_what_cannot_be_run_is_refused_beside_its_field(
    world: World, as_person: As, values: dict[str, str], status: int, sentence: str
) -> None:
    world.simple()
    made = post(as_person(world.cast.treasurer), base(world), f"{base(world)}/runs", **values)
    assert (made.status_code, sentence in made.get_data(as_text=True)) == (status, True)


def test_a_receipt_is_read_printed_checked_and_reversed(world: World, as_person: As) -> None:
    world.simple()
    world.run(JANUARY)
    row, client = the_receipt(world), as_person(world.cast.treasurer)
    url = f"{base(world)}/receipts/{row.id}"
    page = client.get(url).get_data(as_text=True)
    assert "Receipt 2026-00001" in page
    assert "Rent due" in page
    assert client.get(f"{url}.pdf").get_data().startswith(b"%PDF")
    (address,) = set(re.findall(r"/verify/[0-9a-z-]+-receipt-[0-9a-zp]+-[0-9a-f]{64}", page))
    assert "Genuine" in as_person(None).get(address).get_data(as_text=True)
    refused = post(client, f"{url}/reversal", f"{url}/reversal", reason="", when="today")
    assert refused.status_code == 422
    assert "give nothing else for this month now" in client.get(f"{url}/reversal").get_data(as_text=True)
    done = post(client, f"{url}/reversal", f"{url}/reversal", reason="Wrong month", when="today")
    assert done.status_code == 303
    page = client.get(url).get_data(as_text=True)
    assert "Reversed by 2026-00002" in page
    assert "Wrong month" in page
    assert "Genuine" not in as_person(None).get(address).get_data(as_text=True)
    log = client.get(f"{base(world)}/units/{row.unit_id}/log").get_data(as_text=True)
    assert "Reverses 2026-00001" in log
    assert client.get(f"{base(world)}/owners/{row.owner_id}/log").status_code == 200
    assert client.get(f"{url}/reversal").status_code == 303
    assert client.get(f"{url}.pdf").get_data().startswith(b"%PDF")


def test_the_list_is_filtered_and_given_as_files(world: World, as_person: As) -> None:
    world.simple()
    world.simple(rent="700")
    for month in (JANUARY, MARCH):
        world.run(month)
    client, url = as_person(world.cast.treasurer), f"{base(world)}/receipts"
    assert client.get(url).get_data(as_text=True).count("<tr>") == 5
    assert client.get(f"{url}?period=2026-01&state=due").get_data(as_text=True).count("<tr>") == 3
    assert "No receipt fits" in client.get(f"{url}?owner=nobody").get_data(as_text=True)
    rows = client.get(f"{url}.csv?period=2026-03").get_data(as_text=True)
    assert rows.count("\r\n") == 3
    assert '"2026-00003","2026-03"' in rows
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{url}.xlsx").get_data()))
    assert "xl/workbook.xml" in book.namelist()


def test_a_member_sees_only_receipts_that_they_own_or_pay(world: World, as_person: As) -> None:
    unit, client = world.unit("A"), world.party("C")
    owner = world.party("P", member=world.cast.member.member_id)
    world.let(unit, client, "500")
    world.assign(unit, owner)
    world.run(JANUARY)
    url = f"{base(world)}/receipts/{the_receipt(world).id}"
    for who, status in ((world.cast.member, 200), (world.cast.other_member, 404), (world.cast.outsider, 404)):
        for place in (url, f"{url}.pdf"):
            assert as_person(who).get(place).status_code == status
    assert as_person(world.cast.member).get(f"{base(world)}/receipts").status_code == 403
    assert as_person(world.cast.treasurer).get(f"{base(world)}/receipts/{uuid.uuid4()}").status_code == 404


def test_an_owners_choice_is_recorded_and_refused_where_it_makes_no_sense(world: World, as_person: As) -> None:
    world.party("P"), world.party("C", kind="company"), world.party("PRIVATE")
    client, url = as_person(world.cast.treasurer), f"{base(world)}/tax-choices"
    assert "No owner has chosen" in client.get(url).get_data(as_text=True)
    good = {"owner": "p", "client": "C", "starts_on": "2026-01", "final": "final"}
    for wrong, status, sentence in (
        ({"client": "PRIVATE"}, 422, "company or professional"),
        ({"owner": "X"}, 422, "Nobody in the register is “X”."),
        ({"starts_on": "2024-12"}, 422, "may not choose a final rate"),
        ({"starts_on": "soon"}, 422, "Write a month like 2026-01."),
    ):
        made = post(client, f"{url}/new", f"{url}/new", **(good | wrong))
        assert (made.status_code, sentence in made.get_data(as_text=True)) == (status, True)
    assert post(client, f"{url}/new", f"{url}/new", **good).status_code == 303
    assert "The final rate" in client.get(url).get_data(as_text=True)


def test_lists_cost_the_same_however_long_they_are(world: World, as_person: As, rolled_back: sa.Connection) -> None:
    for _flat in range(2):
        world.simple(shares=("50", "50"))
    world.run(JANUARY)
    client = as_person(world.cast.treasurer)
    places = (f"{base(world)}/receipts", f"{base(world)}/preview?period=2026-01", f"{base(world)}?period=2026-01")

    def counts() -> list[int]:
        return [statements(rolled_back, lambda place=place: client.get(place)) for place in places]  # type: ignore[misc]  # bound now

    counts()
    few = counts()
    for _flat in range(10):
        world.simple(shares=("50", "50"))
    world.run(JANUARY)
    assert counts() == few
    assert max(few) < 25

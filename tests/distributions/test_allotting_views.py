"""The pages on which a share-out is planned, asked for and approved."""

import re
from datetime import date

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.distributions.models import ShareOut
from app.groups.models import Member
from app.ledgers import approvals
from tests.distributions.conftest import JUNE, Earning
from tests.distributions.pages import ASKED, Open, at, filled, inside, read
from tests.savings.pages import fields


def test_the_rules_stand_side_by_side_before_anything_is_booked(earning: Earning, as_person: Open) -> None:
    client = as_person(earning.cast.treasurer)
    page = client.get(at(earning, f"/new?{ASKED}"))
    assert page.status_code == 200
    for words in ("By savings on the last day", "Equal parts", "Own interest back", "170.00", "510.00", "KES 850.00"):
        assert words in read(page), words
    sheet = client.get(at(earning, f"/new.csv?{ASKED}"))
    assert sheet.mimetype == "text/csv"
    assert '"Daniel Mwangi",600.00,483.55,510.00,510.00,850.00,170.00,510.00,0' in sheet.text
    assert client.get(at(earning)).text.count("Nothing was shared out yet") == 1


def test_without_a_cycle_in_the_address_the_next_one_is_offered(earning: Earning, as_person: Open) -> None:
    page = as_person(earning.cast.treasurer).get(at(earning, "/new"))
    assert 'value="2026-01-01"' in read(page)
    assert 'value="2026-11-21"' in read(page)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("first=2026-10-31&last=2026-01-01", 422, "must end after it begins"),
        ("first=2026-01-01&last=2027-01-01", 422, "cannot end in the future"),
        ("first=x&last=2026-01-01", 422, "Enter a day like"),
        (f"{ASKED}&amount=850.01", 422, "At most 850.00 can go to the members"),
        (f"{ASKED}&amount=-5", 422, "cannot have a minus sign"),
        ("first=2026-01-01&last=2026-02-01", 200, "There is nothing to share out"),
    ],
)
def test_a_cycle_that_cannot_be_is_said_beside_its_field(
    earning: Earning, as_person: Open, asked: str, status: int, words: str
) -> None:
    page = as_person(earning.cast.treasurer).get(at(earning, f"/new?{asked}"))
    assert (page.status_code, words in read(page)) == (status, True)
    if status == 422:
        assert as_person(earning.cast.treasurer).get(at(earning, f"/new.csv?{asked}")).status_code == 422


def test_large_groups_are_compared_page_by_page(earning: Earning, as_person: Open) -> None:
    with inside(earning):
        for number in range(60):
            row = Member(identifier=f"Z{number:03}", display_name=f"Saver {number}", roles=["member"])
            row.joined_on = date(2025, 1, 1)
            session().add(row)
    client = as_person(earning.cast.treasurer)
    first = client.get(at(earning, f"/new?{ASKED}"))
    following = re.search(r'href="([^"]+after=[^"]+)"', first.text)
    assert following
    second = client.get(following[1].replace("&amp;", "&"), headers={"HX-Request": "true", "HX-Target": "comparison"})
    assert "Saver 59" in second.text
    back = re.search(r'href="([^"]+before=[^"]+)"', second.text)
    assert back
    assert "Daniel Mwangi" in client.get(back[1].replace("&amp;", "&")).text


def test_a_share_out_waits_for_the_second_person_whatever_it_comes_to(earning: Earning, as_person: Open) -> None:
    client = as_person(earning.cast.treasurer)
    asked = filled(earning, client)
    answer = client.post(at(earning, "/new"), data=asked)
    assert "/approvals/" in answer.location
    with inside(earning):
        assert session().scalars(sa.select(ShareOut.id)).all() == []
        request = approvals.waiting()[0]
        assert request.amount == 1000
    leader = as_person(earning.cast.leader)
    page = leader.get(answer.location)
    assert "510.00" in read(page)
    assert "Daniel Mwangi" in read(page)
    done = leader.post(f"{answer.location}/approval", data=fields(page))
    assert done.status_code == 303, done.text[:300]
    with inside(earning):
        row = session().scalars(sa.select(ShareOut)).one()
        assert (row.recorded_by, row.approved_by) == (earning.by, earning.id("leader"))
    again = client.post(at(earning, "/new"), data=asked)
    assert again.location.endswith(f"/share-outs/{row.id}")


def test_who_approves_is_refused_when_the_parts_have_moved(earning: Earning, as_person: Open) -> None:
    client = as_person(earning.cast.treasurer)
    asked = client.post(at(earning, "/new"), data=filled(earning, client)).location
    with inside(earning):
        earning.saves("leader", "50", on=JUNE)
    leader = as_person(earning.cast.leader)
    answer = leader.post(f"{asked}/approval", data=fields(leader.get(asked)))
    assert answer.status_code == 409
    assert "have changed since" in read(answer)


def test_figures_that_moved_are_shown_anew_and_nothing_typed_is_lost(earning: Earning, as_person: Open) -> None:
    client = as_person(earning.cast.treasurer)
    told = filled(earning, client, rule="equal")
    with inside(earning):
        earning.earns("100", on=JUNE)
    answer = client.post(at(earning, "/new"), data=told, headers={"HX-Request": "true", "HX-Target": "plan"})
    assert answer.status_code == 409
    assert "have changed since" in read(answer)
    assert re.search(r'value="equal" checked', read(answer))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rule": ""}, "Choose one."),
        ({"rule": "lottery"}, "Not a valid choice"),
        ({"on": "2026-12-24"}, "has not come yet"),
        ({"on": "2026-10-01"}, "Choose a day from"),
        ({"amount": "x"}, "amount"),
        ({"first": "soon"}, "Enter a day like"),
        ({"other": "1"}, "no field"),
    ],
)
def test_bad_input_gets_a_sentence(earning: Earning, as_person: Open, wrong: dict[str, str], words: str) -> None:
    client = as_person(earning.cast.treasurer)
    answer = client.post(at(earning, "/new"), data=filled(earning, client) | wrong)
    assert answer.status_code == 422
    assert words in read(answer)

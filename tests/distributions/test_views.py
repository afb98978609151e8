"""The pages of share-outs as officers, members, auditors and strangers meet them."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.distributions.models import ShareOut, ShareOutPayment
from app.groups.models import Member
from app.ledgers import approvals, chart
from app.ledgers.balances import natural_balance
from app.notifications.models import Notification
from app.savings.penalties import levy_penalty
from tests.distributions.conftest import JUNE, TODAY, Earning
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import mails, text, work
from tests.savings.pages import fields

Open = Callable[[Any], FlaskClient]
ASKED = "first=2026-01-01&last=2026-10-31"


def read(answer: Any) -> str:
    """A page as it is read: the space inside an amount, which never breaks, is a space."""
    return str(answer.text).replace("\xa0", " ")


def at(made: Earning, path: str = "/") -> str:
    return f"/g/{made.cast.slug}/share-outs{path}"


def inside(made: Earning) -> Any:
    return transaction(group_id=made.cast.group_id)


def alone(made: Earning) -> None:
    """Only the treasurer may approve, so nobody else is waited for."""
    with inside(made):
        session().get_one(Member, (made.cast.group_id, made.id("leader"))).roles = ["member"]


def filled(made: Earning, client: FlaskClient, **more: str) -> dict[str, str]:
    told = fields(client.get(at(made, f"/new?{ASKED}")))
    return told | {"rule": "savings", "on": TODAY.isoformat()} | more


def one(made: Earning) -> uuid.UUID:
    with inside(made):
        return session().scalars(sa.select(ShareOut.id)).one()


@pytest.fixture
def allotted(earning: Earning) -> uuid.UUID:
    with inside(earning):
        return earning.allot().id


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


def test_alone_both_steps_are_done_at_once_and_everybody_is_told(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        told: dict[str, Any] = {"on": JUNE, "note": "late", "by": earning.by, "key": "p"}
        levy_penalty(member_id=earning.id("other_member"), amount=Decimal(20), **told)
        address = f"daniel-{uuid.uuid4().hex[:8]}@example.com"
        session().get_one(Member, (earning.cast.group_id, earning.id("member"))).email = address
    client = as_person(earning.cast.treasurer)
    made = client.post(at(earning, "/new"), data=filled(earning, client))
    assert made.location.endswith(f"/share-outs/{one(earning)}")
    preview = client.get(f"{made.location}/payment")
    assert preview.status_code == 200, read(preview)[:300]
    assert "KES 847.00" in read(preview)
    paid = client.post(f"{made.location}/payment", data=fields(preview) | {"on": TODAY.isoformat()})
    assert paid.location == made.location
    page = client.get(made.location)
    for words in ("Made payable", "KES 847.00", "KES 20.00", "520.20", "240.10"):
        assert words in read(page), words
    work(earning.cast.group_id)
    letter = text(mails(to=address)[-1]).replace("\xa0", " ")
    assert "KES 520.20" in letter
    with inside(earning):
        titles = session().scalars(
            sa.select(Notification.title).where(Notification.member_id == earning.id("other_member"))
        )
        assert {"Your share is KES 260.10", "KES 240.10 of the share-out will be paid to you"} <= {
            title.replace("\xa0", " ") for title in titles
        }


def test_the_savings_can_go_back_as_well(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        made = at(earning, f"/{earning.allot().id}")
    client = as_person(earning.cast.treasurer)
    preview = client.get(f"{made}/payment?savings=y")
    assert "KES 1,850.00" in read(preview)
    assert "The savings go back too" in read(preview)
    assert client.post(f"{made}/payment", data=fields(preview) | {"on": TODAY.isoformat()}).status_code == 303
    with inside(earning):
        assert natural_balance(chart.Account("savings", earning.id("member"))) == 0
        assert session().scalars(sa.select(ShareOutPayment.with_savings)).all() == [True]
    assert client.get(f"{made}/payment").status_code == 303


def test_a_payment_of_other_figures_than_were_looked_at_is_refused(
    earning: Earning, allotted: uuid.UUID, as_person: Open
) -> None:
    client = as_person(earning.cast.treasurer)
    told = fields(client.get(at(earning, f"/{allotted}/payment"))) | {"on": TODAY.isoformat()}
    for wrong, status in (({"seen": "x"}, 409), ({"savings": "y"}, 409), ({"on": "2026-12-31"}, 422)):
        answer = client.post(at(earning, f"/{allotted}/payment"), data=told | wrong)
        assert answer.status_code == status, wrong


def test_a_member_sees_the_own_part_and_nobody_elses(earning: Earning, allotted: uuid.UUID, as_person: Open) -> None:
    page = as_person(earning.cast.member).get(at(earning, f"/{allotted}"))
    assert "KES 510.00" in read(page)
    assert "savings of KES 600.00" in read(page)
    assert "Mercy Atieno" not in read(page)
    assert "255.00" not in read(page)
    listed = as_person(earning.cast.member).get(at(earning))
    assert "510.00" in listed.text
    for path in ("/new", f"/{allotted}.csv", f"/{allotted}/payment", f"/{allotted}/reversal", "/funds/new"):
        assert as_person(earning.cast.member).get(at(earning, path)).status_code == 403, path
    for person in (earning.cast.outsider, earning.cast.stranger):
        assert as_person(person).get(at(earning, f"/{allotted}")).status_code == 404
    assert as_person(earning.cast.outsider).get(
        f"/g/{earning.cast.outsider.slug}/share-outs/{allotted}"
    ).status_code == 404  # fmt: skip


def test_an_auditor_reads_everything_and_sends_nothing(earning: Earning, allotted: uuid.UUID, as_person: Open) -> None:
    client = as_person(earning.cast.auditor)
    page = client.get(at(earning, f"/{allotted}"))
    assert "Mercy Atieno" in read(page)
    assert "Pay it out" not in read(page)
    assert client.get(at(earning, f"/{allotted}.csv")).text.count("Atieno") == 1
    assert client.post(at(earning, f"/{allotted}/reversal"), data=fields(page)).status_code == 403


def test_both_steps_are_taken_back_from_their_pages(earning: Earning, as_person: Open) -> None:
    alone(earning)
    with inside(earning):
        row = earning.allot()
        earning.pay(row)
        made = at(earning, f"/{row.id}")
    client = as_person(earning.cast.treasurer)
    form = client.get(f"{made}/payment/reversal")
    refused = client.post(f"{made}/reversal", data=fields(form) | {"reason": "typo", "when": "today"})
    assert (refused.status_code, "its payment of" in refused.text) == (409, True)
    empty = client.post(f"{made}/payment/reversal", data=fields(form) | {"when": "today"})
    assert empty.status_code == 422
    for path in ("/payment/reversal", "/reversal"):
        told = fields(client.get(made + path)) | {"reason": "typed twice", "when": "today"}
        assert client.post(made + path, data=told).location == made
    page = client.get(made)
    assert read(page).count("typed twice") == 2
    assert client.get(f"{made}/reversal").status_code == client.get(f"{made}/payment/reversal").status_code == 303
    assert client.get(f"{made}/payment").status_code == 303


def test_funds_have_pages_and_names(earning: Earning, allotted: uuid.UUID, as_person: Open) -> None:
    client = as_person(earning.cast.treasurer)
    page = client.get(at(earning, "/funds"))
    assert "Reserve fund" in read(page)
    assert "150.00" in read(page)
    url = re.search(r'href="([^"]+/funds/[0-9a-f-]{36})"', read(page))
    assert url
    form = fields(client.get(url[1]))
    for name, words in (("reserve FUND", "already"), ("", "Fill this in"), ("x" * 81, "80")):
        answer = client.post(url[1], data=form | {"name": name})
        assert (answer.status_code, words in read(answer)) == (422, True), name
    assert client.post(url[1], data=form | {"name": "School fund"}).status_code == 303
    new = fields(client.get(at(earning, "/funds/new")))
    assert client.post(at(earning, "/funds/new"), data=new | {"name": "Burial"}).status_code == 303
    assert client.post(at(earning, "/funds/new"), data=new | {"name": ""}).status_code == 422
    listed = client.get(at(earning, "/funds")).text
    assert "School fund" in listed
    assert "Burial" in listed
    assert as_person(earning.cast.member).get(url[1]).status_code == 200


def test_the_terms_are_a_new_version_with_what_they_mean(earning: Earning, as_person: Open) -> None:
    client = as_person(earning.cast.leader)
    page = client.get(at(earning, "/terms"))
    assert "First 10% of all that can be shared out goes to the reserve and 5% to education." in read(page)
    told = fields(page) | {
        "reserve_percent": "20",
        "education_percent": "0",
        "base": "loan_interest",
        "rule": "average",
        "effective_on": TODAY.isoformat(),
    }
    told.pop("fines_shared", None)
    preview = client.post(at(earning, "/terms/preview"), data=told)
    assert "Fines stay with the group." in read(preview)
    for wrong, words in (
        ({"reserve_percent": "120"}, "between 0 and 100"),
        ({"reserve_percent": "x"}, "Enter a percentage"),
        ({"reserve_percent": "60", "education_percent": "50"}, "more than 100%"),
        ({"rule": "shares"}, "what a share is worth"),
        ({"effective_on": "2026-11-01"}, ""),
    ):
        answer = client.post(at(earning, "/terms"), data=told | wrong)
        assert (answer.status_code, words in read(answer)) == (422, True), wrong
    assert client.post(at(earning, "/terms"), data=told).status_code == 303
    assert "By average savings" in client.get(at(earning, "/terms")).text
    assert "Record the new version" not in as_person(earning.cast.member).get(at(earning, "/terms")).text


def test_position_statement_and_overview_say_it(earning: Earning, allotted: uuid.UUID, as_person: Open) -> None:
    slug = earning.cast.slug
    mine = as_person(earning.cast.member).get(f"/g/{slug}/position")
    assert "Share of 1 Jan 2026 to 31 Oct 2026" in mine.text
    assert "In funds" in as_person(earning.cast.treasurer).get(f"/g/{slug}/").text


def test_a_list_asks_no_more_for_more_members(
    earning: Earning, allotted: uuid.UUID, as_person: Open, rolled_back: sa.Connection
) -> None:
    client = as_person(earning.cast.treasurer)
    client.get(at(earning, f"/{allotted}"))
    with counted(rolled_back) as seen:
        client.get(at(earning, f"/{allotted}"))
    assert len(seen) <= 40
    with counted(rolled_back) as listed:
        client.get(at(earning))
    assert len(listed) <= 25


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

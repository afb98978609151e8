"""The pages of share-outs, funds and terms as officers, members, auditors and strangers meet them."""

import re
import uuid

import sqlalchemy as sa

from tests.distributions.conftest import TODAY, Earning
from tests.distributions.pages import Open, at, read
from tests.ledgers.test_statements_counted import counted
from tests.savings.pages import fields


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

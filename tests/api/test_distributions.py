"""Share-outs as a program meets them: compared, made, paid, taken back; funds and terms."""

import uuid
from decimal import Decimal

import pytest

from app.core.db import session, transaction
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from tests.distributions.conftest import TODAY, earning, held_clock
from tests.ledgers.test_statements_counted import counted

__all__ = ["earning", "held_clock"]
CYCLE = "first=2026-01-01&last=2026-10-31"
BODY = {"first": "2026-01-01", "last": "2026-10-31", "rule": "savings"}


@pytest.fixture
def asking(program, earning):
    return program(earning.cast.treasurer)


@pytest.fixture
def alone(earning):
    """Only the treasurer may approve, so nobody else is waited for."""
    with transaction(group_id=earning.cast.group_id):
        session().get_one(Member, (earning.cast.group_id, earning.id("leader"))).roles = ["member"]
    return earning


@pytest.fixture
def made(alone, asking):
    answer = asking.post("/share-outs", BODY)
    assert answer.status_code == 201, answer.text
    return answer.get_json()


def balance(made, kind, who):
    with transaction(group_id=made.cast.group_id):
        return natural_balance(chart.Account(kind, made.id(who)))


def test_the_rules_are_compared_before_anything_is_done(asking, earning):
    found = asking.get(f"/share-outs/comparison?{CYCLE}").get_json()
    assert (found["working"]["distributable"], found["amount"], found["members"]) == ("1000.00", "850.00", 5)
    assert [(rule["rule"], rule["total"]) for rule in found["rules"]][:2] == [
        ("savings", "850.00"),
        ("average", "850.00"),
    ]
    page = asking.get(f"/share-outs/comparison/members?{CYCLE}&limit=2").get_json()
    assert len(page["items"]) == 2
    rest = asking.get(f"/share-outs/comparison/members?{CYCLE}&limit=100&after={page['next']}").get_json()["items"]
    by_name = {row["member"]: row for row in page["items"] + rest}
    assert len(by_name) == 5
    assert by_name["Daniel Mwangi"]["parts"]["savings"] == "510.00"
    assert by_name["Daniel Mwangi"]["average"] == "483.55"
    assert asking.get(f"/share-outs/comparison.csv?{CYCLE}").mimetype == "text/csv"


def test_a_share_out_waits_for_a_second_person(asking, earning):
    answer = asking.post("/share-outs", BODY)
    assert (answer.status_code, answer.get_json()["waits"]) == (202, True)
    assert asking.get("/share-outs").get_json()["items"] == []


def test_the_same_key_makes_one_share_out(asking, alone):
    answers = [asking.post("/share-outs", BODY, key="share-out-1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert asking.post("/share-outs", BODY | {"rule": "equal"}, key="share-out-1").status_code == 422
    assert len(asking.get("/share-outs").get_json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"rule": "lottery"}, 422, "rule"),
        ({"amount": "850.01"}, 422, "amount"),
        ({"amount": 5}, 422, "amount"),
        ({"last": "2026-12-31"}, 422, "last"),
        ({"first": "2026-11-01"}, 422, "last"),
        ({"on": "2026-12-01"}, 422, "on"),
        ({"colour": "red"}, 422, "colour"),
        ({"seen": "other"}, 409, None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_done(asking, alone, change, status, field):
    answer = asking.post("/share-outs", BODY | change)
    assert answer.status_code == status, answer.text
    if field:
        assert [fault["field"] for fault in answer.get_json()["errors"]] == [field]
    assert asking.get("/share-outs").get_json()["items"] == []


def test_it_is_read_with_its_parts_by_whom_they_concern(asking, alone, made, program):
    path = f"/share-outs/{made['id']}"
    assert asking.get(path).get_json() == made
    assert (made["state"], made["shared"], made["working"]["reserve"]) == ("allotted", "850.00", "100.00")
    parts = asking.get(f"{path}/parts?limit=2").get_json()
    assert [row["amount"] for row in parts["items"]]
    assert parts["next"]
    assert asking.get(f"{path}/parts.csv").mimetype == "text/csv"
    member = program(alone.cast.member)
    own = member.get(f"{path}/members/{alone.id('member')}").get_json()
    assert (own["amount"], own["weight"], own["paid"]) == ("510.00", "600", None)
    assert member.get(f"{path}/members/{alone.id('leader')}").status_code == 404
    assert asking.get(f"{path}/members/{alone.id('secretary')}").status_code == 404
    assert member.get(f"{path}/parts").status_code == 403
    assert member.get("/share-outs").get_json()["items"][0]["own"] == "510.00"
    assert program(alone.cast.outsider).get(path).status_code == 404


def test_it_is_paid_and_both_are_taken_back(asking, alone, made):
    path = f"/share-outs/{made['id']}"
    plan = asking.get(f"{path}/payment?with_savings=true").get_json()
    assert (plan["owed"], plan["members"], plan["leaving"]) == ("1850.00", 3, [])
    rows = asking.get(f"{path}/payment/members").get_json()["items"]
    assert sum(Decimal(row["owed"]) for row in rows) == 850
    wrong = asking.post(f"{path}/payment", {"seen": plan["seen"]})
    assert wrong.status_code == 409
    paid = asking.post(f"{path}/payment", {"with_savings": True, "seen": plan["seen"], "on": TODAY.isoformat()})
    assert (paid.status_code, paid.get_json()["payment"]["owed"]) == (201, "1850.00")
    assert balance(alone, "member_payable", "member") == 1110
    assert asking.post(f"{path}/payment", {}).status_code == 409
    assert asking.post(f"{path}/reversal", {"reason": "typo"}).status_code == 409
    assert asking.post(f"{path}/payment/reversal", {}).status_code == 422
    back = asking.post(f"{path}/payment/reversal", {"reason": "typo"}).get_json()
    assert (back["state"], back["earlier_payments"][0]["undone"]["reason"]) == ("allotted", "typo")
    assert asking.post(f"{path}/payment/reversal", {"reason": "typo"}).status_code == 409
    gone = asking.post(f"{path}/reversal", {"reason": "typo"}).get_json()
    assert (gone["state"], gone["undone"]["reason"]) == ("reversed", "typo")
    assert balance(alone, "savings", "member") == 600


def test_funds_and_terms(asking, alone, made, program):
    names = {row["name"]: row for row in asking.get("/funds").get_json()["items"]}
    assert names["Reserve fund"]["balance"] == "100.00"
    new = asking.post("/funds", {"name": "Burial"}).get_json()
    assert asking.get(f"/funds/{new['id']}").get_json() == new
    assert asking.ask("PUT", f"/funds/{new['id']}", json={"name": "Welfare"}).get_json()["name"] == "Welfare"
    assert asking.ask("PUT", f"/funds/{new['id']}", json={"name": "reserve fund"}).status_code == 422
    assert asking.get(f"/funds/{uuid.uuid4()}").status_code == 404
    assert program(alone.cast.member).post("/funds", {"name": "Mine"}).status_code == 403
    terms = {"reserve_percent": "20", "base": "loan_interest", "rule": "equal"}
    meant = asking.post("/share-outs/terms/preview", terms).get_json()["sentences"]
    assert meant[0] == "First 20% of the interest on loans goes to the reserve and 0% to education."
    kept = asking.post("/share-outs/terms", terms | {"effective_on": TODAY.isoformat()})
    assert (kept.status_code, kept.get_json()["rule"]) == (201, "equal")
    assert asking.get("/share-outs/terms").get_json()["items"][0]["sentences"] == meant
    for wrong in ({"reserve_percent": "101"}, {"rule": "shares"}, {"share_value": "0"}):
        assert asking.post("/share-outs/terms", terms | wrong | {"effective_on": "2026-11-21"}).status_code == 422


def test_lists_ask_no_more_for_more_rows(asking, made, rolled_back):
    asking.get("/share-outs")
    with counted(rolled_back) as seen:
        asking.get("/share-outs")
    assert len(seen) <= 20

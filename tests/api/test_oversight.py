"""The audit log and flags as a program meets them."""

from decimal import Decimal

import pytest

from app.core.db import session, transaction
from app.core.ids import new_id
from app.groups import queries as groups
from app.groups import services
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests.ledgers.conftest import books, held_clock

__all__ = ["books", "held_clock"]


@pytest.fixture
def events(cast):
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        row = groups.member(cast.member.member_id)
        services.edit_member(member=row, by=cast.secretary.member_id, display_name="Daniel M.")
        services.suspend_member(member=row, reason="away", by=cast.leader.member_id)
        session().flush()
    return cast


def question(person, **change):
    return {"entity": "member", "entity_id": str(person.member_id), "text": "Why two accounts?"} | change


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("?entity=member", ["suspend", "update"]),
        ("?entity=member&who=grace", ["update"]),
        ("?who=joseph&entity=member", []),
        ("?action=suspend", ["suspend"]),
        ("?entity=member&severity=critical", []),
        ("?entity=member&since=2020-01-01&until=2199-01-01", ["suspend", "update"]),
        ("?until=2020-01-01", []),
    ],
)
def test_the_log_is_searched(program, events, query, actions):
    told = program(events.auditor).get(f"/audit-events{query}").get_json()["items"]
    assert [row["action"] for row in told] == actions
    by_record = program(events.auditor).get(f"/audit-events?record={events.member.member_id}&limit=1").get_json()
    assert len(by_record["items"]) == 1
    assert by_record["next"]


@pytest.mark.parametrize("query", ["severity=x", "since=soon", "who=", "what=1", "record=1"])
def test_a_search_that_cannot_be_meant_names_the_field(program, events, query):
    answer = program(events.auditor).get(f"/audit-events?{query}")
    assert [fault["field"] for fault in answer.get_json()["errors"]] == [query.split("=")[0]]


def test_an_event_says_what_changed(program, events):
    asking = program(events.auditor)
    row = asking.get("/audit-events?entity=member&action=update").get_json()["items"][0]
    assert (row["member"], row["about"]) == (events.secretary.name, "Daniel M.")
    told = asking.get(f"/audit-events/{row['id']}").get_json()
    assert told["changes"] == [{"field": "display_name", "before": "Daniel Mwangi", "after": "Daniel M."}]
    assert told["erased"] is False
    assert program(events.outsider).get(f"/audit-events/{row['id']}").status_code == 404


@pytest.mark.parametrize("path", ["/audit-events", "/flags"])
def test_who_may_see_the_log(program, cast, path):
    statuses = {part: program(cast.people[part]).get(path).status_code for part in ("secretary", "auditor", "member")}
    assert statuses == {"secretary": 200, "auditor": 200, "member": 403}


def test_a_flag_is_raised_once_answered_and_settled(program, events):
    auditor, officer = program(events.auditor), program(events.treasurer)
    raised = [auditor.post("/flags", question(events.member), key="the-first-flag") for _ in range(2)]
    assert [answer.status_code for answer in raised] == [201, 201], raised[0].text
    assert raised[0].get_json() == raised[1].get_json()
    told = raised[0].get_json()
    assert (told["is_open"], told["question"]["text"]) == (True, "Why two accounts?")
    assert told["url"].endswith(str(events.member.member_id))
    path = f"/flags/{told['id']}"
    assert officer.get("/notifications/unread").get_json() == {"unread": 1}
    answered = officer.post(f"{path}/answers", {"text": "One was closed."}).get_json()
    assert [(said["by"], said["settles"]) for said in answered["answers"]] == [(events.treasurer.name, False)]
    assert auditor.post(f"{path}/answers", {"text": "x"}).status_code == 403
    assert officer.post(f"{path}/remarks", {"text": "x"}).status_code == 403
    assert auditor.post(f"{path}/remarks", {"text": "Thank you.", "settles": True}).get_json()["is_open"] is False
    late = officer.post(f"{path}/answers", {"text": "More"})
    assert (late.status_code, late.get_json()["code"]) == (409, "flag_settled")
    assert officer.get("/flags").get_json()["items"] == []
    for query in ("open=false", f"open=false&record={events.member.member_id}"):
        assert [row["id"] for row in officer.get(f"/flags?{query}").get_json()["items"]] == [told["id"]]
    assert officer.get(f"/flags?open=false&record={new_id()}").get_json()["items"] == []
    assert officer.get(path).get_json()["answers"][1]["text"] == "Thank you."


def test_only_records_of_the_group_are_flagged(program, events):
    auditor = program(events.auditor)
    assert auditor.post("/flags", question(events.outsider)).status_code == 404
    assert auditor.post("/flags", question(events.member, entity="payment")).status_code == 404
    assert auditor.post("/flags", question(events.member, text=" ")).status_code == 422
    assert program(events.treasurer).post("/flags", question(events.member)).status_code == 403


def test_an_entry_that_follows_a_record_is_flagged_too(program, books):
    with transaction(group_id=books.cast.group_id):
        amount, whose = Decimal(5), books.cast.member.member_id
        lines = [debit("penalties_receivable", amount, whose), credit("penalty_income", amount)]
        number = post(Draft(PostingKind.PENALTY_LEVIED, books.save("1").on, lines), by=None).number
    auditor = program(books.cast.auditor)
    entry = auditor.get(f"/entries/{number}").get_json()["id"]
    flag = auditor.post("/flags", {"entity": "entry", "entity_id": entry, "text": "What for?"})
    assert flag.status_code == 201, flag.text
    assert flag.get_json()["url"].endswith(f"/entries/{number}")
    other = program(books.cast.outsider)
    assert other.get(f"/flags/{flag.get_json()['id']}").status_code == 404
    assert other.post(f"/flags/{flag.get_json()['id']}/answers", {"text": "x"}).status_code == 404
    unknown = auditor.post("/flags", {"entity": "entry", "entity_id": str(new_id()), "text": "What for?"})
    assert (unknown.status_code, unknown.get_json()["errors"][0]["field"]) == (404, "entity_id")

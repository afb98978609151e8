"""Imports as a program meets them: uploaded, looked at, confirmed, allocated, taken back, reconciled."""

import io
import uuid
from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.core.db import session
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.entries import cash_entry
from tests import factories
from tests.imports import helping
from tests.imports.made import data
from tests.imports.test_views import LINES
from tests.ledgers.test_statements_counted import counted

MEMBERS = {"kind": "members", "on": "2025-12-31"}


@pytest.fixture
def people(context):
    return helping.cast()


@pytest.fixture
def account(people):
    return helping.open_cash(people, "Mobile money", opening=1_000)


@pytest.fixture
def lines(people):
    with helping.inside(people):
        number = session().get_one(Member, (people.group_id, people.member.member_id)).identifier
    return LINES.format(number=number)


@pytest.fixture
def asking(program, people):
    return program(people.treasurer)


def send(asking, content, fields, *, name="file.csv", key=None):
    """Upload a file."""
    told = {
        **fields,
        "file": FileStorage(io.BytesIO(content if isinstance(content, bytes) else content.encode()), name),
    }
    boundary, body = encode_multipart(told)
    form = f'multipart/form-data; boundary="{boundary}"'
    return asking.post("/imports", data=body, content_type=form, key=key)


def of_statement(account):
    return {"kind": "statement", "cash_account": str(account)}


def items(answer):
    assert answer.status_code == 200, answer.text
    return answer.get_json()["items"]


def fields_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def code_of(answer):
    return answer.status_code, answer.get_json()["code"]


@pytest.fixture
def imported(asking, account, lines):
    """A statement, confirmed: a contribution, a payment of nobody known, a charge and a withdrawal."""
    made = send(asking, lines, of_statement(account)).get_json()
    told = asking.post(f"/imports/{made['id']}/confirmation", {"targets": {"agent": "new"}})
    assert told.status_code == 200, told.text
    return told.get_json()


def test_members_are_uploaded_looked_at_and_imported_once(program, people):
    leader = program(people.leader)
    made = [send(leader, data("members.csv"), MEMBERS, key="members-1") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    assert made[0].get_json() == made[1].get_json()
    path = f"/imports/{made[0].get_json()['id']}"
    seen = leader.get(path).get_json()
    assert (seen["state"], seen["preview"]["counts"], seen["preview"]["errors"]) == ("previewed", {"new": 24}, [])
    assert "Zainab" in " ".join(row["name"] for row in seen["preview"]["rows"])
    done = [leader.post(f"{path}/confirmation", {}).get_json() for _ in range(2)]
    assert done[0] == done[1]
    assert (done[0]["state"], done[0]["result"]["new"]) == ("confirmed", 24)
    assert leader.get(path).get_json()["preview"] is None
    assert code_of(leader.post(f"{path}/abandonment")) == (409, "import_over")
    assert [row["id"] for row in items(leader.get("/imports"))] == [done[0]["id"]]


def test_what_cannot_be_uploaded_names_the_field(asking, account, lines):
    for fields, field in (
        ({"kind": "statement"}, "cash_account"),
        ({"kind": "songs"}, "kind"),
        ({"kind": "members", "on": "soon"}, "on"),
        ({**MEMBERS, "colour": "red"}, "colour"),
        (MEMBERS, "file"),
    ):
        assert fields_of(send(asking, b"\x89PNG....", fields)) == [field]
    other = send(asking, lines, of_statement(uuid.uuid4()))
    assert (other.status_code, other.get_json()["errors"][0]["field"]) == (404, "cash_account")
    assert items(asking.get("/imports")) == []


def test_rows_with_faults_import_nothing(asking):
    made = send(asking, data("members.csv"), MEMBERS).get_json()
    seen = asking.get(f"/imports/{made['id']}").get_json()["preview"]
    assert "Only a leader may give roles" in seen["errors"][0]["detail"]
    assert code_of(asking.post(f"/imports/{made['id']}/confirmation", {})) == (422, "file_has_errors")
    gone = asking.post(f"/imports/{made['id']}/abandonment").get_json()
    assert (gone["state"], asking.get(f"/imports/{made['id']}").get_json()["preview"]) == ("abandoned", None)
    assert code_of(asking.post(f"/imports/{made['id']}/confirmation", {})) == (409, "import_over")


def test_past_contributions_and_opening_balances_are_foreseen(asking, account):
    past = "identifier,paid_at,amount\nM001,2026-10-05,5000\n"
    told = {"kind": "contributions", "cash_account": str(account)}
    made = send(asking, past, told).get_json()
    assert asking.get(f"/imports/{made['id']}").get_json()["preview"]["counts"]["new"] in (0, 1)
    opening = send(asking, "account,amount\nMobile money,250\n", {"kind": "opening"}).get_json()
    seen = asking.get(f"/imports/{opening['id']}").get_json()["preview"]
    assert [(row["becomes"], row["name"]) for row in seen["rows"]] == [("known", "Mobile money")]


def test_a_statement_is_foreseen_and_its_places_are_named(asking, people, account, lines):
    made = send(asking, lines, of_statement(account)).get_json()
    path = f"/imports/{made['id']}"
    seen = asking.get(path).get_json()["preview"]
    assert [row["becomes"] for row in seen["rows"]] == ["contribution", "waits", "charge", "transfer"]
    assert (seen["rows"][0]["name"], seen["left_over"]) == (people.member.name, "0.00")
    assert [(place["words"], place["total"]) for place in seen["places"]] == [("agent", "600.00")]
    for targets in ({"moon": "new"}, {"agent": str(account)}):
        assert fields_of(asking.post(f"{path}/confirmation", {"targets": targets})) == ["targets"]
    assert asking.post(f"{path}/confirmation", {"targets": {"agent": str(uuid.uuid4())}}).status_code == 404
    done = asking.post(f"{path}/confirmation", {"targets": {"agent": "new"}}).get_json()
    assert (done["state"], done["result"]["contributions"], done["result"]["to_allocate"]) == ("confirmed", 1, 1)


def test_a_line_is_allocated_taken_back_and_said_anew(asking, people, account, imported):
    (waits,) = items(asking.get("/statement-lines?direction=in"))
    assert (waits["amount"], waits["waits"], waits["acceptable"]) == ("700.00", True, False)
    assert items(asking.get("/statement-lines?direction=out")) == []
    assert items(asking.get(f"/statement-lines?cash_account={uuid.uuid4()}")) == []
    one = {"line": waits["id"], "what": "contribution", "member": str(people.other_member.member_id)}
    made = [asking.post("/statement-lines/allocation", {"lines": [one]}, key="allocate-1") for _ in range(2)]
    assert made[0].get_json() == made[1].get_json()
    told = items(made[0])[0]
    assert (told["what"], [row["what"] for row in told["history"]][-1]) == ("payment", "payment")
    assert items(asking.get("/statement-lines")) == []
    assert code_of(asking.post("/statement-lines/allocation", {"lines": [one]})) == (409, "line_taken")
    path = f"/statement-lines/{waits['id']}"
    assert fields_of(asking.post(f"{path}/reversal", {"reason": ""})) == ["reason"]
    back = asking.post(f"{path}/reversal", {"reason": "Another member"}).get_json()
    assert (back["what"], back["history"][-1]["what"]) == (None, "release")
    assert code_of(asking.post(f"{path}/reversal", {"reason": "Again"})) == (409, "nothing_to_take_back")
    income = {"line": waits["id"], "what": "category", "category": "other_income"}
    assert items(asking.post("/statement-lines/allocation", {"lines": [income]}))[0]["what"] == "category"


def test_what_a_line_cannot_be_is_refused(asking, people, imported):
    waits = items(asking.get("/statement-lines"))[0]["id"]
    for change, answer in (
        ({"what": "charge"}, (422, "wrong_direction")),
        ({"what": "contribution"}, (422, "wrong_direction")),
        ({"what": "proposed"}, (422, "choice_missing")),
        ({"what": "contribution", "member": str(uuid.uuid4())}, (422, "not_an_active_member")),
        ({"what": "charge", "line": str(uuid.uuid4())}, (404, "no_such_line")),
    ):
        one = {"line": waits} | change
        assert code_of(asking.post("/statement-lines/allocation", {"lines": [one]})) == answer, change
    assert fields_of(asking.post("/statement-lines/allocation", {"lines": []})) == ["lines"]


def test_proposals_are_accepted(asking, account):
    made = send(asking, helping.HEAD + LINES.splitlines(keepends=True)[-2], of_statement(account)).get_json()
    asking.post(f"/imports/{made['id']}/confirmation", {"charges": False})
    (charge,) = items(asking.get("/statement-lines"))
    assert (charge["proposal"], charge["acceptable"]) == ("charge", True)
    told = items(asking.post("/statement-lines/allocation", {"lines": [{"line": charge["id"], "what": "proposed"}]}))
    assert told[0]["what"] == "charge"


def test_an_account_is_reconciled_once_every_line_is_told(program, asking, people, account, imported):
    path, auditor = f"/cash-accounts/{account}/reconciliation", program(people.auditor)
    assert code_of(asking.post(path, {})) == (409, "not_reconciled")
    waits = items(asking.get("/statement-lines"))[0]["id"]
    income = {"line": waits, "what": "category", "category": "other_income"}
    asking.post("/statement-lines/allocation", {"lines": [income]})
    side = auditor.get(path).get_json()
    assert (side["agrees"], side["computed"], side["printed"], side["open"]) == (True, "6000.00", "6000.00", 0)
    assert auditor.post(path, {}).status_code == 403
    made = asking.post(path, {"through": "2026-10-04"})
    assert (made.status_code, made.get_json()["balance"], made.get_json()["lines"]) == (201, "6000.00", 4)
    assert items(auditor.get("/reconciliations")) == [made.get_json()]
    assert fields_of(asking.get(f"{path}?through=now")) == ["through"]


def test_a_suggested_match_is_accepted(asking, people, account):
    # Entered by hand after the statement came: else it would have been found in the preview.
    line = "EEE5555555,2026-10-06 09:00:00,Pay Bill Online from 2547***222 - NOBODY KNOWN Acc. XX,Completed,300,,1300\n"
    made = send(asking, helping.HEAD + line, of_statement(account)).get_json()
    asking.post(f"/imports/{made['id']}/confirmation", {})
    with helping.inside(people):
        told = {"cash_account": account, "category": chart.Account("other_income"), "amount": Decimal(300)}
        cash_entry(**told, on=date(2026, 10, 6), note=None, by=people.treasurer.member_id, key="by-hand-1")
    side = asking.get(f"/cash-accounts/{account}/reconciliation").get_json()
    (row,) = side["lines"]
    assert (row["suggested"]["amount"], len(side["without_line"])) == ("300.00", 1)
    path = f"/cash-accounts/{account}/matches"
    assert code_of(asking.post(path, {"lines": [str(uuid.uuid4())]})) == (409, "does_not_fit")
    after = asking.post(path, {"lines": [row["id"]]}).get_json()
    assert (after["lines"][0]["what"], after["without_line"]) == ("entry", [])


def test_above_the_threshold_an_import_waits_for_a_second_person(program, context):
    people = factories.cast(savings=helping.RULES, approval_threshold="650")
    asking, account = program(people.treasurer), helping.open_cash(people, "Mobile money", opening=1_000)
    made = send(asking, LINES.format(number="XX"), of_statement(account)).get_json()
    path = f"/imports/{made['id']}"
    told = asking.post(f"{path}/confirmation", {})
    assert (told.status_code, asking.get(path).get_json()["state"]) == (202, "asked"), told.text
    approved = program(people.leader).post(f"/approvals/{told.get_json()['approval_id']}/approval", {})
    assert approved.status_code == 200, approved.text
    assert asking.get(path).get_json()["state"] == "confirmed"
    big = max(items(asking.get("/statement-lines")), key=lambda row: Decimal(row["amount"]))
    body = {"lines": [{"line": big["id"], "what": "category", "category": "other_income"}]}
    assert asking.post("/statement-lines/allocation", body).status_code == 202


def test_nobody_else_imports_and_another_group_finds_nothing(program, people, account, imported, asking):
    line = items(asking.get("/statement-lines"))[0]["id"]
    member, other = program(people.member), program(people.outsider)
    for path in ("/imports", f"/imports/{imported['id']}", "/statement-lines", f"/statement-lines/{line}"):
        assert member.get(path).status_code == 403, path
    for path in (f"/imports/{imported['id']}", f"/statement-lines/{line}", f"/cash-accounts/{account}/reconciliation"):
        assert other.get(path).status_code == 404, path
    assert other.post(f"/imports/{imported['id']}/confirmation", {}).status_code == 404
    assert other.post(f"/imports/{imported['id']}/abandonment").status_code == 404
    assert other.post(f"/statement-lines/{line}/reversal", {"reason": "Ours"}).status_code == 404
    assert other.post(f"/cash-accounts/{account}/reconciliation", {}).status_code == 404
    assert items(other.get("/statement-lines")) == []


@pytest.mark.parametrize("path", ["statement-lines", "imports"])
def test_a_list_asks_as_often_with_many_rows_as_with_few(asking, account, rolled_back, path):
    line = "Z{n:09},2026-10-{n:02} 09:00:00,Pay Bill Online from 2547***222 - NOBODY KNOWN Acc. XX,Completed,300,,\n"
    counts = []
    for days in (range(1, 3), range(3, 25)):
        made = send(asking, helping.HEAD + "".join(line.format(n=n) for n in days), of_statement(account)).get_json()
        assert asking.post(f"/imports/{made['id']}/confirmation", {}).status_code == 200
        asking.get(f"/{path}")
        with counted(rolled_back) as seen:
            assert asking.get(f"/{path}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] < 25

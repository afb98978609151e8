"""Positions, statements and runs as a program meets them."""

import csv
import io
import uuid

import pytest

from app.core.db import transaction
from tests.api.calling import Program, token_of
from tests.statements.conftest import as_person, cast, october
from tests.statements.test_holdings import a_life

__all__ = ["as_person", "cast", "october"]
DAYS = "first=2026-09-01&last=2026-10-31"


@pytest.fixture
def program(committed, cast):
    """Programs of people, of which every request is committed: what was given out outlives it."""
    return lambda person: Program(committed, token_of(person))


@pytest.fixture
def path(cast, october):
    return f"/members/{cast.member.member_id}"


def fields_of(answer):
    assert answer.status_code == 422, answer.text
    return [fault["field"] for fault in answer.get_json()["errors"]]


def test_a_position_is_the_members_own_and_of_who_sees_everyones_money(program, cast, path):
    told = program(cast.member).get(f"{path}/position").get_json()
    assert (told["total"], told["member"]) == ("14500.00", cast.member.name)
    figures = {figure["label"]: figure["amount"] for figure in told["sections"][0]["figures"]}
    assert (figures["Contributed"], figures["Penalties owed"]) == ("14500.00", "250.00")
    for part in ("position", "statement", "statement.pdf", "statement.csv"):
        for person, status in ((cast.treasurer, 200), (cast.auditor, 200), (cast.other_member, 404)):
            assert program(person).get(f"{path}/{part}").status_code == status, part
        assert program(cast.outsider).get(f"{path}/{part}").status_code == 404


def test_a_statement_adds_up_and_can_be_checked(program, cast, path):
    told = program(cast.member).get(f"{path}/statement?{DAYS}").get_json()
    savings, penalties = told["accounts"]
    assert [savings[name] for name in ("opening", "added", "closing")] == ["4000.00", "10500.00", "14500.00"]
    assert [line["balance"] for line in savings["lines"]] == ["9000.00", "14500.00"]
    assert (penalties["closing"], told["first"], told["last"]) == ("250.00", "2026-09-01", "2026-10-31")
    assert told["hash"] in told["verify_url"]
    assert fields_of(program(cast.member).get(f"{path}/statement?first=2026-10-31&last=2026-09-01")) == ["last"]
    assert fields_of(program(cast.member).get(f"{path}/statement?first=soon")) == ["first"]
    assert fields_of(program(cast.member).get(f"{path}/statement?colour=red")) == ["colour"]


def test_a_statement_tells_what_there_is_beside_savings(program, cast):
    with transaction(group_id=cast.group_id):
        a_life(cast.member.member_id)
    told = program(cast.member).get(f"/members/{cast.member.member_id}/statement?{DAYS}").get_json()
    said = {account["part"]: account["closing"] for account in told["accounts"]}
    shares = {"holdings": "0.00", "asset_share": "400.00", "realised_growth": "50.00"}
    assert said == {"savings": "600.00", "penalties": "0.00"} | shares | {"exit": "-700.00", "member_payable": "200.00"}


def test_a_statement_comes_as_pdf_and_as_csv(program, cast, path):
    asking = program(cast.member)
    paper = asking.get(f"{path}/statement.pdf?{DAYS}")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    sheet = asking.get(f"{path}/statement.csv?{DAYS}")
    assert sheet.mimetype == "text/csv"
    said = asking.get(f"{path}/statement?{DAYS}").get_json()["hash"]
    assert said in [row[3] for row in csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))) if len(row) > 3]


def test_statements_of_a_month_are_sent_once(program, cast, path):
    asking = program(cast.treasurer)
    reach = asking.get("/statement-runs/reach").get_json()
    assert str(cast.member.member_id) in [row["member_id"] for row in reach["receive"]]
    made = [asking.post("/statement-runs", {"period": "2026-10"}, key="october-26") for _ in range(2)]
    assert made[0].status_code == 201, made[0].text
    assert made[0].get_json() == made[1].get_json()
    other = asking.post("/statement-runs", {"period": "2026-10"}).get_json()
    assert (other["id"], other["members"]) == (made[0].get_json()["id"], len(reach["receive"]))
    assert [row["id"] for row in asking.get("/statement-runs").get_json()["items"]] == [other["id"]]
    whole = asking.get(f"/statement-runs/{other['id']}").get_json()
    assert (whole["period"], whole["did_not_arrive"], whole["started_by_name"]) == ("2026-10", [], cast.treasurer.name)
    assert program(cast.outsider).get(f"/statement-runs/{other['id']}").status_code == 404


def test_what_cannot_be_sent_is_refused(program, cast, path):
    asking = program(cast.treasurer)
    for period in ("October", "2026-13"):
        assert fields_of(asking.post("/statement-runs", {"period": period})) == ["period"]
    early = asking.post("/statement-runs", {"period": "2999-01"})
    assert (early.status_code, early.get_json()["code"]) == (409, "statements_too_early")
    assert asking.get(f"/statement-runs/{uuid.uuid4()}").status_code == 404
    for asked in (program(cast.member).get("/statement-runs"), program(cast.member).get("/statement-runs/reach")):
        assert asked.status_code == 403

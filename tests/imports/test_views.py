"""The pages: preview, confirm once, allocate, reconcile; what cannot be read is refused in a sentence."""

import re
import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.imports.models import ImportedLine, LineAllocation
from app.savings.models import Payment
from tests.factories import Cast
from tests.imports import helping
from tests.imports.made import data
from tests.imports.officer import Officer

LINES = helping.HEAD + (
    "AAA1111111,2026-10-02 09:00:00,Pay Bill from 2547***111 - DANIEL MWANGI Acc. {number},Completed,5000,,6000\n"
    "BBB2222222,2026-10-03 09:00:00,Pay Bill Online from 2547***222 - NOBODY KNOWN Acc. XX,Completed,700,,6700\n"
    "CCC3333333,2026-10-04 09:00:00,Withdrawal Charge,Completed,,-100,6600\n"
    "DDD4444444,2026-10-04 09:00:00,Customer Withdrawal At Agent Till 1 - TOWN,Completed,,-600,6000\n"
)


@pytest.fixture
def treasurer(people: Cast, as_person) -> Officer:
    return Officer(as_person(people.treasurer), people.slug)


@pytest.fixture
def lines(people: Cast) -> str:
    with helping.inside(people):
        number = session().get_one(Member, (people.group_id, people.member.member_id)).identifier
    return LINES.format(number=number)


def count(people: Cast, table: type) -> int:
    with helping.inside(people):
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_leader_imports_members_by_the_pages_once(people: Cast, as_person) -> None:
    leader = Officer(as_person(people.leader), people.slug)
    rest = leader.uploaded("members", data("members.csv"))
    shown = leader.get(rest).text
    assert "Zainab" in shown
    assert "216,000.00" in shown
    before = count(people, Member)
    for _press in range(2):
        assert leader.post(f"{rest}/confirmation").status_code == 303
    assert count(people, Member) == before + 24
    again = leader.uploaded("members", data("members.csv"))
    assert "importing it changes nothing" in leader.get(again).text


def test_a_treasurer_cannot_give_roles_by_a_file(treasurer: Officer) -> None:
    rest = treasurer.uploaded("members", data("members.csv"))
    assert "Only a leader may give roles" in treasurer.get(rest).text
    assert treasurer.post(f"{rest}/confirmation").status_code == 422


def test_a_statement_is_shown_confirmed_and_the_rest_allocated(
    people: Cast, treasurer: Officer, account: uuid.UUID, lines: str
) -> None:
    rest = treasurer.uploaded("statement", lines, cash_account=str(account))
    shown = treasurer.get(rest).text
    assert "fit the books" in shown
    assert "by member number" in shown
    assert count(people, ImportedLine) == 0
    assert treasurer.post(f"{rest}/confirmation", charges="y", place_0="new").status_code == 303
    assert (count(people, ImportedLine), count(people, Payment)) == (4, 1)
    page = treasurer.get("/lines").text
    assert "Nobody Known" in page
    line = re.findall(r'name="line" value="([^"]+)"', page)
    assert len(line) == 1
    wanted = f"contribution:{people.other_member.member_id}"
    assert treasurer.post("/lines", line=line[0], what=wanted).status_code == 303
    assert count(people, Payment) == 2
    assert "Nothing to allocate" in treasurer.get("/lines").text
    beside = treasurer.get(f"/reconciliation/{account}").text
    assert "Mark as reconciled" in beside
    assert treasurer.post(f"/reconciliation/{account}").status_code == 303
    assert "Reconciled through" in treasurer.get("/reconciliation").text


def test_an_allocation_is_taken_back_and_said_anew(
    people: Cast, treasurer: Officer, account: uuid.UUID, lines: str
) -> None:
    rest = treasurer.uploaded("statement", lines, cash_account=str(account))
    treasurer.post(f"{rest}/confirmation")
    line = re.findall(r'name="line" value="([^"]+)"', treasurer.get("/lines?direction=in").text)[0]
    assert treasurer.post("/lines", line=line, what=f"contribution:{people.member.member_id}").status_code == 303
    assert treasurer.post(f"/lines/{line}/reversal").status_code == 422
    assert treasurer.post(f"/lines/{line}/reversal", reason="Another member").status_code == 303
    assert treasurer.post(f"/lines/{line}/reversal", reason="Twice").status_code == 409
    assert treasurer.post("/lines", line=line, what=f"contribution:{people.other_member.member_id}").status_code == 303
    assert "Taken back" in treasurer.get(f"/lines/{line}").text
    with helping.inside(people):
        said = session().scalars(sa.select(LineAllocation.what).where(LineAllocation.line_id == uuid.UUID(line)))
        assert sorted(said) == ["payment", "payment", "release", "unallocated"]


def test_proposals_are_accepted_with_one_press(
    people: Cast, treasurer: Officer, account: uuid.UUID, lines: str
) -> None:
    rest = treasurer.uploaded("statement", lines, cash_account=str(account))
    treasurer.post(f"{rest}/confirmation")
    page = treasurer.get("/lines").text
    charge = re.findall(r'name="accept"[^>]*value="([0-9a-f-]{36})"', page) or re.findall(
        r'value="([0-9a-f-]{36})"[^>]*name="accept"', page
    )
    assert len(charge) == 1
    assert treasurer.post("/lines", accept=charge[0], what="").status_code == 303
    assert treasurer.post("/lines", accept=charge[0], what="").status_code in (404, 409)
    assert treasurer.post("/lines", accept="chosen", what="").status_code == 422
    assert treasurer.post("/lines", line=[], what="charge").status_code == 422


BAD: dict[str, bytes | str] = {
    "broken quotes": 'Receipt No.,Completion Time,Details,Paid In,Withdrawn\nA,"2026,x,1,\n',
    "wrong columns": "a,b,c\n1,2,3\n",
    "spreadsheet named csv": b"PK\x03\x04 but not a zip",
    "too large": b"a,b\n" * 2_000_000,
    "NUL": b"Receipt No.,Completion Time,Details,Paid In,Withdrawn\nA\0B,2026-01-01,x,1,\n",
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n",
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("kind", ["members", "statement"])
def test_what_cannot_be_read_is_refused_in_a_sentence(
    treasurer: Officer, account: uuid.UUID, kind: str, what: str
) -> None:
    typed = {"cash_account": str(account)} if kind == "statement" else {}
    answer = treasurer.upload(kind, BAD[what], **typed)
    assert answer.status_code == 422
    assert "file" in answer.text


def test_rows_with_faults_import_nothing(people: Cast, treasurer: Officer, account: uuid.UUID) -> None:
    bad = helping.HEAD + 'A1,yesterday,=cmd(),Completed,5000,,\nA2,2026-10-01 10:00,"\u202ex",Completed,1e999,,\n'
    rest = treasurer.uploaded("statement", bad, cash_account=str(account))
    assert "Row 2" in treasurer.get(rest).text
    assert treasurer.post(f"{rest}/confirmation").status_code == 422
    assert count(people, ImportedLine) == 0


def test_a_form_without_its_token_is_refused(treasurer: Officer) -> None:
    assert treasurer.client.post(f"{treasurer.base}/lines", data={"accept": "chosen"}).status_code == 400


def test_the_account_of_another_group_is_not_a_choice(people: Cast, treasurer: Officer, lines: str) -> None:
    assert treasurer.upload("statement", lines, cash_account=str(uuid.uuid4())).status_code == 422


@pytest.mark.parametrize("rest", ["/{id}", "/lines/{id}", "/reconciliation/{id}"])
def test_an_id_of_nothing_here_is_not_found(treasurer: Officer, rest: str) -> None:
    assert treasurer.get(rest.format(id=uuid.uuid4())).status_code == 404


@pytest.mark.parametrize("who", ["secretary", "member", "auditor", "outsider", "stranger"])
def test_nobody_else_imports(people: Cast, as_person, who: str) -> None:
    client = as_person(people.people[who])
    expected = 404 if who in ("outsider", "stranger") else 403
    assert client.get(f"/g/{people.slug}/imports").status_code == expected
    assert client.get(f"/g/{people.slug}/imports/lines").status_code == expected


def test_an_auditor_sees_the_reconciliation_and_changes_nothing(people: Cast, as_person, account: uuid.UUID) -> None:
    client = as_person(people.auditor)
    assert client.get(f"/g/{people.slug}/imports/reconciliation/{account}").status_code == 200
    assert client.post(f"/g/{people.slug}/imports/reconciliation/{account}").status_code in (400, 403)


def test_a_preview_can_be_put_aside(treasurer: Officer, account: uuid.UUID, lines: str) -> None:
    rest = treasurer.uploaded("statement", lines, cash_account=str(account))
    assert treasurer.post(f"{rest}/abandonment").status_code == 303
    assert "Nothing of this file was imported" in treasurer.get(rest).text
    assert treasurer.post(f"{rest}/confirmation").status_code == 409


def test_where_withdrawals_go_is_said_once(people: Cast, treasurer: Officer, account: uuid.UUID, lines: str) -> None:
    rest = treasurer.uploaded("statement", lines, cash_account=str(account))
    assert "Open a new account “Petty cash”" in treasurer.get(rest).text
    treasurer.post(f"{rest}/confirmation", place_0="new")
    later = lines.replace("2026-10", "2026-09").replace("1111111", "5").replace("2222222", "6")
    later = later.replace("3333333", "7").replace("4444444", "8")
    rest = treasurer.uploaded("statement", later, cash_account=str(account))
    assert re.search(r"<option selected[^>]*>Petty cash", treasurer.get(rest).text)
    treasurer.post(f"{rest}/confirmation")
    assert treasurer.post("/lines", accept="all", what="").status_code == 303
    assert "Withdrawal" not in treasurer.get("/lines?direction=out").text


@pytest.mark.parametrize("kind", ["members", "opening", "contributions", "statement"])
def test_a_file_must_be_chosen(treasurer: Officer, account: uuid.UUID, kind: str) -> None:
    assert treasurer.get(f"/new/{kind}").status_code == 200
    answer = treasurer.post(f"/new/{kind}")
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


def test_there_is_no_other_kind_of_file(treasurer: Officer) -> None:
    assert treasurer.get("/new/photos").status_code == 404


def test_past_contributions_and_opening_balances_come_by_the_pages(
    people: Cast, treasurer: Officer, account: uuid.UUID, lines: str
) -> None:
    number = lines.split("Acc. ")[1].split(",", maxsplit=1)[0]
    text = f"identifier,paid_at,amount\n{number},2026-01-05,5000\n"
    rest = treasurer.uploaded("contributions", text, cash_account=str(account))
    assert "on time" in treasurer.get(rest).text
    assert treasurer.post(f"{rest}/confirmation").status_code == 303
    assert "What came of it" in treasurer.get(rest).text
    rest = treasurer.uploaded("opening", "account,amount\n3500,1000\n")
    assert "come to zero with this file" in treasurer.get(rest).text
    assert treasurer.post(f"{rest}/confirmation").status_code == 303
    assert "What came of it" in treasurer.get(rest).text


def test_a_suggested_match_is_accepted(people: Cast, treasurer: Officer, account: uuid.UUID) -> None:
    helping.import_statement(people, account, helping.HEAD + "A1,2026-10-02 09:00:00,Merchant,Completed,,-300,700\n")
    helping.spend(people, account, 300, date(2026, 10, 3))
    rest = f"/reconciliation/{account}?through=2026-10-31"
    page = treasurer.get(rest).text
    match = re.findall(r'name="match" value="([^"]+)"', page)
    assert len(match) == 1
    url = f"/reconciliation/{account}/matches?through=2026-10-31"
    assert treasurer.post(f"/reconciliation/{account}?through=2026-10-31").status_code == 409
    assert treasurer.post(url).status_code == 422
    assert treasurer.post(url, match=str(uuid.uuid4())).status_code == 409
    assert treasurer.post(url, match=match).status_code == 303
    assert "Mark as reconciled" in treasurer.get(rest).text


def test_the_overview_and_the_first_steps_lead_here(people: Cast, treasurer: Officer, account: uuid.UUID) -> None:
    helping.import_statement(people, account, helping.HEAD + "A1,2026-10-02 09:00:00,Merchant,Completed,,-300,700\n")
    assert "1 line of a statement is to allocate" in treasurer.get("").text
    assert "/imports/lines" in treasurer.client.get(f"/g/{people.slug}/").text

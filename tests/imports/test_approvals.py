"""Above the threshold a statement, and what its lines are, waits for a second person, as one."""

import re
import uuid

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.imports import queries
from app.imports.models import ImportedLine, LineAllocation
from app.ledgers import approvals
from app.savings.models import Payment
from tests import factories
from tests.factories import Cast
from tests.imports import helping
from tests.imports.officer import Officer

LINES = helping.HEAD + (
    "A1,2026-10-02 09:00:00,Pay Bill from 2547***111 - DANIEL MWANGI Acc. X,Completed,5000,,\n"
    "A2,2026-10-03 09:00:00,Pay Bill from 2547***222 - NOBODY KNOWN Acc. X,Completed,700,,\n"
)


@pytest.fixture
def people(context) -> Cast:
    return factories.cast(savings=helping.RULES, approval_threshold="500")


def count(people: Cast, table: type) -> int:
    with helping.inside(people):
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def approve(people: Cast) -> None:
    with helping.inside(people):
        [request] = approvals.waiting()
        approvals.approve(request, by=people.leader.member_id)


def lines_open(people: Cast) -> int:
    with helping.inside(people):
        return queries.open_count()[0]


def test_a_statement_and_its_allocation_wait_for_a_second_person(people: Cast, as_person) -> None:
    account = helping.open_cash(people, "Mobile money")
    officer = Officer(as_person(people.treasurer), people.slug)
    rest = officer.uploaded("statement", LINES, cash_account=str(account))
    answer = officer.post(f"{rest}/confirmation")
    assert "/approvals/" in answer.location
    assert "waits for a second person" in officer.get(rest).text
    assert count(people, ImportedLine) == 0
    assert officer.client.get(answer.location).status_code == 200
    approve(people)
    assert (count(people, ImportedLine), count(people, Payment)) == (2, 1)
    assert "What came of it" in officer.get(rest).text

    line = re.findall(r'name="line" value="([^"]+)"', officer.get("/lines").text)
    wanted = f"contribution:{people.other_member.member_id}"
    assert "/approvals/" in officer.post("/lines", line=line, what=wanted).location
    assert count(people, Payment) == 1
    approve(people)
    assert count(people, Payment) == 2
    with helping.inside(people):
        said = session().scalars(sa.select(LineAllocation.what).where(LineAllocation.line_id == uuid.UUID(line[0])))
        assert sorted(said) == ["payment", "unallocated"]

    answer = officer.post(f"/lines/{line[0]}/reversal", reason="wrong member")
    assert "/approvals/" in answer.location
    assert (officer.client.get(answer.location).status_code, lines_open(people)) == (200, 0)
    approve(people)
    assert lines_open(people) == 1


def test_past_contributions_wait_too(people: Cast, as_person) -> None:
    account = helping.open_cash(people, "Mobile money")
    officer = Officer(as_person(people.treasurer), people.slug)
    with helping.inside(people):
        number = session().scalars(
            sa.text("select identifier from member limit 1"), execution_options={"core_ok": True}
        )
        own = number.one()
    text = f"identifier,paid_at,amount\n{own},2026-10-01,5000\n"
    rest = officer.uploaded("contributions", text, cash_account=str(account))
    assert officer.get(rest).status_code == 200
    assert "/approvals/" in officer.post(f"{rest}/confirmation").location
    approve(people)
    assert count(people, Payment) == 1

"""Whose statement opens for whom, and what it shows."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from app.audit.models import AuditEvent
from app.core.db import session, transaction
from app.statements.models import StatementIssued
from tests.factories import Cast

OCTOBER = "first=2026-10-01&last=2026-10-31"

pytestmark = [pytest.mark.usefixtures("october"), pytest.mark.committed]


def url(cast: Cast, who: str = "", tail: str = "") -> str:
    return f"/g/{cast.slug}/statements/{cast.people[who].member_id}{tail}?{OCTOBER}"


def readings(cast: Cast) -> int:
    with transaction(group_id=cast.group_id):
        return session().scalar(sa.select(sa.func.count()).where(AuditEvent.action == "read")) or 0


def test_my_statement_tells_opening_events_and_closing(cast: Cast, as_person: Any) -> None:
    page = as_person(cast.member).get(url(cast, "member"))
    assert page.status_code == 200
    for told in ("9,000.00", "+5,500.00", "14,500.00", "Contribution", "Penalty", "250.00", "ultimate source of truth"):
        assert told in page.text
    assert "999.00" not in page.text  # another member's; a hash may have the digits
    assert "/verify/" in page.text
    assert readings(cast) == 0


def test_mine_is_the_default(cast: Cast, as_person: Any) -> None:
    assert "Daniel Mwangi" in as_person(cast.member).get(f"/g/{cast.slug}/statements").text


@pytest.mark.parametrize("tail", ["", ".pdf", ".csv"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("treasurer", 200), ("auditor", 200), ("secretary", 404), ("other_member", 404), ("outsider", 404)],
)
def test_only_who_may_see_money_opens_anothers(cast: Cast, as_person: Any, tail: str, who: str, status: int) -> None:
    assert as_person(cast.people[who]).get(url(cast, "member", tail)).status_code == status
    assert readings(cast) == (status == 200)


@pytest.mark.parametrize("tail", ["", ".pdf", ".csv"])
def test_a_stranger_is_led_to_the_door(cast: Cast, as_person: Any, tail: str) -> None:
    assert as_person(None).get(url(cast, "member", tail)).status_code == 303


def test_another_groups_member_does_not_exist(cast: Cast, as_person: Any) -> None:
    path = f"/g/{cast.slug}/statements/{cast.outsider.member_id}"
    assert as_person(cast.treasurer).get(path).status_code == 404


@pytest.mark.parametrize("days", ["first=2026-10-31&last=2026-10-01", "first=x&last=2026-10-01", "first=2026-10-01"])
def test_days_that_are_none_are_refused_with_a_sentence(cast: Cast, as_person: Any, days: str) -> None:
    path = f"/g/{cast.slug}/statements/{cast.member.member_id}"
    browser = as_person(cast.member)
    assert browser.get(f"{path}?{days}").status_code == 422
    assert browser.get(f"{path}.pdf?{days}").status_code == 422


def test_the_pdf_says_the_same(cast: Cast, as_person: Any) -> None:
    answer = as_person(cast.member).get(url(cast, "member", ".pdf"))
    assert answer.content_type == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    for told in ("9,000.00", "14,500.00", "Daniel Mwangi", "source of truth"):
        assert told in text


def test_the_csv_has_plain_numbers_and_the_hash(cast: Cast, as_person: Any) -> None:
    answer = as_person(cast.member).get(url(cast, "member", ".csv"))
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.data.decode("utf-8-sig")
    assert ",5500.0000,14500.0000" in text or ",5500,14500" in text
    with transaction(group_id=cast.group_id):
        (row,) = session().scalars(sa.select(StatementIssued)).all()
    assert row.hash.hex() in text


def test_looking_twice_gives_out_one_statement(cast: Cast, as_person: Any) -> None:
    browser = as_person(cast.member)
    for tail in ("", "", ".pdf", ".csv"):
        browser.get(url(cast, "member", tail))
    with transaction(group_id=cast.group_id):
        assert session().scalar(sa.select(sa.func.count()).select_from(StatementIssued)) == 1


def test_my_position_opens_and_anothers_only_for_who_may_see_money(cast: Cast, as_person: Any) -> None:
    other = f"/g/{cast.slug}/position/{cast.member.member_id}"
    assert as_person(cast.member).get(f"/g/{cast.slug}/position").status_code == 200
    assert as_person(cast.other_member).get(other).status_code == 404
    assert "Daniel Mwangi" in as_person(cast.treasurer).get(other).text
    assert readings(cast) == 1

"""A statement tells all that is a member's: invested, in assets, grown, leaving and payable, by real postings."""

import io
import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from app.core.db import transaction
from app.ledgers.books import Draft, Line, credit, debit, post
from app.ledgers.chart import PostingKind
from app.statements import queries, services
from tests.factories import Cast
from tests.statements.conftest import CASH, contribution

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
BONDS, HOUSE = uuid.UUID(int=11), uuid.UUID(int=12)
pytestmark = pytest.mark.committed


def entry(kind: PostingKind, day: int, *lines: Line) -> None:
    post(Draft(kind, date(2026, 10, day), lines), by=None)


def a_life(who: uuid.UUID | None) -> None:
    """1,000 saved, 600 invested and a third of it sold for a gain, the rest a house; then asked to leave and paid."""
    assert who is not None
    d = Decimal
    contribution(who, 1000, date(2026, 10, 2))
    lines = [debit("investment", d(600), BONDS), debit("savings", d(600), who)]
    entry(PostingKind.INVESTMENT, 3, *lines, credit("cash", d(600), CASH), credit("holdings", d(600), who))
    lines = [debit("cash", d(250), CASH), credit("investment", d(200), BONDS), credit("disposal_result", d(50))]
    lines += [debit("holdings", d(200), who), debit("appropriated", d(50)), credit("savings", d(200), who)]
    entry(PostingKind.SALE, 4, *lines, credit("realised_growth", d(50), who))
    lines = [debit("property", d(400), HOUSE), credit("investment", d(400), BONDS)]
    entry(PostingKind.CONVERSION, 5, *lines, debit("holdings", d(400), who), credit("asset_share", d(400), who))
    entry(PostingKind.EXIT_FULFILLED, 6, debit("exit", d(700), who), credit("member_payable", d(700), who))
    entry(PostingKind.MEMBER_PAID, 7, debit("member_payable", d(500), who), credit("cash", d(500), CASH))


def closings(cast: Cast, last: date = LAST) -> dict[str, Decimal]:
    made = queries.statement(cast.member.member_id, FIRST, last)
    return {str(account.part): account.closing for account in made.accounts}


def test_every_account_of_a_member_is_on_the_statement(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        a_life(cast.member.member_id)
        told = {"savings": 600, "penalties": 0, "holdings": 0, "asset_share": 400, "realised_growth": 50}
        assert closings(cast) == {**told, "exit": -700, "member_payable": 200}
        assert closings(cast, date(2026, 10, 3)) == {"savings": 400, "penalties": 0, "holdings": 600}
        made = queries.statement(cast.member.member_id, FIRST, LAST)
        assert [len(account.lines) for account in made.accounts] == [3, 0, 3, 1, 1, 1, 2]
        assert {str(line.what) for line in made.accounts[-1].lines} == {"Part of the exit, now payable", "Paid out"}
        before = queries.statement(cast.member.member_id, date(2026, 11, 1), date(2026, 11, 2))
        kept = {"asset_share": 400, "realised_growth": 50, "exit": -700, "member_payable": 200}
        assert {str(one.part): one.opening for one in before.accounts[2:]} == kept


def test_what_came_later_leaves_an_earlier_statement_genuine(cast: Cast) -> None:
    who, earlier = cast.member.member_id, date(2026, 10, 2)
    with transaction(group_id=cast.group_id):
        contribution(who, 1, earlier)
        made = queries.statement(who, FIRST, earlier)
        reference = services.issue(made).split("-statement-")[1].split("-")[0]
        a_life(who)  # one contribution of it is of the same day
        assert services.holds(reference, made.hash) is False
        later = queries.statement(who, FIRST, date(2026, 10, 4))
        again = services.issue(later).split("-statement-")[1].split("-")[0]
        entry(PostingKind.EXIT_FULFILLED, 9, debit("exit", Decimal(1), who), credit("member_payable", Decimal(1), who))
        assert services.holds(again, later.hash) is True


def cells(answer: Any) -> Sequence[str]:
    return [line for line in answer.data.decode("utf-8-sig").splitlines() if "Closing balance" in line]


def test_page_pdf_csv_and_program_tell_them(cast: Cast, as_person: Any) -> None:
    with transaction(group_id=cast.group_id):
        a_life(cast.member.member_id)
    days, browser = "?first=2026-10-01&last=2026-10-31", as_person(cast.member)
    url = f"/g/{cast.slug}/statements/{cast.member.member_id}"
    page = browser.get(url + days).text
    pdf = browser.get(f"{url}.pdf{days}").data
    paper = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages).split())
    for told in ("Invested, at cost", "Shares of assets", "Realised growth", "Exit, made payable"):
        assert told in page, told
        assert told in paper, told
    for amount in ("400.00", "−700.00", "200.00"):
        assert amount in page.replace("-700", "−700"), amount
        assert amount in paper.replace("-700", "−700"), amount
    assert len(cells(browser.get(f"{url}.csv{days}"))) == 6  # no penalties were ever owed
    assert "holdings" not in browser.get(f"{url}?first=2026-09-01&last=2026-09-30").text

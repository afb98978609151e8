"""The reports agree with each other and with the books, on the screen and as files."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, cast

import openpyxl
import pytest
import sqlalchemy as sa
from beancount import loader
from beancount.core import data
from beancount.core.amount import Amount
from flask import Flask
from flask.testing import FlaskClient

from app.audit.models import AuditEvent
from app.core.db import session, transaction
from app.ledgers import chart, entries
from app.ledgers.balances import balances
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.reports import queries
from app.reports.journal import beancount_text
from app.reports.queries import Period
from app.reports.tables import Report
from tests import factories
from tests.ledgers.conftest import Books, member_of

As = Callable[[Any], FlaskClient]
YEAR = Period(date(2026, 1, 1), date(2026, 11, 21))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 21))
ADDRESSES = ["", "trial-balance", "income-statement", "balance-sheet", "cash-flow"]


def lively(books: Books) -> None:
    """A little of everything: an expense, an income, a transfer, a penalty, a share of the surplus given out."""
    with transaction(group_id=books.cast.group_id):
        put = {"on": date(2026, 11, 3), "by": books.by}
        bank = {"cash_account": books.bank, **put}
        entries.cash_entry(category=chart.Account("bank_charges"), amount=Decimal("35.50"), key="a", **bank)  # type: ignore[arg-type]
        entries.cash_entry(category=chart.Account("other_income"), amount=Decimal(200), key="b", **bank)  # type: ignore[arg-type]
        entries.transfer(source=books.bank, target=books.till, amount=Decimal(500), key="c", **put)  # type: ignore[arg-type]
        books.save("750", member=books.cast.other_member)
        whose = member_of(books.cast.member)
        lines = [debit("penalties_receivable", Decimal(50), whose), credit("penalty_income", Decimal(50))]
        post(Draft(PostingKind.PENALTY_LEVIED, date(2026, 11, 4), lines), by=None)
        lines = [debit("appropriated", Decimal(100)), credit("realised_growth", Decimal(100), whose)]
        post(Draft(PostingKind.SHARE_OUT, date(2026, 11, 5), lines), by=None)


def last_of(report: Report, style: str = "total") -> dict[str, Any]:
    return {str(row.label): tuple(row.amounts) for row in report.rows if row.style == style}


def test_the_four_reports_agree(books: Books):
    lively(books)
    with transaction(group_id=books.cast.group_id):
        sheet = last_of(queries.balance_sheet(YEAR))
        assert sheet["Assets in all"] == sheet["Liabilities, equity and surplus"] == (Decimal("10964.5"),)
        assert sheet["Surplus in all"] == (Decimal("114.5"),)
        assert last_of(queries.income_statement(YEAR))["Surplus of the period"] == (Decimal("214.5"),)
        debit_, credit_ = last_of(queries.trial_balance(YEAR))["Total"]
        assert debit_ == credit_
        flow = last_of(queries.cash_flow(NOVEMBER))
        assert flow["Cash at the beginning"][2] == 10000
        assert flow["Cash at the end"][2] == Decimal("10914.5")


def test_cash_flow_is_what_lies_between_its_ends(books: Books):
    lively(books)
    with transaction(group_id=books.cast.group_id):
        report = queries.cash_flow(NOVEMBER)
    begin, *moves, end = report.rows
    assert (begin.amounts[2] or 0) + sum(row.amounts[2] or 0 for row in moves) == end.amounts[2]
    transfers = next(row for row in moves if str(row.label) == "Transfer")
    assert [*transfers.amounts] == [Decimal(500), Decimal(500), Decimal(0)]


@pytest.mark.parametrize("rest", ADDRESSES)
def test_officers_and_auditors_read_reports_and_nobody_else(books: Books, as_person: As, rest: str):
    url = f"/g/{books.cast.slug}/reports/{rest}"
    for person, status in (("treasurer", 200), ("auditor", 200), ("member", 403), ("outsider", 404), ("stranger", 404)):
        assert as_person(books.cast.people[person]).get(url).status_code == status


def test_every_figure_opens_the_entries_behind_it(books: Books, as_person: As):
    lively(books)
    client = as_person(books.cast.treasurer)
    with client.application.test_request_context(), transaction(group_id=books.cast.group_id):
        links = [row.link for make in (queries.balance_sheet, queries.cash_flow) for row in make(YEAR).rows if row.link]
        urls = [client.application.url_for(name, slug=books.cast.slug, **told) for name, told in links]
    assert len(urls) > 8
    assert {client.get(url).status_code for url in urls} == {200}


@pytest.mark.parametrize("name", ["trial-balance", "income-statement", "balance-sheet", "cash-flow", "journal"])
def test_files_hold_the_same_in_every_form(books: Books, as_person: As, name: str):
    lively(books)
    client, base = as_person(books.cast.treasurer), f"/g/{books.cast.slug}/reports/{name}"
    text = client.get(f"{base}.csv")
    assert text.headers["Content-Disposition"].startswith("attachment; filename=")
    table = list(csv.reader(io.StringIO(text.get_data().decode("utf-8-sig"))))
    told = json.loads(client.get(f"{base}.json").get_data())
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}.xlsx").get_data())).active
    assert sheet is not None
    assert len(table) == len(told["rows"]) + 1 == sheet.max_row


@pytest.mark.committed
def test_a_download_is_written_down_though_a_get_rolls_back(committed: Flask):
    with committed.app_context():
        people = factories.cast()
    client = factories.browser(committed, people.auditor)
    assert client.get(f"/g/{people.slug}/reports/journal.csv").status_code == 200
    with committed.app_context(), transaction(group_id=people.group_id):
        [event] = session().scalars(sa.select(AuditEvent).where(AuditEvent.action == "export")).all()
        assert (event.member_id, event.severity) == (people.auditor.member_id, "notice")


@pytest.mark.parametrize("rest", ["nothing", "trial-balance.exe", "nothing.csv", "trial-balance.beancount"])
def test_what_is_not_there_is_not_found(books: Books, as_person: As, rest: str):
    assert as_person(books.cast.treasurer).get(f"/g/{books.cast.slug}/reports/{rest}").status_code == 404


@pytest.mark.parametrize("query", ["from=2026-13-01", "to=x", "from=2026-11-20&to=2026-01-01", "to=0001-01-01"])
def test_strange_periods_are_answered(books: Books, as_person: As, query: str):
    for name in ADDRESSES:
        assert as_person(books.cast.treasurer).get(f"/g/{books.cast.slug}/reports/{name}?{query}").status_code == 200


def test_an_independent_checker_accepts_the_books_and_agrees(books: Books, context: Flask):
    lively(books)
    with transaction(group_id=books.cast.group_id):
        text, ours = beancount_text(), {row.account.code: row.balance for row in balances()}
    found, errors, _options = loader.load_string(text)
    assert errors == []
    theirs: dict[str, Decimal] = {}
    for posting in (p for one in found if isinstance(one, data.Transaction) for p in one.postings):
        units = cast("Amount", posting.units)
        theirs[posting.account] = theirs.get(posting.account, Decimal(0)) + (units.number or 0)
    assert sorted(theirs.values()) == sorted(amount for amount in ours.values() if amount)
    assert "Daniel" not in text

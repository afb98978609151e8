"""Reports as rows and as files."""

import csv
import io
import json

import openpyxl
import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.db import session, transaction
from tests import factories
from tests.api.calling import Program, token_of
from tests.ledgers.conftest import books, held_clock
from tests.reports.test_reports import lively

__all__ = ["books", "held_clock"]
NAMES = ["trial-balance", "income-statement", "balance-sheet", "cash-flow"]


def amounts_of(told):
    return {row["label"]: row["amounts"] for row in told["rows"]}


def test_the_reports_are_listed_with_their_forms(program, books):
    told = program(books.cast.auditor).get("/reports").get_json()["items"]
    assert [row["name"] for row in told] == [*NAMES, "journal"]
    assert told[0]["forms"] == ["csv", "xlsx", "json"]
    assert told[-1]["forms"] == ["csv", "xlsx", "json", "beancount"]


def test_the_rows_say_what_the_page_says_and_name_what_is_behind_them(program, books):
    lively(books)
    asking = program(books.cast.treasurer)
    told = asking.get("/reports/balance-sheet").get_json()
    assert (told["since"], told["until"], told["currency"]) == ("2026-01-01", "2026-11-21", "KES")
    sums = amounts_of(told)
    assert sums["Assets in all"] == sums["Liabilities, equity and surplus"]
    bank = next(row for row in told["rows"] if row["label"] == "Equity Bank")
    assert asking.get(f"/accounts/{bank['account_id']}").get_json()["balance"] == bank["amounts"][0]
    assert next(row["account_kind"] for row in told["rows"] if row["label"] == "Savings") == "savings"
    flow = asking.get("/reports/cash-flow?since=2026-11-01&until=2026-11-21").get_json()
    assert {len(row["amounts"]) for row in flow["rows"]} == {3}
    assert "transfer" in [row["entry_kind"] for row in flow["rows"]]
    earlier = asking.get("/reports/trial-balance?until=2026-10-04").get_json()
    assert amounts_of(earlier)["Total"] == ["0.00", "0.00"]


@pytest.mark.parametrize("name", [*NAMES, "journal"])
def test_a_file_is_what_it_says(program, books, name):
    lively(books)
    asking = program(books.cast.treasurer)
    sheet = asking.get(f"/reports/{name}.csv")
    assert sheet.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    book = asking.get(f"/reports/{name}.xlsx?since=2026-01-01")
    assert openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].max_row == len(rows)
    assert len(json.loads(asking.get(f"/reports/{name}.json").data)["rows"]) == len(rows) - 1


@pytest.mark.committed
def test_a_file_that_was_taken_is_written_down(committed):
    with committed.app_context():
        people = factories.cast()
        asking = Program(committed, token_of(people.auditor))
    assert asking.get("/reports/journal.csv").status_code == 200
    with committed.app_context(), transaction(group_id=people.group_id):
        [event] = session().scalars(sa.select(AuditEvent).where(AuditEvent.action == "export")).all()
        assert event.member_id == people.auditor.member_id


def test_the_whole_books_are_to_be_had_as_beancount(program, books):
    file = program(books.cast.auditor).get("/reports/journal.beancount")
    assert file.mimetype == "text/plain"
    assert b'option "operating_currency" "KES"' in file.data
    assert "attachment" in file.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("profit", 404),
        ("journal", 404),
        ("profit.csv", 404),
        ("trial-balance.beancount", 404),
        ("trial-balance.pdf", 404),
        ("trial-balance?since=2026-02-01&until=2026-01-01", 422),
        ("trial-balance?until=soon", 422),
        ("trial-balance?to=2026-01-01", 422),
    ],
)
def test_what_there_is_not_is_refused(program, books, path, status):
    answer = program(books.cast.treasurer).get(f"/reports/{path}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("path", ["", "/balance-sheet", "/journal.csv", "/journal.beancount"])
def test_who_does_not_see_the_books_sees_no_report(program, books, path):
    assert program(books.cast.member).get(f"/reports{path}").status_code == 403
    assert program(books.cast.outsider).get(f"/reports{path}").status_code == 200


def test_a_program_of_another_group_reads_its_own_books(program, books):
    told = program(books.cast.outsider).get("/reports/balance-sheet").get_json()
    assert amounts_of(told)["Assets in all"] == ["0.00"]

"""Bank files go the way of every statement: preview, once however often; mutated ones end in lines or a refusal."""

import os
import random
import uuid
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.imports import queries, statement_import
from app.imports.bank_file import statement_of
from app.imports.camt_file import read_camt
from app.imports.models import ImportedLine
from app.imports.ofx_file import read_ofx
from app.ledgers import chart
from app.ledgers.balances import balance
from tests.factories import Cast
from tests.imports import bank, helping
from tests.imports.officer import Officer
from tests.imports.test_fuzz import attempt, mutated

CASES = int(os.environ.get("BANK_FUZZ", "150"))
ZONE = ZoneInfo("Africa/Nairobi")


@pytest.fixture
def account(people: Cast) -> uuid.UUID:
    return helping.open_cash(people, "Bank", "bank", opening=1_000)


@pytest.mark.parametrize(("data", "lines"), [(bank.ofx1(), 2), (bank.camt(), 3)])
def test_a_bank_file_counts_once(people: Cast, account: uuid.UUID, data: bytes, lines: int) -> None:
    told = helping.import_statement(people, account, data, charges=True)
    assert (told["new"], told["booked"]["charge"], told["waits"]) == (lines, 1, lines - 1)
    again = helping.import_statement(people, account, data, charges=True)
    assert (again["lines"], again["known"]) == (0, lines)
    with helping.inside(people):
        assert balance(chart.Account("cash", account)) == Decimal("5849.50")
        assert session().scalar(sa.select(sa.func.count()).select_from(ImportedLine)) == lines
        assert {row.line.day for row in queries.to_allocate().rows} == {date(2026, 10, 2)}


def test_the_preview_says_pending_lines_gaps_and_other_accounts(people: Cast, account: uuid.UUID) -> None:
    with helping.inside(people):
        file = helping.upload(people, "statement", bank.camt(closing="9000.00"), account=account)
        found = statement_import.preview(file, by=people.leader.member_id)
        assert (found.counts["pending"], found.other_number) == (1, False)
        assert found.statement.gap is not None


def test_bank_files_come_by_the_pages(people: Cast, account: uuid.UUID, as_person) -> None:
    treasurer = Officer(as_person(people.treasurer), people.slug)
    assert "CAMT.053" in treasurer.get("/new/statement").text
    rest = treasurer.uploaded("statement", bank.camt(closing="9000.00"), cash_account=str(account), name="x.pdf")
    page = treasurer.get(rest).text
    assert "do not lead to the closing balance" in page
    assert "Not booked yet" in page
    assert treasurer.post(f"{rest}/confirmation").status_code == 303
    assert "What came of it" in treasurer.get(rest).text
    wrong = treasurer.upload("statement", "name,email\nAnn,a@example.org\n", cash_account=str(account))
    assert wrong.status_code == 422
    assert "Choose the import of members" in wrong.text


@pytest.mark.parametrize(("read", "data"), [(read_ofx, bank.ofx1()), (read_ofx, bank.ofx2()), (read_camt, bank.camt())])
def test_mutated_bank_files_end_in_lines_or_a_refusal(read, data: bytes) -> None:
    chance = random.Random(f"{read.__name__} {len(data)}")
    for _ in range(CASES):
        found, refusal = attempt(lambda: taken(read, mutated(data, chance)))
        assert refusal is None or refusal.endswith(".")
        assert found is None or all(line.key and line.amount for line in found.lines)
        assert found is None or all(error.sentence and error.row for error in found.errors)


def taken(read, data: bytes):
    return statement_of(read(data, "KES"), currency="KES", zone=ZONE, number="0118002301")

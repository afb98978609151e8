"""Columns are said once by the page, by those who import, and change nothing that was read before."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.imports import choosing, files, statement_import
from app.imports.errors import ImportOver
from app.imports.mapping_errors import NeedsMapping, NoColumns
from app.imports.models import ImportedLine, StatementMapping
from app.ledgers import chart
from app.ledgers.balances import balance
from tests.factories import Cast
from tests.imports import bank, helping
from tests.imports.made import xlsx
from tests.imports.officer import Officer

HEAD = "Posting Date,Narration,Ref No,Debit,Credit,Book Balance\n"
APRIL = HEAD + "03/04/2026,CASH DEPOSIT,UM006 APR,,5000.00,6000.00\n04/04/2026,LEDGER FEE,,150.50,,5849.50\n"
MAY = HEAD + "05/05/2026,CASH DEPOSIT,UM006 MAY,,1000.00,6849.50\n"
SAID = {"header": "1", "at": "0", "details": "1", "reference": "2", "withdrawn": "3", "paid_in": "4", "balance": "5"}
SAID |= {"decimal": ".", "order": "dmy"}


@pytest.fixture
def treasurer(people: Cast, as_person) -> Officer:
    return Officer(as_person(people.treasurer), people.slug)


@pytest.fixture
def account(people: Cast) -> uuid.UUID:
    return helping.open_cash(people, "Bank", "bank", opening=1_000)


def count(people: Cast, table: type) -> int:
    with helping.inside(people):
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_columns_are_said_once_and_recognised_the_next_time(
    people: Cast, treasurer: Officer, account: uuid.UUID
) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    assert treasurer.get(rest).location.endswith(f"{rest}/columns")
    shown = treasurer.get(f"{rest}/columns").text
    assert "say which is right" in shown
    assert re.search(r'<option selected[^>]*value="4"', shown)
    assert treasurer.post(f"{rest}/columns", **SAID).location.endswith(rest)
    assert "fit the books" in treasurer.get(rest).text
    for _press in range(2):
        assert treasurer.post(f"{rest}/confirmation", charges="y").status_code == 303
    again = treasurer.uploaded("statement", APRIL + MAY.removeprefix(HEAD), cash_account=str(account))
    assert "1 new" in treasurer.get(again).text or "New lines" in treasurer.get(again).text
    assert treasurer.post(f"{again}/confirmation").status_code == 303
    assert (count(people, ImportedLine), count(people, StatementMapping)) == (3, 1)
    with helping.inside(people):
        assert balance(chart.Account("cash", account)) == Decimal("6849.50")


def test_how_it_would_be_read_is_shown_and_nothing_kept(people: Cast, treasurer: Officer, account: uuid.UUID) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    answer = treasurer.post(f"{rest}/columns", **SAID | {"order": "mdy", "look": "yes"})
    assert answer.status_code == 200
    assert "4 Mar" in answer.text
    assert "5,849.50" in answer.text
    assert count(people, StatementMapping) == 0


BAD = [
    {"order": ""},
    {"order": "xyz"},
    {"at": ""},
    {"at": "99"},
    {"header": "2"},
    {"header": "x"},
    {"decimal": ";"},
    {"amount": "4"},
    {"details": "0"},
    {"paid_in": "", "withdrawn": ""},
    {"at": "1"},
    {"other": "1"},
]


@pytest.mark.parametrize("wrong", BAD)
def test_columns_that_make_no_statement_are_not_kept(
    people: Cast, treasurer: Officer, account: uuid.UUID, wrong: dict[str, str]
) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    answer = treasurer.post(f"{rest}/columns", **SAID | wrong)
    assert answer.status_code == 422
    assert count(people, StatementMapping) == 0
    assert treasurer.post(f"{rest}/confirmation").status_code == 409


def test_a_file_stays_as_it_was_read_whatever_is_said_of_others(
    people: Cast, treasurer: Officer, account: uuid.UUID
) -> None:
    first = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    treasurer.post(f"{first}/columns", **SAID)
    second = treasurer.uploaded("statement", MAY, cash_account=str(account))
    treasurer.post(f"{second}/columns", **SAID | {"order": "mdy", "reference": ""})
    with helping.inside(people):
        read = [
            statement_import.preview(files.told(uuid.UUID(rest[1:])).file, by=None).statement
            for rest in (first, second)
        ]
        assert [line.at.month for line in read[0].lines] == [4, 4]
        assert [line.receipt for line in read[1].lines] == [""]


def test_pressed_twice_one_mapping_is_kept(people: Cast, treasurer: Officer, account: uuid.UUID) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    once = uuid.uuid4().hex
    for _press in range(2):
        assert treasurer.post(f"{rest}/columns", **SAID, once=once).status_code == 303
    assert count(people, StatementMapping) == 1


def test_what_is_over_or_no_table_has_no_columns_to_choose(
    people: Cast, treasurer: Officer, account: uuid.UUID
) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    treasurer.post(f"{rest}/columns", **SAID)
    treasurer.post(f"{rest}/confirmation")
    assert treasurer.post(f"{rest}/columns", **SAID).status_code == 409
    other = treasurer.uploaded("statement", bank.camt(), cash_account=str(account))
    assert treasurer.get(f"{other}/columns").status_code == 409
    with helping.inside(people), pytest.raises(NoColumns):
        choosing.offer(files.told(uuid.UUID(other[1:])))
    with helping.inside(people), pytest.raises(ImportOver):
        choosing.offer(files.told(uuid.UUID(rest[1:])))


def test_days_that_can_be_read_in_two_ways_are_asked_for_at_a_bank(
    people: Cast, treasurer: Officer, account: uuid.UUID
) -> None:
    known = "Reference,Date,Details,Paid In,Paid Out,Balance\nA1,{},Ann,500.00,,1500.00\n"
    rest = treasurer.uploaded("statement", known.format("03/04/2026"), cash_account=str(account))
    assert treasurer.get(rest).location.endswith("/columns")
    rest = treasurer.uploaded("statement", known.format("25/04/2026"), cash_account=str(account))
    assert treasurer.get(rest).status_code == 200


def test_a_workbook_of_a_bank_is_read_by_its_columns(people: Cast, account: uuid.UUID) -> None:
    data = xlsx(
        [["Bank of Nowhere"], [], ["Date", "Text", "Amount"], ["2026-04-03", "Ann", 500], ["2026-04-04", "Fee", -20.5]]
    )
    with helping.inside(people):
        file = helping.upload(people, "statement", data, account=account)
        with pytest.raises(NeedsMapping):
            statement_import.preview(file, by=None)
        found = choosing.offer(files.told(file.id))
        assert (found.guess.order, found.encoding) == ("ymd", "")
        said: dict[str, Any] = {"columns": found.guess.columns, "decimal": ".", "order": "ymd"}
        choosing.save(file.id, header=3, **said, by=people.treasurer.member_id, key="one")
        told = statement_import.preview(file, by=None).statement
        assert [line.amount for line in told.lines] == [Decimal(500), Decimal("-20.50")]


@pytest.mark.parametrize("who", ["secretary", "member", "auditor", "outsider", "stranger"])
def test_nobody_else_says_what_columns_are(
    people: Cast, treasurer: Officer, account: uuid.UUID, as_person, who: str
) -> None:
    rest = treasurer.uploaded("statement", APRIL, cash_account=str(account))
    client = as_person(people.people[who])
    expected = 404 if who in ("outsider", "stranger") else 403
    assert client.get(f"{treasurer.base}{rest}/columns").status_code == expected

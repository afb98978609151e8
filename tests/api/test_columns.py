"""A program says what the columns of a statement are."""

import uuid
from typing import Any

import pytest

from app.imports import files, statement_import
from tests.api.calling import Program, token_of
from tests.factories import Cast
from tests.imports import helping
from tests.imports.test_mapping_views import APRIL

SAID: dict[str, Any] = {"header": 1, "at": 0, "details": 1, "reference": 2, "withdrawn": 3, "paid_in": 4, "balance": 5}
SAID |= {"decimal": ".", "order": "dmy"}


@pytest.fixture
def people(context) -> Cast:
    return helping.cast()


@pytest.fixture
def file_id(people: Cast) -> uuid.UUID:
    account = helping.open_cash(people, "Bank", "bank", opening=1_000)
    with helping.inside(people):
        return helping.upload(people, "statement", APRIL, account=account).id


@pytest.fixture
def treasurer(app, people: Cast) -> Program:
    return Program(app, token_of(people.treasurer))


def test_what_the_columns_seem_to_be_is_told(treasurer: Program, file_id: uuid.UUID) -> None:
    told: Any = treasurer.get(f"/imports/{file_id}/columns").json
    assert (told["header"], told["decimal"], told["order"], told["said"]) == (1, ".", None, False)
    assert told["columns"]["paid_in"] == 4
    assert told["separator"] == ","


def test_the_first_rows_are_shown_and_then_kept_once(people: Cast, treasurer: Program, file_id: uuid.UUID) -> None:
    shown: Any = treasurer.post(f"/imports/{file_id}/columns/preview", SAID).json
    assert [row["amount"] for row in shown["items"]] == ["5000.00", "-150.50"]
    first = treasurer.post(f"/imports/{file_id}/columns", SAID, key="columns-1")
    again = treasurer.post(f"/imports/{file_id}/columns", SAID, key="columns-1")
    assert (first.status_code, again.json) == (201, first.json)
    assert treasurer.post(f"/imports/{file_id}/columns", SAID | {"header": 2}, key="columns-1").status_code == 422
    with helping.inside(people):
        told = statement_import.preview(files.told(file_id).file, by=None)
        assert len(told.statement.lines) == 2


@pytest.mark.parametrize("wrong", [{"order": "x"}, {"at": 99}, {"at": 1}, {"amount": 4}, {"else": 1}, {"header": 7}])
def test_columns_that_make_no_statement_are_refused(
    treasurer: Program, file_id: uuid.UUID, wrong: dict[str, Any]
) -> None:
    assert treasurer.post(f"/imports/{file_id}/columns", SAID | wrong).status_code == 422


def test_others_do_not_say_it(app, people: Cast, file_id: uuid.UUID) -> None:
    assert Program(app, token_of(people.member)).get(f"/imports/{file_id}/columns").status_code == 403
    assert Program(app, token_of(people.outsider)).get(f"/imports/{file_id}/columns").status_code in (403, 404)

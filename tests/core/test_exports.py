"""What people download says exactly what the books say, and nothing in it runs."""

import csv
import io
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from flask_babel import lazy_gettext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.exports import Sheet, csv_bytes, json_bytes, xlsx_bytes

EVIL = ["=1+1", "+254700", "-12", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1"]


class Colour(StrEnum):
    GREEN = "green"


@dataclass(frozen=True)
class Line:
    amount: Decimal
    on: date


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes, sheet: int = 0) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(data)).worksheets[sheet].values)


def test_csv_quotes_text_and_leaves_numbers_bare():
    data = csv_bytes(["Name", "Amount"], [['Ann "A" Wu', Decimal("-12.50")], ["a,b", 3]])
    assert data.decode("utf-8-sig") == '"Name","Amount"\r\n"Ann ""A"" Wu",-12.50\r\n"a,b",3\r\n'


@pytest.mark.parametrize("text", EVIL)
def test_csv_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert read_csv(csv_bytes([text], [[text]])) == [["'" + text], ["'" + text]]


def test_csv_writes_every_kind_of_cell():
    key = uuid.UUID(int=1)
    at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    row = [None, date(2026, 1, 2), at, key, Colour.GREEN, True, lazy_gettext("Total"), Decimal("1E+3")]
    assert read_csv(csv_bytes(["h"], [row]))[1] == [
        "", "2026-01-02", "2026-01-02T03:04:00+00:00", str(key), "green", "True", "Total", "1000",
    ]  # fmt: skip


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=4))
def test_csv_of_any_text_is_read_back_as_it_was_but_for_the_guard(rows):
    read = read_csv(csv_bytes(["h"], rows))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]


@pytest.mark.parametrize("write", [lambda: csv_bytes(["h"], [[1.5]]), lambda: json_bytes({"a": 1.5})])
def test_a_float_is_refused(write):
    with pytest.raises(TypeError, match="float has no exact text"):
        write()


def test_xlsx_cells_keep_their_types():
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    row = ["=1+1", Decimal("-12.50"), 3, date(2026, 1, 2), at, None, "http://example.com", Colour.GREEN]
    cells = read_xlsx(xlsx_bytes([Sheet("Lines", list("abcdefgh"), [row], "KES")]))[1]
    assert cells == (
        "=1+1", -12.5, 3, datetime.fromisoformat("2026-01-02"), at.replace(tzinfo=None), None,
        "http://example.com", "green",
    )  # fmt: skip


def test_xlsx_text_is_never_a_formula():
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet("s", EVIL, [EVIL], "KES")])))
    assert {cell.data_type for row in book.worksheets[0] for cell in row} == {"s"}


@pytest.mark.parametrize(("currency", "shown"), [("UGX", "#,##0"), ("KES", "#,##0.00"), ("KWD", "#,##0.000")])
def test_xlsx_amounts_show_the_decimals_of_their_currency(currency, shown):
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet("s", ["a"], [[Decimal(1)]], currency)])))
    assert book.worksheets[0]["A2"].number_format == shown


def test_xlsx_sheet_names_are_made_legal_and_unlike():
    names = ["A/B:C", "a b c", "x" * 40, "x" * 40, "[]", "''"]
    book = load_workbook(io.BytesIO(xlsx_bytes([Sheet(name, ["h"], [], "KES") for name in names])))
    assert book.sheetnames == ["A B C", "a b c 2", "x" * 31, "x" * 29 + " 2", "Sheet", "Sheet 2"]


def test_the_same_input_gives_the_same_bytes():
    sheets = [Sheet("s", ["a"], [[Decimal("1.25")], ["text"]], "KES")]
    assert xlsx_bytes(sheets) == xlsx_bytes(sheets)


def test_xlsx_refuses_a_float():
    with pytest.raises(TypeError):
        xlsx_bytes([Sheet("s", ["a"], [[1.5]], "KES")])


def test_json_keeps_amounts_exact_and_days_in_iso_form():
    value = {
        "lines": (Line(Decimal("10.50"), date(2026, 1, 2)),),
        date(2026, 1, 3): [Colour.GREEN, None, True, 7, uuid.UUID(int=2), lazy_gettext("ä")],
    }
    assert json.loads(json_bytes(value)) == {
        "lines": [{"amount": "10.50", "on": "2026-01-02"}],
        "2026-01-03": ["green", None, True, 7, str(uuid.UUID(int=2)), "ä"],
    }
    assert "ä".encode() in json_bytes(value)

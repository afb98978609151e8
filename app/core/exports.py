"""Files people download: CSV that no spreadsheet takes for formulas, typed XLSX, exact JSON; same input, same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import chain
from typing import TypeAlias
from uuid import UUID

from flask_babel import LazyString
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core import money

Cell: TypeAlias = str | LazyString | Decimal | int | date | UUID | Enum | None

# A spreadsheet program runs a cell that begins so; the wide forms are the same keys on East Asian keyboards.
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_NOT_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_SHEET_NAME = 31
_LONGEST_CELL = 32_767
# The day is in no way true; a real one would make two exports of the same figures differ.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  # Excel knows no zones
_WIDEST_COLUMN = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; the currency says with how many decimals its Decimals are shown."""

    name: str
    header: Sequence[str | LazyString]
    rows: Iterable[Sequence[Cell]]
    currency: str


def csv_bytes(header: Sequence[str | LazyString], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that Excel needs, CRLF, text always quoted and never a formula, numbers bare.

    Raises TypeError on a float or any other value that has no exact text.
    """
    lines = (",".join(map(_csv_cell, row)) for row in chain([header], rows))
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return format(cell, "f")
        case int() if not isinstance(cell, bool | Enum):
            return str(cell)
    text = _text(cell)
    guard = "'" if text.startswith(_FORMULA_STARTS) else ""
    return '"' + guard + text.replace('"', '""') + '"'


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """A workbook with typed cells: amounts are numbers, days are days, and text is text whatever it begins with.

    Raises TypeError on a float or any other value that has no exact text.
    """
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED})
        taken: set[str] = set()
        for sheet in sheets:
            _write_sheet(book, sheet, _sheet_name(sheet.name, taken))
    return target.getvalue()


def _write_sheet(book: Workbook, sheet: Sheet, name: str) -> None:
    places = money.digits(sheet.currency)
    formats = {
        Decimal: book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    page = book.add_worksheet(name)
    page.write_row(0, 0, [str(title) for title in sheet.header], book.add_format({"bold": True, "bottom": 1}))
    page.freeze_panes(1, 0)
    widths = [len(str(title)) for title in sheet.header]
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _write_cell(page, number, column, cell, formats)
            if column < len(widths):
                widths[column] = max(widths[column], 0 if cell is None else len(str(cell)))
    for column, width in enumerate(widths):
        page.set_column(column, column, min(width, _WIDEST_COLUMN) + 3)


def _write_cell(page: Worksheet, row: int, column: int, cell: Cell, formats: Mapping[type, Format]) -> None:
    match cell:
        case None:
            return
        case Decimal():
            page.write_number(row, column, cell, formats[Decimal])
        case int() if not isinstance(cell, bool | Enum):
            page.write_number(row, column, cell)
        case datetime():
            # Excel has no zones: what is written is the clock the caller chose.
            page.write_datetime(row, column, cell.replace(tzinfo=None), formats[datetime])
        case date():
            page.write_datetime(row, column, cell, formats[date])
        case _:
            page.write_string(row, column, _text(cell)[:_LONGEST_CELL])


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name Excel accepts: 31 characters, none of its own signs, unlike the others whatever their case."""
    plain = name.translate(_NOT_IN_SHEET_NAMES).strip(" '")[:_LONGEST_SHEET_NAME] or "Sheet"
    unique, number = plain, 1
    while unique.casefold() in taken:
        number += 1
        ending = f" {number}"
        unique = plain[: _LONGEST_SHEET_NAME - len(ending)] + ending
    taken.add(unique.casefold())
    return unique


def json_bytes(value: object) -> bytes:
    """UTF-8 JSON, indented, amounts as strings so that no reader rounds them, days and instants in ISO form.

    Raises TypeError on a float or any other value that has no exact text.
    """
    return (json.dumps(_plain(value), ensure_ascii=False, indent=2) + "\n").encode()


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return _text(value)


def _text(value: object) -> str:
    match value:
        case str() | LazyString() | UUID() | int():
            return str(value)
        case Enum():
            return str(value.value)
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no exact text")

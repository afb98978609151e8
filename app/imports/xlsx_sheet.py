"""The first filled sheet of an Excel workbook as text, with the archive checked before it is unpacked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.core.archives import BadArchive, TooManyParts, read_archive
from app.imports.errors import BrokenSpreadsheet, NotATable, OldSpreadsheet, UnpacksTooLarge, UnreadableFile
from app.imports.tables import MAX_COLUMNS, MAX_UNPACKED_BYTES

_MAX_PARTS = 1_000
_MEGABYTE = 1024 * 1024
# Looked at in each row: a stray format in Excel's last column must not make every row 16,384 cells wide.
_WIDTH = 4 * MAX_COLUMNS
_BLANK = (None,) * _WIDTH
# Excel's own last row; a damaged number beyond it would have the library count up to it.
_LAST_ROW = 1_048_576


def records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Numbered records of the first visible sheet that holds anything; raises an `UnreadableFile`."""
    check_archive(data)
    try:
        yield from _sheet(data)
    except UnreadableFile:
        raise
    except Exception as error:
        # Damaged workbooks make the library raise nearly every built-in error there is.
        raise BrokenSpreadsheet from error


def check_archive(data: bytes) -> None:
    """Refuse what is no workbook or unpacks too large, before a byte of it is unpacked."""
    try:
        found = read_archive(data, most_parts=_MAX_PARTS)
    except TooManyParts as error:
        raise UnpacksTooLarge(megabytes=MAX_UNPACKED_BYTES // _MEGABYTE) from error
    except BadArchive as error:
        raise BrokenSpreadsheet from error
    if found.unpacked > MAX_UNPACKED_BYTES:
        raise UnpacksTooLarge(megabytes=MAX_UNPACKED_BYTES // _MEGABYTE)
    if "content.xml" in found.names or "xl/workbook.bin" in found.names:
        raise OldSpreadsheet
    if "[Content_Types].xml" not in found.names or not any(name.startswith("xl/") for name in found.names):
        raise NotATable


def _sheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            filled = False
            for number, cells in _filled(sheet) if sheet.sheet_state == "visible" else ():
                filled = True
                yield number, [_text(cell) for cell in cells]
            if filled:
                return
    finally:
        book.close()


def _filled(sheet: Worksheet) -> Iterator[tuple[int, tuple[object, ...]]]:
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # the stated size of a sheet is often wrong
    for number, cells in enumerate(sheet.iter_rows(max_col=_WIDTH, values_only=True), start=1):
        if number > _LAST_ROW:
            raise BrokenSpreadsheet
        if cells != _BLANK:
            yield number, cells


def _text(cell: object) -> str:
    """What the cell means as text that our readers of amounts and days understand."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            # Fifteen digits are what Excel itself shows: 0.1 + 0.2 is 0.3 there.
            return _number(Decimal(format(cell, ".15g")))
        case datetime():
            nearest = (cell + timedelta(microseconds=500_000)).replace(microsecond=0)
            return nearest.date().isoformat() if nearest.time() == time() else nearest.isoformat(" ")
        case _:  # whole numbers, days and times say themselves as we read them
            return str(cell)


def _number(value: Decimal) -> str:
    """Digits without exponent or a fraction of nothing: Excel keeps 5000 as 5000.0."""
    if value.is_finite() and value == value.to_integral_value():
        value = value.to_integral_value()
    return format(value, "f")

"""Small uploads made in memory: CSV text in, tables out, workbooks as Excel would save them."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from app.imports import sheets
from app.imports.tables import Table

DATA = Path(__file__).parents[1] / "data"


def data(name: str) -> bytes:
    return (DATA / name).read_bytes()


def csv(text: str) -> Table:
    return sheets.read(text.encode())


def xlsx(*sheets_of_rows: Iterable[Iterable[Any]], hidden: int = 0) -> bytes:
    """A workbook with these sheets, the first so many of them hidden."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets_of_rows):
        sheet = book.create_sheet()
        sheet.sheet_state = "hidden" if number < hidden else "visible"
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(workbook: bytes, name: str, content: bytes | str) -> bytes:
    """The workbook with one part of its archive replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return target.getvalue()


def sheet_xml(rows: str, before: str = "") -> str:
    """The XML of a worksheet with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'

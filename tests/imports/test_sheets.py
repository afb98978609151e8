"""A table is read for what it is, and what is none is refused with one sentence."""

import io
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest

from app.imports import errors
from app.imports.sheets import read
from app.imports.tables import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS
from tests.imports.made import csv, sheet_xml, with_part, xlsx

FIRST_SHEET = "xl/worksheets/sheet1.xml"
NAMES = [("Name", "Savings"), ("Müller", "1,50")]


def cells(data):
    return [row.cells for row in read(data).rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_read_in_any_usual_encoding_delimiter_and_line_end(encoding, delimiter, end):
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in NAMES) + end
    assert cells(text.encode(encoding)) == NAMES


def test_the_delimiter_is_the_one_that_cuts_rows_alike():
    assert cells(b"Name;Note;Amount\nAnn;a, b, c;1,000.00\nBo;d, e;2,000.00\n")[1] == ("Ann", "a, b, c", "1,000.00")


def test_a_sep_line_is_obeyed_and_not_counted():
    rows = read(b"sep=;\r\na,b;c\r\n").rows
    assert [(row.number, row.cells) for row in rows] == [(1, ("a,b", "c"))]


def test_rows_keep_the_numbers_a_spreadsheet_shows():
    assert [row.number for row in csv('a\n\n"b\nb"\n,,\nc\n').rows] == [1, 3, 5]
    assert [row.number for row in read(xlsx([["a"], [], ["c"]])).rows] == [1, 3]


def test_cells_are_cleaned_of_what_nobody_sees():
    assert csv(" a ,\u202a+254 700\u202c,\u200bx\u00a0y,e\u0301,'+254700,'quoted'").rows[0].cells == (
        "a", "+254 700", "x y", "é", "+254700", "'quoted'",
    )  # fmt: skip


def test_a_short_row_reads_as_empty_beyond_its_end():
    assert csv("a,b\nc").rows[1].cell(1) == ""


def test_a_dos_end_mark_is_no_row():
    assert cells(b"a,b\r\n\x1a") == [("a", "b")]


def test_workbook_cells_become_the_text_they_mean():
    row = [
        "text", 5000.0, 1500.5, 0.1 + 0.2, 254724879144, True, None, date(2026, 1, 31),
        datetime.fromisoformat("2026-01-31 17:05:09"), clock(8, 30), "end",
    ]  # fmt: skip
    assert cells(xlsx([row])) == [
        (
            "text", "5000", "1500.5", "0.3", "254724879144", "TRUE", "", "2026-01-31", "2026-01-31 17:05:09",
            "08:30:00", "end",
        )
    ]  # fmt: skip


def test_the_first_visible_sheet_with_anything_in_it_is_read():
    assert cells(xlsx([["hidden"]], [], [["here"]], [["later"]], hidden=1)) == [("here",)]


def test_names_say_nothing_contents_do():
    assert read(xlsx([["a"]])).kind == "xlsx"
    assert csv("a").kind == "csv"


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b",,\n,,\n", xlsx([]), xlsx([[None, None]])])
def test_an_empty_file_says_so(data):
    with pytest.raises(errors.FileEmpty, match="This file is empty"):
        read(data)


def archive(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return target.getvalue()


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LOCKED = COMPOUND + "EncryptedPackage".encode("utf-16-le")
REFUSED = {
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", errors.NotATable),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(20), errors.NotATable),
    "web page": (b"\n<html><table><tr><td>1</td></tr></table></html>", errors.NotATable),
    "another zip": (archive(readme="x"), errors.NotATable),
    "undecodable": (b"a,b\n\x81\x8d\x8f,c", errors.NotATable),
    "broken utf-16": (b"\xff\xfea\x00\x00\xd8", errors.NotATable),
    "open document": (archive(content_xml="x", mimetype="x"), errors.OldSpreadsheet),
    "binary workbook": (archive(xl__workbook_bin="x"), errors.OldSpreadsheet),
    "excel 97": (COMPOUND, errors.OldSpreadsheet),
    "password": (LOCKED, errors.Locked),
    "torn zip": (xlsx([["a"]])[:900], errors.BrokenSpreadsheet),
    "empty zip": (b"PK\x05\x06" + bytes(18), errors.NotATable),
    "no workbook": (archive(**{"[Content_Types]_xml": "x", "xl__a": "x"}), errors.BrokenSpreadsheet),
    "torn sheet": (with_part(xlsx([["a"]]), FIRST_SHEET, "<worksheet><sheetData><row>"), errors.BrokenSpreadsheet),
    "nul": (b"a,b\nc\x00,d\n", errors.BadCharacters),
    "control characters": (b"a,b\nc\x07,d\n", errors.BadCharacters),
    "random bytes": (bytes(range(256)) * 4, errors.NotATable),
    "unclosed quote": (b'a,b\n"c,d\ne,f\n', errors.BrokenText),
    "text after a quote": (b'a,b\n"c"d,e\n', errors.BrokenText),
    "too large": (b"a" * (MAX_BYTES + 1), errors.FileTooLarge),
    "too many rows": (b"a\n" * (MAX_ROWS + 1), errors.TooManyRows),
    "too many columns": (b"a," * MAX_COLUMNS + b"a", errors.TooManyColumns),
    "wide sheet": (xlsx([["a"] * (MAX_COLUMNS + 1)]), errors.TooManyColumns),
    "long cell": (b"a" * (MAX_CELL + 1), errors.CellTooLong),
    "very long cell": (b"a" * 200_000, errors.CellTooLong),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_table_is_refused_with_one_sentence(what):
    data, error = REFUSED[what]
    with pytest.raises(error) as refused:
        read(data)
    assert str(refused.value).endswith(".")
    assert "%(" not in str(refused.value)


def test_a_row_that_breaks_is_named():
    with pytest.raises(errors.BrokenText, match="row 3"):
        csv('a,b\nc,d\n"e"f,g\n')


BOMB = with_part(xlsx([["a"]]), FIRST_SHEET, sheet_xml(" " * 40_000_000))
LAUGHS = '<!DOCTYPE z [<!ENTITY a "{}">]>'.format("x" * 100_000)
SECRET = '<!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ENTITY = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def test_a_zip_bomb_is_refused_unopened():
    assert len(BOMB) < 100_000
    with pytest.raises(errors.UnpacksTooLarge, match="30 MB"):
        read(BOMB)


def test_an_archive_of_countless_parts_is_refused_unopened():
    with pytest.raises(errors.UnpacksTooLarge):
        read(archive(**{f"xl__{number}": "" for number in range(1001)}))


@pytest.mark.parametrize(
    "xml", [sheet_xml(ENTITY.format("&a;" * 5_000), LAUGHS), sheet_xml(ENTITY.format("&a;"), SECRET)]
)
def test_entities_are_not_expanded(xml):
    with pytest.raises(errors.BrokenSpreadsheet):
        read(with_part(xlsx([["a"]]), FIRST_SHEET, xml))


def test_a_row_number_beyond_excel_is_not_counted_up_to():
    started = time.monotonic()
    with pytest.raises(errors.BrokenSpreadsheet):
        read(
            with_part(
                xlsx([["a"]]), FIRST_SHEET, sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999999"/>')
            )
        )
    assert time.monotonic() - started < 20


def test_a_format_in_the_last_column_makes_no_row_wide():
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>')
    assert cells(with_part(xlsx([["a"]]), FIRST_SHEET, xml)) == [("1",)]

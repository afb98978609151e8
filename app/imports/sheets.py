"""Read an uploaded table for what it is, whatever its name says."""

from __future__ import annotations

from app.imports import text_sheet, xlsx_sheet
from app.imports.errors import FileEmpty, FileTooLarge, Locked, NotATable, OldSpreadsheet
from app.imports.tables import MAX_BYTES, Table, table

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An encrypted .xlsx is a compound file with a stream of this name.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Formats that might pass for text; every other one holds zero bytes and is refused for these.
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")


def read(data: bytes) -> Table:
    """Rows of a CSV file or Excel workbook; raises an `UnreadableFile` with one sentence otherwise."""
    if len(data) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // (1024 * 1024))
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileEmpty
    if data.startswith(_ZIPS):
        return table("xlsx", xlsx_sheet.records(data))
    if data.startswith(_COMPOUND):
        raise Locked() if _ENCRYPTED in data else OldSpreadsheet()
    if data.startswith(_OTHERS):
        raise NotATable
    return table("csv", text_sheet.records(data))

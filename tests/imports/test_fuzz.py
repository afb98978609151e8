"""Whatever bytes arrive, an import ends in a table or in one of the room's own refusals."""

import random
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.imports import sheets
from app.imports.contributions_file import read_contributions
from app.imports.errors import UnreadableFile
from app.imports.members_file import read_members
from app.imports.opening_file import read_opening
from app.imports.statements_file import read_statement
from tests.imports.made import data, xlsx

ZONE = ZoneInfo("Africa/Nairobi")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ROWS: list[list[Any]] = [
    ["identifier", "display_name", "amount", "paid_at", "account"],
    ["UM1", "Ann", 5.5, date(2026, 1, 2), "Cash"],
]
FILES = {
    "members": data("members.csv"),
    "full": data("mpesa_statement_full.csv")[:4000],
    "october": data("mpesa_statement_october.csv"),
    "utf16": data("members.csv").decode().encode("utf-16"),
    "workbook": xlsx(ROWS),
}
SPICE = [
    b"\x00", b'"', b"\r", b"\n", b",", b";", b"\xff", b"\xef\xbb\xbf", b"=1+1", b"1e999", b"NaN", b"-0", b"0.12345",
    "\u202e\u0663".encode(), b"PK\x03\x04", b"9" * 40, b"-", b"<", b"x" * 2100, b"2026-13-45", b"\xd0\xcf\x11\xe0",
]  # fmt: skip
READERS = (
    lambda table: read_members(table, currency="KES", country="KE", today=NOW.date()),
    lambda table: read_contributions(table, currency="UGX", zone=ZONE, now=NOW),
    lambda table: read_opening(table, currency="KWD"),
    lambda table: read_statement(table, currency="KES", zone=ZONE),
)


def swallow(upload):
    """Read the bytes in every way; refusals must be the room's own, and they and the faults of rows must speak."""
    table, refusal = attempt(lambda: sheets.read(upload))
    for read in READERS if table else ():
        found, refusal = attempt(lambda read=read: read(table))
        assert refusal or all(error.sentence and error.row for error in found.errors)
    assert refusal is None or refusal.endswith(".")


def attempt(read):
    try:
        return read(), None
    except UnreadableFile as refusal:
        return None, str(refusal)


def mutated(upload, chance):
    changed = bytearray(upload)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        match chance.randrange(5):
            case 0:
                changed[at:at] = chance.choice(SPICE)
            case 1:
                del changed[at : at + chance.randint(1, 30)]
            case 2:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                changed[at:at] = changed[max(0, at - chance.randint(1, 200)) : at]
            case _:
                changed = changed[: max(1, at)] if chance.random() < 0.2 else changed
    return bytes(changed)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("seed", range(4))
def test_mutated_files_end_in_a_table_or_a_refusal(name, seed):
    chance = random.Random(f"{name} {seed}")
    for _ in range(100):
        swallow(mutated(FILES[name], chance))


@given(st.binary(max_size=300))
@example(b"PK\x03\x04" + bytes(40))
@example(b"PK\x05\x06" + b"\xff" * 18)
def test_any_bytes_end_in_a_table_or_a_refusal(upload):
    swallow(upload)


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=8))
@settings(max_examples=60)
def test_any_text_under_known_headers_ends_in_values_or_faults(rows):
    header = "identifier,display_name,email,phone,joined_on,roles,opening_savings,paid_at,amount,account\n"
    body = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    swallow((header + body).encode())


@given(st.lists(st.text(max_size=20), min_size=7, max_size=7))
def test_any_text_in_a_statement_ends_in_a_line_or_a_fault(row):
    header = "receipt,at,details,status,paid_in,withdrawn,balance\n"
    swallow((header + ",".join('"' + cell.replace('"', '""') + '"' for cell in row)).encode())

"""Uploaded bytes as the group reads them: in its currency, country and zone, at this moment."""

from __future__ import annotations

import codecs
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial

from app.core import clock
from app.core.errors import DomainError
from app.core.periods import zone_named
from app.groups.queries import group
from app.groups.rules import roles_of
from app.imports.bank_file import BankFile, statement_of
from app.imports.camt_file import read_camt
from app.imports.columns import body, find
from app.imports.contributions_file import ContributionsFile, read_contributions
from app.imports.errors import ColumnMissing, ColumnTwice, FileTooLarge, NotAStatement, RowError
from app.imports.guessing import guess
from app.imports.mapping import Mapping, read_mapped
from app.imports.mapping_errors import NeedsMapping, OtherImport
from app.imports.mappings import OPTION, as_mapping, recognised
from app.imports.members_file import MemberRow, MembersFile, is_members, read_members
from app.imports.ofx_file import read_ofx
from app.imports.opening_file import OpeningFile, read_opening
from app.imports.register_file import READINGS, RegisterFile, read_register
from app.imports.sheets import read
from app.imports.statements_file import NAMES, NEEDED, Statement, read_statement
from app.imports.tables import MAX_BYTES, Table
from app.imports.written import is_day, order_of
from app.ledgers.cash import cash_account, number_of
from app.ledgers.models import CashAccount

_HEAD = 4_096
Read = MembersFile | ContributionsFile | OpeningFile | RegisterFile | Statement


def members(data: bytes) -> MembersFile:
    """A list of members; roles that exclude each other are faults too. Raises an UnreadableFile."""
    here = group()
    found = read_members(read(data), currency=here.currency, country=here.country, today=clock.today(here.time_zone))
    faults = [error for row in found.rows for error in _role_faults(row)]
    return replace(found, errors=(*found.errors, *faults))


def _role_faults(row: MemberRow) -> list[RowError]:
    try:
        roles_of(row.roles)
    except DomainError as error:
        return [RowError(row.row, "roles", error)]
    return []


def contributions(data: bytes) -> ContributionsFile:
    """A list of past contributions. Raises an UnreadableFile."""
    here = group()
    zone = zone_named(here.time_zone)
    return read_contributions(read(data), currency=here.currency, zone=zone, now=clock.now())


def opening(data: bytes) -> OpeningFile:
    """A list of opening balances. Raises an UnreadableFile."""
    return read_opening(read(data), currency=group().currency)


def register(kind: str, data: bytes) -> RegisterFile:
    """A list of units, parties, leases or assignments. Raises an UnreadableFile."""
    return read_register(kind, read(data), currency=group().currency)


def statement(data: bytes, account: CashAccount | None = None, mapping: Mapping | None = None) -> Statement:
    """A statement of this cash account, of a bank or of mobile money, told apart by what is in it.

    Raises an UnreadableFile, NeedsMapping.
    """
    here = group()
    zone = zone_named(here.time_zone)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // (1024 * 1024))
    reader = bank_reader(data)
    if reader is None:
        return table_statement(read(data), account, mapping)
    number = number_of(account) if account else None
    return statement_of(reader(data, here.currency), currency=here.currency, zone=zone, number=number)


def table_statement(table: Table, account: CashAccount | None, mapping: Mapping | None) -> Statement:
    """A statement in a table, by what somebody said of its columns, else by titles that we know.

    Raises an UnreadableFile; NeedsMapping where it holds bookings below other titles, or days that can be read in two
    ways.
    """
    here = group()
    zone = zone_named(here.time_zone)
    if mapping is not None:
        return statement_of(read_mapped(table, mapping, here.currency), currency=here.currency, zone=zone, number=None)
    try:
        found = read_statement(table, currency=here.currency, zone=zone)
    except (ColumnMissing, ColumnTwice):
        likely = guess(table)
        if is_members(table) and not (likely and likely.complete):
            raise OtherImport from None
        if likely is not None:
            raise NeedsMapping from None
        raise
    if account is not None and account.method == "bank" and _days_are_unsure(table):
        raise NeedsMapping  # mobile money writes the day first; banks do as they like
    return found


def _days_are_unsure(table: Table) -> bool:
    columns = find(table, NAMES, NEEDED)
    days = [cell for row in body(table, columns) if is_day(cell := columns.cell(row, "at"))]
    return bool(days) and not order_of(days)


def bank_reader(data: bytes) -> Callable[[bytes, str], BankFile] | None:
    """Which bank format a file is in, by its beginning and not its name; None for a table. Raises NotAStatement."""
    head = data[:_HEAD].replace(b"\0", b"").removeprefix(codecs.BOM_UTF8).lstrip().upper()
    if head.startswith(b"OFXHEADER") or b"<OFX>" in head:
        return read_ofx
    if b"CAMT.05" in head or b"BKTOCSTMR" in head:
        return read_camt
    if head.startswith((b"<", b"%PDF", b"\x89PNG", b"\xff\xd8\xff")):
        raise NotAStatement
    return None


def check(kind: str, data: bytes, cash_account_id: uuid.UUID | None) -> dict[str, str]:
    """Whether a file of this kind can be read at all; what must be kept beside it to read it so again.

    Raises an UnreadableFile.
    """
    if kind != "statement" or cash_account_id is None:
        READERS[kind](data)
        return {}
    account = cash_account(cash_account_id)
    if len(data) > MAX_BYTES or bank_reader(data) is not None:
        statement(data, account)
        return {}
    table = read(data)
    known = recognised(table, account.id)
    with suppress(NeedsMapping):  # the next page asks for it
        table_statement(table, account, as_mapping(known) if known else None)
    return {OPTION: str(known.id)} if known else {}


READERS: dict[str, Callable[[bytes], Read]] = {
    "members": members,
    "contributions": contributions,
    "opening": opening,
    "statement": statement,
    **{kind: partial(register, kind) for kind in READINGS},
}


def last_day_before(today: date) -> date:
    """The day on which balances brought in are usually taken: the last one of the year before."""
    return date(today.year - 1, 12, 31)

"""Uploaded bytes as the group reads them: in its currency, country and zone, at this moment."""

from __future__ import annotations

import codecs
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.core import clock
from app.core.errors import DomainError
from app.core.periods import zone_named
from app.groups.queries import group
from app.groups.rules import roles_of
from app.imports.bank_file import BankFile, statement_of
from app.imports.camt_file import read_camt
from app.imports.contributions_file import ContributionsFile, read_contributions
from app.imports.errors import FileTooLarge, NotAStatement, RowError
from app.imports.members_file import MemberRow, MembersFile, read_members
from app.imports.ofx_file import read_ofx
from app.imports.opening_file import OpeningFile, read_opening
from app.imports.sheets import read
from app.imports.statements_file import Statement, read_statement
from app.imports.tables import MAX_BYTES
from app.ledgers.cash import cash_account, number_of
from app.ledgers.models import CashAccount

_HEAD = 4_096
Read = MembersFile | ContributionsFile | OpeningFile | Statement


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


def statement(data: bytes, account: CashAccount | None = None) -> Statement:
    """A statement of this cash account, of a bank or of mobile money, told apart by what is in it.

    Raises an UnreadableFile.
    """
    here = group()
    zone = zone_named(here.time_zone)
    if len(data) > MAX_BYTES:
        raise FileTooLarge(megabytes=MAX_BYTES // (1024 * 1024))
    reader = bank_reader(data)
    if reader is None:
        return read_statement(read(data), currency=here.currency, zone=zone)
    number = number_of(account) if account else None
    return statement_of(reader(data, here.currency), currency=here.currency, zone=zone, number=number)


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


def check(kind: str, data: bytes, cash_account_id: uuid.UUID | None) -> None:
    """Whether a file of this kind can be read at all. Raises an UnreadableFile."""
    if kind == "statement" and cash_account_id is not None:
        statement(data, cash_account(cash_account_id))
    else:
        READERS[kind](data)


READERS: dict[str, Callable[[bytes], Read]] = {
    "members": members,
    "contributions": contributions,
    "opening": opening,
    "statement": statement,
}


def last_day_before(today: date) -> date:
    """The day on which balances brought in are usually taken: the last one of the year before."""
    return date(today.year - 1, 12, 31)

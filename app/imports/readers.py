"""Uploaded bytes as the group reads them: in its currency, country and zone, at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from app.core import clock
from app.core.errors import DomainError
from app.core.periods import zone_named
from app.groups.queries import group
from app.groups.rules import roles_of
from app.imports.contributions_file import ContributionsFile, read_contributions
from app.imports.errors import RowError
from app.imports.members_file import MemberRow, MembersFile, read_members
from app.imports.opening_file import OpeningFile, read_opening
from app.imports.sheets import read
from app.imports.statements_file import Statement, read_statement

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


def statement(data: bytes) -> Statement:
    """A statement of a cash account. Raises an UnreadableFile."""
    here = group()
    return read_statement(read(data), currency=here.currency, zone=zone_named(here.time_zone))


READERS: dict[str, Callable[[bytes], Read]] = {
    "members": members,
    "contributions": contributions,
    "opening": opening,
    "statement": statement,
}


def last_day_before(today: date) -> date:
    """The day on which balances brought in are usually taken: the last one of the year before."""
    return date(today.year - 1, 12, 31)

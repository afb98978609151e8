"""The list of members a group keeps: header names forgiven, values checked, every fault named by row and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.groups.permissions import ROLES
from app.imports.columns import Columns, body, find
from app.imports.errors import RowError, UnreadableFile
from app.imports.rows import RowReader
from app.imports.tables import Row, Table

NAMES = {
    "identifier": (
        "member no",
        "member number",
        "member id",
        "membership no",
        "membership number",
        "external id",
        "id",
        "no",
    ),
    "display_name": ("name", "full name", "member name", "member"),
    "email": ("e mail", "email address", "e mail address", "mail"),
    "phone": ("phone number", "mobile", "mobile number", "telephone", "tel", "cell", "phone no", "mobile no"),
    "joined_on": ("joined", "date joined", "join date", "joining date", "member since"),
    "roles": ("role", "position", "office"),
    "opening_savings": ("savings", "opening balance", "opening", "savings brought forward"),
}
NEEDED = (("display_name",), ("identifier", "email"))

# What officers are called in groups; an administrator is both of the roles that the word stood for.
_ALSO_CALLED = {
    "chair": ("leader",),
    "chairperson": ("leader",),
    "chairman": ("leader",),
    "chairlady": ("leader",),
    "chairwoman": ("leader",),
    "admin": ("leader", "treasurer"),
}


_ONLY_OF_MEMBERS = ("email", "phone", "joined_on", "roles", "opening_savings")


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as one row says: phone in E.164, savings at the start (0 where the file says nothing)."""

    row: int
    identifier: str
    display_name: str
    email: str | None
    phone: str | None
    joined_on: date | None
    roles: frozenset[str]
    opening_savings: Decimal


@dataclass(frozen=True, slots=True)
class MembersFile:
    """What a list of members says; `notes` are worth a look and no fault, `ignored` are the columns not read."""

    rows: tuple[MemberRow, ...]
    errors: tuple[RowError, ...]
    notes: tuple[RowError, ...]
    ignored: tuple[str, ...]


def is_members(table: Table) -> bool:
    """Whether a table is a list of members: names, numbers or addresses, and what only members have."""
    try:
        columns = find(table, NAMES, NEEDED)
    except UnreadableFile:
        return False
    return any(name in columns for name in _ONLY_OF_MEMBERS)


def read_members(table: Table, *, currency: str, country: str, today: date) -> MembersFile:
    """The members in a table, phones without a country code taken as the group's; raises an `UnreadableFile`."""
    columns = find(table, NAMES, NEEDED)
    members: list[MemberRow] = []
    errors: list[RowError] = []
    for row in body(table, columns):
        member, faults = _member(row, columns, currency, country, today)
        members += [member] if member else []
        errors += faults
    errors += _repeated(members, "identifier", lambda row: _("Row %(row)s has the same identifier.", row=row))
    errors += _repeated(members, "email", lambda row: _("Row %(row)s has the same e-mail address.", row=row))
    # People of one household share a phone; e-mail addresses are what they sign in with.
    notes = _repeated(members, "phone", lambda row: _("Row %(row)s has the same phone number.", row=row))
    return MembersFile(tuple(members), tuple(sorted(errors, key=lambda e: e.row)), tuple(notes), columns.ignored)


def _member(
    row: Row, columns: Columns, currency: str, country: str, today: date
) -> tuple[MemberRow | None, list[RowError]]:
    reader = RowReader(row, columns)
    email = _email(reader)
    identifier = reader.text("identifier", longest=64) or email or ""
    if not identifier and not reader.errors:
        reader.wrong("identifier", _("This is missing."))
    name = reader.text("display_name", longest=120, needed=True)
    phone = _phone(reader, country)
    joined_on = reader.day("joined_on")
    if joined_on and joined_on > today:
        reader.wrong("joined_on", _("This day is in the future."))
    roles = _roles(reader)
    savings = reader.amount("opening_savings", currency) or Decimal(0)
    if savings < 0:
        reader.wrong("opening_savings", _("Savings cannot be below zero."))
    if reader.errors:
        return None, reader.errors
    return MemberRow(row.number, identifier, name, email, phone, joined_on, roles, savings), []


def _email(reader: RowReader) -> str | None:
    text = reader.text("email", longest=254)
    if not text:
        return None
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        reader.wrong("email", _("This is not an e-mail address."))
        return None


def _phone(reader: RowReader, country: str) -> str | None:
    text = reader.text("phone", longest=40)
    if not text:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        reader.wrong("phone", _("This is not a phone number. Write it with its country code, like +254712345678."))
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _roles(reader: RowReader) -> frozenset[str]:
    """The roles named, and member: whoever stands in a list of members is one, auditors included."""
    roles = {"member"}
    for word in re.split(r"[,;/|+&]|\band\b", reader.text("roles").casefold()):
        name = word.strip()
        if name in ROLES:
            roles.add(name)
        elif name in _ALSO_CALLED:
            roles.update(_ALSO_CALLED[name])
        elif name:
            reader.wrong(
                "roles", _("There is no role “%(name)s”. There are: %(known)s.", name=name, known=", ".join(ROLES))
            )
    return frozenset(roles)


def _repeated(members: Sequence[MemberRow], column: str, sentence: Callable[[int], LazyString]) -> list[RowError]:
    first: dict[str, int] = {}
    found = []
    for member in members:
        value = (getattr(member, column) or "").casefold()
        if value and first.setdefault(value, member.row) != member.row:
            found.append(RowError(member.row, column, sentence(first[value])))
    return found

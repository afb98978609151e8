"""Reads a typed or pasted list of people to invite: name, e-mail, phone and role in any order, one person a line."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.errors import DomainError
from app.groups.contacts import email_of, name_of, phone_of
from app.groups.permissions import MEMBER, ROLES
from app.groups.rules import roles_of

MOST = 500
LONGEST = 1_000  # signs of a line; a person needs far fewer
_ADDRESS = re.compile(r"<?([^\s<>,;\"']+@[^\s<>,;\"']+)>?")
_PHONE = re.compile(r"\+?[\d\s().-]{7,20}")
_HEADINGS = frozenset({"name", "e-mail", "email", "mail", "phone", "mobile", "role", "roles", "full name"})


@dataclass(frozen=True)
class Invitee:
    """A person to invite, as one line says."""

    line: int
    display_name: str
    email: str
    phone: str | None = None
    roles: tuple[str, ...] = (MEMBER,)


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line, which is shown again as it was typed."""

    line: int
    text: str
    sentence: str | LazyString


@dataclass
class _Line:
    """The cells of a line, sorted by what they look like."""

    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def take(self, cell: str) -> None:
        if found := _ADDRESS.search(cell):
            self.emails.append(found[1])
            rest = (cell[: found.start()] + " " + cell[found.end() :]).strip(" <>\"'")
            if rest:
                self.take(rest)
        elif "@" in cell:
            self.emails.append(cell)
        elif cell.casefold() in ROLES:
            self.roles.append(cell.casefold())
        elif _PHONE.fullmatch(cell):
            self.phones.append(cell)
        else:
            self.words.append(cell)


def read_invitees(text: str, country: str) -> tuple[list[Invitee], list[LineFault]]:
    """The people in a list and what is wrong with the other lines; nothing is guessed away silently."""
    people: list[Invitee] = []
    faults: list[LineFault] = []
    first: dict[str, int] = {}
    lines = [(number, line[:LONGEST]) for number, line in enumerate(text.splitlines(), 1) if line.strip(" \t,;")]
    for number, line in lines[:MOST]:
        cells = _cells(line)
        if number == lines[0][0] and {cell.casefold() for cell in cells} <= _HEADINGS:
            continue
        try:
            person = _person(number, cells, country)
        except DomainError as error:
            faults.append(LineFault(number, line, str(error)))
            continue
        if person.email in first:
            same = _("This address is already on line %(line)s.", line=first[person.email])
            faults.append(LineFault(number, line, same))
            continue
        first[person.email] = number
        people.append(person)
    if len(lines) > MOST:
        too_many = _("At most %(most)s people at once. Send the others afterwards.", most=MOST)
        faults.append(LineFault(lines[MOST][0], lines[MOST][1], too_many))
    return people, faults


def _cells(line: str) -> Sequence[str]:
    separator = next((sign for sign in "\t;" if sign in line), ",")
    row = next(csv.reader([line.replace("\0", "")], delimiter=separator, skipinitialspace=True), [])
    return [cell.strip() for cell in row if cell.strip()]


def _person(number: int, cells: Sequence[str], country: str) -> Invitee:
    sorted_cells = _Line()
    for cell in cells:
        sorted_cells.take(cell)
    email = sorted_cells.emails[0] if len(sorted_cells.emails) == 1 else ""
    given = " ".join(sorted_cells.words) or re.sub(r"[._+-]+", " ", email.split("@")[0]).title()
    phone = sorted_cells.phones[0] if sorted_cells.phones else None
    return invitee(number, given, email, phone, sorted_cells.roles, country=country)


def invitee(
    line: int, name: str, email: str, phone: str | None, roles: Iterable[str] | None, *, country: str
) -> Invitee:
    """A person in the one form that is stored. Raises BadEmail, BadPhone, BadName, and what is wrong with roles."""
    address = email_of(email)
    number = phone_of(phone, country) if phone else None
    return Invitee(line, name_of(name), address, number, tuple(roles_of(roles or [MEMBER])))

"""Choosing a party or a unit by what was typed: its code, or its name where only one is called so."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.models import Member
from app.registry.errors import SeveralParties, UnknownParty, UnknownUnit
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, naming, read_named

OFFERED = 500  # in a list of suggestions; whoever is not among them is found by the code
BETWEEN = " · "
TOLD = 3
LONGEST = 200


def offered_parties() -> list[str]:
    """What is suggested where a party is asked for, by code."""
    return [told(row) for row in read_named(naming().where(Party.active).order_by(Party.code, Party.id).limit(OFFERED))]


def offered_units() -> list[str]:
    """What is suggested where a unit is asked for, by code."""
    wanted = sa.select(Unit.code).where(Unit.active).order_by(Unit.code, Unit.id).limit(OFFERED)
    return list(session().scalars(wanted))


def told(row: PartyNamed) -> str:
    """A party as it is suggested."""
    return f"{row.code}{BETWEEN}{row.name}"


def party_typed(text: str, *, field: str) -> PartyNamed:
    """The party that was meant. Raises UnknownParty, SeveralParties."""
    typed = tidy(text)
    code = typed.split(BETWEEN, 1)[0]
    if found := _those(sa.func.lower(Party.code) == code.lower()):
        return found[0]
    called = sa.func.lower(sa.func.coalesce(Party.name, Member.display_name))
    found = _those(called == typed.lower(), Party.active)
    if len(found) > 1:
        names = ", ".join(told(row) for row in found[:TOLD])
        raise SeveralParties(field=field, names=names)
    if not found:
        raise UnknownParty(field=field, text=typed[:60])
    return found[0]


def _those(*where: Any) -> Sequence[PartyNamed]:
    return read_named(naming().where(*where).order_by(Party.code, Party.id).limit(TOLD + 1))


def unit_typed(text: str, *, field: str) -> Unit:
    """The unit that was meant. Raises UnknownUnit."""
    typed = tidy(text)
    found = session().scalar(sa.select(Unit).where(sa.func.lower(Unit.code) == typed.lower()))
    if found is None:
        raise UnknownUnit(field=field, text=typed[:60])
    return found


def tidy(text: str) -> str:
    """What was typed, as it may be asked of the database: lines of a table of inputs are not cleaned by their form."""
    return " ".join(text.replace("\0", "").split())[:LONGEST]

"""What pages and endpoints of invitations share: a list that is read, and told who of it is here already."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.groups import queries, services
from app.groups.errors import InvitationEnded
from app.groups.invitees import Invitee, LineFault, invitee, read_invitees
from app.web.api.errors import Unfit


def read(text: str) -> tuple[list[Invitee], list[LineFault]]:
    """Who may be invited of a pasted list, and what is wrong with the other lines, in their order."""
    people, faults = read_invitees(text, g.group.country)
    here = already_here(people)
    faults += [LineFault(person.line, person.email, here[person.line]) for person in people if person.line in here]
    return [person for person in people if person.line not in here], sorted(faults, key=lambda fault: fault.line)


def already_here(people: Sequence[Invitee]) -> dict[int, str]:
    """Of the lines whose address a member has: the sentence that says so."""
    here = queries.emails_here([person.email for person in people])
    return {
        person.line: str(_("%(name)s already has this address.", name=here[person.email]))
        for person in people
        if person.email in here
    }


def withdraw(member_id: uuid.UUID, *, by: uuid.UUID) -> None:
    """End the open invitation of a member. Raises InvitationEnded when there is none, and what the verb raises."""
    found = queries.member(member_id)
    invitation = queries.open_invitations([found.id]).get(found.id)
    if invitation is None:
        raise InvitationEnded
    services.withdraw_invitation(invitation=invitation, by=by)


def checked(rows: Sequence[Mapping[str, Any]]) -> list[Invitee]:
    """People as a program names them, numbered from 0. Raises Unfit with every fault of every person."""
    people: list[Invitee] = []
    faults: list[tuple[str, str]] = []
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        try:
            names = (row["display_name"], row["email"], row["phone"], row["roles"])
            person = invitee(number, *names, country=g.group.country)
        except DomainError as error:
            faults.append((f"people.{number}.{error.field}", str(error)))
            continue
        if first.setdefault(person.email, number) != number:
            same = _("This address is already that of person %(number)s.", number=first[person.email])
            faults.append((f"people.{number}.email", same))
        people.append(person)
    faults += [(f"people.{number}.email", sentence) for number, sentence in already_here(people).items()]
    if faults:
        raise Unfit(sorted(faults))
    return people

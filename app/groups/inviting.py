"""What pages and endpoints of invitations share: a list that is read, and told who of it is here already."""

import uuid
from collections.abc import Sequence

from flask import g
from flask_babel import gettext as _

from app.groups import queries, services
from app.groups.errors import InvitationEnded
from app.groups.invitees import Invitee, LineFault, read_invitees


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

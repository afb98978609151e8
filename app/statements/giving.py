"""Whose statement or position may be seen, and the record that giving it out leaves: for pages and endpoints."""

import uuid

from flask import Response, g, make_response

from app.core.db import transaction
from app.core.rooms import Attachment
from app.groups.access import may
from app.groups.models import Member
from app.statements import queries, services
from app.statements.errors import NoSuchMember
from app.statements.rules import Statement


def whose(member_id: uuid.UUID) -> Member:
    """The member, if whoever asks may see that money; for everyone else there is no such page. Raises NoSuchMember."""
    if member_id != g.member.id and not may("money.see"):
        raise NoSuchMember
    return queries.member(member_id)


def given_out(made: Statement, form: str) -> str:
    """Keep that a statement was given out, and who read it; the address at which anyone may check it."""
    # Its own transaction: a GET rolls back, and what was given out must be known for ever.
    with transaction(user_id=g.member.user_id, group_id=g.group.id):
        services.note_reading(made.member_id, by=g.member, what="statement", form=form)
        return services.issue(made)


def on_record(member_id: uuid.UUID, what: str, form: str) -> None:
    """Put on record that somebody looked at what another member has."""
    if member_id != g.member.id:
        with transaction(user_id=g.member.user_id, group_id=g.group.id):
            services.note_reading(member_id, by=g.member, what=what, form=form)


def as_file(made: Attachment) -> Response:
    """A file to keep."""
    response = make_response(made.content)
    response.headers["Content-Type"] = made.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response

"""My position and my statement; officers who may see everyone's money open any member's, and that is put on record."""

import uuid
from typing import Any

from flask import Response, g, make_response, request
from flask_login import current_user

from app.core import clock
from app.core.db import transaction
from app.core.periods import Month
from app.groups.access import group_blueprint, may, needs
from app.statements import papers, position, queries, services
from app.statements.errors import NoSuchMember
from app.statements.forms import DaysForm, presets
from app.statements.rules import Statement, in_fours
from app.statements.words import PARTS
from app.web.pages import page

bp = group_blueprint("statements", __name__)


@bp.get("/position")
@needs("group.see")
def my_position() -> Response:
    """What I have in the group."""
    return member_position(g.member.id)


@bp.get("/position/<uuid:member_id>")
@needs("group.see")
def member_position(member_id: uuid.UUID) -> Response:
    """What a member has in the group."""
    member = _whose(member_id)
    _on_record(member.id, "position")
    return page("statements/position.html", member=member, told=position.of(member.id))


@bp.get("/statements")
@needs("group.see")
def my_statement() -> Response:
    """My statement."""
    return statement(g.member.id)


@bp.get("/statements/<uuid:member_id>")
@needs("group.see")
def statement(member_id: uuid.UUID) -> Response:
    """A member's statement of the days asked for, as a sheet."""
    member, form = _whose(member_id), _days()
    shown = {"member": member, "form": form, "presets": presets(clock.today(g.group.time_zone))}
    if not form.validate():
        return page("statements/statement.html", status=422, made=None, **shown)
    made = queries.statement(member.id, *form.days)
    check = papers.check(made, _given_out(made, "page"))
    return page("statements/statement.html", made=made, check=check, **_tools(made), **shown)


@bp.get("/statements/<uuid:member_id>.pdf")
@needs("group.see")
def pdf(member_id: uuid.UUID) -> Response:
    """The same as a PDF."""
    member, made = _asked_for(member_id)
    return _file(papers.as_pdf(made, member, _given_out(made, "pdf")))


@bp.get("/statements/<uuid:member_id>.csv")
@needs("group.see")
def csv(member_id: uuid.UUID) -> Response:
    """The same for a spreadsheet."""
    member, made = _asked_for(member_id)
    _given_out(made, "csv")
    return _file(papers.as_csv(made, member))


def _whose(member_id: uuid.UUID) -> Any:
    """The member, if whoever asks may see that money; for everyone else there is no such page."""
    if member_id != g.member.id and not may("money.see"):
        raise NoSuchMember
    return queries.member(member_id)


def _days() -> DaysForm:
    today = clock.today(g.group.time_zone)
    given = request.args if {"first", "last"} & set(request.args) else None
    return DaysForm(given, first=Month.of(today).previous.first, last=today)


def _tools(made: Statement) -> dict[str, Any]:
    return {"papers": papers, "parts": PARTS, "hash_in_fours": in_fours(made.hash.hex())}


def _asked_for(member_id: uuid.UUID) -> tuple[Any, Statement]:
    member = _whose(member_id)
    return member, queries.statement(member.id, *_days().days)


def _given_out(made: Statement, form: str) -> str:
    # Its own transaction: a GET rolls back, and what was given out must be known for ever.
    with transaction(user_id=current_user.id, group_id=g.group.id):
        services.note_reading(made.member_id, by=g.member, what="statement", form=form)
        return services.issue(made)


def _on_record(member_id: uuid.UUID, what: str) -> None:
    if member_id != g.member.id:
        with transaction(user_id=current_user.id, group_id=g.group.id):
            services.note_reading(member_id, by=g.member, what=what, form="page")


def _file(made: Any) -> Response:
    response = make_response(made.content)
    response.headers["Content-Type"] = made.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response

"""My position and my statement; officers who may see everyone's money open any member's, and that is put on record."""

import uuid
from typing import Any

from flask import Response, g, request

from app.core import clock
from app.core.periods import Month
from app.groups.access import group_blueprint, needs
from app.statements import giving, papers, position, queries
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
    member = giving.whose(member_id)
    giving.on_record(member.id, "position", "page")
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
    member, form = giving.whose(member_id), _days()
    shown: dict[str, Any] = {"member": member, "form": form, "presets": presets(clock.today(g.group.time_zone))}
    if not form.validate():
        return page("statements/statement.html", status=422, made=None, **shown)
    made = queries.statement(member.id, *form.days)
    check = papers.check(made, giving.given_out(made, "page"))
    return page("statements/statement.html", made=made, check=check, **_tools(made), **shown)


@bp.get("/statements/<uuid:member_id>.pdf")
@needs("group.see")
def pdf(member_id: uuid.UUID) -> Response:
    """The same as a PDF."""
    member, made = _asked_for(member_id)
    return giving.as_file(papers.as_pdf(made, member, giving.given_out(made, "pdf")))


@bp.get("/statements/<uuid:member_id>.csv")
@needs("group.see")
def csv(member_id: uuid.UUID) -> Response:
    """The same for a spreadsheet."""
    member, made = _asked_for(member_id)
    giving.given_out(made, "csv")
    return giving.as_file(papers.as_csv(made, member))


def _days() -> DaysForm:
    today = clock.today(g.group.time_zone)
    given = request.args if {"first", "last"} & set(request.args) else None
    return DaysForm(given, first=Month.of(today).previous.first, last=today)


def _tools(made: Statement) -> dict[str, Any]:
    return {"papers": papers, "parts": PARTS, "hash_in_fours": in_fours(made.hash.hex())}


def _asked_for(member_id: uuid.UUID) -> tuple[Any, Statement]:
    member = giving.whose(member_id)
    return member, queries.statement(member.id, *_days().days)

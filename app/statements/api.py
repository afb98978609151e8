"""Endpoints of positions, statements and their monthly runs."""

import uuid

from flask import Response, g

from app.core.periods import Month
from app.groups.access import needs
from app.statements import giving, papers, position, queries, runs
from app.statements.errors import NoSuchRun
from app.statements.schemas import (
    DaysIn,
    PositionOut,
    ReachOut,
    RunIn,
    RunOut,
    RunWholeOut,
    StatementOut,
    position_out,
    reach_out,
    run_out,
    run_whole_out,
    statement_out,
)
from app.web.api.blueprint import api_blueprint
from app.web.api.endpoints import Listing, endpoint, whole
from app.web.api.once import deed_key

api = api_blueprint("statements", __name__)


@api.get("/members/<uuid:member_id>/position")
@needs("group.see")
@endpoint("A member's position", covers=("statements.my_position", "statements.member_position"))
def member_position(member_id: uuid.UUID) -> PositionOut:
    """What the member has now. Of others only with the right money.see, and that it was read is put on record."""
    member = giving.whose(member_id)
    giving.on_record(member.id, "position", "api")
    return position_out(member, position.of(member.id))


@api.get("/members/<uuid:member_id>/statement")
@needs("group.see")
@endpoint("A member's statement", covers=("statements.my_statement", "statements.statement"))
def statement(member_id: uuid.UUID, query: DaysIn) -> StatementOut:
    """Of others only with the right money.see, and that it was read is put on record."""
    member = giving.whose(member_id)
    made = queries.statement(member.id, *query.days())
    address = giving.given_out(made, "api")
    return statement_out(member, made, address=address, disclaimer=papers.disclaimer())


@api.get("/members/<uuid:member_id>/statement.pdf")
@needs("group.see")
@endpoint("A member's statement as a PDF", covers="statements.pdf", media="application/pdf")
def pdf(member_id: uuid.UUID, query: DaysIn) -> Response:
    """The same sheet, with a code by which anyone may check it."""
    member = giving.whose(member_id)
    made = queries.statement(member.id, *query.days())
    return giving.as_file(papers.as_pdf(made, member, giving.given_out(made, "pdf")))


@api.get("/members/<uuid:member_id>/statement.csv")
@needs("group.see")
@endpoint("A member's statement for a spreadsheet", covers="statements.csv", media="text/csv")
def csv(member_id: uuid.UUID, query: DaysIn) -> Response:
    """The same events, with its hash below them."""
    member = giving.whose(member_id)
    made = queries.statement(member.id, *query.days())
    giving.given_out(made, "csv")
    return giving.as_file(papers.as_csv(made, member))


@api.get("/statement-runs", endpoint="runs")
@needs("statements.send")
@endpoint("Runs that sent statements", covers="statement_runs.overview")
def runs_list() -> Listing[RunOut]:
    """The last two dozen, the newest first."""
    found = queries.runs()
    names = queries.names_of(found)
    return whole([queries.progress(run) for run in found], lambda row: run_out(row, names))


@api.get("/statement-runs/reach")
@needs("statements.send")
@endpoint("Whom statements would reach", covers="statement_runs.overview")
def reach() -> ReachOut:
    """By name."""
    return reach_out(queries.reach())


@api.post("/statement-runs")
@needs("statements.send")
@endpoint("Send the statements of a month", covers="statement_runs.start", status=201)
def run_start(body: RunIn) -> RunWholeOut:
    """To every member who has not got it yet; nothing is sent twice, so the answer may be the run there is."""
    made = runs.start_run(period=Month.parse(body.period), by=g.member, key=deed_key())
    return _run(made.id)


@api.get("/statement-runs/<uuid:run_id>")
@needs("statements.send")
@endpoint("A run that sent statements", covers="statement_runs.run")
def run(run_id: uuid.UUID) -> RunWholeOut:
    """How far it is, and what did not arrive."""
    return _run(run_id)


def _run(run_id: uuid.UUID) -> RunWholeOut:
    found = queries.run(run_id)
    if found is None:
        raise NoSuchRun
    return run_whole_out(queries.progress(found), queries.names_of([found]), queries.lost_mails(found.period))

"""Endpoints of lines of statements, and of reconciling a cash account with them."""

import uuid
from datetime import date

from flask import g

from app.core import clock
from app.groups.access import needs
from app.imports import asking, doing, queries, reconciling
from app.imports.allocating import Choice, allocate
from app.imports.blueprint import api
from app.imports.errors import ChoiceMissing, DoesNotFit
from app.imports.line_schemas import (
    AllocationIn,
    BesideOut,
    ChoiceIn,
    LineSearch,
    LineWholeOut,
    MatchesIn,
    OpenLineOut,
    ReconciliationOut,
    TakeBackIn,
    Through,
    beside_out,
    line_whole_out,
    open_line_out,
    reconciliation_out,
)
from app.savings.planning import tried
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed, whole
from app.web.api.once import deed_key


@api.get("/statement-lines", endpoint="lines")
@needs("imports.run")
@endpoint("Lines of statements to allocate", covers="imports.to_allocate", paged=True)
def lines_list(query: LineSearch) -> Listing[OpenLineOut]:
    """The oldest first, each with what is proposed for it."""
    at = keyset.asked(*queries.ORDER)
    found = queries.to_allocate(account_id=query.cash_account, direction=query.direction or "", at=at)
    return listed(found, open_line_out)


@api.post("/statement-lines/allocation")
@needs("imports.run")
@endpoint("Say what lines are", covers="imports.allocate")
def lines_allocate(body: AllocationIn) -> Listing[LineWholeOut] | Waiting:
    """All of it or nothing. Above the group's threshold it waits for a second person."""
    choices = _choices(body.lines)
    with tried():  # so that nobody is asked about what cannot be booked
        allocate(choices, by=g.member.id, overdraft=body.overdraft)
    outcome = asking.ask_allocation(choices, overdraft=body.overdraft, by=g.member.id, key=deed_key())
    if outcome.waits:
        return Waiting(outcome.request_id)
    return whole([queries.line_view(choice.line_id) for choice in choices], line_whole_out)


def _choices(told: list[ChoiceIn]) -> list[Choice]:
    """What was chosen; raises ChoiceMissing for a proposal that cannot be taken as it is, NoSuchLine."""
    wanted = [one.line for one in told if one.what == "proposed"]
    proposed = {row.line.id: row for row in queries.open_lines(wanted)} if wanted else {}
    if not all(row.acceptable for row in proposed.values()):
        raise ChoiceMissing(field="lines")
    return [
        doing.proposed_choice(proposed[one.line])
        if one.what == "proposed"
        else Choice(
            one.line,
            one.what,
            member_id=one.member,
            party_id=one.party,
            target_id=one.cash_account,
            account=one.category,
        )
        for one in told
    ]


@api.get("/statement-lines/<uuid:line_id>")
@needs("books.see")
@endpoint("A line of a statement", covers="imports.line")
def line(line_id: uuid.UUID) -> LineWholeOut:
    """With everything that was ever said of it."""
    return line_whole_out(queries.line_view(line_id))


@api.post("/statement-lines/<uuid:line_id>/reversal")
@needs("imports.run")
@endpoint("Take back what was said of a line", covers="imports.take_back")
def line_take_back(line_id: uuid.UUID, body: TakeBackIn) -> LineWholeOut | Waiting:
    """What it made is reversed. Above the group's threshold it waits for a second person."""
    told = {"reason": body.reason, "overdraft": body.overdraft, "by": g.member.id, "key": deed_key()}
    outcome = asking.ask_take_back(line_id, **told)
    return Waiting(outcome.request_id) if outcome.waits else line_whole_out(queries.line_view(line_id))


@api.get("/reconciliations", endpoint="reconciliations")
@needs("books.see")
@endpoint("What was reconciled", covers="imports.reconciliations")
def reconciliations_list() -> Listing[ReconciliationOut]:
    """The latest day first, at most fifty."""
    return whole(reconciling.reconciliations(), reconciliation_out)


@api.get("/cash-accounts/<uuid:cash_account_id>/reconciliation")
@needs("books.see")
@endpoint("A cash account beside its statement", covers="imports.reconciliation")
def reconciliation(cash_account_id: uuid.UUID, query: Through) -> BesideOut:
    """Line by line, with what moved the account in the books and stands on no line."""
    return beside_out(reconciling.beside(cash_account_id, through=_through(cash_account_id, query.through)))


@api.post("/cash-accounts/<uuid:cash_account_id>/matches")
@needs("imports.run")
@endpoint("Accept suggested matches", covers="imports.match")
def match(cash_account_id: uuid.UUID, body: MatchesIn) -> BesideOut:
    """Each line is then what is suggested for it in the books; nothing new is booked."""
    through = _through(cash_account_id, body.through)
    suggested = reconciling.beside(cash_account_id, through=through).suggested
    if not set(body.lines) <= suggested.keys():
        raise DoesNotFit(field="lines")
    choices = [Choice(line_id, "entry", movement_id=suggested[line_id].id) for line_id in body.lines]
    allocate(choices, by=g.member.id, overdraft=body.overdraft)
    return beside_out(reconciling.beside(cash_account_id, through=through))


@api.post("/cash-accounts/<uuid:cash_account_id>/reconciliation")
@needs("imports.run")
@endpoint("Say that a cash account agrees with its statement", covers="imports.reconcile", status=201)
def reconcile(cash_account_id: uuid.UUID, body: Through) -> ReconciliationOut:
    """Only when every line is allocated, every balance is equal, and nothing is left over."""
    through = _through(cash_account_id, body.through)
    return reconciliation_out(reconciling.reconcile(cash_account_id, through=through, by=g.member.id))


def _through(account_id: uuid.UUID, day: date | None) -> date:
    """The day asked for, else that of the last line; never a later one than today."""
    today = clock.today(g.group.time_zone)
    return min(day, today) if day else reconciling.last_line_day(account_id) or today

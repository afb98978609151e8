"""Endpoints of levies, of their runs, and of the rule for payments."""

import uuid
from datetime import date
from decimal import Decimal

from flask import Response, g

from app.core.periods import Month
from app.dues import approving, configs, files, queries, running, steps, terms_page
from app.dues.asking import UNDO_RUN
from app.dues.blueprint import api
from app.dues.configs import Levy
from app.dues.money_schemas import UndoIn
from app.dues.policy import order_now
from app.dues.rules import Terms
from app.dues.schemas import (
    EntryOut,
    LevyIn,
    LevyOut,
    OrderIn,
    OrderOut,
    ReasonIn,
    RunIn,
    RunOut,
    entry_out,
    levy_out,
    run_out,
)
from app.dues.standing import Run, config_row, run_of
from app.dues.undo_page import undo_by_program
from app.groups.access import needs
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


def _levy(body: LevyIn) -> Levy:
    terms = Terms(
        basis=body.basis,
        method=body.method,
        base=body.base_amount,
        frequency=body.frequency,
        yearly=body.yearly,
        split_by_owners=body.split_by_owners,
        not_whole=body.not_whole,
        day_due=body.day_due,
    )
    return Levy(body.name, terms, body.allocation_set, body.category)


def _told(run: Run) -> RunOut:
    return run_out(run, steps.reason_of(run.step))


@api.get("/levies", endpoint="levies")
@needs("money.see")
@endpoint("Levies", covers="dues.levies", paged=True)
def levies_list() -> Listing[LevyOut]:
    """By name, those out of use among them."""
    return listed(queries.levies_page(at=keyset.asked(str, uuid.UUID)), levy_out)


@api.post("/levies")
@needs("settings.manage")
@endpoint("Make a levy", covers=("dues.levy_new", "dues.levy_create"), status=201)
def levy_create(body: LevyIn) -> LevyOut:
    """On deeds or on members; run it for a period afterwards."""
    return levy_out(configs.make_config(_levy(body), by=g.member.id, key=deed_key()))


@api.get("/levies/<uuid:config_id>")
@needs("money.see")
@endpoint("A levy", covers="dues.levy")
def levy(config_id: uuid.UUID) -> LevyOut:
    """What it says now."""
    return levy_out(config_row(config_id))


@api.put("/levies/<uuid:config_id>")
@needs("settings.manage")
@endpoint("Change a levy", covers=("dues.levy_edit", "dues.levy_change"))
def levy_change(config_id: uuid.UUID, body: LevyIn) -> LevyOut:
    """For runs to come; what was calculated keeps what it was calculated with."""
    return levy_out(configs.edit_config(config_id, _levy(body), by=g.member.id))


@api.post("/levies/<uuid:config_id>/stop")
@needs("settings.manage")
@endpoint("Take a levy out of use", covers="dues.levy_stop")
def levy_stop(config_id: uuid.UUID) -> LevyOut:
    """Its runs stay."""
    return levy_out(configs.set_active(config_id, active=False, by=g.member.id))


@api.post("/levies/<uuid:config_id>/resume")
@needs("settings.manage")
@endpoint("Take a levy up again", covers="dues.levy_resume")
def levy_resume(config_id: uuid.UUID) -> LevyOut:
    """It can be run again."""
    return levy_out(configs.set_active(config_id, active=True, by=g.member.id))


@api.get("/dues-runs", endpoint="dues_runs")
@needs("money.see")
@endpoint("Runs of dues", covers="dues.runs", paged=True)
def runs_list() -> Listing[RunOut]:
    """The latest period first."""
    return listed(queries.runs_page(at=keyset.asked(date, uuid.UUID)), _told)


@api.post("/dues-runs")
@needs("money.record")
@endpoint("Calculate the dues of a period", covers=("dues.run_new", "dues.run_create"), status=201)
def run_create(body: RunIn) -> RunOut:
    """A worker calculates it; then it waits to be approved. The run of that period that is there is found."""
    month = Month.parse(body.period)
    return _told(running.start_run(config_id=body.levy, month=month, by=g.member.id, key=deed_key()))


@api.get("/dues-runs/<uuid:assessment_id>")
@needs("money.see")
@endpoint("A run of dues", covers="dues.run")
def run(assessment_id: uuid.UUID) -> RunOut:
    """How far it is."""
    return _told(run_of(assessment_id))


@api.get("/dues-runs/<uuid:assessment_id>/entries")
@needs("money.see")
@endpoint("The entries of a run", covers="dues.run", paged=True)
def run_entries(assessment_id: uuid.UUID) -> Listing[EntryOut]:
    """Those that moved most since the last period first."""
    return listed(queries.entries_page(run_of(assessment_id), at=keyset.asked(Decimal, int)), entry_out)


@api.get("/dues-runs/<uuid:assessment_id>/entries.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="dues.run_csv", media="text/csv")
def run_csv(assessment_id: uuid.UUID) -> Response:
    """Every one of them, by unit."""
    return files.entries_file(run_of(assessment_id))


@api.get("/dues-runs/<uuid:assessment_id>/notices.pdf")
@needs("money.see")
@endpoint("The notices of a run", covers="dues.notices_pdf", media="application/pdf")
def notices_pdf(assessment_id: uuid.UUID) -> Response:
    """All in one file."""
    return files.notices_file(run_of(assessment_id))


@api.get("/dues-runs/<uuid:assessment_id>/notices/<uuid:party_id>.pdf")
@needs("group.see")
@endpoint("The notice to one party", covers="dues.notice_pdf", media="application/pdf")
def notice_pdf(assessment_id: uuid.UUID, party_id: uuid.UUID) -> Response:
    """Of others only with the right money.see."""
    return files.notice_file(run_of(assessment_id), party_id)


@api.post("/dues-runs/<uuid:assessment_id>/approval")
@needs("money.record")
@endpoint("Post a run", covers="dues.run_approve")
def run_approve(assessment_id: uuid.UUID) -> RunOut:
    """All of its entries or none. Above the group's threshold by somebody else than who had it calculated."""
    approving.approve(assessment_id, by=g.member.id)
    return _told(run_of(assessment_id))


@api.post("/dues-runs/<uuid:assessment_id>/rejection")
@needs("money.record")
@endpoint("Put a run back to draft", covers=("dues.run_rejection", "dues.run_reject"))
def run_reject(assessment_id: uuid.UUID, body: ReasonIn) -> RunOut:
    """With the reason, which whoever had it calculated is told."""
    return _told(approving.reject(assessment_id, reason=body.reason, by=g.member.id))


@api.post("/dues-runs/<uuid:assessment_id>/calculation")
@needs("money.record")
@endpoint("Calculate a draft again", covers="dues.run_calculate")
def run_calculate(assessment_id: uuid.UUID) -> RunOut:
    """With what the levy says now."""
    return _told(running.calculate_again(assessment_id, by=g.member.id))


@api.post("/dues-runs/<uuid:assessment_id>/discard")
@needs("money.record")
@endpoint("Give a draft up", covers="dues.run_discard")
def run_discard(assessment_id: uuid.UUID) -> RunOut:
    """Its period can be run anew."""
    return _told(running.discard(assessment_id, by=g.member.id))


@api.post("/dues-runs/<uuid:assessment_id>/reversal")
@needs("money.record")
@endpoint("Take a posted run back", covers=("dues.run_reversal", "dues.run_reverse"))
def run_reverse(assessment_id: uuid.UUID, body: UndoIn) -> RunOut | Waiting:
    """With every charge of it; what was paid on them becomes credit."""
    waits = undo_by_program(UNDO_RUN, assessment_id, **body.model_dump(), key=deed_key())
    return waits or _told(run_of(assessment_id))


@api.get("/dues-order")
@needs("group.see")
@endpoint("Which charges payments of dues meet", covers="dues.terms")
def order() -> OrderOut:
    """The rule that holds today."""
    return OrderOut(order=order_now())


@api.put("/dues-order")
@needs("settings.manage")
@endpoint("Change which charges payments of dues meet", covers="dues.terms_change")
def order_change(body: OrderIn) -> OrderOut:
    """From a day on."""
    terms_page.keep_version(body.order, effective_on=body.effective_on, by=g.member.id)
    return OrderOut(order=order_now())

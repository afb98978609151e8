"""Endpoints of a month's rent: what would be issued, runs of receipts, and what they skipped."""

import uuid

from flask import Response, g

from app.core.periods import Month
from app.groups.access import needs
from app.receipts import preview, queries, running
from app.receipts.batches import refuse_month, start_batch
from app.receipts.blueprint import api
from app.receipts.forms import this_month
from app.receipts.month_page import skipped_file
from app.receipts.queries import Wanted
from app.receipts.receipt_page import papers_of
from app.receipts.run_schemas import (
    PartQuery,
    PeriodQuery,
    RentMonthOut,
    RentRunIn,
    RentRunOut,
    RentUnitOut,
    SkippedOut,
    UnitsQuery,
    month_out,
    run_out,
    skipped_out,
    unit_out,
)
from app.registry.picking import unit_typed
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed
from app.web.api.once import deed_key


@api.get("/rent-month")
@needs("money.see")
@endpoint("A month's rent: what stands, and what would be issued", covers="receipts.overview")
def rent_month(query: PeriodQuery) -> RentMonthOut:
    """This month, when none is asked for. Nothing is written."""
    month = _month(query)
    refuse_month(month)
    return month_out(month, preview.sums_of(month), queries.month_sums(month))


@api.get("/rent-month/units")
@needs("money.see")
@endpoint("A month's rent, unit by unit", covers="receipts.preview_units")
def rent_units(query: UnitsQuery) -> Listing[RentUnitOut]:
    """By code; `next` is the code to ask on with as `after_unit`."""
    found = preview.preview_page(_month(query), after=query.after_unit)
    return Listing([unit_out(one, found.parties) for one in found.units], found.after)


@api.get("/rent-runs", endpoint="rent_runs")
@needs("money.see")
@endpoint("Runs of receipts", covers="receipts.overview", paged=True)
def runs_list() -> Listing[RentRunOut]:
    """The latest first."""
    return listed(running.batches_page(at=keyset.asked(*running.KEY)), run_out)


@api.post("/rent-runs")
@needs("money.record")
@endpoint("Issue the receipts of a month", covers="receipts.run_start", status=201)
def run_start(body: RentRunIn) -> RentRunOut:
    """In the background: read the run until its state is `done`. A run that goes on already is answered instead."""
    month = Month.parse(body.period)
    unit_id = unit_typed(body.unit, field="unit").id if body.unit else None
    batch = start_batch(period=month, unit_id=unit_id, by=g.member.id, key=deed_key())
    return run_out(running.progress_of(batch.id))


@api.get("/rent-runs/<uuid:batch_id>")
@needs("money.see")
@endpoint("A run of receipts", covers="receipts.batch")
def run(batch_id: uuid.UUID) -> RentRunOut:
    """How far it is, and what came of it."""
    return run_out(running.progress_of(batch_id))


@api.get("/rent-runs/<uuid:batch_id>/skipped")
@needs("money.see")
@endpoint("What a run of receipts skipped", covers="receipts.batch", paged=True)
def run_skipped(batch_id: uuid.UUID) -> Listing[SkippedOut]:
    """The units by code, each with the reason."""
    running.progress_of(batch_id)
    return listed(running.skips_page(batch_id, at=keyset.asked(str, uuid.UUID)), skipped_out)


@api.get("/rent-runs/<uuid:batch_id>/skipped.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="receipts.skipped_csv", media="text/csv")
def run_skipped_csv(batch_id: uuid.UUID) -> Response:
    """Every one of them."""
    return skipped_file(running.progress_of(batch_id))


@api.get("/rent-runs/<uuid:batch_id>.pdf")
@needs("money.see")
@endpoint("The receipts of a run as one PDF", covers="receipts.batch_pdf", media="application/pdf")
def run_pdf(batch_id: uuid.UUID, query: PartQuery) -> Response:
    """A thousand at most; `part` says which thousand, from 1."""
    running.progress_of(batch_id)
    return papers_of(Wanted(batch_id=batch_id), part=query.part)


def _month(query: PeriodQuery) -> Month:
    return Month.parse(query.period) if query.period else this_month()

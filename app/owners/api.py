"""Endpoints of paying owners and of their years."""

import uuid
from datetime import date

from flask import Response, g

from app.credits.schemas import ForeseenOut, UndoIn, foreseen_out
from app.groups.access import needs
from app.ledgers.cash import open_cash_account
from app.ledgers.undoing import day_of_undoing
from app.owners import exporting, queries, received, run_page, years
from app.owners.asking import ask_pay, ask_reversal
from app.owners.blueprint import api
from app.owners.errors import NoSuchOwner
from app.owners.schemas import (
    OwnerDueOut,
    OwnerPayoutOut,
    OwnerPayoutWholeOut,
    OwnerRunOut,
    OwnerStandingOut,
    OwnerYearOut,
    OwnerYearRowOut,
    PayOwnersIn,
    due_out,
    payout_out,
    payout_whole_out,
    row_out,
    run_out,
    standing_out,
    year_out,
)
from app.owners.services import Run
from app.web import keyset
from app.web.api.endpoints import Listing, Waiting, endpoint, listed
from app.web.api.once import deed_key


@api.get("/owners/due")
@needs("money.see")
@endpoint("What owners are to be paid", covers="owners.due", paged=True)
def due() -> Listing[OwnerDueOut]:
    """By the owners' codes."""
    return listed(received.due_page(at=keyset.asked(str, uuid.UUID)), due_out)


@api.get("/owners/due.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="owners.due_csv", media="text/csv")
def due_csv() -> Response:
    """Every one of them."""
    return exporting.due_file()


@api.post("/owner-payouts")
@needs("money.record")
@endpoint("Pay owners", covers=("owners.pay_new", "owners.pay_create"), status=201)
def payouts_create(body: PayOwnersIn) -> OwnerRunOut | Waiting:
    """All that was received for them, all or nothing. Above the group's threshold it waits for a second person."""
    outcome = ask_pay(_run(body), by=g.member.id, overdraft=body.overdraft)
    made = queries.run_under(deed_key())
    if outcome.waits or made is None:
        return Waiting(outcome.request_id)
    return run_out(queries.run_view(made.id))


def _run(body: PayOwnersIn) -> Run:
    told = body.model_dump(include={"method", "reference", "on"})
    done = queries.run_under(deed_key())
    everybody = queries.owners_in(done.id) if done else [one.owner.id for one in run_page.picked(()).found]
    return Run(list(body.owners or everybody), cash_account_id=body.cash_account, key=deed_key(), **told)


@api.post("/owner-payouts/preview")
@needs("money.record")
@endpoint("What paying owners would do", covers="owners.pay_preview")
def payouts_preview(body: PayOwnersIn) -> ForeseenOut:
    """In sentences; nothing is recorded."""
    account = open_cash_account(body.cash_account, field="cash_account")
    return foreseen_out(run_page.foresee(_run(body).owner_ids, account=account, on=body.on))


@api.get("/owner-payout-runs/<uuid:run_id>")
@needs("money.see")
@endpoint("Everybody who was paid in one confirmation", covers="owners.run")
def payout_run(run_id: uuid.UUID) -> OwnerRunOut:
    """By the owners' codes."""
    return run_out(queries.run_view(run_id))


@api.get("/owner-payouts", endpoint="owner_payouts")
@needs("money.see")
@endpoint("Payouts to owners", covers="owners.payouts", paged=True)
def payouts_list() -> Listing[OwnerPayoutOut]:
    """The latest first, those that were reversed among them."""
    return listed(queries.payouts_page(at=keyset.asked(date, uuid.UUID)), payout_out)


@api.get("/owner-payouts.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="owners.payouts_csv", media="text/csv")
def payouts_csv() -> Response:
    """Every one of them."""
    return exporting.payouts_file()


@api.get("/owner-payouts/<uuid:payout_id>")
@needs("group.see")
@endpoint("A payout to an owner", covers="owners.payout")
def payout(payout_id: uuid.UUID) -> OwnerPayoutWholeOut:
    """With the receipts it was for. Of others only with the right money.see."""
    return payout_whole_out(run_page.visible(payout_id))


@api.post("/owner-payouts/<uuid:payout_id>/reversal")
@needs("money.record")
@endpoint("Take a payout to an owner back", covers=("owners.payout_reversal", "owners.payout_reverse"))
def payout_reverse(payout_id: uuid.UUID, body: UndoIn) -> OwnerPayoutWholeOut | Waiting:
    """It is owed again. Above the group's threshold it waits for a second person."""
    view = queries.payout_view(payout_id)
    on = day_of_undoing([view.entry], on_its_day=body.when == "original")
    outcome = ask_reversal(payout_id, reason=body.reason, on=on, by=g.member.id, key=deed_key())
    return Waiting(outcome.request_id) if outcome.waits else payout_whole_out(queries.payout_view(payout_id))


@api.get("/parties/<uuid:party_id>/owner-standing")
@needs("group.see")
@endpoint("What was received for an owner and paid out", covers=("owners.mine", "owners.owner"))
def standing(party_id: uuid.UUID) -> OwnerStandingOut:
    """Of others only with the right money.see."""
    run_page.own_or_may_see(party_id, NoSuchOwner)
    return standing_out(received.standing_of(years.owner_named(party_id).id))


@api.get("/parties/<uuid:party_id>/owner-payouts")
@needs("group.see")
@endpoint("What an owner was paid", covers=("owners.mine", "owners.owner"), paged=True)
def payouts_of_owner(party_id: uuid.UUID) -> Listing[OwnerPayoutOut]:
    """The latest first. Of others only with the right money.see."""
    run_page.own_or_may_see(party_id, NoSuchOwner)
    owner = years.owner_named(party_id)
    return listed(queries.payouts_page(owner_id=owner.id, at=keyset.asked(date, uuid.UUID)), payout_out)


@api.get("/owner-years/<int:year>", endpoint="owner_years")
@needs("money.see")
@endpoint("The owners' receipts of a year", covers="owners.years", paged=True)
def years_list(year: int) -> Listing[OwnerYearRowOut]:
    """By the owners' codes."""
    return listed(years.years_page(year, at=keyset.asked(str, uuid.UUID)), row_out)


@api.get("/owner-years/<int:year>.csv")
@needs("money.see")
@endpoint("The same for a spreadsheet", covers="owners.years_csv", media="text/csv")
def years_csv(year: int) -> Response:
    """Every one of them."""
    years.refuse_year(year)
    return exporting.years_file(year)


@api.get("/parties/<uuid:party_id>/owner-years/<int:year>")
@needs("group.see")
@endpoint("An owner's year with its tax sheet", covers="owners.year")
def owner_year(party_id: uuid.UUID, year: int) -> OwnerYearOut:
    """From receipts only. Of others only with the right money.see."""
    run_page.own_or_may_see(party_id, NoSuchOwner)
    return year_out(exporting.year_shown(party_id, year))


@api.get("/parties/<uuid:party_id>/owner-years/<int:year>.pdf")
@needs("group.see")
@endpoint("The same on paper", covers="owners.year_pdf", media="application/pdf")
def owner_year_pdf(party_id: uuid.UUID, year: int) -> Response:
    """The statement and its tax sheet."""
    run_page.own_or_may_see(party_id, NoSuchOwner)
    return exporting.year_paper(years.owner_year(party_id, year))


@api.get("/parties/<uuid:party_id>/owner-years/<int:year>.xlsx")
@needs("group.see")
@endpoint(
    "The same as a workbook",
    covers="owners.year_xlsx",
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
def owner_year_xlsx(party_id: uuid.UUID, year: int) -> Response:
    """The receipts, and the working of the tax."""
    run_page.own_or_may_see(party_id, NoSuchOwner)
    return exporting.year_workbook(years.owner_year(party_id, year))

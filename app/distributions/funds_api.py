"""Endpoints of funds, and of the terms of a share-out."""

import uuid
from datetime import date

from flask import g

from app.distributions import funds, terms_page
from app.distributions.asking_schemas import (
    FundIn,
    FundOut,
    ShareMeaningOut,
    ShareTermsIn,
    ShareTermsOut,
    ShareTermsVersionIn,
    fund_out,
)
from app.distributions.blueprint import api
from app.distributions.rules import Terms, checked
from app.distributions.terms_page import Version
from app.groups.access import needs
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/funds", endpoint="funds")
@needs("group.see")
@endpoint("Funds", covers="distributions.funds")
def funds_list() -> Listing[FundOut]:
    """By name, with what is in them."""
    return whole(funds.fund_balances(), fund_out)


@api.get("/funds/<uuid:fund_id>")
@needs("group.see")
@endpoint("A fund", covers="distributions.fund")
def fund(fund_id: uuid.UUID) -> FundOut:
    """With what is in it."""
    return fund_out(funds.fund_balance(fund_id))


@api.post("/funds")
@needs("books.manage")
@endpoint("Open a fund", covers=("distributions.fund_new", "distributions.fund_create"), status=201)
def fund_create(body: FundIn) -> FundOut:
    """With an account of its own in the books."""
    return fund_out(funds.fund_balance(funds.add_fund(name=body.name, by=g.member.id).id))


@api.put("/funds/<uuid:fund_id>")
@needs("books.manage")
@endpoint("Call a fund otherwise", covers="distributions.fund_rename")
def fund_rename(fund_id: uuid.UUID, body: FundIn) -> FundOut:
    """Its account follows."""
    return fund_out(funds.fund_balance(funds.rename_fund(fund_id, name=body.name, by=g.member.id).id))


@api.get("/share-outs/terms")
@needs("group.see")
@endpoint("The terms of share-outs", covers="distributions.terms")
def terms() -> Listing[ShareTermsOut]:
    """Every version, the latest first."""
    return whole(terms_page.versions(), _terms_out)


@api.post("/share-outs/terms")
@needs("settings.manage")
@endpoint("New terms of share-outs", covers="distributions.terms_change", status=201)
def terms_change(body: ShareTermsVersionIn) -> ShareTermsOut:
    """From a day on that is not past."""
    told = dict(body)
    on: date = told.pop("effective_on")
    terms_page.keep_version(Terms(**told), effective_on=on, by=g.member.id)
    return next(_terms_out(row) for row in terms_page.versions() if row[0].effective_on == on)


@api.post("/share-outs/terms/preview")
@needs("settings.manage")
@endpoint("What terms of share-outs would mean", covers="distributions.terms_preview")
def terms_preview(body: ShareTermsIn) -> ShareMeaningOut:
    """In sentences; nothing is recorded."""
    return ShareMeaningOut(sentences=terms_page.told(checked(Terms(**dict(body)))))


def _terms_out(row: Version) -> ShareTermsOut:
    version, held, sentences = row
    told = {name: getattr(held, name) for name in ShareTermsIn.model_fields}
    return ShareTermsOut.model_validate(told | {"effective_on": version.effective_on, "sentences": list(sentences)})

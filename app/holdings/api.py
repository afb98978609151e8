"""Endpoints that show investments: the portfolio, one of them, its holders, a sale, what a member holds, the terms."""

import uuid
from datetime import date
from typing import Any

from flask import Response, g

from app.groups.access import needs
from app.groups.queries import member as member_with
from app.holdings import pages, portfolio, records, terms_page
from app.holdings.asking_schemas import PortfolioSearch, TermsOut, TermsVersionIn
from app.holdings.blueprint import api
from app.holdings.errors import NoSuchInvestment
from app.holdings.policy import HoldingsPolicy
from app.holdings.schemas import (
    HolderOut,
    HoldingOut,
    InvestmentOut,
    InvestmentWholeOut,
    SaleWholeOut,
    holder_out,
    holding_out,
    investment_out,
    investment_whole_out,
    sale_whole_out,
)
from app.web import keyset
from app.web.api.endpoints import Listing, endpoint, listed, whole


@api.get("/investments")
@needs("group.see")
@endpoint("Investments", covers="holdings.index", paged=True)
def investments(query: PortfolioSearch) -> Listing[InvestmentOut]:
    """The latest first, with what is held of each and what it was last worth."""
    at = keyset.asked(date, uuid.UUID)
    found = portfolio.portfolio_page(type_=query.type, risk=query.risk, state=query.state or "", at=at)
    return listed(found, investment_out)


@api.get("/investments.csv")
@needs("money.see")
@endpoint("What is held, as CSV", covers="holdings.portfolio_csv", media="text/csv")
def investments_csv() -> Response:
    """Every investment of which something is held."""
    return pages.portfolio_csv()


@api.get("/investments/<uuid:investment_id>")
@needs("group.see")
@endpoint("An investment", covers="holdings.investment")
def investment(investment_id: uuid.UUID) -> InvestmentWholeOut:
    """With its values, sales and income, and the part of the token's member."""
    return investment_whole_out(pages.whole(investment_id))


@api.get("/investments/<uuid:investment_id>/holders")
@needs("money.see")
@endpoint("Who holds an investment", covers="holdings.holders_csv", paged=True)
def holders(investment_id: uuid.UUID) -> Listing[HolderOut]:
    """Members in the order of their numbers; the group's own part is not among them."""
    worth = portfolio.line_of(investment_id).worth
    found = portfolio.holders_page(investment_id, at=keyset.asked(str, uuid.UUID))
    return listed(found, lambda line: holder_out(line, worth))


@api.get("/investments/<uuid:investment_id>/holders.csv")
@needs("money.see")
@endpoint("Who holds an investment, as CSV", covers="holdings.holders_csv", media="text/csv")
def holders_csv(investment_id: uuid.UUID) -> Response:
    """Every member who holds a part of it."""
    return pages.holders_csv(investment_id)


@api.get("/investment-sales/<uuid:sale_id>")
@needs("group.see")
@endpoint("A sale of an investment", covers="holdings.sale")
def sale(sale_id: uuid.UUID) -> SaleWholeOut:
    """With the own part; with the right money.see every holder's."""
    return sale_whole_out(pages.sale_page(records.sale_row(sale_id)))


@api.get("/members/<uuid:member_id>/holdings")
@needs("group.see")
@endpoint("What a member holds", covers=("holdings.member", "holdings.mine"), paged=True)
def member_holdings(member_id: uuid.UUID) -> Listing[HoldingOut]:
    """The latest first. Of others only with the right money.see."""
    pages.own_or_may_see(member_id, NoSuchInvestment)
    return listed(portfolio.own_page(member_with(member_id).id, at=keyset.asked(date, uuid.UUID)), holding_out)


@api.get("/investments/terms")
@needs("group.see")
@endpoint("The terms for investments", covers="holdings.terms")
def terms() -> Listing[TermsOut]:
    """Every version, the latest first."""
    return whole(terms_page.versions(), _terms_out)


@api.post("/investments/terms")
@needs("settings.manage")
@endpoint("New terms for investments", covers="holdings.terms_change", status=201)
def terms_change(body: TermsVersionIn) -> TermsOut:
    """From a day on that is not past."""
    policy = HoldingsPolicy(body.gains, body.months)
    terms_page.keep_version(policy, effective_on=body.effective_on, by=g.member.id)
    return next(_terms_out(row) for row in terms_page.versions() if row[0].effective_on == body.effective_on)


def _terms_out(row: tuple[Any, HoldingsPolicy, Any]) -> TermsOut:
    version, policy, sentences = row
    told = {"gains": policy.gains, "months": policy.months, "effective_on": version.effective_on}
    return TermsOut.model_validate(told | {"sentences": [str(sentence) for sentence in sentences]})

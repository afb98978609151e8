"""The pages that show investments: the portfolio, one of them, a sale, what a member holds."""

import uuid

from flask import Response, g, request

from app.groups.access import needs
from app.holdings import pages, records
from app.holdings.blueprint import bp
from app.holdings.errors import NoSuchInvestment
from app.web.forms import Form
from app.web.pages import page


@bp.get("/")
@needs("group.see")
def index() -> Response:
    """All investments of the group, and what they are worth together."""
    return page("holdings/index.html", "holdings/_portfolio.html", **pages.listing(request.args), **pages.overview())


@bp.get("/portfolio.csv")
@needs("money.see")
def portfolio_csv() -> Response:
    """What is held, for a spreadsheet."""
    return pages.portfolio_csv()


@bp.get("/<uuid:investment_id>")
@needs("group.see")
def investment(investment_id: uuid.UUID) -> Response:
    """One investment: totals and the own part; with money.see every holder's."""
    told = pages.whole(investment_id)
    return page("holdings/investment.html", "holdings/_holders.html", form=Form(), **told)


@bp.get("/<uuid:investment_id>/holders.csv")
@needs("money.see")
def holders_csv(investment_id: uuid.UUID) -> Response:
    """Who holds it, for a spreadsheet."""
    return pages.holders_csv(investment_id)


@bp.get("/sales/<uuid:sale_id>")
@needs("group.see")
def sale(sale_id: uuid.UUID) -> Response:
    """A sale: totals and the own part; with money.see every holder's."""
    return page("holdings/sale.html", **pages.sale_page(records.sale_row(sale_id)))


@bp.get("/mine")
@needs("group.see")
def mine() -> Response:
    """What I hold."""
    return page("holdings/member.html", "holdings/_own.html", **pages.own_holdings(g.member.id))


@bp.get("/members/<uuid:member_id>")
@needs("group.see")
def member(member_id: uuid.UUID) -> Response:
    """What a member holds; of others only with money.see."""
    pages.own_or_may_see(member_id, NoSuchInvestment)
    return page("holdings/member.html", "holdings/_own.html", **pages.own_holdings(member_id))

"""The pages of funds: all with what is in them, a new one, and its name."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.distributions import funds
from app.distributions.blueprint import bp
from app.distributions.forms import FundForm
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/funds", endpoint="funds")
@needs("group.see")
def funds_list() -> Response:
    """The funds with their balances."""
    return page("distributions/funds.html", rows=funds.fund_balances())


@bp.get("/funds/new")
@needs("books.manage")
def fund_new() -> Response:
    """The form of a fund."""
    return page("distributions/fund_new.html", form=FundForm())


@bp.post("/funds/new")
@needs("books.manage")
def fund_create() -> Response:
    """Open a fund."""
    form = FundForm()
    wrong = attempt(form, lambda: funds.add_fund(name=form.name.data or "", by=g.member.id))
    if wrong:
        return page("distributions/fund_new.html", "distributions/_fund_new_form.html", wrong, form=form)
    return go(url_for("distributions.funds"), toast=_("The fund is open"))


@bp.get("/funds/<uuid:fund_id>")
@needs("group.see")
def fund(fund_id: uuid.UUID) -> Response:
    """One fund: what is in it, and its name."""
    found = funds.fund_balance(fund_id)
    return page("distributions/fund.html", found=found, form=FundForm(data={"name": found.fund.name}))


@bp.post("/funds/<uuid:fund_id>")
@needs("books.manage")
def fund_rename(fund_id: uuid.UUID) -> Response:
    """Call a fund otherwise."""
    found, form = funds.fund_balance(fund_id), FundForm()
    wrong = attempt(form, lambda: funds.rename_fund(fund_id, name=form.name.data or "", by=g.member.id))
    if wrong:
        return page("distributions/fund.html", "distributions/_fund_form.html", wrong, form=form, found=found)
    return go(url_for("distributions.funds"), toast=_("The fund has its new name"))

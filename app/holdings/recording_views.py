"""The pages that record an investment and a sale: shown per member first, then done."""

import uuid
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from app.groups.access import needs
from app.holdings import portfolio, recording_page
from app.holdings.blueprint import bp
from app.holdings.forms import InvestmentForm, SaleForm
from app.holdings.recording_page import Preview, Taken
from app.ledgers.entering import led
from app.web.pages import page


@bp.get("/new")
@needs("money.record")
def investment_new() -> Response:
    """The form of an investment."""
    return page("holdings/investment_new.html", form=InvestmentForm(), preview=Preview())


@bp.post("/new/preview")
@needs("money.record")
def investment_preview() -> Response:
    """What it would take of each member, while the form is being filled in."""
    form = InvestmentForm()
    seen = recording_page.glance_at_purchase(form)
    return page("holdings/investment_new.html", "holdings/_investment_preview.html", form=form, preview=seen)


@bp.post("/new")
@needs("money.record")
def investment_create() -> Response:
    """Show what it takes of each member, then invest, or ask for it."""
    form = InvestmentForm()
    taken = recording_page.take_purchase(form, by=g.member.id)
    if taken.outcome is None:
        return _again("holdings/investment_new.html", "holdings/_investment_form.html", taken, form=form)
    return led(taken.outcome, _("The investment was recorded"))


@bp.get("/<uuid:investment_id>/sale")
@needs("money.record")
def sale_new(investment_id: uuid.UUID) -> Response:
    """The form of a sale, a maturity or a default."""
    form = SaleForm(data={"kind": request.args.get("kind", "sale")})
    return page("holdings/sale_new.html", form=form, line=portfolio.line_of(investment_id), preview=Preview())


@bp.post("/<uuid:investment_id>/sale/preview")
@needs("money.record")
def sale_preview(investment_id: uuid.UUID) -> Response:
    """What it would give to each holder, while the form is being filled in."""
    form, line = SaleForm(), portfolio.line_of(investment_id)
    seen = recording_page.glance_at_sale(form, investment_id)
    return page("holdings/sale_new.html", "holdings/_sale_preview.html", form=form, line=line, preview=seen)


@bp.post("/<uuid:investment_id>/sale")
@needs("money.record")
def sale_create(investment_id: uuid.UUID) -> Response:
    """Show what it gives to each holder, then sell, or ask for it."""
    form, line = SaleForm(), portfolio.line_of(investment_id)
    taken = recording_page.take_sale(form, investment_id, by=g.member.id)
    if taken.outcome is None:
        return _again("holdings/sale_new.html", "holdings/_sale_form.html", taken, form=form, line=line)
    return led(taken.outcome, _("The sale was recorded"))


def _again(template: str, fragment: str, taken: Taken, **shown: Any) -> Response:
    return page(template, fragment, status=taken.status or 200, preview=taken.preview, **shown)

"""The pages that make an asset or sell one: a form, what it would do, and the deed."""

import uuid
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _

from app.assets import asset_page, making_page
from app.assets.blueprint import bp
from app.assets.forms import MoneyForm, PurchaseForm, SaleForm
from app.assets.making_page import Preview, Taken
from app.groups.access import needs
from app.ledgers.entering import led
from app.web.pages import page


@bp.get("/conversions/new")
@needs("money.record")
def conversion_new() -> Response:
    """The form that converts whole investments; the address may name one."""
    form = making_page.conversion_form(**making_page.first_shown(request.args.get("investment", "")))
    return page("assets/conversion_new.html", form=form, preview=Preview())


@bp.post("/conversions/new/preview")
@needs("money.record")
def conversion_preview() -> Response:
    """What would happen, while the form is being filled in."""
    form = making_page.conversion_form()
    seen = making_page.glance(form, lambda: making_page.look_at_conversion(form))
    return page("assets/conversion_new.html", "assets/_conversion_preview.html", form=form, preview=seen)


@bp.post("/conversions/new")
@needs("money.record")
def conversion_create() -> Response:
    """Show what would happen, then convert or ask for it."""
    form = making_page.conversion_form()
    taken = making_page.take_conversion(form, by=g.member.id)
    return _answer("conversion", form, taken, _("The asset was recorded"))


@bp.get("/purchases/new")
@needs("money.record")
def purchase_new() -> Response:
    """The form of something bought with everybody's savings."""
    return page("assets/purchase_new.html", form=PurchaseForm(), preview=Preview())


@bp.post("/purchases/new/preview")
@needs("money.record")
def purchase_preview() -> Response:
    """What would happen, while the form is being filled in."""
    form = PurchaseForm()
    seen = making_page.glance(form, lambda: making_page.look_at_purchase(form))
    return page("assets/purchase_new.html", "assets/_conversion_preview.html", form=form, preview=seen)


@bp.post("/purchases/new")
@needs("money.record")
def purchase_create() -> Response:
    """Show what would happen, then buy or ask for it."""
    form = PurchaseForm()
    taken = making_page.take_purchase(form, by=g.member.id)
    return _answer("purchase", form, taken, _("The asset was recorded"))


def _answer(name: str, form: MoneyForm, taken: Taken, done: str, **shown: Any) -> Response:
    if taken.outcome is not None:
        return led(taken.outcome, done)
    template, fragment = f"assets/{name}_new.html", f"assets/_{name}_form.html"
    return page(template, fragment, status=taken.status or 200, form=form, preview=taken.preview, **shown)


@bp.get("/<uuid:asset_id>/sale")
@needs("money.record")
def sale_new(asset_id: uuid.UUID) -> Response:
    """The form that sells an asset."""
    return page("assets/sale_new.html", form=SaleForm(), preview=Preview(), view=asset_page.view_of(asset_id))


@bp.post("/<uuid:asset_id>/sale/preview")
@needs("money.record")
def sale_preview(asset_id: uuid.UUID) -> Response:
    """What would happen, while the form is being filled in."""
    form, view = SaleForm(), asset_page.view_of(asset_id)
    seen = making_page.glance(form, lambda: making_page.look_at_sale(form, asset_id))
    return page("assets/sale_new.html", "assets/_sale_preview.html", form=form, preview=seen, view=view)


@bp.post("/<uuid:asset_id>/sale")
@needs("money.record")
def sale_create(asset_id: uuid.UUID) -> Response:
    """Show what would happen, then sell or ask for it."""
    form, view = SaleForm(), asset_page.view_of(asset_id)
    taken = making_page.take_sale(form, asset_id, by=g.member.id)
    return _answer("sale", form, taken, _("The sale was recorded"), view=view)

"""The pages of owners' choices: for which payers an owner chose the final rate, and from when."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.receipts import receipt_page, tax_options
from app.receipts.blueprint import bp
from app.receipts.forms import TaxOptionForm, this_month
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/tax-choices")
@needs("money.see")
def tax_choices() -> Response:
    """Every choice that was recorded, the latest first."""
    found = tax_options.options_page(at=keyset.asked(uuid.UUID))
    pages = found.urls("receipts.tax_choices")
    return page("receipts/tax_choices.html", "receipts/_tax_choices.html", found=found, pages=pages)


@bp.get("/tax-choices/new")
@needs("money.record")
def tax_choice_new() -> Response:
    """The form that records one."""
    return page("receipts/tax_choice.html", form=TaxOptionForm(starts_on=str(this_month())))


@bp.post("/tax-choices/new")
@needs("money.record")
def tax_choice_create() -> Response:
    """Record what an owner chose; receipts that were issued before stay as they are."""
    form = TaxOptionForm()
    wrong = attempt(form, lambda: receipt_page.choose_tax(form, by=g.member.id))
    if wrong:
        return page("receipts/tax_choice.html", "receipts/_tax_choice_form.html", wrong, form=form)
    return go(url_for("receipts.tax_choices"), toast=_("The choice is recorded; receipts from now on follow it."))

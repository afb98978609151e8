"""The pages of tax rates: every version of every country, and a new one."""

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.staff import queries, rates
from app.staff.blueprint import bp
from app.staff.rate_forms import RatesForm, form_of_rates
from app.taxes import queries as taxes
from app.taxes.rules import Kind
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/rates")
def tax_rates() -> Response:
    """All versions, by country and kind, the latest day first."""
    found = taxes.versions()
    names = queries.people({row.user_id for row in found if row.user_id})
    return page("staff/rates.html", found=found, names=names, lines_of=rates.lines_of, version_of=rates.version_of)


@bp.get("/rates/<kind>/new")
def tax_rates_new(kind: str) -> Response:
    """The form of a new version, filled in with the latest one of the country."""
    wanted = _kind(kind)
    return _form_page(rates.form_after(rates.latest(request.args.get("country", "")[:2], wanted), wanted), wanted)


@bp.post("/rates/<kind>/new")
def tax_rates_create(kind: str) -> Response:
    """Append a version; none is changed."""
    wanted, form = _kind(kind), form_of_rates(_kind(kind))
    wrong = attempt(form, lambda: rates.add(form, wanted, by=current_user.id))
    if wrong:
        return _form_page(form, wanted, wrong)
    return go(url_for("staff.tax_rates"), toast=_("The rates are recorded. Receipts issued from now on follow them."))


def _kind(text: str) -> Kind:
    return next((kind for kind in Kind if kind.value == text), None) or abort(404)


def _form_page(form: RatesForm, kind: Kind, status: int = 200) -> Response:
    return page("staff/rates_new.html", "staff/_rates_form.html", status=status, form=form, kind=kind)

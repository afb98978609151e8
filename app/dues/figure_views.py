"""The pages of figures: arrears by age, what was collected, budgets against what was spent."""

import uuid
from typing import Any

from flask import Response, g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.dues import figure_page, figuring
from app.dues.blueprint import bp
from app.dues.figure_page import BudgetForm
from app.groups.access import needs
from app.ledgers.ages import AGES
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page

TABS = (
    (45, "dues.arrears", lazy_gettext("Arrears")),
    (50, "dues.collection", lazy_gettext("Collection")),
    (55, "dues.budgets", lazy_gettext("Budgets")),
)


@bp.get("/arrears")
@needs("money.see")
def arrears() -> Response:
    """Who owes dues, and since when."""
    found = figuring.arrears_page(at=keyset.asked(str, uuid.UUID))
    shown: dict[str, Any] = {
        "found": found,
        "pages": found.urls("dues.arrears"),
        "ages": AGES,
        "sums": figuring.arrears_in_all(),
    }
    return page("dues/arrears.html", "dues/_arrears.html", **shown)


@bp.get("/arrears.csv")
@needs("money.see", fresh=True)
def arrears_csv() -> Response:
    """The same as a file."""
    return figure_page.arrears_file()


@bp.get("/collection")
@needs("money.see")
def collection() -> Response:
    """What was collected of what was levied, month by month of a year."""
    return page("dues/collection.html", **figure_page.collection_shown(figure_page.year_asked()))


@bp.get("/budgets")
@needs("money.see")
def budgets() -> Response:
    """The budgets of a year against what was spent."""
    return page("dues/budgets.html", **figure_page.budgets_shown(figure_page.year_asked()))


@bp.get("/budgets/new")
@needs("settings.manage")
def budget_new() -> Response:
    """The form of a budget."""
    return page("dues/budget_new.html", form=figure_page.budget_form(figure_page.year_asked()))


@bp.post("/budgets")
@needs("settings.manage")
def budget_set() -> Response:
    """Set what is budgeted for an account in a year."""
    form = BudgetForm()
    if wrong := attempt(form, lambda: figure_page.keep_budget(form, by=g.member.id)):
        return page("dues/budget_new.html", "dues/_budget_form.html", wrong, form=form)
    return go(url_for("dues.budgets", year=form.year.data), toast=_("The budget was set."))

"""The page of the terms for investments: what holds, what will, and a new version from a day on."""

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.holdings import terms_page
from app.holdings.blueprint import bp
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/terms")
@needs("group.see")
def terms() -> Response:
    """The terms in force, and the form of a new version."""
    return page("holdings/terms.html", form=terms_page.form_of_now(), **terms_page.frame())


@bp.post("/terms")
@needs("settings.manage")
def terms_change() -> Response:
    """Append a version of the terms."""
    form = terms_page.sent()
    wrong = attempt(form, lambda: terms_page.record_version(form, by=g.member.id))
    if wrong:
        return page("holdings/terms.html", "holdings/_terms_form.html", wrong, form=form, **terms_page.frame())
    return go(url_for("holdings.terms"), toast=_("The new terms were recorded"))

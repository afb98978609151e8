"""The page of the terms for saving: what holds, what will, and a new version from a day on."""

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.savings import terms_page
from app.savings.blueprint import bp
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/terms")
@needs("group.see")
def terms() -> Response:
    """The terms in force, and the form of a new version."""
    form = terms_page.form_of_now()
    return page("savings/terms.html", form=form, told=terms_page.in_words(form), **terms_page.frame())


@bp.post("/terms/preview")
@needs("settings.manage")
def terms_preview() -> Response:
    """What the terms being typed mean."""
    form = terms_page.sent()
    form.validate()
    told = terms_page.in_words(form)
    return page("savings/terms.html", "savings/_terms_preview.html", form=form, told=told, **terms_page.frame())


@bp.post("/terms")
@needs("settings.manage")
def terms_change() -> Response:
    """Append a version of the terms."""
    form = terms_page.sent()
    wrong = attempt(form, lambda: terms_page.record_version(form, by=g.member.id))
    if wrong:
        told = terms_page.in_words(form)
        return page("savings/terms.html", "savings/_terms_form.html", wrong, form=form, told=told, **terms_page.frame())
    return go(url_for("savings.terms"), toast=_("The new terms were recorded"))

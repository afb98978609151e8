"""The page of the terms of a share-out: what holds, what will, and a new version from a day on."""

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.distributions import terms_page
from app.distributions.blueprint import bp
from app.distributions.forms import TermsForm
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.pages import go, page

PAGE, FORM, PREVIEW = (f"distributions/{name}.html" for name in ("terms", "_share_terms_form", "_share_terms_preview"))


@bp.get("/terms")
@needs("group.see")
def terms() -> Response:
    """The terms in force, and the form of a new version."""
    form = terms_page.form_of_now()
    return page(PAGE, form=form, told=terms_page.in_words(form), **terms_page.frame())


@bp.post("/terms/preview")
@needs("settings.manage")
def terms_preview() -> Response:
    """What the terms being typed mean."""
    form = TermsForm()
    form.validate()
    return page(PAGE, PREVIEW, form=form, told=terms_page.in_words(form), **terms_page.frame())


@bp.post("/terms")
@needs("settings.manage")
def terms_change() -> Response:
    """Append a version of the terms."""
    form = TermsForm()
    wrong = attempt(form, lambda: terms_page.record_version(form, by=g.member.id))
    if wrong:
        return page(PAGE, FORM, wrong, form=form, told=terms_page.in_words(form), **terms_page.frame())
    return go(url_for("distributions.terms"), toast=_("The new terms were recorded"))

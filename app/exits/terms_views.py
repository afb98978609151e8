"""The page of the rules for leaving and withdrawing: what holds, what will, and a new version from a day on."""

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.exits import terms_page
from app.exits.blueprint import bp
from app.exits.forms import TermsForm
from app.groups.access import needs
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/terms")
@needs("group.see")
def terms() -> Response:
    """The rules in force, and the form of a new version."""
    form = terms_page.form_of_now()
    return page("exits/terms.html", form=form, told=terms_page.in_words(form), **terms_page.frame())


@bp.post("/terms/preview")
@needs("settings.manage")
def terms_preview() -> Response:
    """What the rules being typed mean."""
    form = TermsForm()
    form.validate()
    told = terms_page.in_words(form)
    return page("exits/terms.html", "exits/_exit_terms_preview.html", form=form, told=told, **terms_page.frame())


@bp.post("/terms")
@needs("settings.manage")
def terms_change() -> Response:
    """Append a version of the rules."""
    form = TermsForm()
    wrong = attempt(form, lambda: terms_page.record_version(form, by=g.member.id))
    if wrong:
        shown = {"form": form, "told": terms_page.in_words(form), **terms_page.frame()}
        return page("exits/terms.html", "exits/_exit_terms_form.html", wrong, **shown)
    return go(url_for("exits.terms"), toast=_("The new rules were recorded"))

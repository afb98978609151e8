"""The pages of levies, and of the rule for payments."""

import uuid
from datetime import date

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.dues import configs, levy_page, queries, terms_page
from app.dues.blueprint import bp
from app.dues.forms import DuesTermsForm, PlainForm
from app.dues.standing import config_row
from app.groups.access import needs
from app.web import keyset
from app.web.attempt import attempt
from app.web.pages import go, page


@bp.get("/levies")
@needs("money.see")
def levies() -> Response:
    """The levies by name."""
    found = queries.levies_page(at=keyset.asked(str, uuid.UUID))
    return page("dues/levies.html", "dues/_levies.html", found=found, pages=found.urls("dues.levies"))


@bp.get("/levies/new")
@needs("settings.manage")
def levy_new() -> Response:
    """The form of a levy."""
    return page("dues/levy_new.html", form=levy_page.levy_form(), row=None)


@bp.post("/levies")
@needs("settings.manage")
def levy_create() -> Response:
    """Make a levy."""
    form, made = levy_page.levy_form(), list[uuid.UUID]()
    if wrong := attempt(form, lambda: made.append(levy_page.add(form, by=g.member.id))):
        return page("dues/levy_new.html", "dues/_levy_form.html", wrong, form=form, row=None)
    return go(url_for("dues.levy", config_id=made[0]), toast=_("The levy was made. Run it for a period."))


@bp.get("/levies/<uuid:config_id>")
@needs("money.see")
def levy(config_id: uuid.UUID) -> Response:
    """A levy: what it says and its runs."""
    row = config_row(config_id)
    found = queries.runs_page(config_id=config_id, at=keyset.asked(date, uuid.UUID))
    pages, told = found.urls("dues.levy", config_id=config_id), levy_page.told(row)
    return page("dues/levy.html", "dues/_runs.html", row=row, told=told, found=found, pages=pages, form=PlainForm())


@bp.get("/levies/<uuid:config_id>/edit")
@needs("settings.manage")
def levy_edit(config_id: uuid.UUID) -> Response:
    """The form with what it says now."""
    row = config_row(config_id)
    return page("dues/levy_new.html", form=levy_page.levy_form(row), row=row)


@bp.post("/levies/<uuid:config_id>")
@needs("settings.manage")
def levy_change(config_id: uuid.UUID) -> Response:
    """Change what a levy says, for runs to come."""
    row = config_row(config_id)
    form = levy_page.levy_form(row)
    if wrong := attempt(form, lambda: levy_page.change(form, row, by=g.member.id)):
        return page("dues/levy_new.html", "dues/_levy_form.html", wrong, form=form, row=row)
    return go(url_for("dues.levy", config_id=config_id), toast=_("Changed, for the runs to come."))


@bp.post("/levies/<uuid:config_id>/stop")
@needs("settings.manage")
def levy_stop(config_id: uuid.UUID) -> Response:
    """Take a levy out of use."""
    configs.set_active(config_id, active=False, by=g.member.id)
    return go(url_for("dues.levy", config_id=config_id), toast=_("It is no longer levied."))


@bp.post("/levies/<uuid:config_id>/resume")
@needs("settings.manage")
def levy_resume(config_id: uuid.UUID) -> Response:
    """Take a levy up again."""
    configs.set_active(config_id, active=True, by=g.member.id)
    return go(url_for("dues.levy", config_id=config_id), toast=_("It is levied again."))


@bp.get("/terms")
@needs("group.see")
def terms() -> Response:
    """The rule for payments, and the form of a new version."""
    return page("dues/terms.html", form=terms_page.form_of_now(), **terms_page.frame())


@bp.post("/terms")
@needs("settings.manage")
def terms_change() -> Response:
    """Append a version of the rule."""
    form = DuesTermsForm()
    if wrong := attempt(form, lambda: terms_page.record_version(form, by=g.member.id)):
        return page("dues/terms.html", "dues/_dues_terms_form.html", wrong, form=form, **terms_page.frame())
    return go(url_for("dues.terms"), toast=_("The new rule was recorded"))

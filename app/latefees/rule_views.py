"""The pages of penalty rules."""

import uuid

from flask import Response, g, url_for
from flask_babel import gettext as _

from app.groups.access import needs
from app.latefees import queries, rule_page, rulebook
from app.latefees.blueprint import bp
from app.latefees.rulebook import rule_row
from app.web import keyset
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page


@bp.get("/rules")
@needs("money.see")
def rules() -> Response:
    """The rules by name."""
    found = queries.rules_page(at=keyset.asked(str, uuid.UUID))
    return page("latefees/rules.html", "latefees/_rules.html", found=found, pages=found.urls("latefees.rules"))


@bp.get("/rules/new")
@needs("settings.manage")
def rule_new() -> Response:
    """The form of a rule."""
    return page("latefees/rule_new.html", form=rule_page.rule_form(), row=None)


@bp.post("/rules")
@needs("settings.manage")
def rule_create() -> Response:
    """Make a rule."""
    form, made = rule_page.rule_form(), list[uuid.UUID]()
    if wrong := attempt(form, lambda: made.append(rule_page.add(form, by=g.member.id))):
        return page("latefees/rule_new.html", "latefees/_rule_form.html", wrong, form=form, row=None)
    url = url_for("latefees.rule", rule_id=made[0])
    return go(url, toast=_("The rule was made. A worker looks at what is late once a day."))


@bp.get("/rules/<uuid:rule_id>")
@needs("money.see")
def rule(rule_id: uuid.UUID) -> Response:
    """What a rule says."""
    row = rule_row(rule_id)
    return page("latefees/rule.html", "latefees/_rule.html", row=row, told=rule_page.told(row), form=Form())


@bp.get("/rules/<uuid:rule_id>/edit")
@needs("settings.manage")
def rule_edit(rule_id: uuid.UUID) -> Response:
    """The form with what it says now."""
    row = rule_row(rule_id)
    return page("latefees/rule_new.html", form=rule_page.rule_form(row), row=row)


@bp.post("/rules/<uuid:rule_id>")
@needs("settings.manage")
def rule_change(rule_id: uuid.UUID) -> Response:
    """Change what a rule says, for what is proposed from now on."""
    row = rule_row(rule_id)
    form = rule_page.rule_form(row)
    if wrong := attempt(form, lambda: rule_page.change(form, row, by=g.member.id)):
        return page("latefees/rule_new.html", "latefees/_rule_form.html", wrong, form=form, row=row)
    return go(url_for("latefees.rule", rule_id=rule_id), toast=_("Changed, for what is proposed from now on."))


@bp.post("/rules/<uuid:rule_id>/stop")
@needs("settings.manage")
def rule_stop(rule_id: uuid.UUID) -> Response:
    """Take a rule out of use."""
    rulebook.set_active(rule_id, active=False, by=g.member.id)
    return go(url_for("latefees.rule", rule_id=rule_id), toast=_("It no longer makes penalties."))


@bp.post("/rules/<uuid:rule_id>/resume")
@needs("settings.manage")
def rule_resume(rule_id: uuid.UUID) -> Response:
    """Take a rule up again."""
    form, row = Form(), rule_row(rule_id)
    if wrong := attempt(form, lambda: rulebook.set_active(rule_id, active=True, by=g.member.id)):
        return page("latefees/rule.html", "latefees/_rule.html", wrong, row=row, told=rule_page.told(row), form=form)
    return go(url_for("latefees.rule", rule_id=rule_id), toast=_("It makes penalties again."))

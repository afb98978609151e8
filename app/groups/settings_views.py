"""The pages of the group: profile, rules with their versions, and settings."""

from decimal import Decimal
from typing import Any

from flask import Response, abort, g, url_for
from flask_babel import gettext as _

from app.core import clock
from app.groups import policies, queries, services
from app.groups.access import needs
from app.groups.blueprint import bp
from app.groups.catalogue import Category, settings_in
from app.groups.forms import PolicyForm, ProfileForm, settings_form
from app.groups.policy import GroupRules
from app.groups.settings_page import TITLES, tabs, values
from app.web.attempt import attempt
from app.web.forms import Form
from app.web.pages import go, page

GUARDED = (Category.FINANCIAL, Category.SECURITY)  # settings by which money or access could be let go
PROFILE = ("name", "category", "registration_number", "country", "time_zone", "locale", "max_members")


@bp.get("/settings")
@needs("group.see")
def profile() -> Response:
    """What the group is; members read it, officers change it."""
    shown = {name: getattr(g.group, name) for name in PROFILE}
    form = ProfileForm(data=shown | {"version": services.profile_version()})
    return _profile_page(form)


@bp.post("/settings")
@needs("settings.manage")
def profile_change() -> Response:
    """Change the group's profile."""
    form = ProfileForm()
    wrong = attempt(form, lambda: services.edit_group(by=g.member.id, **_profile(form)))
    if wrong:
        return _profile_page(form, status=wrong)
    return go(url_for("groups.profile"), toast=_("Saved"))


def _profile(form: ProfileForm) -> dict[str, Any]:
    return {name: form[name].data for name in PROFILE} | {"version": form.version.data or ""}


def _profile_page(form: ProfileForm, status: int = 200) -> Response:
    counted = queries.places_taken()
    return page(
        "groups/profile.html",
        "groups/_profile_form.html",
        status=status,
        form=form,
        counted=counted,
        tabs=tabs("groups.profile"),
    )


@bp.get("/settings/rules")
@needs("group.see")
def policy() -> Response:
    """The rules in force, the versions before and those that start later."""
    rules = policies.current_policy().group
    shown = {"approval_threshold": rules.approval_threshold, "maximum_amount": rules.maximum_amount}
    today = clock.today(g.group.time_zone)
    return _policy_page(PolicyForm(data=shown | {"disclaimer": rules.disclaimer, "effective_on": today}))


@bp.post("/settings/rules")
@needs("settings.manage", fresh=True)
def policy_change() -> Response:
    """Append a version of the rules."""
    form = PolicyForm()
    wrong = attempt(form, lambda: _new_version(form))
    if wrong:
        return _policy_page(form, status=wrong)
    return go(url_for("groups.policy"), toast=_("The new rules were recorded"))


def _new_version(form: PolicyForm) -> None:
    rules = GroupRules(
        approval_threshold=form.approval_threshold.amount,
        maximum_amount=form.maximum_amount.amount or Decimal(0),
        disclaimer=form.disclaimer.data or None,
    )
    day = form.effective_on.data or clock.today(g.group.time_zone)
    services.new_version(rules=rules.to_store(), effective_on=day, by=g.member.id)


def _policy_page(form: PolicyForm, status: int = 200) -> Response:
    versions = policies.policies()
    today = clock.today(g.group.time_zone)
    return page(
        "groups/policy.html",
        "groups/_policy_form.html",
        status=status,
        form=form,
        versions=versions[::-1],
        current=policies.current_policy(),
        today=today,
        tabs=tabs("groups.policy"),
    )


@bp.get("/settings/<category>")
@needs("audit.see")
def settings(category: str) -> Response:
    """One page of settings."""
    known = _category(category)
    return _settings_page(known, settings_form(known, values(known)))


@bp.post("/settings/<category>")
@needs("settings.manage", fresh=lambda category: category in GUARDED)
def settings_change(category: str) -> Response:
    """Change the settings of one page."""
    known = _category(category)
    form = settings_form(known, values(known))
    names = [setting.name for setting in settings_in(known) if not setting.protected]
    wrong = attempt(
        form, lambda: services.change_settings(values={name: form[name].data for name in names}, by=g.member.id)
    )
    if wrong:
        return _settings_page(known, form, status=wrong)
    return go(url_for("groups.settings", category=category), toast=_("Saved"))


def _category(name: str) -> Category:
    return Category(name) if name in set(Category) else abort(404)


def _settings_page(category: Category, form: Form, status: int = 200) -> Response:
    known = settings_in(category)
    return page(
        "groups/settings.html",
        "groups/_settings_form.html",
        status=status,
        form=form,
        known=known,
        category=category.value,
        title=TITLES[category],
        values=values(category),
        tabs=tabs("groups.settings", category.value),
    )

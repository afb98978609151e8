"""Endpoints of the group itself: profile, rules with their versions, and settings."""

from flask import g

from app.core import clock
from app.groups import policies, queries, services
from app.groups.access import needs
from app.groups.blueprint import api
from app.groups.catalogue import CATALOGUE, Category
from app.groups.group_schemas import (
    GroupIn,
    GroupOut,
    RulesIn,
    RulesOn,
    RulesOut,
    SettingOut,
    SettingSearch,
    SettingsIn,
    group_out,
    rules_out,
    setting_out,
)
from app.groups.policy import GroupRules
from app.groups.settings_page import values
from app.web.api.endpoints import Listing, endpoint, whole


@api.get("/group", endpoint="group")
@needs("group.see")
@endpoint("The group", covers="groups.profile")
def profile() -> GroupOut:
    """What it is, and how many may be in it."""
    return group_out(g.group, taken=queries.places_taken())


@api.put("/group")
@needs("settings.manage")
@endpoint("Change the group's profile", covers="groups.profile_change")
def profile_change(body: GroupIn) -> GroupOut:
    """All of it is replaced."""
    return group_out(services.edit_group(by=g.member.id, **body.model_dump()), taken=queries.places_taken())


@api.get("/rules")
@needs("group.see")
@endpoint("The rules of the group, every version", covers="groups.policy")
def rules() -> Listing[RulesOut]:
    """The latest version first; some may begin later."""
    current = policies.current_policy()
    return whole(reversed(policies.policies()), lambda row: rules_out(row, current))


@api.get("/rules/current")
@needs("group.see")
@endpoint("The rules of a day", covers="groups.policy")
def rules_current(query: RulesOn) -> RulesOut:
    """Today, or on another day; before the first version, the first."""
    day = query.on or clock.today(g.group.time_zone)
    return rules_out(policies.policy_on(day), policies.current_policy())


@api.post("/rules")
@needs("settings.manage")
@endpoint("Record new rules", covers="groups.policy_change", status=201)
def rules_create(body: RulesIn) -> RulesOut:
    """From today or a later day on; a threshold that is raised or removed holds from tomorrow at the earliest."""
    told = GroupRules(body.approval_threshold, body.maximum_amount, body.disclaimer)
    row = services.new_version(rules=told.to_store(), effective_on=body.effective_on, by=g.member.id)
    made = next(policy for policy in policies.policies() if policy.version == row.version)
    return rules_out(made, policies.current_policy())


@api.get("/settings", endpoint="settings")
@needs("audit.see")
@endpoint("Settings of the group", covers="groups.settings")
def settings_list(query: SettingSearch) -> Listing[SettingOut]:
    """With their kinds and bounds."""
    now = {name: value for category in Category for name, value in values(category).items()}
    wanted = [known for known in CATALOGUE.values() if query.category in (None, known.category)]
    return whole(wanted, lambda known: setting_out(known, now))


@api.patch("/settings")
@needs("settings.manage")
@endpoint("Change settings", covers="groups.settings_change")
def settings_change(body: SettingsIn) -> Listing[SettingOut]:
    """All that are named or none of them; the answer holds those that were named."""
    wanted = body.model_dump(exclude_none=True)
    services.change_settings(values=wanted, by=g.member.id)
    now = {name: value for category in Category for name, value in values(category).items()}
    return whole([CATALOGUE[name] for name in wanted], lambda known: setting_out(known, now))

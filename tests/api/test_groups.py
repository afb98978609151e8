"""The group as a program meets it: who reads what, its profile, its rules and its settings."""

import pytest

from app.groups.catalogue import CATALOGUE
from app.groups.group_schemas import SettingsIn
from tests.api.answers import code_of, fields_of

READING = {
    "members": {"leader", "secretary", "auditor"},
    "members/counts": {"leader", "secretary", "auditor"},
    "roles": {"leader", "secretary", "auditor"},
    "roles/holders": {"leader", "secretary", "auditor"},
    "settings": {"leader", "secretary", "auditor"},
    "group": {"leader", "secretary", "auditor", "member"},
    "rules": {"leader", "secretary", "auditor", "member"},
    "rules/current": {"leader", "secretary", "auditor", "member"},
}


@pytest.mark.parametrize("path", READING)
def test_who_may_read_what(program, cast, path):
    for part in ("leader", "secretary", "auditor", "member"):
        status = 200 if part in READING[path] else 403
        assert program(cast.people[part]).get(f"/{path}").status_code == status, part


def profile(told, **change):
    names = ("name", "category", "country", "time_zone", "locale", "registration_number", "max_members", "version")
    return {name: told[name] for name in names} | change


def test_the_profile_is_read_and_changed(program, cast):
    asking = program(cast.treasurer)
    told = program(cast.member).get("/group").get_json()
    assert (told["slug"], told["status"], told["places_taken"]) == (cast.slug, "active", 6)
    body = profile(told, name="Umoja Savers", registration_number="CBO/12", max_members=70)
    changed = asking.ask("PUT", "/group", json=body).get_json()
    assert (changed["name"], changed["max_members"], changed["slug"]) == ("Umoja Savers", 70, cast.slug)
    assert changed["version"] != told["version"]
    assert code_of(asking.ask("PUT", "/group", json=body)) == (409, "stale")
    assert program(cast.member).ask("PUT", "/group", json=body).status_code == 403
    for name, value in (("country", "ZQ"), ("time_zone", "Moon/Base"), ("locale", "tlh"), ("name", "…")):
        assert fields_of(asking.ask("PUT", "/group", json=profile(changed, **{name: value}))) == [name]
    few = asking.ask("PUT", "/group", json=profile(changed, max_members=1))
    assert code_of(few) == (409, "too_many_members")


def rules(**change):
    told = {"effective_on": "2199-01-01", "approval_threshold": "500.00", "maximum_amount": "100000.00"}
    return told | {"disclaimer": "Ask the treasurer."} | change


def test_rules_are_versions(program, cast):
    asking = program(cast.treasurer)
    made = [asking.post("/rules", rules(), key="rules-two") for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    assert made[0].get_json() == made[1].get_json()
    told = made[0].get_json()
    assert (told["version"], told["approval_threshold"], told["in_force"]) == (2, "500.00", False)
    versions = program(cast.member).get("/rules").get_json()["items"]
    assert [(row["version"], row["in_force"]) for row in versions] == [(2, False), (1, True)]
    assert asking.get("/rules/current").get_json()["version"] == 1
    assert asking.get("/rules/current?on=2199-01-02").get_json()["version"] == 2
    assert program(cast.secretary).post("/rules", rules()).status_code == 403
    for name, value in (("effective_on", "2001-01-01"), ("maximum_amount", "0"), ("approval_threshold", "-1")):
        assert fields_of(asking.post("/rules", rules(**{name: value}))) == [name]
    missing = {"effective_on": "2199-01-01", "maximum_amount": "100000.00"}
    assert fields_of(asking.post("/rules", missing)) == ["approval_threshold", "disclaimer"]


def test_settings_are_read_and_changed(program, cast):
    asking = program(cast.treasurer)
    told = {row["name"]: row for row in asking.get("/settings").get_json()["items"]}
    assert told.keys() == CATALOGUE.keys()
    assert (told["idle_minutes"]["value"], told["idle_minutes"]["lowest"]) == (30, 5)
    security = asking.get("/settings?category=security").get_json()["items"]
    assert {row["category"] for row in security} == {"security"}
    body = {"idle_minutes": 15, "meeting_place": "The old mill", "monthly_statements": True}
    changed = asking.ask("PATCH", "/settings", json=body).get_json()["items"]
    assert {row["name"]: row["value"] for row in changed} == body
    emptied = asking.ask("PATCH", "/settings", json={"meeting_place": ""}).get_json()["items"]
    assert emptied[0]["value"] == ""
    assert asking.get("/settings?category=security").get_json()["items"][0]["value"] == 15
    for name, value in (("idle_minutes", 1), ("idle_minutes", "20"), ("contact_email", "x"), ("retention_years", 8)):
        answer = asking.ask("PATCH", "/settings", json={name: value, "remind_days_before": 7})
        assert [field.split(".")[0] for field in fields_of(answer)] == [name], name
    again = {row["name"]: row["value"] for row in asking.get("/settings").get_json()["items"]}
    assert (again["idle_minutes"], again["remind_days_before"]) == (15, 3)
    assert program(cast.secretary).ask("PATCH", "/settings", json=body).status_code == 403
    assert fields_of(asking.get("/settings?category=odd")) == ["category"]


def test_every_setting_that_may_be_changed_can_be_sent():
    assert SettingsIn.model_fields.keys() == {name for name, known in CATALOGUE.items() if not known.protected}

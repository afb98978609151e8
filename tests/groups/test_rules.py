"""Permissions, roles, slugs, policy in force: properties that hold for any input."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.groups.catalogue import CATALOGUE, setting_named
from app.groups.contacts import name_of, phone_of
from app.groups.errors import AuditorIsOfficer, BadName, BadPhone, NoRole, UnknownRole, UnknownSetting, WrongStatus
from app.groups.invitees import read_invitees
from app.groups.permissions import BY_ROLE, PERMISSIONS, ROLES, permissions_of
from app.groups.policy import GroupRules, Policy, in_force
from app.groups.rules import Status, check_step, fingerprint, next_steps, roles_of, slugs

roles = st.sets(st.sampled_from(sorted(ROLES)))
overrides = st.dictionaries(st.sampled_from(sorted(PERMISSIONS)), st.sampled_from(["grant", "deny", "role"]))


@given(roles, overrides)
def test_a_denial_wins(held, effects):
    denied = {name for name, effect in effects.items() if effect == "deny"}
    assert not permissions_of(held, effects) & denied


@given(roles, overrides)
def test_nobody_has_more_than_roles_and_grants(held, effects):
    granted = {name for name, effect in effects.items() if effect == "grant"}
    by_roles = set().union(*(BY_ROLE[role] for role in held))
    assert permissions_of(held, effects) <= by_roles | granted


@given(roles, overrides)
def test_an_auditor_reads_and_flags_whatever_was_granted(held, effects):
    assert permissions_of(held | {"auditor"}, effects) <= BY_ROLE["auditor"]


@given(roles)
def test_everyone_is_a_member_and_nobody_checks_oneself(held):
    if not held:
        with pytest.raises(NoRole):
            roles_of(held)
    elif "auditor" in held and held & {"leader", "treasurer", "secretary"}:
        with pytest.raises(AuditorIsOfficer):
            roles_of(held)
    else:
        assert set(roles_of(held)) == held | {"member"}


def test_an_auditor_from_outside_is_no_member():
    assert roles_of(["auditor"], outside_auditor=True) == ["auditor"]
    assert roles_of(["auditor"]) == ["member", "auditor"]
    with pytest.raises(UnknownRole):
        roles_of(["owner"])


@given(st.text(max_size=80))
def test_a_slug_fits_an_address(name):
    first, second, third = islice(slugs(name), 3)
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert first.replace("-", "").isalnum()
    assert first.isascii()
    assert len(first) <= 40


@given(st.sampled_from(list(Status)))
def test_the_steps_offered_can_be_taken(now):
    offered = next_steps(now)
    for then in Status:
        if then in offered:
            check_step(now, then)
        elif then is not Status.INVITED:
            with pytest.raises(WrongStatus):
                check_step(now, then)


def test_a_fingerprint_changes_with_any_value():
    assert fingerprint({"a": 1, "b": None}) == fingerprint({"b": None, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(days, min_size=1, max_size=8), days)
def test_the_latest_begun_version_is_in_force(starts, day):
    versions = [Policy(n, start, GroupRules()) for n, start in enumerate(starts, 1)]
    held = in_force(versions, day)
    begun = [version for version in versions if version.effective_on <= day]
    if begun:
        assert held.effective_on == max(version.effective_on for version in begun)
        assert held.version == max(v.version for v in begun if v.effective_on == held.effective_on)
    else:
        assert held.effective_on == min(starts)


def test_above_the_threshold_a_second_person_is_needed():
    rules = GroupRules(approval_threshold=Decimal(500))
    assert [rules.needs_second(Decimal(amount)) for amount in (500, 501, -501)] == [False, True, True]
    assert not GroupRules().needs_second(Decimal(10) ** 11)
    assert GroupRules.stored(rules.to_store()) == rules


def test_without_a_version_there_is_no_answer():
    with pytest.raises(LookupError):
        in_force([], date(2026, 1, 1))


@given(st.text())
def test_any_list_is_read_without_a_crash(text):
    people, faults = read_invitees(text, "KE")
    assert len({person.email for person in people}) == len(people)
    assert all(str(fault.sentence) for fault in faults)


def test_a_list_is_cut_at_five_hundred():
    people, faults = read_invitees("\n".join(f"p{n}@example.com" for n in range(502)), "KE")
    assert (len(people), len(faults)) == (500, 1)


def test_an_endless_line_is_a_fault():
    people, faults = read_invitees("a" * 500_000 + ", a@example.com", "KE")
    assert (people, len(faults)) == ([], 1)


def test_contacts_are_made_into_one_form():
    assert phone_of("0712 345 678", "KE") == "+254712345678"
    assert name_of("  Åke   B ") == "Åke B"
    for wrong in ("12", "phone"):
        with pytest.raises(BadPhone):
            phone_of(wrong, "KE")
    with pytest.raises(BadName):
        name_of("---")


def test_every_setting_accepts_its_own_default():
    for name, setting in CATALOGUE.items():
        assert setting.checked(setting.default) == setting.default, name
    with pytest.raises(UnknownSetting):
        setting_named("nope")


def test_versions_may_start_long_ago():
    old = Policy(1, date(2020, 1, 1), GroupRules())
    assert in_force([old], date(2020, 1, 1) - timedelta(days=400)) is old

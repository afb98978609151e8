"""Rules in their versions, which hold from a day on, and settings."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.audit.queries import values_of
from app.core import clock
from app.core.db import session, transaction
from app.groups import errors, policies, services
from app.groups.models import GroupPolicy
from app.groups.settings import setting


class TestPolicy:
    def test_a_version_holds_from_its_day_and_keeps_the_other_parts(self, inside):
        today = clock.today("Africa/Nairobi")
        services.new_version(rules={"savings": {"expected": "10"}}, effective_on=today, by=inside.leader.member_id)
        later = today + timedelta(days=10)
        services.new_version(rules={"approval_threshold": "500"}, effective_on=later, by=inside.leader.member_id)
        assert policies.current_policy().group.approval_threshold is None
        held = policies.policy_on(later)
        assert (held.version, held.part("savings")) == (3, {"expected": "10"})

    def test_a_threshold_is_lowered_at_once_but_raised_tomorrow_at_the_earliest(self, inside):
        today, by = clock.today("Africa/Nairobi"), inside.treasurer.member_id
        for amount in ("1000", "500"):
            services.new_version(rules={"approval_threshold": amount}, effective_on=today, by=by)
        for looser in ("501", None):
            with pytest.raises(errors.ThresholdTooSoon) as refusal:
                services.new_version(rules={"approval_threshold": looser}, effective_on=today, by=by)
            assert refusal.value.field == "effective_on"
        services.new_version(rules={"approval_threshold": None}, effective_on=today + timedelta(days=1), by=by)
        assert policies.current_policy().group.approval_threshold == 500

    def test_what_was_raised_for_later_does_not_hold_earlier_with_other_rules(self, inside):
        today, by = clock.today("Africa/Nairobi"), inside.treasurer.member_id
        services.new_version(rules={"approval_threshold": "500"}, effective_on=today, by=by)
        services.new_version(rules={"approval_threshold": None}, effective_on=today + timedelta(days=1), by=by)
        with pytest.raises(errors.ThresholdTooSoon):
            services.new_version(rules={"savings": {"expected": "10"}}, effective_on=today, by=by)

    def test_the_past_is_not_judged_anew(self, inside):
        with pytest.raises(errors.PolicyInThePast):
            services.new_version(rules={}, effective_on=date(2020, 1, 1), by=inside.leader.member_id)

    def test_rules_that_cannot_be_are_refused(self, inside):
        today = clock.today("Africa/Nairobi")
        for wrong in ({"approval_threshold": "NaN"}, {"maximum_amount": "0"}, {"disclaimer": "x" * 501}):
            with pytest.raises(errors.BadPolicy):
                services.new_version(rules=wrong, effective_on=today, by=None)

    def test_a_version_is_never_changed(self, cast):
        with pytest.raises(sa.exc.DBAPIError), transaction(group_id=cast.group_id):
            session().execute(sa.update(GroupPolicy).values(version=9))


class TestSettings:
    def test_a_setting_is_typed_and_logged(self, inside):
        services.change_settings(values={"idle_minutes": 10}, by=inside.leader.member_id)
        session().flush()
        assert setting("idle_minutes") == 10
        event = session().scalars(sa.select(AuditEvent).where(AuditEvent.entity == "settings")).one()
        assert values_of(event) == {"idle_minutes": (30, 10)}

    @pytest.mark.parametrize(
        ("name", "value", "error"),
        [
            ("idle_minutes", 1, errors.BadSetting),
            ("idle_minutes", True, errors.BadSetting),
            ("contact_email", "nobody", errors.BadEmail),
            ("retention_years", 9, errors.ProtectedSetting),
            ("no_such", 1, errors.UnknownSetting),
        ],
    )
    def test_what_a_setting_cannot_be_is_refused(self, inside, name, value, error):
        with pytest.raises(error):
            services.change_settings(values={name: value}, by=inside.leader.member_id)

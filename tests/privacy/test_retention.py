"""What is too old goes, what is not stays, and a row says what went."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEvent
from app.auth.consents import ConsentEvent, give_required
from app.auth.models import SecurityEvent, UserSession, UserToken
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.draining import drain_due
from app.core.ids import new_id
from app.core.mail import MailMessage, queue
from app.notifications.models import Notification
from app.privacy import retention
from app.privacy.models import DataExport, PersonRemoval, Removal
from app.privacy.retention import OF_GROUPS, OF_PEOPLE
from app.savings.models import Payment
from tests.factories import Cast
from tests.privacy import wishes

pytestmark = pytest.mark.committed
FINANCIAL = {"entry", "posting", "payment", "contribution", "penalty", "statement_line", "closed_period"}


def run(background: Flask, place: Cast) -> None:
    with background.app_context():
        with transaction(group_id=place.group_id):
            retention.plan(clock.now())
        drain_due(seconds=60)
        with transaction(group_id=place.group_id):  # whatever day it is, once more: there is nothing left
            retention.retain()
        with transaction():
            retention.retain_people()


def plant(place: Cast, years: int) -> None:
    """One of each kind, so many years old."""
    with clock.held(clock.now() - timedelta(days=366 * years + 1)), transaction(group_id=place.group_id):
        now, whose = clock.now(), place.member.member_id
        session().add(AuditEvent(at=now, action="read", entity=f"{years}", fields=[], severity="info"))
        session().add(Notification(member_id=whose, key=f"{years}", kind="info", title=f"{years}", created_at=now))
        data = {"name": "X", "group": "Y", "inviter": "Z", "token": "t", "days": 7}
        queue(key=f"{years}", to="a@example.com", template="invitation", data=data, locale="en", member_id=whose)
    with clock.held(clock.now() - timedelta(days=366 * years + 1)), transaction():
        now, whose = clock.now(), place.member.user_id
        platform().add(SecurityEvent(id=new_id(), user_id=whose, action="signed_in", at=now))
        ending = {"created_at": now, "expires_at": now, "user_id": whose}
        seen = {"last_seen_at": now, "idle_minutes": 1, "address": "", "agent": f"{years}"}
        platform().add(UserSession(token_digest=new_id().bytes, **ending, **seen))
        platform().add(UserToken(digest=new_id().bytes, purpose="reset", email="x", **ending))


def counted(model: type[Any], *where: Any) -> int:
    inside = session() if hasattr(model, "group_id") else platform()
    return inside.scalar(sa.select(sa.func.count()).select_from(model).where(*where)) or 0


def test_each_kind_goes_after_its_time_and_a_row_says_so(background: Flask, place: Cast) -> None:
    for years in (0, 1, 3, 6):
        plant(place, years)
    run(background, place)
    own = (SecurityEvent.user_id == place.member.user_id, SecurityEvent.action == "signed_in")
    with transaction(group_id=place.group_id):
        ages = set(session().scalars(sa.select(AuditEvent.entity).where(AuditEvent.action == "read")))
        assert ages == {"0", "1", "3"}
        assert set(session().scalars(sa.select(Notification.title))) == {"0", "1"}
        assert set(session().scalars(sa.select(MailMessage.key))) == {"0", "1"}
        told = {row.what: row.count for row in session().scalars(sa.select(Removal))}
        assert told == {"audit_event": 1, "mail_message": 2, "notification": 2}
        assert counted(AuditEvent, AuditEvent.action == "delete", AuditEvent.entity == "audit_event") == 1
    with transaction():
        assert counted(SecurityEvent, *own) == 3
        assert counted(UserToken, UserToken.user_id == place.member.user_id) == 1
        assert counted(UserSession, UserSession.user_id == place.member.user_id) == 1
        assert {"security_event", "user_session", "user_token"} <= set(
            platform().scalars(sa.select(PersonRemoval.what))
        )


def test_consents_go_a_year_after_their_person_was_erased(background: Flask, place: Cast) -> None:
    day, ids = timedelta(days=1), (place.member.user_id, place.other_member.user_id)
    with transaction():
        for user_id, since in zip(ids, (400 * day, 300 * day), strict=True):
            give_required(user_id)
            then = clock.now() - since
            wishes.put("person_erasure", user_id=user_id, asked_at=then, due_at=then, done_at=then)
    run(background, place)
    with transaction():
        assert [counted(ConsentEvent, ConsentEvent.user_id == user_id) for user_id in ids] == [0, 2]


def test_a_copy_is_removed_after_its_week(background: Flask, place: Cast) -> None:
    with transaction():
        then = clock.now() - timedelta(days=8)
        whose = {"user_id": place.member.user_id, "asked_at": then, "ready_at": then}
        platform().add(DataExport(id=new_id(), expires_at=then + timedelta(days=7), sealed=b"x", **whose))
    run(background, place)
    with transaction():
        row = platform().scalars(sa.select(DataExport).where(DataExport.user_id == place.member.user_id)).one()
        assert (row.sealed, row.removed_at is not None) == (None, True)


def test_no_rule_names_a_financial_table() -> None:
    named = {rule.model.__tablename__ for rule in (*OF_GROUPS, *OF_PEOPLE)}
    assert not named & FINANCIAL
    assert Payment.__tablename__ in FINANCIAL


def test_planned_by_every_group_it_runs_once_a_day_outside_them(background: Flask, place: Cast) -> None:
    with background.app_context():
        for _twice in range(2):
            with transaction(group_id=place.group_id):
                retention.plan(clock.now())
        with transaction():
            today = sa.text("SELECT count(*) FROM platform_outbox WHERE key = :key")
            key = f"{retention.PEOPLE_JOB}:{clock.now().date().isoformat()}"
            assert platform().execute(today, {"key": key}).scalar_one() == 1

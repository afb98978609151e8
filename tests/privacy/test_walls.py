"""Rows that only grow: the web changes none of them, the background only what an erasure that is due may change."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import engine, transaction
from app.core.ids import new_id
from app.privacy.models import MemberErasure, PersonErasure
from tests import factories
from tests.factories import Cast
from tests.privacy import planted

pytestmark = pytest.mark.committed
GROUP = "SELECT set_config('app.group_id', %s, false), set_config('app.erasure', %s, false)"
REFUSED = {"42501", "PP001"}


def tried(role: str, group_id: uuid.UUID, wish: uuid.UUID | None, statement: str) -> str | int:
    """What became of a statement in a role: the code of its refusal, or how many rows it touched; never kept."""
    with engine(role).connect() as connection:
        connection.exec_driver_sql(GROUP, (str(group_id), str(wish or "")))
        try:
            return connection.exec_driver_sql(statement).rowcount
        except sa.exc.DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", ""))
        finally:
            connection.rollback()
            connection.invalidate()


def wish_of(place: Cast, *, due: timedelta, cancelled: bool = False, done: bool = False) -> uuid.UUID:
    now = clock.now()
    row = MemberErasure(
        id=new_id(),
        group_id=place.group_id,
        member_id=place.member.member_id,
        asked_at=now,
        due_at=now + due,
        cancelled_at=now if cancelled else None,
        done_at=now if done else None,
    )
    with transaction(group_id=place.group_id) as unit:
        unit.tenant.add(row)
        return row.id


WORDS = (
    "UPDATE audit_event SET address = NULL",
    "UPDATE audit_event SET sealed = NULL",
    "UPDATE audit_flag SET sealed = 'x'",
    "UPDATE approval_request SET sealed = 'x'",
    "UPDATE approval_decision SET reason = 'x'",
    "UPDATE entry_note SET sealed = 'x'",
    "UPDATE statement_line SET sealed = 'x'",
    "UPDATE payment SET reference = 'x'",
)
FIGURES = (
    "UPDATE audit_event SET at = now()",
    "UPDATE audit_event SET action = 'x'",
    "UPDATE payment SET amount = 1",
    "UPDATE payment SET member_id = gen_random_uuid()",
    "UPDATE statement_line SET amount = 1",
    "UPDATE entry SET hash = 'x'",
    "UPDATE posting SET amount = 1",
    "DELETE FROM payment",
    "DELETE FROM entry",
    "DELETE FROM audit_flag",
    "DELETE FROM statement_line",
    "DELETE FROM audit_event",
)


def test_words_change_for_the_background_and_a_wish_that_is_due_and_for_nobody_else(place: Cast) -> None:
    planted.plant(place)
    now = timedelta(seconds=-60)
    due, ahead = wish_of(place, due=now), uuid.UUID(int=0)
    for statement in WORDS:
        assert tried("worker", place.group_id, due, statement), statement
        assert not isinstance(tried("worker", place.group_id, due, statement), str), statement
        for role, wish in (("app", due), ("app", None), ("worker", None), ("worker", ahead)):
            assert tried(role, place.group_id, wish, statement) in REFUSED, (role, statement)


@pytest.mark.parametrize(("due", "cancelled", "done"), [(60, False, False), (-60, True, False), (-60, False, True)])
def test_a_wish_that_waits_was_taken_back_or_is_over_opens_nothing(
    place: Cast, due: int, cancelled: bool, done: bool
) -> None:
    planted.plant(place)
    wish = wish_of(place, due=timedelta(seconds=due), cancelled=cancelled, done=done)
    for statement in WORDS:
        assert tried("worker", place.group_id, wish, statement) == "PP001", statement


def test_another_groups_wish_opens_nothing_here(place: Cast) -> None:
    planted.plant(place)
    with transaction():
        other = factories.cast()
    wish = wish_of(other, due=timedelta(seconds=-60))
    assert tried("worker", place.group_id, wish, WORDS[0]) == "PP001"


def test_figures_never_change_whoever_asks(place: Cast) -> None:
    planted.plant(place)
    due = wish_of(place, due=timedelta(seconds=-60))
    for statement in FIGURES:
        for role in ("app", "worker", "platform"):
            assert tried(role, place.group_id, due, statement) in REFUSED, (role, statement)


def test_old_audit_rows_go_for_the_background_alone(place: Cast) -> None:
    with transaction(group_id=place.group_id) as unit:
        old, young = (
            AuditEvent(
                id=new_id(),
                at=clock.now() - timedelta(days=365 * years + 3),
                action="read",
                entity="report",
                fields=[],
                severity="info",
            )
            for years in (6, 4)
        )
        unit.tenant.add_all([old, young])
        ids = old.id, young.id
    goes, stays = (f"DELETE FROM audit_event WHERE id = '{one}'" for one in ids)
    assert tried("worker", place.group_id, None, goes) == 1
    assert tried("worker", place.group_id, None, stays) == "PP001"
    assert tried("app", place.group_id, None, goes) == "42501"


def test_consents_of_who_is_still_here_stay(place: Cast) -> None:
    with transaction() as unit:
        unit.platform.add(
            PersonErasure(
                id=new_id(),
                user_id=place.member.user_id,
                asked_at=clock.now(),
                due_at=clock.now(),
                done_at=clock.now() - timedelta(days=300),
            )
        )
        unit.platform.execute(
            sa.text("INSERT INTO consent_event VALUES (gen_random_uuid(), :who, 'terms', 1, true, now())"),
            {"who": place.member.user_id},
        )
    gone = f"DELETE FROM consent_event WHERE user_id = '{place.member.user_id}'"
    assert tried("worker", place.group_id, None, gone) == "PP001"
    assert tried("app", place.group_id, None, gone) == "42501"

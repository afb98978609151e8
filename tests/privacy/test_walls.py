"""Rows that only grow: the web changes none of them, the background only what an erasure that is due may change."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app

from app.audit.models import AuditEvent
from app.core import clock
from app.core.db import engine, transaction
from app.core.ids import new_id
from tests import factories
from tests.factories import Cast
from tests.privacy import planted, wishes

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
    return wishes.put(
        "member_erasure",
        group_id=place.group_id,
        member_id=place.member.member_id,
        asked_at=now,
        due_at=now + due,
        cancelled_at=now if cancelled else None,
        done_at=now if done else None,
    )


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


def alone(place: Cast, wish: uuid.UUID, role: str, statement: str) -> str | int:
    """What the trigger says by itself: to a role that was given every right on the tables and sees every row."""
    admin = sa.create_engine(current_app.config["SETTINGS"].database.admin, poolclass=sa.pool.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(GROUP, (str(place.group_id), str(wish)))
        connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO pp_{role}")
        connection.exec_driver_sql(f"SET LOCAL ROLE pp_{role}")
        try:
            found = connection.exec_driver_sql(statement)
            return found.scalar_one() if found.returns_rows else found.rowcount
        except sa.exc.DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", ""))
        finally:
            connection.rollback()


def test_each_wall_of_an_erasure_holds_without_the_rights_before_it(place: Cast) -> None:
    planted.plant(place)
    due = wish_of(place, due=timedelta(seconds=-60))
    for statement in WORDS:
        assert alone(place, due, "app", statement) == "PP001", statement
        assert alone(place, due, "worker", statement) != "PP001", statement
    for statement in (one for one in FIGURES if one.startswith("UPDATE")):
        assert alone(place, due, "worker", statement) == "PP001", statement


def test_an_erasure_is_of_its_own_group_for_who_sees_all_of_them(place: Cast) -> None:
    with transaction():
        other = factories.cast()
    mine, theirs = (wish_of(one, due=timedelta(seconds=-60)) for one in (place, other))
    assert alone(place, mine, "migrate", "SELECT app.erasing()") is True
    assert alone(place, theirs, "migrate", "SELECT app.erasing()") is False


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
    now = clock.now()
    since = {"asked_at": now, "due_at": now, "done_at": now - timedelta(days=300)}
    wishes.put("person_erasure", user_id=place.member.user_id, **since)
    with transaction() as unit:
        unit.platform.execute(
            sa.text("INSERT INTO consent_event VALUES (gen_random_uuid(), :who, 'terms', 1, true, now())"),
            {"who": place.member.user_id},
        )
    gone = f"DELETE FROM consent_event WHERE user_id = '{place.member.user_id}'"
    assert tried("worker", place.group_id, None, gone) == "PP001"
    assert tried("app", place.group_id, None, gone) == "42501"


FORGED = (
    ("now()", "now() - interval '1 second'", "NULL, NULL"),
    ("now() - interval '20 days'", "now() - interval '6 days'", "NULL, NULL"),
    ("now()", "now() + interval '13 days'", "NULL, NULL"),
    ("now() + interval '2 minutes'", "now() + interval '15 days'", "NULL, NULL"),
    ("now()", "now() + interval '15 days'", "now(), NULL"),
    ("now() - interval '3 years'", "now() - interval '3 years'", "NULL, now() - interval '2 years'"),
)
HONEST = ("now()", "now() + interval '336 hours'", "NULL, NULL")


def written(place: Cast, dates: tuple[str, str, str]) -> tuple[str, str]:
    """The statements that write such a wish of a person and of a member."""
    asked, due, endings = dates
    columns, values = "asked_at, due_at, cancelled_at, done_at", f"{asked}, {due}, {endings}"
    user, group, member = place.member.user_id, place.group_id, place.member.member_id
    return (
        f"INSERT INTO person_erasure (id, user_id, {columns}) VALUES (gen_random_uuid(), '{user}', {values})",
        f"INSERT INTO member_erasure (id, group_id, member_id, {columns})"  # noqa: ISC004
        f" VALUES (gen_random_uuid(), '{group}', '{member}', {values})",
    )


def test_nobody_forges_a_wish_that_never_waited(place: Cast) -> None:
    for role in ("app", "worker"):
        for dates in FORGED:
            for statement in written(place, dates):
                assert tried(role, place.group_id, None, statement) == "PP001", (role, statement)
        for statement in written(place, HONEST):
            assert tried(role, place.group_id, None, statement) == 1, (role, statement)


def test_a_members_wish_follows_an_open_one_of_that_very_person_and_bears_its_dates(place: Cast) -> None:
    now = clock.now()
    asked, due = now - timedelta(days=20), now - timedelta(days=6)
    _person, follows = written(place, (f"'{asked}'", f"'{due}'", "NULL, NULL"))
    others = wishes.put("person_erasure", user_id=place.other_member.user_id, asked_at=asked, due_at=due)
    assert tried("worker", place.group_id, None, follows) == "PP001", others
    wishes.put("person_erasure", user_id=place.member.user_id, asked_at=asked, due_at=due, done_at=now)
    assert tried("worker", place.group_id, None, follows) == "PP001"
    wishes.put("person_erasure", user_id=place.member.user_id, asked_at=asked, due_at=due)
    assert tried("worker", place.group_id, None, follows) == 1
    sooner = written(place, (f"'{asked}'", f"'{due - timedelta(days=1)}'", "NULL, NULL"))[1]
    assert tried("worker", place.group_id, None, sooner) == "PP001"


@pytest.mark.parametrize("ended", ["cancelled_at", "done_at"])
def test_a_wish_that_ended_is_not_opened_again(place: Cast, ended: str) -> None:
    now = clock.now()
    own: dict[str, Any] = {"user_id": place.member.user_id, "asked_at": now, "due_at": now, ended: now}
    rows = {
        "person_erasure": wishes.put("person_erasure", **own),
        "member_erasure": wish_of(place, due=timedelta(0), cancelled=ended == "cancelled_at", done=ended == "done_at"),
    }
    for role in ("app", "worker"):
        for table, row in rows.items():
            for change in ("cancelled_at = NULL", "cancelled_at = now()", "done_at = NULL", "done_at = now()"):
                statement = f"UPDATE {table} SET {change} WHERE id = '{row}'"
                assert tried(role, place.group_id, None, statement) in REFUSED, (role, statement)


def test_a_wish_is_carried_out_by_the_background_and_not_before_it_is_due(place: Cast) -> None:
    now = clock.now()
    for seconds, statement, worker in (
        (60, "done_at = now()", "PP001"),
        (60, "done_at = now() + interval '1 year'", "PP001"),
        (-60, "done_at = now() - interval '2 years'", "PP001"),
        (-60, "done_at = now()", 1),
        (60, "cancelled_at = now()", 1),
        (60, "due_at = now()", "42501"),
        (60, "asked_at = now()", "42501"),
    ):
        due = now + timedelta(seconds=seconds)
        row = wishes.put("person_erasure", user_id=place.member.user_id, asked_at=now, due_at=due)
        change = f"UPDATE person_erasure SET {statement} WHERE id = '{row}'"
        assert tried("worker", place.group_id, None, change) == worker, change
        app = 1 if statement.startswith("cancelled") else "42501"
        assert tried("app", place.group_id, None, change) == app, change
        with wishes.as_owner() as owner:
            owner.exec_driver_sql("DELETE FROM person_erasure WHERE id = %s", (row,))

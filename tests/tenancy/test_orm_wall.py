"""The ORM's wall by itself: the probes a filter is known to leak by, as a role that row-level security lets through."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import aliased, selectinload

from app.core.db import Unit, enter, platform, session, transaction, unit
from app.core.ids import new_id
from app.core.tenancy import Forbidden, TenantMissing
from app.groups.models import GroupPolicy, Member, MemberPermission, SavingsGroup
from app.ledgers.models import Account
from tests import factories


@dataclass
class Two:
    """A member of each of two groups; the unit of work is inside the first."""

    own: uuid.UUID
    foreign: uuid.UUID
    own_group: uuid.UUID
    foreign_group: uuid.UUID


@pytest.fixture
def two(app: Flask) -> Iterator[Two]:
    """Everything as the migrating role, which passes row-level security: only the filter is left."""
    engine = app.extensions["migration_engine"]
    with app.app_context(), engine.connect() as connection, connection.begin() as outer:
        connection.exec_driver_sql("SET LOCAL row_security = off")
        Unit.outer = connection
        try:
            made = []
            for name in ("Umoja", "Harambee"):
                with transaction():
                    group_id = _group(name)
                    made.append((group_id, factories.member(name).id))
            with transaction(group_id=made[0][0]):
                yield Two(made[0][1], made[1][1], made[0][0], made[1][0])
        finally:
            Unit.outer = None
            outer.rollback()


def _group(name: str) -> uuid.UUID:
    row = SavingsGroup(
        id=new_id(), name=name, slug=f"{name}-{new_id()}", currency="KES", country="KE", time_zone="Africa/Nairobi"
    )
    enter(row.id)
    platform().add(row)
    platform().flush()
    return row.id


def ids(rows: Any) -> set[uuid.UUID]:
    return set(rows)


READS = {
    "entity": lambda: session().scalars(sa.select(Member.id).select_from(Member)),
    "count": lambda: [session().scalar(sa.select(sa.func.count()).select_from(Member))],
    "column": lambda: session().scalars(sa.select(Member.display_name)),
    "alias": lambda: session().scalars(sa.select((m := aliased(Member)).id).where(m.status == "active")),
    "legacy query": lambda: [row.id for row in session().query(Member).all()],
    "subquery": lambda: session().scalars(sa.select(sa.select(Member).subquery().c.id)),
    "cte": lambda: session().scalars(sa.select(sa.select(Member).cte().c.id)),
    "union": lambda: session().scalars(sa.union_all(sa.select(Member.id), sa.select(Member.id))),
    "in": lambda: session().scalars(sa.select(Member.id).where(Member.id.in_(sa.select(Member.id)))),
    "explicit join": lambda: session().scalars(sa.select(Member.id).join(GroupPolicy, sa.true(), isouter=True)),
    "stream": lambda: [row.id for row in session().scalars(sa.select(Member).execution_options(yield_per=1))],
    "selectin": lambda: [
        a.id for a in session().scalars(sa.select(Account).options(selectinload(Account.balance_row)))
    ],
}


@pytest.mark.parametrize("probe", READS, ids=list(READS))
def test_reading_finds_no_row_of_another_group(two: Two, probe: str) -> None:
    found = ids(READS[probe]())
    assert two.foreign not in found
    assert "Harambee" not in found
    assert found <= {two.own, "Umoja", 1}


def test_exists_does_not_tell_of_another_group(two: Two) -> None:
    asked = sa.select(Member.id).where(sa.select(Member.id).where(Member.id == two.foreign).exists())
    assert session().scalar(asked) is None
    with pytest.raises(Forbidden):  # no entity of the ORM in sight, so nothing could be filtered
        session().scalar(sa.select(sa.exists().where(Member.id == two.foreign)))


def test_get_by_a_foreign_id_finds_nothing(two: Two) -> None:
    assert session().get(Member, (two.foreign_group, two.foreign)) is None
    assert session().get(Member, (two.own_group, two.foreign)) is None


def test_core_and_text_statements_are_refused(two: Two) -> None:
    for statement in (sa.select(Member.__table__), sa.text("SELECT * FROM member"), sa.delete(sa.table("member"))):
        with pytest.raises(Forbidden):
            session().execute(statement)


def test_bulk_writes_touch_only_the_own_group(two: Two) -> None:
    assert session().execute(sa.update(Member).values(display_name="x")).rowcount == 1  # type: ignore[attr-defined]
    assert session().execute(sa.delete(MemberPermission)).rowcount == 0  # type: ignore[attr-defined]


def test_writes_that_skip_the_flush_are_refused(two: Two) -> None:
    row = {"group_id": two.foreign_group, "id": new_id(), "member_id": two.foreign}
    for statement in (sa.insert(MemberPermission), sa.update(Member)):
        with pytest.raises(Forbidden):
            session().execute(statement, [row])


def test_a_forged_group_is_refused_and_a_missing_one_stamped(two: Two) -> None:
    session().add(GroupPolicy(version=2, effective_on=date(2026, 1, 1), rules={}, group_id=two.foreign_group))
    with pytest.raises(Forbidden):
        session().flush()
    session().expunge_all()
    policy = GroupPolicy(version=2, effective_on=date(2026, 1, 1), rules={})
    session().add(policy)
    session().flush()
    assert policy.group_id == two.own_group


def test_a_row_cannot_move_to_another_group_nor_be_deleted_from_afar(two: Two) -> None:
    member = session().scalars(sa.select(Member)).one()
    member.group_id = two.foreign_group
    with pytest.raises(Forbidden):
        session().flush()
    session().expunge_all()


def test_the_group_of_a_unit_cannot_be_switched(two: Two) -> None:
    with pytest.raises(Forbidden):
        unit().enter(two.foreign_group)


def test_sessions_never_commit_by_themselves(two: Two) -> None:
    for one in (session(), platform()):
        with pytest.raises(Forbidden):
            one.commit()


def test_without_a_group_nothing_is_asked_of_the_database(context: Flask) -> None:
    with transaction(), pytest.raises(TenantMissing):
        session().scalars(sa.select(Account))


def test_the_platform_session_refuses_tables_of_groups(context: Flask) -> None:
    with transaction():
        with pytest.raises(TenantMissing):
            platform().scalars(sa.select(Account))
        platform().add(GroupPolicy(version=1, effective_on=date(2026, 1, 1), rules={}))
        with pytest.raises(TenantMissing):
            platform().flush()
        platform().expunge_all()


def test_a_person_reads_own_memberships_only_until_a_group_is_chosen(cast: factories.Cast) -> None:
    with transaction(user_id=cast.member.user_id):
        assert set(platform().scalars(sa.select(Member.id))) == {cast.member.member_id}
    with transaction(user_id=cast.stranger.user_id):
        assert set(platform().scalars(sa.select(Member.id))) == set()
    with transaction(user_id=cast.outsider.user_id, group_id=cast.group_id):
        assert cast.outsider.member_id not in set(session().scalars(sa.select(Member.id)))

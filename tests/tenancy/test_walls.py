"""Every tenant table × every verb × (no group, another group), as each working role, past the ORM."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.tenancy.planted import CANARY, GROUP_A, GROUP_B, columns, insert, literals, plant, tell

REFUSED = (sa.exc.ProgrammingError, sa.exc.NotSupportedError, sa.exc.InternalError, sa.exc.IntegrityError)


@pytest.fixture(scope="module")
def admin(app: Flask) -> Iterator[sa.Engine]:
    """A copy of the database, planted."""
    url: sa.URL = app.config["SETTINGS"].database.admin
    maintenance = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE planted TEMPLATE pristine")
    planted = sa.create_engine(url.set(database="planted"))
    yield planted
    planted.dispose()
    with maintenance.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE planted WITH (FORCE)")
    maintenance.dispose()


@pytest.fixture(scope="module")
def tables(admin: sa.Engine) -> list[str]:
    return plant(admin)


@pytest.fixture(params=["pp_app", "pp_worker"])
def role(request: pytest.FixtureRequest, admin: sa.Engine, tables: list[str]) -> Iterator[sa.Engine]:
    engine = sa.create_engine(admin.url.set(username=request.param), poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


@pytest.fixture(params=[None, GROUP_B], ids=["no group", "other group"])
def asked(request: pytest.FixtureRequest) -> uuid.UUID | None:
    return request.param  # type: ignore[no-any-return]


def tried(engine: sa.Engine, group: uuid.UUID | None, sql: str) -> int:
    """Rows touched by a statement, 0 when it is refused."""
    with engine.connect() as connection:
        tell(connection, group)
        try:
            return connection.exec_driver_sql(sql).rowcount
        except REFUSED:
            return 0


def test_the_own_group_sees_its_row_so_that_the_probes_below_mean_something(role: sa.Engine, tables: list[str]) -> None:
    with role.connect() as connection:
        tell(connection, GROUP_A)
        blind = [table for table in tables if not connection.exec_driver_sql(f"SELECT 1 FROM {table}").first()]
    assert blind == []


def test_select_finds_nothing(role: sa.Engine, tables: list[str], asked: uuid.UUID | None) -> None:
    assert {table: tried(role, asked, f"SELECT 1 FROM {table}") for table in tables} == dict.fromkeys(tables, 0)


def test_select_by_the_groups_id_finds_nothing(role: sa.Engine, tables: list[str], asked: uuid.UUID | None) -> None:
    found = {t: tried(role, asked, f"SELECT 1 FROM {t} WHERE group_id = '{GROUP_A}'") for t in tables}
    assert found == dict.fromkeys(tables, 0)


def test_update_and_delete_touch_nothing(role: sa.Engine, tables: list[str], asked: uuid.UUID | None) -> None:
    for table in tables:
        with role.connect() as connection:
            names = [name for name in columns(connection, table) if name != "group_id"]
        for name in names:
            assert tried(role, asked, f"UPDATE {table} SET {name} = {name}") == 0, (table, name)
        assert tried(role, asked, f"DELETE FROM {table}") == 0, table
        assert tried(role, asked, f"TRUNCATE {table}") <= 0, table
        assert tried(role, asked, f"SELECT 1 FROM {table} FOR UPDATE") == 0, table


def test_insert_of_a_row_of_that_group_is_refused(role: sa.Engine, tables: list[str], asked: uuid.UUID | None) -> None:
    for table in tables:
        with role.connect() as connection:
            tell(connection, asked)
            values = literals(connection, table, GROUP_A)
            with pytest.raises(REFUSED) as refused:
                connection.exec_driver_sql(insert(table, values))
        # By the wall itself (or by a trigger that comes before it), not by a key that happens to be taken.
        state = getattr(refused.value.orig, "sqlstate", "")
        assert state == "42501" or state.startswith("PP"), (table, state)


def test_copying_rows_into_the_own_group_copies_none(role: sa.Engine, tables: list[str]) -> None:
    for table in tables:
        with role.connect() as connection:
            names = [name for name in columns(connection, table) if name != "group_id"]
        sql = f"INSERT INTO {table} (group_id, {', '.join(names)}) SELECT '{GROUP_B}', {', '.join(names)} FROM {table}"
        assert tried(role, GROUP_B, sql) == 0, table


def test_copy_out_is_empty_and_copy_in_is_refused(role: sa.Engine, tables: list[str], asked: uuid.UUID | None) -> None:
    for table in tables:
        with role.connect() as connection:
            tell(connection, asked)
            raw: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
            with raw.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
                assert b"".join(bytes(part) for part in copy) == b"", table
            with pytest.raises(psycopg.Error), raw.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN"):
                pass


def test_an_error_in_a_condition_does_not_tell_what_other_rows_hold(role: sa.Engine, tables: list[str]) -> None:
    with role.connect() as connection:
        tell(connection, GROUP_B)
        rows = connection.exec_driver_sql("SELECT 1 FROM posting WHERE 1 / (amount - 7.77) > 0").all()
    assert rows == []


def test_the_relay_sees_only_heads_of_messages_and_ids_of_groups(admin: sa.Engine, tables: list[str]) -> None:
    engine = sa.create_engine(admin.url.set(username="pp_relay"), poolclass=sa.pool.NullPool)
    readable = {"outbox", "savings_group", "platform_outbox"}
    for table in set(tables) - readable:
        assert tried(engine, GROUP_A, f"SELECT 1 FROM {table}") == 0, table
    for secret in ("payload", "key", "last_error", "result"):
        assert tried(engine, GROUP_A, f"SELECT {secret} FROM outbox") == 0, secret
    assert tried(engine, None, "SELECT name FROM savings_group") == 0


def test_planner_statistics_hold_no_value_of_another_group(
    admin: sa.Engine, role: sa.Engine, tables: list[str]
) -> None:
    with admin.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    with role.connect() as connection:
        tell(connection, GROUP_B)
        told = connection.exec_driver_sql(
            "SELECT 1 FROM pg_stats WHERE schemaname = 'public' AND tablename = ANY (%s)"
            " AND (most_common_vals::text LIKE %s OR histogram_bounds::text LIKE %s)",
            (tables, f"%{CANARY}%", f"%{CANARY}%"),
        ).all()
    assert told == []


def test_a_setting_ends_with_its_transaction_and_is_then_nobodys(role: sa.Engine) -> None:
    with role.connect() as connection:
        tell(connection, GROUP_A)
        connection.commit()
        assert connection.exec_driver_sql("SELECT current_setting('app.group_id', true)").scalar() == ""
        assert connection.exec_driver_sql("SELECT count(*) FROM member").scalar() == 0

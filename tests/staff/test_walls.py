"""What the database lets platform staff see of groups: lists, and the inside only while a look of their own is open."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.tenancy.planted import GROUP_A, GROUP_B, VALUES, columns, insert, literals, plant, tell

REFUSED = (sa.exc.ProgrammingError, sa.exc.NotSupportedError, sa.exc.InternalError, sa.exc.IntegrityError)
STAFF, COLLEAGUE, ANYBODY, FORMER, ALERT = (uuid.uuid4() for _ in range(5))
EVERYBODYS = {"platform_setting", "tax_version"}
OUTSIDE = {"alert", "alert_settled", "backup_taken", "platform_outbox", "size_figure", "staff_act"} | EVERYBODYS
# What staff see of every group without a look: numbers, standing, and the looks themselves.
LISTED = {"group_figures", "group_plan", "group_standing", "platform_access", "platform_access_end", "proof_run"}
# What columns alone do not tell of a row that fits.
FITTING = {
    "alert": {"id": f"'{ALERT}'"},
    "backup_taken": {"kind": "'full'"},
    "tax_version": {"country": "'MA'", "kind": "'rent_income'"},
}
LOOKED = {
    "member": "identifier",
    "account": "code",
    "account_balance": "balance",
    "entry": "number",
    "posting": "amount",
    "outbox": "kind",
    "mail_message": "state",
    "audit_event": "action",
}
NEVER = {
    "member": ("display_name", "email", "phone", "national_id"),
    "outbox": ("payload", "key", "result", "last_error"),
    "mail_message": ("sealed", "subject", "key", "error"),
    "audit_event": ("sealed", "address", "agent", "session_id"),
    "entry": ("idempotency_key", "note_digest"),
}


@pytest.fixture(scope="module")
def admin(app: Flask) -> Iterator[sa.Engine]:
    """A copy of the database with a row of group A in every table, and three people."""
    url: sa.URL = app.config["SETTINGS"].database.admin
    maintenance = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE planted_staff TEMPLATE pristine")
    planted = sa.create_engine(url.set(database="planted_staff"))
    plant(planted)
    _people(planted)
    yield planted
    planted.dispose()
    with maintenance.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE planted_staff WITH (FORCE)")
    maintenance.dispose()


def _people(planted: sa.Engine) -> None:
    with planted.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for number, group in enumerate((GROUP_A, GROUP_B)):
            connection.exec_driver_sql(
                "INSERT INTO savings_group (id, name, slug, category, status, currency, country, time_zone, locale,"
                " max_members) VALUES (%s, 'canary', %s, 'savings', 'active', 'KES', 'KE', 'UTC', 'en', 50)",
                (group, f"canary-{number}"),
            )
        for who in (STAFF, COLLEAGUE, ANYBODY, FORMER):
            connection.exec_driver_sql(
                "INSERT INTO user_account (id, email, name, locale, time_zone, status, kyc_status, password_hash,"
                " two_factor_enabled, failed_login_attempts, failed_second_factors)"
                " VALUES (%s, %s, 'x', 'en', 'UTC', 'active', 'pending', 'x', true, 0, 0)",
                (who, f"{who}@example.com"),
            )
        for who, is_staff, ago in ((STAFF, True, 2), (COLLEAGUE, True, 2), (FORMER, True, 2), (FORMER, False, 1)):
            connection.exec_driver_sql(
                "INSERT INTO platform_staff (id, user_id, is_staff, given_by, at)"
                " VALUES (gen_random_uuid(), %s, %s, 'test', now() - make_interval(hours => %s))",
                (who, is_staff, ago),
            )

        for table in sorted(OUTSIDE):
            row = {name: VALUES[kind] for name, kind in columns(connection, table).items()}
            row |= FITTING.get(table, {})
            connection.exec_driver_sql(insert(table, row).replace("%", "%%"))


@pytest.fixture(scope="module")
def tables(admin: sa.Engine) -> list[str]:
    with admin.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'group_id' AND table_name <> 'secret_digest'"
        )
        return sorted(found.scalars())


@pytest.fixture(scope="module")
def platform(admin: sa.Engine) -> Iterator[sa.Engine]:
    engine = sa.create_engine(admin.url.set(username="pp_platform"), poolclass=sa.pool.NullPool)
    yield engine
    engine.dispose()


def tried(engine: sa.Engine, sql: str, *, group: uuid.UUID | None = GROUP_A, user: uuid.UUID | None = STAFF) -> int:
    """Rows touched by a statement, -1 when it is refused; nothing of it stays."""
    with engine.connect() as connection:
        tell(connection, group, user)
        try:
            return connection.exec_driver_sql(sql).rowcount
        except REFUSED:
            return -1


@contextmanager
def look(admin: sa.Engine, *, group: uuid.UUID = GROUP_A, user: uuid.UUID = STAFF, over: bool = False, ended=False):
    """A look, as the database keeps it; taken away afterwards, which only a superuser can."""
    look_id, hours = uuid.uuid4(), (-2, -1) if over else (0, 1)
    with admin.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(
            "INSERT INTO platform_access (group_id, id, user_id, reason, at, until) VALUES (%s, %s, %s, 'asked',"
            " now() + make_interval(hours => %s), now() + make_interval(hours => %s))",
            (group, look_id, user, *hours),
        )
        if ended:
            connection.exec_driver_sql(
                "INSERT INTO platform_access_end (group_id, access_id) VALUES (%s, %s)", (group, look_id)
            )
    try:
        yield look_id
    finally:
        with admin.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table, column in (("platform_access_end", "access_id"), ("platform_access", "id")):
                connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = %s", (look_id,))


def opened(engine: sa.Engine, *, group: uuid.UUID | None = GROUP_A, user: uuid.UUID | None = STAFF) -> set[str]:
    return {t for t, column in LOOKED.items() if tried(engine, f"SELECT {column} FROM {t}", group=group, user=user) > 0}


@pytest.mark.parametrize("group", [None, GROUP_A, GROUP_B], ids=["no group", "that group", "another group"])
def test_without_a_look_no_table_of_a_group_gives_a_row(platform: sa.Engine, tables: list[str], group) -> None:
    for table in set(tables) - LISTED:
        with platform.connect() as connection:
            names = list(columns(connection, table))
        for name in names:
            assert tried(platform, f"SELECT {name} FROM {table}", group=group) <= 0, (table, name)
            assert tried(platform, f"UPDATE {table} SET {name} = {name}", group=group) <= 0, (table, name)
        for sql in (f"SELECT count(*) FROM {table} HAVING count(*) > 0", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            assert tried(platform, sql, group=group) <= 0, sql
        with platform.connect() as connection:
            row = literals(connection, table, GROUP_A)
        assert tried(platform, insert(table, row), group=group) == -1, table


def test_a_look_opens_exactly_what_it_names_and_writes_nothing(admin, platform: sa.Engine, tables: list[str]) -> None:
    with look(admin):
        assert opened(platform) == LOOKED.keys()
        for table in set(tables) - LISTED - LOOKED.keys():
            assert tried(platform, f"SELECT 1 FROM {table}") == -1, table
        for table, column in LOOKED.items():
            for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                assert tried(platform, sql) == -1, sql
            assert tried(platform, f"SELECT {column} FROM {table} FOR UPDATE") == -1, table
        for table, names in NEVER.items():
            for name in names:
                assert tried(platform, f"SELECT {name} FROM {table}") == -1, (table, name)


def test_a_look_opens_nothing_to_anybody_else_or_in_another_group_or_with_no_group(admin, platform: sa.Engine) -> None:
    with look(admin):
        assert opened(platform, group=GROUP_B) == set()
        assert opened(platform, group=None) == set()
        assert opened(platform, user=COLLEAGUE) == set()
        assert opened(platform, user=ANYBODY) == set()
        assert opened(platform, user=None) == set()
    with look(admin, group=GROUP_B):
        assert opened(platform) == set()


def test_a_look_that_is_over_or_was_ended_opens_nothing(admin, platform: sa.Engine) -> None:
    with look(admin, over=True):
        assert opened(platform) == set()
    with look(admin, ended=True):
        assert opened(platform) == set()
    with look(admin, user=FORMER):
        assert opened(platform, user=FORMER) == set()


def test_only_staff_of_today_see_the_list_of_groups(platform: sa.Engine) -> None:
    ours = f"('{GROUP_A}', '{GROUP_B}')"
    assert tried(platform, f"SELECT id FROM savings_group WHERE id IN {ours}", group=None) == 2
    for table in LISTED:
        assert tried(platform, f"SELECT group_id FROM {table}", group=None) > 0, table
    assert tried(platform, "SELECT faults FROM proof_run", group=None) == -1
    for user in (ANYBODY, FORMER, None):
        for group in (None, GROUP_A):
            for table in (*LISTED, "savings_group", "staff_act"):
                column = {"savings_group": "id", "staff_act": "id"}.get(table, "group_id")
                assert tried(platform, f"SELECT {column} FROM {table}", group=group, user=user) == 0, (table, user)


def test_only_staff_of_today_read_what_belongs_to_no_group(admin: sa.Engine, platform: sa.Engine) -> None:
    with admin.connect() as connection:
        readable = connection.exec_driver_sql(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND has_any_column_privilege('pp_platform', c.oid, 'SELECT') AND NOT EXISTS (SELECT FROM pg_attribute a"
            " WHERE a.attrelid = c.oid AND a.attname = 'group_id')"
        )
        # Staff themselves are walled by their own id; settings of the service and tax rates are read by everybody.
        assert set(readable.scalars()) == OUTSIDE | {"platform_staff", "savings_group"}
    for table in OUTSIDE:
        assert tried(platform, f"SELECT 1 FROM {table}", group=None) > 0, table
        for user in (ANYBODY, FORMER, None):
            shown = tried(platform, f"SELECT 1 FROM {table}", group=GROUP_A, user=user)
            assert shown == 0 or table in EVERYBODYS, (table, user)
    for user, rows in ((STAFF, 1), (FORMER, 2), (ANYBODY, 0), (None, 0)):
        assert tried(platform, "SELECT 1 FROM platform_staff", user=user) == rows, user


def test_an_alert_is_settled_by_staff_of_today_in_their_own_name(admin: sa.Engine, platform: sa.Engine) -> None:
    row = "INSERT INTO alert_settled VALUES ('{}', now(), '{}', 'seen')"
    assert tried(platform, row.format(ALERT, STAFF)) == 1
    assert tried(platform, row.format(ALERT, ANYBODY)) == -1
    for user in (ANYBODY, FORMER):
        assert tried(platform, row.format(ALERT, user), user=user) == -1
    for role in ("pp_app", "pp_worker"):
        engine = sa.create_engine(admin.url.set(username=role), poolclass=sa.pool.NullPool)
        assert tried(engine, row.format(ALERT, STAFF)) == -1, role


def test_a_message_outside_groups_is_left_by_staff_alone(platform: sa.Engine) -> None:
    with platform.connect() as connection:
        row = insert("platform_outbox", literals(connection, "platform_outbox", GROUP_A) | {"key": "'told'"})
    assert tried(platform, row) == 1
    for user in (ANYBODY, FORMER, None):
        assert tried(platform, row, user=user) == -1


def test_a_look_is_opened_in_ones_own_name_in_the_chosen_group_from_now_on(platform: sa.Engine) -> None:
    def sql(group: uuid.UUID, user: uuid.UUID, until: str, more: str = "") -> str:
        columns_, values = ("at, ", "now() - interval '1 day', ") if more else ("", "")
        return (
            f"INSERT INTO platform_access ({columns_}group_id, id, user_id, reason, until)"
            f" VALUES ({values}'{group}', gen_random_uuid(), '{user}', 'asked', {until})"
        )

    hours = "now() + interval '{} hours'"
    assert tried(platform, sql(GROUP_A, STAFF, hours.format(1))) == 1
    assert tried(platform, sql(GROUP_B, STAFF, hours.format(1))) == -1
    assert tried(platform, sql(GROUP_A, ANYBODY, hours.format(1))) == -1
    assert tried(platform, sql(GROUP_A, ANYBODY, hours.format(1)), user=ANYBODY) == -1
    assert tried(platform, sql(GROUP_A, STAFF, hours.format(1), "at")) == -1


def test_standing_is_written_in_ones_own_name_and_a_group_is_only_suspended_or_revived(platform: sa.Engine) -> None:
    row = (
        "INSERT INTO group_standing (group_id, id, status, reason, user_id)"
        " VALUES ('{}', gen_random_uuid(), 'suspended', 'why', '{}')"
    )
    assert tried(platform, row.format(GROUP_A, STAFF)) == 1
    assert tried(platform, row.format(GROUP_A, ANYBODY)) == -1
    assert tried(platform, row.format(GROUP_B, STAFF)) == -1
    assert tried(platform, "UPDATE savings_group SET status = 'suspended'") == 1  # of the chosen group alone
    assert tried(platform, "UPDATE savings_group SET status = 'suspended'", group=None) == 0
    assert tried(platform, "UPDATE savings_group SET status = 'suspended'", user=ANYBODY) == 0
    assert tried(platform, "UPDATE savings_group SET status = 'dissolved'") == -1
    assert tried(platform, "UPDATE savings_group SET name = 'x'") == -1


def test_staff_leave_no_row_in_the_log_but_of_their_own_deeds(platform: sa.Engine) -> None:
    row = (
        "INSERT INTO audit_event (group_id, id, at, member_id, user_id, action, entity, fields, severity)"
        " VALUES ('{}', gen_random_uuid(), now(), {}, '{}', '{}', 'look', '{{}}', 'warning')"
    )
    assert tried(platform, row.format(GROUP_A, "NULL", STAFF, "look")) == 1
    assert tried(platform, row.format(GROUP_A, "NULL", ANYBODY, "look")) == -1
    assert tried(platform, row.format(GROUP_A, "gen_random_uuid()", STAFF, "look")) == -1
    assert tried(platform, row.format(GROUP_A, "NULL", STAFF, "post")) == -1
    assert tried(platform, row.format(GROUP_B, "NULL", STAFF, "look")) == -1


@pytest.mark.parametrize("role", ["pp_app", "pp_worker", "pp_relay", "pp_platform"])
def test_nobody_becomes_staff_and_no_look_is_opened_as_another_role(admin: sa.Engine, role: str) -> None:
    engine = sa.create_engine(admin.url.set(username=role), poolclass=sa.pool.NullPool)
    staff = (
        f"INSERT INTO platform_staff (id, user_id, is_staff, given_by) VALUES (gen_random_uuid(), '{STAFF}', true, 'x')"
    )
    assert tried(engine, staff) == -1
    for table in ("platform_staff", "staff_act", "platform_setting", *LISTED - {"group_figures", "proof_run"}):
        assert tried(engine, f"DELETE FROM {table}") == -1, table
    if role != "pp_platform":
        for table in ("platform_access", "group_standing", "staff_act", "platform_setting"):
            assert tried(engine, f"INSERT INTO {table} DEFAULT VALUES") == -1, table

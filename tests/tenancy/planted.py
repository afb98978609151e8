"""A row of group A in every tenant table, made from the catalogue, so that a new table is probed by itself."""

import uuid
from typing import Any

import sqlalchemy as sa

GROUP_A, GROUP_B = uuid.uuid4(), uuid.uuid4()
CANARY = "canary-7c1e"
VALUES: dict[str, str] = {
    "text": f"'{CANARY}'",
    "uuid": "gen_random_uuid()",
    "numeric": "7.77",
    "boolean": "true",
    "date": "'2026-01-01'",
    "timestamp with time zone": "now()",
    "bytea": f"convert_to('{CANARY}', 'UTF8')",
    "jsonb": f"""'{{"canary": "{CANARY}"}}'""",
    "text[]": f"ARRAY['{CANARY}']",
    "uuid[]": "ARRAY[gen_random_uuid()]",
    "integer": "7",
    "smallint": "1",
    "bigint": "7",
    "xid8": "pg_current_xact_id()",
}


def tenant_tables(connection: sa.Connection) -> list[str]:
    """Every table with a group_id, except the one that maps secrets to groups."""
    return list(
        connection.exec_driver_sql(
            """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'group_id'
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'secret_digest'
               ORDER BY c.relname"""
        ).scalars()
    )


def columns(connection: sa.Connection, table: str) -> dict[str, str]:
    """The columns of a table that are stored and not generated, with their types."""
    rows = connection.exec_driver_sql(
        """SELECT a.attname, format_type(a.atttypid, NULL) AS type FROM pg_attribute a
           WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''""",
        (table,),
    )
    return {row.attname: row.type for row in rows}


def literals(connection: sa.Connection, table: str, group: uuid.UUID) -> dict[str, str]:
    """A value for each column of a row of that group."""
    return {
        name: f"'{group}'" if name == "group_id" else VALUES[kind] for name, kind in columns(connection, table).items()
    }


def insert(table: str, values: dict[str, str]) -> str:
    """The statement that inserts such a row."""
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


def plant(admin: sa.Engine) -> list[str]:
    """Put a row of group A in every tenant table, past every check, as only a superuser can; returns the tables."""
    with admin.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        tables = tenant_tables(connection)
        for table in tables:
            drop_checks(connection, table)
            connection.exec_driver_sql(insert(table, literals(connection, table, GROUP_A)))
        return tables


def drop_checks(connection: sa.Connection, table: str) -> None:
    """Checks of values would refuse the invented row; the copy of the database they are dropped in is thrown away."""
    for name in connection.exec_driver_sql(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", (table,)
    ).scalars():
        connection.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def tell(connection: sa.Connection, group: uuid.UUID | None, user: Any = None) -> None:
    """What the unit of work tells the database at its start."""
    connection.exec_driver_sql(
        "select set_config('app.user_id', %s, true), set_config('app.group_id', %s, true)",
        (str(user or ""), str(group or "")),
    )

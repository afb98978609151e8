"""The database roles: who they are, how they are made on any server, and the engines that speak as them."""

import contextlib
import time

import psycopg
import sqlalchemy as sa
from sqlalchemy import URL, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

OWNER = "pp_owner"
LOGINS = ("pp_migrate", "pp_app", "pp_worker", "pp_relay", "pp_platform")
WORKING = ("pp_app", "pp_worker", "pp_relay", "pp_platform")
BACKUP = "pp_backup"
MINIMUM = 160000
RESTED = 1.0  # seconds after which a connection is asked whether it still lives

_LIMITS = {"idle_in_transaction_session_timeout": "30s", "lock_timeout": "10s", "statement_timeout": "60s"}


class UnsafeRole(RuntimeError):
    """This process is connected as a role that could step around the walls; it refuses to start."""


def working_engine(url: URL, *, pool_size: int, name: str = "plots") -> Engine:
    """An engine for the web or a worker, known to the server by a name. Dead hosts are noticed within half a minute."""
    made = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,  # an error in a log must not carry what a person typed
        connect_args={
            "application_name": name,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
    )
    _ask_rested(made)
    return made


def _ask_rested(engine: Engine) -> None:
    """Ask a connection that rested whether it still lives; `pool_pre_ping` would ask before each unit of work."""

    @sa.event.listens_for(engine, "checkin")
    def _remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _ask(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        used = record.info.get("used")
        if used is None or time.monotonic() - used < RESTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise sa.exc.DisconnectionError from error  # the pool opens another one


def migration_engine(url: URL) -> Engine:
    """The engine of the migrating role."""
    return sa.create_engine(url, poolclass=NullPool)


def prepare(admin: URL, database: str, passwords: dict[str, str]) -> None:
    """Make roles, database and schemas, as often as you like. Needs a superuser, or a role that may create roles.

    `passwords` are by role; an empty mapping leaves them without one (Unix sockets with trust).
    Raises RuntimeError when the server is older than PostgreSQL 16.
    """
    engine = sa.create_engine(admin, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        if connection.exec_driver_sql("SELECT current_setting('server_version_num')::int").scalar_one() < MINIMUM:
            raise RuntimeError("PostgreSQL 16 or newer is needed")
        connection.exec_driver_sql("SELECT pg_advisory_lock(7301985401)")
        _make_roles(connection, passwords)
        if not connection.exec_driver_sql("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).scalar():
            connection.exec_driver_sql(f'CREATE DATABASE "{database}"')
        connection.exec_driver_sql(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
        connection.exec_driver_sql(f'GRANT CONNECT ON DATABASE "{database}" TO {", ".join(LOGINS)}')
    inside = sa.create_engine(admin.set(database=database), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with inside.connect() as connection:
        _make_schemas(connection)


def _make_roles(connection: sa.Connection, passwords: dict[str, str]) -> None:
    have = set(connection.exec_driver_sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'pp\\_%%'").scalars())
    for role, rights in ((OWNER, "NOLOGIN"), *((name, "LOGIN") for name in LOGINS)):
        if role not in have:
            connection.exec_driver_sql(f"CREATE ROLE {role} {rights} NOSUPERUSER NOCREATEDB NOCREATEROLE")
    if BACKUP not in have:
        connection.exec_driver_sql(f"CREATE ROLE {BACKUP} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    # Where a platform keeps this right to itself it also takes the backups; the command then says so.
    with contextlib.suppress(sa.exc.ProgrammingError):
        connection.exec_driver_sql(f"ALTER ROLE {BACKUP} REPLICATION CONNECTION LIMIT 4")
    connection.exec_driver_sql("ALTER ROLE pp_migrate BYPASSRLS")
    connection.exec_driver_sql(f"GRANT {OWNER} TO pp_migrate WITH INHERIT TRUE, SET TRUE")
    for role in WORKING:
        for name, value in _LIMITS.items():
            connection.exec_driver_sql(f"ALTER ROLE {role} SET {name} = '{value}'")
    for role, password in passwords.items():
        literal = password.replace("'", "''")
        connection.exec_driver_sql(f"ALTER ROLE {role} PASSWORD '{literal}'")


def _make_schemas(connection: sa.Connection) -> None:
    run = connection.exec_driver_sql
    run("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    run(f"ALTER SCHEMA public OWNER TO {OWNER}")
    for schema in ("app", "ledger"):
        run(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {OWNER}")
    run(f"GRANT USAGE ON SCHEMA public, app, ledger TO {', '.join(WORKING)}")
    run(f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")


def wait_for(engine: Engine, patience: float = 30) -> None:
    """Wait for a server that is only just starting. Raises OperationalError when it does not answer in time."""
    deadline = time.monotonic() + patience
    while True:
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return


def refuse_unsafe(engine: Engine) -> None:
    """Raise UnsafeRole when the engine's role is a superuser, passes row-level security, or owns what it reads."""
    with engine.connect() as connection:
        row = connection.exec_driver_sql(
            "SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole, pg_has_role(current_user, %s, 'MEMBER')"
            " FROM pg_roles r WHERE r.rolname = current_user",
            (OWNER,),
        ).one()
    if any(row):
        raise UnsafeRole("the database role is a superuser, may bypass row-level security, or owns the tables")

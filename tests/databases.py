"""Databases of tests: the migrated one, copies of it, and whether something was committed to the one in use."""

import sqlalchemy as sa
from flask import Flask

from app.core.database import prepare

PRISTINE = "pristine"  # the migrated database: nobody is ever connected to this one
TABLES = ("user_account", "savings_group", "outbox", "platform_outbox", "security_event", "alert")
SIGNS = " OR ".join(f"EXISTS (SELECT FROM {table})" for table in TABLES)


def copy(app: Flask, name: str, *, of: str) -> None:
    """A database made as another one is, in the place of one of this name; nobody stays connected to either."""
    for used in app.extensions["engines"].values():
        used.dispose()
    app.extensions["migration_engine"].dispose()
    url: sa.URL = app.config["SETTINGS"].database.admin
    maintenance = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with maintenance.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (of,))
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')
    if name != PRISTINE:
        prepare(maintenance.url, name, {})  # who may connect is not copied


def holds_rows(app: Flask) -> bool:
    """Whether a test has committed something."""
    used = sa.create_engine(app.config["SETTINGS"].database.admin, poolclass=sa.NullPool)
    with used.connect() as connection:
        return bool(connection.exec_driver_sql(f"SELECT {SIGNS}").scalar())

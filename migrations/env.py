"""Runs the migrations as the owner of the tables, one at a time however many processes start at once."""

import sqlalchemy as sa
from alembic import context
from flask import current_app

from app.core.tenancy import Base

LOCK = 7_301_985_402  # any constant: two starts at once queue here, and the second finds nothing to do


def run() -> None:
    """Migrate online; there is no offline mode, since the helpers ask the server what it can do."""
    engine: sa.Engine = current_app.extensions["migration_engine"]
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (LOCK,))
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        connection.exec_driver_sql("SET ROLE pp_owner")
        connection.commit()  # so that the role outlives the first migration's transaction
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            version_table_schema="app",
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()

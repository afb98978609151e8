"""What the models say of the tables is what the migrations made, to the names of the constraints."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

import app as house
from app.core.tenancy import Base

CHECKS = """SELECT r.relname, c.conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
    JOIN pg_namespace n ON n.oid = r.relnamespace WHERE c.contype = 'c' AND n.nspname = 'public'"""


@pytest.fixture(scope="module")
def migrated(app: Flask) -> Iterator[sa.Connection]:
    for found in pkgutil.walk_packages(house.__path__, "app."):
        if found.name.endswith(".models"):
            importlib.import_module(found.name)
    admin = sa.create_engine(app.config["SETTINGS"].database.admin)
    with admin.connect() as connection:
        yield connection
    admin.dispose()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_a_new_migration_would_find_nothing_to_do(migrated: sa.Connection) -> None:
    context = MigrationContext.configure(migrated, opts={"compare_type": True})
    assert compare_metadata(context, Base.metadata) == []


def test_checks_have_the_names_that_the_models_give_them(migrated: sa.Connection) -> None:
    ours = {
        (table.name, str(check.name))
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }

    assert {tuple(row) for row in migrated.exec_driver_sql(CHECKS)} == ours

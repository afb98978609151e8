"""A connection that died while it rested is replaced before anybody notices."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import database


def test_a_connection_that_died_while_it_rested_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "RESTED", 0)
    settings = app.config["SETTINGS"].database
    engine = database.working_engine(settings.url("pp_app"), pool_size=1)
    with engine.connect() as connection:
        first = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    admin = sa.create_engine(settings.admin)
    with admin.begin() as superuser:
        superuser.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (first,))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != first
    engine.dispose()
    admin.dispose()

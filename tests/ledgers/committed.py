"""Groups that are really committed, many hands at once, and a superuser who tampers."""

import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import transaction
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.room import ROOM
from tests import factories
from tests.ledgers.conftest import Books, make_books

HANDS = 8
POST_SQL = Path(__file__).parents[2] / "migrations/sql/ledger_functions_v1.sql"


def fresh(app: Flask) -> Books:
    """The books of a group of its own, for good."""
    with app.app_context():
        return make_books(factories.cast())


def at_once(app: Flask, times: int, deed: Callable[[int], object]) -> list[BaseException]:
    """Do something many times with eight hands, each in an application context of its own; what went wrong."""

    def one(number: int) -> BaseException | None:
        try:
            with app.app_context():
                deed(number)
        except Exception as error:  # noqa: BLE001  # what went wrong is the result
            return error
        return None

    with ThreadPoolExecutor(HANDS) as hands:
        return [error for error in hands.map(one, range(times)) if error is not None]


def save(books: Books, amount: int = 1) -> None:
    """One contribution in a transaction of its own."""
    whose = books.cast.member.member_id
    lines = [debit("cash", Decimal(amount), books.bank), credit("savings", Decimal(amount), whose)]
    with transaction(group_id=books.cast.group_id):
        post(Draft(PostingKind.CONTRIBUTION, clock.today("Africa/Nairobi"), lines), by=None)


def faults(app: Flask, group_id: uuid.UUID) -> list[str]:
    """Everything that the checks of the books find wrong."""
    with app.app_context(), transaction(group_id=group_id):
        return [fault for check in ROOM.checks for fault in check().faults]


@contextmanager
def superuser(app: Flask) -> Iterator[sa.Connection]:
    """A connection before which nothing is safe: triggers are off."""
    engine = sa.create_engine(app.config["SETTINGS"].database.admin)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            yield connection
    finally:
        engine.dispose()


@contextmanager
def unlocked_post(app: Flask) -> Iterator[None]:
    """For a while, a copy of the posting function that does not lock the head, and takes its time."""
    whole = POST_SQL.read_text()
    found = re.search(r"CREATE FUNCTION ledger\.post\(.*?END \$\$;", whole, re.DOTALL)
    assert found
    copy = found[0].replace("CREATE FUNCTION ledger.post(", "CREATE OR REPLACE FUNCTION scratch.post(")
    unlocked = copy.replace("WHERE h.group_id = g FOR UPDATE;", "WHERE h.group_id = g; PERFORM pg_sleep(0.01);")
    assert unlocked != copy
    with superuser(app) as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS scratch")
        connection.execution_options(no_parameters=True).exec_driver_sql(unlocked)
        for statement in (
            "ALTER FUNCTION scratch.post OWNER TO pp_owner",
            "GRANT USAGE ON SCHEMA scratch TO pp_app, pp_owner",
            "GRANT EXECUTE ON FUNCTION scratch.post TO pp_app",
        ):
            connection.exec_driver_sql(statement)
    try:
        yield
    finally:
        with superuser(app) as connection:
            connection.exec_driver_sql("DROP SCHEMA scratch CASCADE")

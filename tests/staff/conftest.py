"""Staff, committed: their requests run as a database role of their own, which a rolled-back connection cannot show."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.auth import queries as accounts
from app.core.db import transaction
from app.core.draining import drain_due
from app.staff import codes, staffing
from tests import factories
from tests.factories import NOBODY, Cast, Person


class Desk:
    """A browser whose posts carry a token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, url: str, **kwargs: Any) -> TestResponse:
        return self.client.get(url, **kwargs)

    def post(self, url: str, **fields: Any) -> TestResponse:
        seen = self.client.get("/account/security")
        found = re.search(r'name="csrf-token" content="([^"]+)"', seen.text)
        assert found, seen.status
        return self.client.post(url, data={"csrf_token": found[1], **fields})


@dataclass(frozen=True)
class Office:
    """A cast, somebody of the staff, and the way to sign in as anybody."""

    app: Flask
    cast: Cast
    staff: Person
    email: str

    def desk(self, person: Person | None = None) -> Desk:
        return Desk(factories.browser(self.app, person or self.staff))

    def url(self, rest: str = "") -> str:
        return f"/staff/groups/{self.cast.group_id}{rest}"

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Ask the database as its owner."""
        admin = sa.create_engine(self.app.config["SETTINGS"].database.admin, poolclass=sa.pool.NullPool)
        with admin.begin() as connection:
            result = connection.exec_driver_sql(statement, values)
            return list(result) if result.returns_rows else []


def person_of_staff(app: Flask, name: str = "Wambui Staff") -> tuple[Person, str]:
    with app.app_context():
        with transaction():
            account = factories.user(name)
            codes.switch_on(account)
            person, email = Person(account.id, NOBODY, NOBODY, "", name), account.email
        staffing.change(email=email, is_staff=True, by="test")
    return person, email


@pytest.fixture(autouse=True)
def nothing_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test committed to the outbox is worked through: nobody after it finds it due."""
    yield
    if "committed" in request.fixturenames:
        with request.getfixturevalue("app").app_context():
            drain_due(seconds=10)


@pytest.fixture
def office(committed: Flask) -> Office:
    with committed.app_context():
        cast = factories.cast()
    person, email = person_of_staff(committed)
    return Office(committed, cast, person, email)


def account_of(email: str) -> Any:
    found = accounts.account_by_email(email)
    assert found is not None
    return found


def statements(office: Office, url: str) -> int:
    """How many statements a page costs, settings of transactions aside."""
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "set_config" not in statement:
            seen.append(statement)

    desk = office.desk()
    desk.get(url)  # what a process reads once is read
    for engine in office.app.extensions["engines"].values():
        sa.event.listen(engine, "before_cursor_execute", keep)
    assert desk.get(url).status_code == 200
    for engine in office.app.extensions["engines"].values():
        sa.event.remove(engine, "before_cursor_execute", keep)
    return len(seen)

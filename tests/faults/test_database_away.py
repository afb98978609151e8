"""While the database is away people read a page that says so, whether they are signed in or not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.factory import create_app


@pytest.fixture
def away(app: Flask, settings: Settings) -> Iterator[FlaskClient]:
    """A browser with a session's cookie, before an application whose database does not answer."""
    admin = settings.database.admin.set(query={"host": "/nowhere", "port": "5432"})
    made = create_app(replace(settings, database=replace(settings.database, admin=admin)))
    made.config.update(PROPAGATE_EXCEPTIONS=False)
    client = made.test_client()
    client.set_cookie("sid", "a" * 43)
    yield client
    made.extensions["redis"].close()


@pytest.mark.parametrize("path", ["/", "/sign-in", "/groups", "/g/umoja/", "/g/umoja/ledger/", "/account"])
def test_a_page_says_that_the_house_is_busy(away: FlaskClient, path: str):
    answer = away.get(path)
    assert answer.status_code == 503
    assert "<html" in answer.text


@pytest.mark.parametrize("path", ["/g/umoja/ledger/transfers", "/sign-in"])
def test_a_form_says_so_too(away: FlaskClient, path: str):
    away.application.config["WTF_CSRF_ENABLED"] = False
    answer = away.post(path, data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 503

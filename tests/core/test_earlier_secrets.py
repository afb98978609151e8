"""SECRET_KEY is changed without signing anybody out of a form."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from itsdangerous import BadSignature

from app.config import Settings
from app.core.database import wait_for
from app.core.ids import new_id
from app.factory import create_app
from app.oversight.errors import NoSuchRecord
from app.oversight.rules import Record, marked, unmarked

OLD, NEW = "o" * 40, "n" * 40


def made(app: Flask, secret: str, *earlier: str) -> Flask:
    settings: Settings = app.config["SETTINGS"]
    return create_app(replace(settings, secret_key=secret, earlier_secrets=earlier))


def closed(app: Flask) -> None:
    for engine in app.extensions["engines"].values():
        engine.dispose()
    app.extensions["redis"].close()


@pytest.mark.parametrize(("earlier", "status"), [((OLD,), 422), ((), 400)])
def test_a_form_from_before_is_taken_as_long_as_its_key_is_named(app: Flask, earlier: tuple[str, ...], status: int):
    before, after = made(app, OLD), made(app, NEW, *earlier)
    page = before.test_client().get("/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    cookie = page.headers["Set-Cookie"].split(";")[0].partition("=")
    assert token
    browser = after.test_client()
    browser.set_cookie(cookie[0], cookie[2])
    values = {"csrf_token": token[1], "email": f"{new_id()}@example.com", "password": "not a password of anyone"}
    assert browser.post("/sign-in", data=values, headers={"Sec-Fetch-Site": "same-origin"}).status_code == status
    for used in (before, after):
        closed(used)


def test_new_marks_are_signed_with_the_new_key_and_old_ones_are_read(app: Flask):
    after = made(app, NEW, OLD)
    record, here = Record("member", new_id(), "/x"), new_id()
    keys = after.config["SIGNING_KEYS"]
    assert unmarked(marked(record, group_id=here, secret=OLD), group_id=here, secret=keys) == record
    mark = marked(record, group_id=here, secret=keys)
    assert unmarked(mark, group_id=here, secret=NEW) == record
    with pytest.raises((NoSuchRecord, BadSignature)):
        unmarked(mark, group_id=here, secret=OLD)
    closed(after)


def test_a_server_that_does_not_answer_is_waited_for_and_then_named():
    engine = sa.create_engine("postgresql+psycopg://nobody@/x?host=/nowhere", poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError):
        wait_for(engine, patience=0.1)

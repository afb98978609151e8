"""What a person's programs sign in with is worth nothing once the password is another one."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.auth import passwords, queries, services
from app.auth.models import UserAccount
from app.auth.rules import Purpose
from app.core import clock
from app.core.db import platform, session, transaction
from app.core.draining import handle
from app.core.outbox import PlatformOutbox
from app.groups.models import SecretDigest
from app.tokens.models import ApiToken
from app.tokens.services import END
from tests.api.calling import Program, token_of
from tests.auth.visitor import send_link
from tests.factories import PASSWORD, Cast

NEW = "mango tree by the gate"
Deed = Callable[[UserAccount], object]


def changed(account: UserAccount) -> None:
    account.password_hash = passwords.hashed(PASSWORD)
    services.change_password(account=account, current=PASSWORD, new=NEW)


def reset(account: UserAccount) -> None:
    services.reset_password(token=send_link(account, Purpose.RESET), password=NEW)


def not_me(account: UserAccount) -> None:
    services.report_sign_in(token=send_link(account, Purpose.NOT_ME))


def undone(account: UserAccount) -> None:
    services.undo_email_change(token=send_link(account, Purpose.UNDO))


def carry_out() -> None:
    with transaction():
        waiting = list(platform().scalars(sa.select(PlatformOutbox.id).where(PlatformOutbox.kind == END)))
    assert all(handle(None, message_id) for message_id in waiting)


@pytest.mark.parametrize("deed", [changed, reset, not_me, undone])
def test_a_token_opens_nothing_from_that_moment_and_a_job_ends_it(app: Flask, cast: Cast, deed: Deed) -> None:
    mine, others = Program(app, token_of(cast.treasurer)), Program(app, token_of(cast.leader))
    assert mine.get("/me").status_code == 200
    with transaction():
        deed(queries.account(cast.treasurer.user_id))
    assert mine.get("/me").status_code == 401
    carry_out()
    with transaction(group_id=cast.group_id):
        ended = session().scalars(sa.select(ApiToken).where(ApiToken.member_id == cast.treasurer.member_id)).one()
        assert ended.revoked_at is not None
        assert platform().get(SecretDigest, ended.digest) is None
    assert others.get("/me").status_code == 200


def test_a_token_made_afterwards_works(app: Flask, cast: Cast) -> None:
    with transaction():
        changed(queries.account(cast.treasurer.user_id))
    made = Program(app, token_of(cast.treasurer))
    carry_out()
    assert made.get("/me").status_code == 200


@pytest.mark.parametrize("deed", ["page", "form"])
def test_making_a_token_asks_who_one_is_after_ten_minutes(
    cast: Cast, as_person: Callable[[Any], FlaskClient], deed: str
) -> None:
    browser, place = as_person(cast.treasurer), f"/g/{cast.slug}/settings/tokens"
    found = browser.get(f"{place}/new").text
    with clock.held(clock.now() + timedelta(minutes=15)):
        if deed == "page":
            answer = browser.get(f"{place}/new")
        else:
            csrf = found.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
            fields = {"csrf_token": csrf, "once": uuid.uuid4().hex, "name": "x", "days": "3", "scopes": "group.see"}
            answer = browser.post(f"{place}/", data=fields)
    assert answer.status_code == 303
    assert "/account/confirm" in answer.location
    with transaction(group_id=cast.group_id):
        assert session().scalar(sa.select(sa.func.count()).select_from(ApiToken)) == 0

"""Becoming staff takes a command on the server; a code of the second step is printed on a local machine only."""

from dataclasses import replace

import pyotp
import pytest
from flask import Flask

from app.config import Settings
from app.core import clock
from app.core.db import transaction
from app.core.keys import ring
from app.home.demo_people import PASSWORD
from app.staff import codes, demo, personal, queries
from tests import factories
from tests.auth.visitor import Visitor
from tests.staff.conftest import account_of, person_of_staff


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["staff", *words])
    return result.exit_code, result.output


def test_staff_are_added_listed_and_ended_by_command(committed: Flask) -> None:
    with committed.app_context(), transaction():
        account = factories.user("Third Helper")
        user_id, email = account.id, account.email
    assert run(committed, "add", email.upper(), "--by", "the operator")[0] == 0
    assert email in run(committed, "list")[1]
    assert run(committed, "end", email)[0] == 0
    assert email not in run(committed, "list")[1]
    with committed.app_context(), transaction():
        assert not queries.is_staff(user_id)


def test_nobody_without_an_account_becomes_staff(committed: Flask) -> None:
    code, said = run(committed, "add", "nobody@example.com")
    assert (code, "Nobody has an account with the address nobody@example.com." in said) == (1, True)


def test_a_code_is_the_apps_and_never_one_that_was_used(committed: Flask) -> None:
    _person, email = person_of_staff(committed)
    assert len(run(committed, "code", email)[1].strip()) == 6
    with committed.app_context(), transaction():
        account = account_of(email)
        secret = ring().open(account.totp_secret or b"", f"user_account|{account.id}|totp_secret").decode()
        now = int(clock.now().timestamp())
        assert codes.code_now(account) in {pyotp.TOTP(secret).at(now), pyotp.TOTP(secret).at(now + 30)}
        account.totp_last_step = now // 30 + 5
        assert codes.code_now(account) == pyotp.TOTP(secret).at((now // 30 + 6) * 30)
        account.totp_secret = None
        with pytest.raises(LookupError):
            codes.code_now(account)


def test_whoever_has_no_second_step_has_no_code(committed: Flask) -> None:
    with committed.app_context(), transaction():
        email = factories.user().email
    assert run(committed, "code", email)[0] == 1
    assert run(committed, "code", "nobody@example.com")[0] == 1


def test_in_production_no_code_is_printed_and_nobody_of_the_demonstration_is_staff(
    committed: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _person, email = person_of_staff(committed)
    settings: Settings = committed.config["SETTINGS"]
    monkeypatch.setitem(committed.config, "SETTINGS", replace(settings, environment="production"))
    code, said = run(committed, "code", email)
    assert (code, "from the person's own app" in said) == (1, True)
    with committed.app_context(), pytest.raises(RuntimeError):
        demo.demonstrate()


def test_the_demonstrations_member_of_staff_enters_with_the_password_and_a_code(committed: Flask) -> None:
    with committed.app_context():
        said = "\n".join(demo.demonstrate())
        assert demo.demonstrate()  # twice is once
    assert "flask staff code staff@demo.example" in said
    visitor = Visitor(factories.browser(committed, None), {"REMOTE_ADDR": "10.9.8.7"})
    first = visitor.sign_in(demo.EMAIL, PASSWORD, to="/sign-in?next=/staff/groups")
    assert first.headers["Location"] == "/sign-in/second-step"
    second = visitor.post("/sign-in/second-step", {"code": run(committed, "code", demo.EMAIL)[1].strip()})
    assert second.headers["Location"] == "/staff/groups"
    assert visitor.get("/staff/groups").status_code == 200


def test_somebodys_own_export_says_since_when_they_are_staff(committed: Flask) -> None:
    person, _email = person_of_staff(committed)
    with committed.app_context(), transaction():
        rows = personal.personal(person.user_id)["platform_staff"]
    assert [row["is_staff"] for row in rows] == [True]

"""A request keeps what it wrote only when it was meant to write and went well."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_login import current_user

from app.auth.models import UserAccount
from app.core.db import platform, transaction
from tests.factories import Cast

SENDING = ("POST", "auth.change_profile", "/account/profile")
READING = ("GET", "auth.account", "/account")


@pytest.fixture
def view_of(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], Any]], None]:
    """Puts a view of the test in the place of one of ours."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return lambda endpoint, view: monkeypatch.setitem(app.view_functions, endpoint, view)


def named(cast: Cast) -> str:
    with transaction():
        return platform().get_one(UserAccount, cast.member.user_id).name


@pytest.mark.parametrize(
    ("sent", "status", "kept"),
    [
        (SENDING, 200, True),
        (SENDING, 303, True),
        (SENDING, 409, False),
        (SENDING, 422, False),
        (READING, 200, False),
    ],
)
def test_only_a_deed_that_went_well_is_kept(  # noqa: PLR0917  # given by name
    cast: Cast,
    as_person: Callable[[Any], Any],
    view_of: Callable[[str, Callable[[], Any]], None],
    sent: tuple[str, str, str],
    status: int,
    kept: bool,
) -> None:
    method, endpoint, url = sent

    def view() -> tuple[str, int]:
        platform().get_one(UserAccount, current_user.id).name = "Written"
        platform().flush()
        return "", status

    view_of(endpoint, view)
    assert as_person(cast.member).open(url, method=method).status_code == status
    assert (named(cast) == "Written") == kept

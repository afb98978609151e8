"""The page of one's own data, and an officer's page for erasing a member."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.factories import Cast

As = Callable[[Any], FlaskClient]


def test_my_data_shows_copies_agreements_and_erasure(cast: Cast, as_person: As) -> None:
    text = as_person(cast.member).get("/account/data").text
    assert "A copy of everything" in text
    assert "Terms of use" in text
    assert "Erase me" in text

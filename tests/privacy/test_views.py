"""The pages of one's own data, in a browser's words."""

import io
import re
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.auth import passwords
from app.auth.models import SecurityEvent, UserAccount
from app.core import clock
from app.core.db import platform, transaction
from app.core.draining import drain_due
from app.privacy import exporting
from app.privacy.models import DataExport, PersonErasure
from tests import factories
from tests.factories import Cast, Person
from tests.privacy.planted import PASSWORD

pytestmark = pytest.mark.committed
Visitor = Callable[[Any], FlaskClient]


def test_my_data_shows_copies_agreements_and_erasure(place: Cast, visitor: Visitor) -> None:
    text = visitor(place.member).get("/account/data").text
    for words in ("A copy of everything", "Terms of use", "Erase me", "Statements and reminders by e-mail"):
        assert words in text


def test_my_data_waits_for_nobody_who_is_erasing_it(place: Cast, visitor: Visitor) -> None:
    row = {"user_id": place.member.user_id, "asked_at": clock.now(), "due_at": clock.now() + timedelta(days=14)}
    with transaction():
        platform().add(PersonErasure(**row))
    with transaction():
        platform().scalars(
            sa.select(PersonErasure).where(PersonErasure.user_id == row["user_id"]).with_for_update()
        ).one()
        assert visitor(place.member).get("/account/data").status_code == 200


@pytest.mark.usefixtures("place")
def test_a_stranger_signs_in_first_and_anybody_reads_the_terms(visitor: Visitor) -> None:
    nobody = visitor(None)
    for path in ("/account/data", "/account/data/erasure", f"/account/data/copies/{uuid.uuid4()}"):
        answer = nobody.get(path)
        assert (answer.status_code, "/sign-in" in answer.location) == (303, True)
    assert "Privacy notice" in nobody.get("/agreements").text


def test_a_copy_is_asked_for_twice_made_once_and_downloaded_by_its_owner_alone(
    background: Flask, place: Cast, visitor: Visitor
) -> None:
    own = visitor(place.member)
    for _twice in range(2):
        assert send(own, "/account/data", "/account/data/copies").status_code == 303
    assert "Being made" in own.get("/account/data").text
    with background.app_context():
        drain_due(seconds=60)
    assert "Ready" in own.get("/account/data").text
    with transaction():
        row = platform().scalars(sa.select(DataExport).where(DataExport.user_id == place.member.user_id)).one()
        path = f"/account/data/copies/{row.id}"
    answer = own.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "no-store" in answer.headers["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        assert f"groups/{place.slug}.json" in folder.namelist()
    for other in (place.leader, place.outsider, place.stranger):
        assert visitor(other).get(path).status_code == 404
    assert happened(place.member)["export_downloaded"] == 1


def test_who_did_not_prove_lately_who_they_are_does_so_before_the_download(place: Cast, visitor: Visitor) -> None:
    with transaction(user_id=place.member.user_id):
        export_id = exporting.ask(user_id=place.member.user_id).id
    with clock.held(clock.now() - timedelta(minutes=30)):
        own = visitor(place.member)
    answer = own.get(f"/account/data/copies/{export_id}")
    assert (answer.status_code, "next=" in answer.location) == (303, True)


def test_agreements_are_given_and_withdrawn_on_the_page(place: Cast, visitor: Visitor) -> None:
    own = visitor(place.member)
    assert send(own, "/account/data", "/account/data/agreements/statistics/give").status_code == 303
    assert send(own, "/account/data", "/account/data/agreements/letters/withdraw").status_code == 303
    assert send(own, "/account/data", "/account/data/agreements/terms/withdraw").status_code == 409
    assert send(own, "/account/data", "/account/data/agreements/nothing/give").status_code == 404
    text = own.get("/account/data").text
    assert "Withdrawn" in text
    assert happened(place.member)["consent_withdrawn"] == 1


def test_erasure_asks_for_the_password_and_can_be_taken_back(place: Cast, visitor: Visitor) -> None:
    with transaction():
        account = platform().get_one(UserAccount, place.member.user_id)
        account.password_hash = passwords.hashed(PASSWORD)
    own, page = visitor(place.member), "/account/data/erasure"
    assert "What stays" in own.get(page).text
    assert send(own, page, page, password="wrong").status_code == 422
    assert send(own, page, page, password="").status_code == 422
    assert send(own, page, page, password=PASSWORD).status_code == 303
    assert "You will be erased on" in own.get("/account/data").text
    assert send(own, "/account/data", "/account/data/erasure/cancel").status_code == 303
    assert send(own, "/account/data", "/account/data/erasure/cancel").status_code == 303
    assert "You will be erased on" not in own.get("/account/data").text
    told = happened(place.member)
    assert (told["erasure_asked"], told["erasure_cancelled"]) == (1, 1)


def test_what_stands_against_erasure_is_shown_and_refused(place: Cast, visitor: Visitor) -> None:
    with transaction():
        account = platform().get_one(UserAccount, place.leader.user_id)
        account.password_hash = passwords.hashed(PASSWORD)
    own, page = visitor(place.leader), "/account/data/erasure"
    assert "Nobody else leads the group" in own.get(page).text
    assert send(own, page, page, password=PASSWORD).status_code == 409
    with transaction():
        wishes = sa.select(PersonErasure).where(PersonErasure.user_id == place.leader.user_id)
        assert platform().scalars(wishes).all() == []


def test_an_officer_asks_and_takes_back_on_the_members_page(place: Cast, visitor: Visitor) -> None:
    with transaction(group_id=place.group_id):
        quiet = factories.member("Nightingale Okoth").id
    own, page = visitor(place.secretary), f"/g/{place.slug}/members/{quiet}/erasure"
    assert page in own.get(f"/g/{place.slug}/members/{quiet}").text
    assert send(own, page, page, reason="").status_code == 422
    assert send(own, page, page, reason="She asked").status_code == 303
    assert "To be erased on" in own.get(page).text
    assert send(own, page, f"{page}/cancel").status_code == 303
    assert "To be erased on" not in own.get(page).text
    with clock.held(clock.now() - timedelta(minutes=30)):
        tired = visitor(place.secretary)
    assert "/confirm" in tired.get(page).location
    signing_in = f"/g/{place.slug}/members/{place.member.member_id}/erasure"
    assert send(own, signing_in, signing_in, reason="Gone").status_code == 409


def send(own: FlaskClient, page: str, to: str, **fields: str) -> Any:
    """Post what the form of a page would."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', own.get(page).text)
    assert found
    return own.post(to, data={"csrf_token": found[1], **fields})


def happened(person: Person) -> dict[str, int]:
    with transaction():
        counted = sa.select(SecurityEvent.action, sa.func.count()).where(SecurityEvent.user_id == person.user_id)
        return {action: count for action, count in platform().execute(counted.group_by(SecurityEvent.action))}  # noqa: C416

"""The pages of invitations: a list shown before it is sent, and whom a link lets in."""

import pytest

from app.core.db import transaction
from app.groups import queries, services
from app.groups.invitees import Invitee
from tests import factories
from tests.groups.pages import send, token


def test_inviting_shows_the_list_before_it_sends(cast, as_person, at):
    browser, url = as_person(cast.secretary), f"{at}/members/invitations"
    people = "Ali Hassan, ali@example.com\nOmar, omar@example.com, 0712345678"
    shown = send(browser, url, people=people, confirmed="")
    assert shown.status_code == 200
    assert b"Send 2 invitations" in shown.data
    sent = browser.post(url, data={"csrf_token": token(shown), "people": people, "confirmed": "yes"})
    assert sent.status_code == 303
    assert b"Ali Hassan" in browser.get(sent.location).data


def test_a_wrong_line_is_named_and_nobody_is_invited(cast, as_person, at):
    people = "Ali Hassan, ali@example.com\nOmar\nGrace, person3@"
    response = send(as_person(cast.leader), f"{at}/members/invitations", people=people, confirmed="yes")
    assert response.status_code == 422
    assert b"Line 2" in response.data
    with transaction(group_id=cast.group_id):
        assert queries.member_by_email("ali@example.com") is None


@pytest.fixture
def invited(cast, monkeypatch):
    monkeypatch.setattr("app.groups.services.invitations.secrets.token_urlsafe", lambda _n: "the-token")
    with transaction(group_id=cast.group_id):
        services.invite(rows=[Invitee(1, "New Person", "new@example.com")], by=cast.leader.member_id)
    monkeypatch.undo()
    return cast


def test_an_invitation_is_sent_again_and_withdrawn(invited, as_person, at):
    with transaction(group_id=invited.group_id):
        row = queries.member_by_email("new@example.com")
        assert row is not None
        url = f"{at}/members/{row.id}"
    browser = as_person(invited.secretary)
    assert b"Withdraw" in browser.get(url).data
    assert send(browser, f"{url}/invitation", email="newer@example.com").status_code == 303
    assert as_person(None).get("/invitations/the-token").status_code == 404
    assert send(browser, f"{url}/invitation", email="nobody").status_code == 422
    assert send(browser, f"{url}/invitation/withdrawal", url).status_code == 303
    assert send(browser, f"{url}/invitation/withdrawal", url).status_code == 404


def test_a_stranger_with_an_account_is_led_to_sign_in(invited, as_person):
    with transaction():
        factories.user("New Person", email="new@example.com")
    response = send(as_person(None), "/invitations/the-token")
    assert response.status_code == 303
    assert "/sign-in" in response.location


def test_a_new_person_opens_an_account_and_is_in(invited, as_person):
    browser = as_person(None)
    response = send(browser, "/invitations/the-token", name="New Person", password="correct horse battery staple 9")
    assert response.status_code == 303
    assert browser.get(f"/g/{invited.slug}/settings").status_code == 200


def test_a_weak_password_is_refused_and_the_link_still_works(invited, as_person):
    browser = as_person(None)
    assert send(browser, "/invitations/the-token", name="New Person", password="password").status_code == 422
    assert browser.get("/invitations/the-token").status_code == 200


def test_someone_with_an_account_joins_by_pressing(invited, as_person):
    with transaction():
        account = factories.user("New Person", email="new@example.com")
    person = factories.Person(account.id, factories.NOBODY, factories.NOBODY, "", account.name)
    browser = as_person(person)
    assert send(browser, "/invitations/the-token").status_code == 303
    assert browser.get(f"/g/{invited.slug}/settings").status_code == 200
    assert browser.get("/invitations/the-token").status_code == 404


def test_another_person_does_not_join(invited, as_person):
    browser = as_person(invited.stranger)
    response = send(browser, "/invitations/the-token")
    assert response.status_code == 409


def test_an_unknown_link_leads_nowhere(cast, as_person):
    assert as_person(None).get("/invitations/guess").status_code == 404
    assert as_person(None).get("/invitations/" + "x" * 500).status_code == 404

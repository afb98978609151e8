"""Everybody who is in the group without a sign-in is invited with one press, once each, and nobody else."""

from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.mail import MailMessage
from app.groups.models import Invitation, Member
from app.groups.services import everybody
from tests import factories
from tests.api.calling import Program, token_of
from tests.factories import Cast
from tests.groups.pages import hidden, send


@pytest.fixture
def url(cast: Cast) -> str:
    return f"/g/{cast.slug}/members/invitations/everybody"


@pytest.fixture
def imported(cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        for number in range(3):
            factories.member(f"Imported {number}").email = f"imported{number}@example.org"
        factories.member("No Address").email = None
        chosen = factories.member("An Officer")
        chosen.email, chosen.roles = "officer@example.org", ["member", "treasurer"]


def sent(cast: Cast, table: type = Invitation) -> int:
    with transaction(group_id=cast.group_id):
        return session().scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_one_press_invites_everybody_once(cast: Cast, as_person, url: str, imported: None) -> None:
    leader, before = as_person(cast.leader), sent(cast, MailMessage)
    page = leader.get(url)
    assert b"4 members can be invited" in page.data
    assert b"There is no e-mail address" in page.data
    version = hidden(page, "version")
    for _press in range(2):
        assert send(leader, url, version=version).status_code == 303
    assert (sent(cast), sent(cast, MailMessage) - before) == (4, 4)
    with transaction(group_id=cast.group_id):
        invited = session().scalars(
            sa.select(Member.display_name).join(Invitation, sa.and_(Invitation.member_id == Member.id))
        )
        assert "No Address" not in set(invited)
    assert b"0 members can be invited" in leader.get(url).data


def test_who_was_not_shown_is_not_invited(cast: Cast, as_person, url: str, imported: None) -> None:
    leader = as_person(cast.leader)
    version = hidden(leader.get(url), "version")
    with transaction(group_id=cast.group_id):
        factories.member("Came Meanwhile").email = "meanwhile@example.org"
    answer = send(leader, url, version=version)
    assert answer.status_code == 409
    assert b"5 members can be invited" in answer.data
    assert sent(cast) == 0
    assert send(leader, url, version=hidden(answer, "version")).status_code == 303
    assert sent(cast) == 5


def test_who_gives_no_roles_invites_no_officer(cast: Cast, as_person, url: str, imported: None) -> None:
    secretary = as_person(cast.secretary)
    page = secretary.get(url)
    assert b"3 members can be invited" in page.data
    assert b"Only who gives roles" in page.data
    send(secretary, url, version=hidden(page, "version"))
    assert sent(cast) == 3


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("auditor", 403), ("outsider", 404), ("stranger", 404)])
def test_nobody_else_invites(cast: Cast, as_person, url: str, who: str, status: int) -> None:
    assert as_person(cast.people[who]).get(url).status_code == status


def test_a_program_invites_everybody(app, cast: Cast, imported: None) -> None:
    program = Program(app, token_of(cast.leader))
    told: Any = program.get("/invitations/everybody").json
    assert (len(told["ready"]), [row["display_name"] for row in told["without_address"]]) == (4, ["No Address"])
    assert program.post("/invitations/everybody", {"version": "x"}).status_code == 409
    done = program.post("/invitations/everybody", {"version": told["version"]}, key="everybody-1")
    again = program.post("/invitations/everybody", {"version": told["version"]}, key="everybody-1")
    assert (done.status_code, again.json) == (201, done.json)
    assert sent(cast) == 4
    with transaction(group_id=cast.group_id):
        assert everybody.waiting(by=cast.leader.member_id).ready == []

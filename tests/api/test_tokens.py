"""Tokens: what they open, and when they stop."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.auth.models import UserAccount
from app.core import clock
from app.core.db import enter, platform, session, transaction
from app.groups.models import GroupSetting, Member, SavingsGroup, SecretDigest
from app.tokens.errors import BadEnd, NoRights, RightNotHeld, TooManyTokens
from app.tokens.models import ApiToken
from app.tokens.services import MOST, make_token
from app.web.limits import limiter
from tests.api.calling import token_of

TOLD: dict[str, Any] = {"name": "Bookkeeping", "read_only": True, "days": 30}


def change(cast, **values):
    with transaction(group_id=cast.group_id):
        session().execute(sa.update(Member).where(Member.id == cast.treasurer.member_id).values(**values))


def test_a_token_can_do_only_what_it_was_given(program, cast):
    asking = program(cast.treasurer, scopes=["group.see"])
    refused = asking.get("/tokens")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "out_of_scope")
    assert asking.get("/me").get_json()["rights"] == ["group.see"]


def test_a_token_cannot_do_what_its_member_may_no_longer(program, cast):
    asking = program(cast.treasurer)
    assert asking.get("/tokens").status_code == 200
    change(cast, roles=["member"])
    assert asking.get("/tokens").status_code == 403


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_a_token_of_someone_shut_out_opens_nothing(program, cast, status):
    asking = program(cast.treasurer)
    change(cast, status=status)
    assert asking.get("/me").status_code == 401


def test_a_token_made_before_the_password_was_changed_opens_nothing(program, cast):
    asking = program(cast.treasurer)
    assert asking.get("/me").status_code == 200
    with transaction():
        account = platform().get_one(UserAccount, cast.treasurer.user_id)
        account.password_changed_at = clock.now() + timedelta(seconds=1)
    assert asking.get("/me").status_code == 401


def test_a_token_that_may_only_read_changes_nothing(program, cast):
    asking = program(cast.treasurer, read_only=True)
    refused = asking.ask("DELETE", "/tokens/01900000-0000-7000-8000-000000000000")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "read_only_token")


def test_a_token_ends(program, cast):
    asking = program(cast.treasurer, days=2)
    with clock.held(clock.now() + timedelta(days=1, hours=23)):
        assert asking.get("/me").status_code == 200
    with clock.held(clock.now() + timedelta(days=2)):
        assert asking.get("/me").status_code == 401


def test_an_ended_token_opens_nothing_at_once(program, cast):
    asking = program(cast.treasurer)
    mine = asking.get("/tokens").get_json()["items"][0]["id"]
    assert asking.ask("DELETE", f"/tokens/{mine}").status_code == 204
    assert asking.get("/me").status_code == 401


def test_a_suspended_group_is_read_and_not_changed(program, cast):
    asking = program(cast.treasurer)
    with transaction(group_id=cast.group_id):
        platform().execute(sa.update(SavingsGroup).where(SavingsGroup.id == cast.group_id).values(status="suspended"))
    assert asking.get("/me").status_code == 200
    assert asking.ask("DELETE", "/tokens/01900000-0000-7000-8000-000000000000").status_code == 403


def test_where_officers_need_a_second_factor_a_token_needs_it_too(program, cast):
    asking = program(cast.treasurer)
    with transaction(group_id=cast.group_id):
        on = GroupSetting(name="officers_second_factor", value={"value": True}, updated_at=clock.now())
        session().add(on)
    assert asking.get("/me").status_code == 403


def test_a_token_of_another_group_finds_nothing_of_ours(program, cast):
    token_of(cast.treasurer)
    ours = program(cast.treasurer).get("/tokens").get_json()["items"][0]["id"]
    outsider = program(cast.outsider)
    assert ours not in outsider.get("/tokens").text
    assert outsider.ask("DELETE", f"/tokens/{ours}").status_code == 404


def test_the_last_use_is_kept_to_the_minute(program, cast):
    asking = program(cast.treasurer)
    asking.get("/me")
    first = asking.get("/tokens").get_json()["items"][0]["last_used_at"]
    assert first is not None
    with clock.held(clock.now() + timedelta(seconds=90)):
        asking.get("/me")
        assert asking.get("/tokens").get_json()["items"][0]["last_used_at"] > first


def test_nothing_that_opens_is_kept(program, cast, context):
    secret = token_of(cast.treasurer)
    with transaction(group_id=cast.group_id):
        row = session().scalars(sa.select(ApiToken)).one()
        assert secret.encode() not in row.digest
        assert secret not in f"{row.name}{row.hint}{row.idempotency_key}"
        marked = platform().get(SecretDigest, row.digest)
        assert marked is not None
        assert marked.group_id == cast.group_id


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"scopes": []}, NoRights),
        ({"scopes": ["roles.manage"]}, RightNotHeld),
        ({"scopes": ["no.such"]}, RightNotHeld),
        ({"scopes": ["group.see"], "days": 366}, BadEnd),
        ({"scopes": ["group.see"], "days": 0}, BadEnd),
    ],
)
def test_what_cannot_be_made(cast, context, told, error):
    enter(cast.group_id)
    with pytest.raises(error):
        make_token(**(TOLD | told), by=cast.treasurer.member_id, key="k")


def test_a_group_has_at_most_so_many_tokens_in_use(cast, context):
    enter(cast.group_id)
    told = TOLD | {"scopes": ["group.see"], "by": cast.treasurer.member_id}
    for number in range(MOST):
        make_token(**told, key=f"k{number}")
    with pytest.raises(TooManyTokens):
        make_token(**told, key="one more")


def test_guesses_are_stopped_and_a_good_token_of_the_same_network_is_not(app, program, cast):
    with app.app_context():
        limiter.reset()
    good, guess = program(cast.treasurer), program(None)
    seen = []
    for number in range(40):
        guess.secret = f"pp_{number:040d}"
        seen.append(guess.get("/me").status_code)
    assert (seen[0], seen[-1]) == (401, 429)
    assert good.get("/me").status_code == 200
    with app.app_context():
        limiter.reset()


class TestPages:
    def test_a_token_is_shown_once(self, as_person, cast):
        browser = as_person(cast.treasurer)
        new = browser.get(f"/g/{cast.slug}/settings/tokens/new").text
        found = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', new) for name in ("csrf_token", "once")}
        fields = {name: place[1] for name, place in found.items() if place}
        fields |= {"name": "Cloud", "days": "30", "scopes": "group.see"}
        made = browser.post(f"/g/{cast.slug}/settings/tokens/", data=fields)
        secret = re.search(r"pp_[\w-]{40,}", made.text)
        assert secret, made.text
        again = browser.post(f"/g/{cast.slug}/settings/tokens/", data=fields)
        assert "pp_" not in again.text
        listed = browser.get(f"/g/{cast.slug}/settings/tokens/").text
        assert "Cloud" in listed
        assert secret[0] not in listed

    def test_a_member_has_no_such_page(self, as_person, cast):
        assert as_person(cast.member).get(f"/g/{cast.slug}/settings/tokens/").status_code == 403

    def test_the_developers_page_is_public_and_names_each_code(self, as_person, cast):
        told = as_person(None).get("/developers").text
        assert "/api/v1/me" in told
        assert 'id="key_used"' in told or "idempotency_key_reused" in told

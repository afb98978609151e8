from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.auth import links
from app.auth.errors import LinkUsed
from app.auth.models import UserAccount, UserToken
from app.auth.rules import HOLDS, Purpose
from app.core import clock
from app.core.db import platform, transaction
from tests.auth.visitor import account


def made(of: UserAccount, purpose: Purpose = Purpose.RESET, email: str | None = None) -> str:
    with transaction():
        return links.make(of, purpose, email=email or of.email)[1]


def use(token: str, purpose: Purpose = Purpose.RESET) -> UserAccount:
    with transaction():
        return links.use(token, purpose)[0]


def test_a_link_works_once(context):
    amina = account()
    token = made(amina)
    assert use(token).id == amina.id
    for _ in range(3):
        with pytest.raises(LinkUsed):
            use(token)


def test_looking_at_a_link_does_not_use_it(context):
    token = made(account())
    assert links.is_good(token, Purpose.RESET)
    assert links.is_good(token, Purpose.RESET)
    use(token)
    assert not links.is_good(token, Purpose.RESET)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_is_over_when_its_time_is(context, purpose):
    token = made(account(), purpose)
    with clock.held(clock.now() + HOLDS[purpose] + timedelta(seconds=1)):
        assert not links.is_good(token, purpose)
        with pytest.raises(LinkUsed):
            use(token, purpose)


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("other", list(Purpose))
def test_a_link_does_only_what_it_was_made_for(context, purpose, other):
    token = made(account(), purpose)
    if purpose is other:
        use(token, other)
        return
    with pytest.raises(LinkUsed):
        use(token, other)
    use(token, purpose)


@pytest.mark.parametrize("purpose", [Purpose.CONFIRM, Purpose.RESET])
def test_a_link_to_an_address_that_was_given_up_opens_nothing(context, purpose):
    amina = account()
    token = made(amina, purpose)
    with transaction():
        platform().get_one(UserAccount, amina.id).email = "new-address@example.com"
    with pytest.raises(LinkUsed):
        use(token, purpose)


def test_a_link_opens_nobody_elses_account(context):
    amina, joseph = account(), account()
    assert use(made(amina)).id == amina.id
    assert use(made(joseph)).id == joseph.id


def test_using_one_link_ends_its_sisters(context):
    amina = account()
    first, second, other = made(amina), made(amina), made(amina, Purpose.CONFIRM)
    use(second)
    with pytest.raises(LinkUsed):
        use(first)
    use(other, Purpose.CONFIRM)


def test_a_refusal_leaves_the_link_as_it_was(context):
    token = made(account())
    with pytest.raises(ZeroDivisionError):
        _use_and_fail(token)
    use(token)


def _use_and_fail(token: str) -> None:
    with transaction():
        links.use(token, Purpose.RESET)
        raise ZeroDivisionError


def test_only_a_digest_is_kept(context):
    amina = account()
    token = made(amina)
    kept = platform().scalars(sa.select(UserToken).where(UserToken.user_id == amina.id)).one()
    assert len(kept.digest) == 32
    assert token.encode() not in kept.digest
    assert len(token) >= 43  # 256 bits


@pytest.mark.parametrize("token", ["", "x", "\0", "a" * 10_000, "\u202e", "' OR 1=1 --"])
def test_what_is_no_token_opens_nothing(context, token):
    assert not links.is_good(token, Purpose.RESET)
    with pytest.raises(LinkUsed):
        use(token)

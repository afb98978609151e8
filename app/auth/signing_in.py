"""Signing in by address and password: budgets first, one hash whatever happens, one answer for every refusal."""

import uuid
from dataclasses import dataclass

from app.auth import attempts, events, letters, passwords, queries
from app.auth.attempts import PASSWORD, PASSWORD_ON_DEVICE, Counter
from app.auth.errors import AccountClosed, ConfirmFirst, PasswordPaused, SignInRefused, WrongPassword
from app.auth.models import UserAccount
from app.auth.rules import LOCK_AFTER, Purpose, may_go_on
from app.core import clock
from app.core.db import transaction


@dataclass(frozen=True)
class _Try:
    """One try: whose account it is aimed at, what it was counted on, and the how-manieth it is (None in a pause)."""

    user_id: uuid.UUID | None = None
    password_hash: str | None = None
    counter: Counter = PASSWORD
    row_id: uuid.UUID | None = None
    number: int | None = None


def sign_in(*, email: str, password: str, device: str | None = None) -> UserAccount:
    """The person with this address and password, who may go on to the second step or in. `device` is the token of a
    device they may have signed in on before: it has a budget of its own, so that strangers cannot shut the owner out.

    Raises SignInRefused for anything a stranger could try; AccountClosed and ConfirmFirst only with the right password.
    What was counted and told is committed on its own, since the refusal around it is rolled back.
    """
    tried = _take(email, device)
    right = passwords.matches(tried.password_hash, password)
    if not right or tried.number is None or tried.user_id is None or tried.row_id is None:
        _count_refusal(tried)
        raise SignInRefused
    account = queries.account(tried.user_id)
    check_standing(account)
    attempts.forgive(tried.counter, tried.row_id)
    if passwords.is_dated(account.password_hash):
        account.password_hash = passwords.hashed(password)
    return account


def confirm_password(account: UserAccount, password: str, *, field: str = "password") -> None:
    """The password once more, before something that matters. Raises WrongPassword at `field`."""
    if not passwords.matches(account.password_hash, password):
        raise WrongPassword(field=field)


def prove_password(account: UserAccount, password: str, *, device: str | None) -> None:
    """The password of someone who is signed in, counted like a sign-in: who sits at a screen left open guesses no more
    often than a stranger. Raises PasswordPaused."""
    tried = _take(account.email, device)
    right = passwords.matches(tried.password_hash, password)
    if not right or tried.number is None or tried.row_id is None:
        _count_refusal(tried, "confirm_refused")
        raise PasswordPaused
    attempts.forgive(tried.counter, tried.row_id)


def _take(email: str, device: str | None) -> _Try:
    with transaction():
        account = queries.account_by_email(email)
        if account is None:
            return _Try()
        known = queries.known_device(account.id, device)
        counter, row_id = (PASSWORD_ON_DEVICE, known.id) if known else (PASSWORD, account.id)
        return _Try(account.id, account.password_hash, counter, row_id, attempts.take(counter, row_id))


def _count_refusal(tried: _Try, event: str = "sign_in_refused") -> None:
    with transaction():
        events.record(event, user_id=tried.user_id, severity="notice")
        if tried.number == LOCK_AFTER and tried.user_id is not None:
            events.record("locked", user_id=tried.user_id, severity="warning")
            letters.tell(queries.account(tried.user_id), "locked")


def check_standing(account: UserAccount) -> None:
    """Whether someone who proved who they are may come in. Raises AccountClosed, ConfirmFirst."""
    if account.status not in ("active", "pending"):
        with transaction():
            events.record("sign_in_refused", user_id=account.id, severity="warning")
        raise AccountClosed
    if not may_go_on(account.created_at, account.email_confirmed_at, clock.now()):
        with transaction():
            letters.send_link(queries.account(account.id), Purpose.CONFIRM, to=account.email)
        raise ConfirmFirst

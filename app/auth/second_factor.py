"""The second step: one-time codes from an app (TOTP), each good once, or a recovery code in their place."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
import sqlalchemy as sa
from markupsafe import Markup

from app.auth import attempts, events, letters, queries, recovery_codes, second_steps, sessions
from app.auth.attempts import SECOND_FACTOR
from app.auth.errors import SecondFactorOff, SecondFactorOn, WrongCode
from app.auth.models import UserAccount
from app.auth.rules import LOCK_AFTER
from app.auth.signing_in import confirm_password
from app.core import clock
from app.core.db import platform, transaction
from app.core.keys import ring

ISSUER = "Plots & Prosper"
SECONDS = 30
WINDOW = 1  # steps before and after now, for clocks that go wrong


@dataclass(frozen=True, repr=False)
class SetUp:
    """What an authenticator app needs: the picture to scan, and the secret for those who type."""

    secret: str
    picture: Markup


def begin(account: UserAccount, *, password: str) -> None:
    """Make a secret that becomes the second step once a code of it was typed. Raises WrongPassword, SecondFactorOn."""
    if account.has_app:
        raise SecondFactorOn
    confirm_password(account, password)
    account.totp_secret = ring().seal(pyotp.random_base32(32).encode(), _place(account))
    account.totp_last_step = None


def set_up(account: UserAccount) -> SetUp:
    """The secret that was begun, to be scanned. Raises SecondFactorOff where none was, SecondFactorOn in use."""
    if account.has_app:
        raise SecondFactorOn
    secret = _secret(account)
    address = pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)
    picture = segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return SetUp(grouped, Markup(picture))  # noqa: S704  # segno's own drawing, from which nothing can break out


def enable(account: UserAccount, *, code: str, session_id: uuid.UUID) -> list[str]:
    """Switch the second step on with a first code from the app; the recovery codes, to be shown this once.

    Every other session ends. Raises WrongCode, SecondFactorOn, SecondFactorOff.
    """
    if account.has_app:
        raise SecondFactorOn
    if not _is_new_code(account, code):
        raise WrongCode
    account.two_factor_enabled, account.totp_since = True, clock.now()
    sessions.revoke_all(account.id, because="second_factor_on", but=session_id)
    sessions.mark_second_factor(session_id)
    events.record("second_factor_on", user_id=account.id, severity="notice")
    letters.tell(account, "second_factor", on=True)
    return recovery_codes.make(account)


def disable(account: UserAccount, *, password: str, session_id: uuid.UUID) -> None:
    """Switch the app off; every other session ends. Passkeys stay. Raises WrongPassword, SecondFactorOff."""
    if not account.has_app:
        raise SecondFactorOff
    confirm_password(account, password)
    second_steps.forget_app(account)
    second_steps.settle(account)
    sessions.revoke_all(account.id, because="second_factor_off", but=session_id)
    events.record("second_factor_off", user_id=account.id, severity="warning")
    letters.tell(account, "second_factor", on=False)


def new_codes(account: UserAccount, *, password: str) -> list[str]:
    """Ten new recovery codes in place of the old ones. Raises WrongPassword, SecondFactorOff."""
    if not account.two_factor_enabled:
        raise SecondFactorOff
    confirm_password(account, password)
    return recovery_codes.make(account)


def pass_by_app(*, user_id: uuid.UUID, since: datetime, code: str) -> UserAccount:
    """The second step of signing in by a code from the app; `since` is when the first was passed. Raises WrongCode."""
    return _pass(user_id, since, lambda account: account.has_app and _is_new_code(account, code))


def pass_by_recovery_code(*, user_id: uuid.UUID, since: datetime, code: str) -> UserAccount:
    """The second step by a recovery code, which is then used up. Raises WrongCode."""
    account = _pass(user_id, since, lambda account: recovery_codes.use(account, code))
    events.record("recovery_code_used", user_id=user_id, severity="warning")
    letters.tell(account, "recovery_code", left=queries.recovery_codes_left(user_id))
    return account


def _pass(user_id: uuid.UUID, since: datetime, is_right: Callable[[UserAccount], bool]) -> UserAccount:
    # In a transaction of its own: what is counted, used up and told must outlive the refusal, and no lock on the
    # account may be held while a second connection is asked for.
    with transaction():
        right = _try(user_id, since, is_right)
    if not right:
        raise WrongCode
    return queries.account(user_id)


def _try(user_id: uuid.UUID, since: datetime, is_right: Callable[[UserAccount], bool]) -> bool:
    number = attempts.take(SECOND_FACTOR, user_id)
    account = queries.account(user_id)
    stands = account.two_factor_enabled and account.password_changed_at <= since
    if number is not None and stands and is_right(account):
        attempts.forgive(SECOND_FACTOR, user_id)
        return True
    events.record("second_factor_refused", user_id=user_id, severity="warning")
    if number == LOCK_AFTER:
        events.record("second_factor_locked", user_id=user_id, severity="critical")
        letters.tell(account, "second_factor_locked")
    return False


def _is_new_code(account: UserAccount, code: str) -> bool:
    """Whether a code is right and was not used: its step must be later than the last one, in one atomic statement."""
    step = _step_of(_secret(account), re.sub(r"\s", "", code))
    if step is None:
        return False
    later = sa.or_(UserAccount.totp_last_step.is_(None), UserAccount.totp_last_step < step)
    moved = (
        sa.update(UserAccount)
        .where(UserAccount.id == account.id, later)
        .values(totp_last_step=step)
        .returning(UserAccount.id)
    )
    return platform().scalar(moved) is not None


def _step_of(secret: str, code: str) -> int | None:
    totp, now = pyotp.TOTP(secret), int(clock.now().timestamp()) // SECONDS
    steps = range(now - WINDOW, now + WINDOW + 1)
    right = [step for step in steps if pyotp.utils.strings_equal(totp.at(step * SECONDS), code)]
    return right[-1] if right else None


def _secret(account: UserAccount) -> str:
    if account.totp_secret is None:
        raise SecondFactorOff
    return ring().open(account.totp_secret, _place(account)).decode()


def _place(account: UserAccount) -> str:
    return f"user_account|{account.id}|totp_secret"

"""Codes of a second step on a machine where somebody tries the product: nobody there has the demonstration's phone."""

import pyotp

from app.auth.models import UserAccount
from app.auth.second_factor import SECONDS
from app.core import clock
from app.core.keys import ring


def switch_on(account: UserAccount) -> None:
    """Give somebody of the demonstration a second step with a random secret; it is read by `flask staff code` alone."""
    account.totp_secret = ring().seal(pyotp.random_base32(32).encode(), _place(account))
    now = clock.now()
    account.two_factor_enabled, account.totp_since = True, now
    account.totp_last_step = int(now.timestamp()) // SECONDS - 1  # as if a first code had been typed


def code_now(account: UserAccount) -> str:
    """The code that the app would show now; the next one when this one was used, since each is good once."""
    if account.totp_secret is None:
        raise LookupError(account.email)
    step = int(clock.now().timestamp()) // SECONDS
    if account.totp_last_step is not None and account.totp_last_step >= step:
        step = account.totp_last_step + 1
    return pyotp.TOTP(ring().open(account.totp_secret, _place(account)).decode()).at(step * SECONDS)


def _place(account: UserAccount) -> str:
    return f"user_account|{account.id}|totp_secret"

"""Whether a second step is on at all: an app or a passkey makes it so, and without either it is off."""

from datetime import datetime

import sqlalchemy as sa

from app.auth import queries, recovery_codes, sessions
from app.auth.models import Passkey, RecoveryCode, UserAccount
from app.core.db import platform


def settle(account: UserAccount) -> None:
    """Bring the account in line with what is left of its app and passkeys; with the last one the codes go, too."""
    platform().flush()
    account.two_factor_enabled = account.has_app or bool(queries.passkeys_of(account.id))
    if not account.two_factor_enabled:
        recovery_codes.forget(account)
        sessions.forget_second_factor(account.id)


def forget_app(account: UserAccount) -> None:
    """The codes of the app count no more, nor does a secret that was only begun."""
    account.totp_since, account.totp_secret, account.totp_last_step = None, None, None


def drop_added_since(account: UserAccount, since: datetime) -> None:
    """Take away every app, passkey and recovery code that was added since a moment: somebody else may hold them."""
    if not account.has_app or (account.totp_since and account.totp_since >= since):
        forget_app(account)
    for table in (Passkey, RecoveryCode):
        platform().execute(sa.delete(table).where(table.user_id == account.id, table.created_at >= since))
    settle(account)

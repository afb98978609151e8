"""Proving once more who one is, in the middle of a session: by the second step or, without one, by the password."""

import re
import uuid

from app.auth import events, passkeys, sessions
from app.auth import second_factor as second
from app.auth.challenges import Asked
from app.auth.errors import SecondFactorOn
from app.auth.models import UserAccount
from app.auth.passkeys import Answer
from app.auth.signing_in import prove_password
from app.core import clock

_OF_APP = re.compile(r"\d{6}")


def by_password(*, account: UserAccount, session_id: uuid.UUID, password: str, device: str | None) -> None:
    """The password, for whoever has no second step. Raises PasswordPaused, SecondFactorOn."""
    if account.two_factor_enabled:
        raise SecondFactorOn
    prove_password(account, password, device=device)
    sessions.mark_confirmed(session_id)
    events.record("confirmed", user_id=account.id)


def by_code(*, account: UserAccount, session_id: uuid.UUID, code: str) -> None:
    """A code from the app, or a recovery code, which is then used up. Raises WrongCode."""
    of_app = _OF_APP.fullmatch(re.sub(r"\s", "", code))
    prove = second.pass_by_app if of_app else second.pass_by_recovery_code
    prove(user_id=account.id, since=clock.now(), code=code)
    _proved(account, session_id)


def by_passkey(*, account: UserAccount, session_id: uuid.UUID, answer: Answer) -> None:
    """One of the person's own passkeys. Raises PasskeyRefused."""
    passkeys.prove(asked=Asked.CONFIRM, answer=answer, user_id=account.id)
    _proved(account, session_id)


def _proved(account: UserAccount, session_id: uuid.UUID) -> None:
    sessions.mark_second_factor(session_id)
    events.record("confirmed", user_id=account.id)

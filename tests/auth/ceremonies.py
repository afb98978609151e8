"""The ceremonies of passkeys, each in a unit of work of its own: begun, answered by a key in software, let in."""

import json
import uuid

from app.auth import passkeys, queries, sessions
from app.auth.challenges import Asked
from app.auth.models import UserAccount
from app.auth.passkeys import Answer, Ceremony
from app.core.db import transaction
from tests.auth.softkey import SoftKey


def session_of(of: UserAccount) -> uuid.UUID:
    """A new session of a person; its id."""
    with transaction():
        here = sessions.find(sessions.start(of, address="", agent=""))
        assert here is not None
        return here.session_id


def begin_adding(of: UserAccount) -> Ceremony:
    """A person asks to add a passkey."""
    with transaction():
        return passkeys.begin_adding(queries.account(of.id))


def keep(of: UserAccount, begun: Ceremony, said: str, name: str = "Phone") -> list[str]:
    """Answer what was begun for adding; the recovery codes, if it was the first second step."""
    here = session_of(of)
    with transaction():
        answer = Answer(begun.id, said)
        return passkeys.add(queries.account(of.id), answer=answer, name=name, session_id=here)


def added(of: UserAccount, key: SoftKey | None = None) -> SoftKey:
    """A key that was added as a passkey of a person, from asking to keeping."""
    key, begun = key or SoftKey(), begin_adding(of)
    keep(of, begun, key.register(json.loads(begun.options)))
    return key


def begin(asked: Asked = Asked.SIGN_IN, of: UserAccount | None = None) -> Ceremony:
    """Ask for the proof of a passkey, by default to sign in as whoever it is."""
    with transaction():
        return passkeys.begin_proving(asked, of.id if of else None)


def sign_in(begun: Ceremony, said: str) -> UserAccount:
    """Answer what was begun for signing in; who is let in. Raises what refuses it."""
    with transaction():
        return passkeys.sign_in(answer=Answer(begun.id, said))


def signed(key: SoftKey, **lies) -> UserAccount:
    """Sign in with a key from asking to answering; `lies` are what the answer says wrongly."""
    begun = begin()
    return sign_in(begun, key.sign(json.loads(begun.options), **lies))

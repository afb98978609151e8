"""Passkeys: keys in a person's device that sign a challenge of ours, after a look at the finger, face or PIN."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from flask import current_app
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.auth import challenges, events, letters, queries, recovery_codes, second_steps, sessions
from app.auth.challenges import Asked
from app.auth.errors import PasskeyRefused, PasskeyUnknown, TooManyPasskeys
from app.auth.models import Passkey, UserAccount
from app.auth.signing_in import check_standing
from app.core import clock
from app.core.db import platform, transaction

MOST = 20
NAME = "Plots & Prosper"
_LONGEST_ID = 1023  # bytes, as the standard has it
# What the library raises for what was cut off, turned round or made up.
_UNFIT = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True)
class Ceremony:
    """What a browser is handed: the options as JSON, and the id by which its answer finds the challenge again."""

    id: uuid.UUID
    options: str


@dataclass(frozen=True)
class Answer:
    """What came back: for which ceremony, and what the passkey said, as JSON."""

    ceremony: uuid.UUID | None
    said: str


def begin_adding(account: UserAccount) -> Ceremony:
    """Ask for a new passkey that needs no address to sign in with; a device that holds one already is left out."""
    held = queries.passkeys_of(account.id)
    if len(held) >= MOST:
        raise TooManyPasskeys(most=MOST)
    row = challenges.make(Asked.ADD, account.id)
    options = webauthn.generate_registration_options(
        rp_id=_site().host,
        rp_name=NAME,
        user_id=account.id.bytes,
        user_name=account.email,
        user_display_name=account.name,
        challenge=row.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(held),
    )
    return Ceremony(row.id, webauthn.options_to_json(options))


def add(account: UserAccount, *, answer: Answer, name: str, session_id: uuid.UUID) -> list[str]:
    """Keep a new passkey. With the first second step come recovery codes, shown this once, and other sessions end.

    Raises PasskeyRefused, TooManyPasskeys.
    """
    made = _registered(account, answer)
    held = queries.passkeys_of(account.id)
    if len(held) >= MOST:
        raise TooManyPasskeys(most=MOST)
    platform().add(
        Passkey(
            user_id=account.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=_transports(answer.said),
            name=name,
            created_at=clock.now(),
        )
    )
    was_on = account.two_factor_enabled
    second_steps.settle(account)
    sessions.mark_second_factor(session_id)
    events.record("passkey_added", user_id=account.id, severity="notice")
    letters.tell(account, "passkey", what="added", title=name)
    if was_on:
        return []
    sessions.revoke_all(account.id, because="second_factor_on", but=session_id)
    return recovery_codes.make(account)


def remove(account: UserAccount, *, passkey_id: uuid.UUID, session_id: uuid.UUID) -> None:
    """Forget one passkey of the person; every other session ends. Somebody else's is PasskeyUnknown."""
    mine = sa.delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == account.id).returning(Passkey.name)
    name = platform().scalar(mine)
    if name is None:
        raise PasskeyUnknown
    second_steps.settle(account)
    sessions.revoke_all(account.id, because="passkey_removed", but=session_id)
    events.record("passkey_removed", user_id=account.id, severity="warning")
    letters.tell(account, "passkey", what="removed", title=name)


def begin_proving(asked: Asked, user_id: uuid.UUID | None = None) -> Ceremony:
    """Ask for a passkey: of this person, or of whoever it is when nobody was named."""
    row = challenges.make(asked, user_id)
    options = webauthn.generate_authentication_options(
        rp_id=_site().host,
        challenge=row.challenge,
        allow_credentials=_described(queries.passkeys_of(user_id)) if user_id else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Ceremony(row.id, webauthn.options_to_json(options))


def sign_in(*, answer: Answer) -> UserAccount:
    """Whoever holds the passkey, if they may come in. Raises PasskeyRefused, AccountClosed, ConfirmFirst."""
    account = prove(asked=Asked.SIGN_IN, answer=answer)
    check_standing(account)
    return account


def prove(
    *, asked: Asked, answer: Answer, user_id: uuid.UUID | None = None, since: datetime | None = None
) -> UserAccount:
    """Whose passkey signed the challenge, which is used up by trying. Raises PasskeyRefused.

    `user_id` is who has to be the one; `since` is when their first step was passed, worth nothing before a change of
    the password. What was used up and told is committed on its own, since the refusal around it is rolled back.
    """
    with transaction():
        owner = _proved(asked, answer, user_id, since)
    if owner is None:
        raise PasskeyRefused
    return queries.account(owner)


def _proved(asked: Asked, answer: Answer, user_id: uuid.UUID | None, since: datetime | None) -> uuid.UUID | None:
    challenge = challenges.take(asked, answer.ceremony, user_id)
    given = _parsed(answer.said)
    key = queries.passkey_by_credential(given.raw_id) if given else None
    told = user_id or (key.user_id if key else None)
    if challenge and given and key and _is_theirs(key, given, user_id, since):
        checked = _verified(given, challenge, key)
        if checked and _counted(key, checked.new_sign_count):
            return key.user_id
        if checked:
            events.record("passkey_copied", user_id=key.user_id, severity="critical")
            letters.tell(queries.account(key.user_id), "passkey", what="copied", title=key.name)
            return None
    events.record("passkey_refused", user_id=told, severity="warning")
    return None


def _is_theirs(
    key: Passkey, given: AuthenticationCredential, user_id: uuid.UUID | None, since: datetime | None
) -> bool:
    handle = given.response.user_handle
    if (user_id is not None and key.user_id != user_id) or (handle is not None and handle != key.user_id.bytes):
        return False
    return since is None or queries.account(key.user_id).password_changed_at <= since


def _verified(given: AuthenticationCredential, challenge: bytes, key: Passkey) -> VerifiedAuthentication | None:
    site = _site()
    try:
        return webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=0,  # compared below, in the database, where no two at once can pass
            require_user_verification=True,
        )
    except _UNFIT:
        return None


def _counted(key: Passkey, count: int) -> bool:
    """Whether the key's counter moved on, in one atomic statement; a key that does not count stays at nothing."""
    fits = Passkey.sign_count < count if count else Passkey.sign_count == 0
    moved = sa.update(Passkey).where(Passkey.id == key.id, fits).values(sign_count=count, last_used_at=clock.now())
    return platform().scalar(moved.returning(Passkey.id)) is not None


def _registered(account: UserAccount, answer: Answer) -> VerifiedRegistration:
    with transaction():  # its own: a challenge is used up by trying
        challenge = challenges.take(Asked.ADD, answer.ceremony, account.id)
    if challenge is None:
        raise PasskeyRefused
    site = _site()
    try:
        made = webauthn.verify_registration_response(
            credential=answer.said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _UNFIT as error:
        raise PasskeyRefused from error
    if len(made.credential_id) > _LONGEST_ID or queries.passkey_by_credential(made.credential_id):
        raise PasskeyRefused
    return made


def _parsed(said: str) -> AuthenticationCredential | None:
    try:
        return parse_authentication_credential_json(said)
    except _UNFIT:
        return None


def _transports(said: str) -> list[str]:
    """How the device can be reached, as it said itself: only a hint for the next time, so no more than known words."""
    known = "|".join(way.value for way in AuthenticatorTransport)
    return sorted(set(re.findall(rf'"({known})"', said.partition('"transports"')[2])))


def _described(held: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=key.credential_id, transports=[AuthenticatorTransport(way) for way in key.transports] or None
        )
        for key in held
    ]


@dataclass(frozen=True)
class _Site:
    host: str
    origin: str


def _site() -> _Site:
    """Where passkeys are good for: as the settings say, never as a request does."""
    parts = urlsplit(current_app.config["SETTINGS"].base_url)
    return _Site(str(parts.hostname), f"{parts.scheme}://{parts.netloc}".lower())

"""What is held of a person outside the groups, except what would open their account."""

import uuid

from app.auth.consents import ConsentEvent
from app.auth.models import KnownDevice, Passkey, RecoveryCode, SecurityEvent, UserAccount, UserSession, UserToken
from app.core.personal import rows_of
from app.core.rooms import Tables


def personal(user_id: uuid.UUID) -> Tables:
    """Account, sessions, links, codes, devices, events and consents; passwords and secrets never."""
    secret = ("password_hash", "totp_last_step")
    return {
        "user_account": rows_of(UserAccount, UserAccount.id == user_id, without=secret),
        "user_session": rows_of(UserSession, UserSession.user_id == user_id),
        "user_token": rows_of(UserToken, UserToken.user_id == user_id),
        "passkey": rows_of(Passkey, Passkey.user_id == user_id, without=("sign_count",)),
        "recovery_code": rows_of(RecoveryCode, RecoveryCode.user_id == user_id),
        "known_device": rows_of(KnownDevice, KnownDevice.user_id == user_id),
        "security_event": rows_of(SecurityEvent, SecurityEvent.user_id == user_id),
        "consent_event": rows_of(ConsentEvent, ConsentEvent.user_id == user_id),
    }

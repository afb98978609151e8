"""People on the whole platform, their sessions, links and second factors: tables without a group, read by key."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.ids import new_id
from app.core.tenancy import Base


class UserAccount(Base):
    """A person who signs in; a member is that person inside one group."""

    __tablename__ = "user_account"
    __table_args__ = (
        sa.Index("uq_user_account_email", sa.text("lower(email)"), unique=True),
        sa.CheckConstraint("status IN ('pending', 'active', 'suspended', 'inactive')", name="status"),
        sa.CheckConstraint("kyc_status IN ('pending', 'verified', 'rejected', 'expired')", name="kyc_status"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str | None]
    locale: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    status: Mapped[str] = mapped_column(default="pending")
    kyc_status: Mapped[str] = mapped_column(default="pending")
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    two_factor_enabled: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[bytes | None]
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    totp_since: Mapped[datetime | None]  # when the app was set up; unknown of those set up before this was kept
    failed_login_attempts: Mapped[int] = mapped_column(default=0)
    account_locked_until: Mapped[datetime | None]
    failed_second_factors: Mapped[int] = mapped_column(default=0)
    second_factor_locked_until: Mapped[datetime | None]
    email_confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    @property
    def has_app(self) -> bool:
        """Whether codes of an app count: a secret of which no code was ever typed was only begun."""
        return self.totp_last_step is not None


class UserSession(Base):
    """A sign-in on one device. The cookie holds a random token, this row its digest only."""

    __tablename__ = "user_session"
    __table_args__ = (sa.Index("ix_user_session_user", "user_id", "created_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    second_factor_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when the password was typed once more
    address: Mapped[str]
    agent: Mapped[str]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str | None]


class UserToken(Base):
    """A single-use link sent by mail, kept as a digest: what it is for, whose, until when."""

    __tablename__ = "user_token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    purpose: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes that stand in for a lost second factor, once each."""

    __tablename__ = "recovery_code"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    digest: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key that lives in a person's device or password manager; we keep its public half."""

    __tablename__ = "passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    transports: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.Text()))
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is asked to sign: random, for one purpose of one person, deleted as it is used."""

    __tablename__ = "passkey_challenge"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    challenge: Mapped[bytes]
    purpose: Mapped[str]
    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KnownDevice(Base):
    """A device that a person signed in on before; it has a budget of tries of its own, so no stranger locks it out."""

    __tablename__ = "known_device"
    __table_args__ = (sa.UniqueConstraint("user_id", "digest"),)  # a phone may be known to several of a family

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    digest: Mapped[bytes]
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SecurityEvent(Base):
    """What happened to an account outside any group: sign-ins, refusals, changes of password. Records only grow."""

    __tablename__ = "security_event"
    __table_args__ = (sa.Index("ix_security_event_user", "user_id", "at"), sa.Index("ix_security_event_at", "at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    severity: Mapped[str] = mapped_column(default="info")
    at: Mapped[datetime]
    address: Mapped[str | None]
    agent: Mapped[str | None]
    session_id: Mapped[uuid.UUID | None]
    request_id: Mapped[str | None]

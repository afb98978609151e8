"""What erasure does: facts become a pseudonym, keys are destroyed, words go; figures and the chain stay as they are."""

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.audit.models import AuditEvent
from app.auth import events, passwords, sessions
from app.auth.models import (
    KnownDevice,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    SecurityEvent,
    UserAccount,
    UserSession,
    UserToken,
)
from app.auth.services import WRITE_LINK
from app.core import clock
from app.core.db import platform, session
from app.core.keys import DataKey, key_of, open_for
from app.core.mail import MailMessage, PersonMail
from app.core.mail.queueing import GROUP_JOB, PERSON_JOB
from app.core.outbox import Outbox, PlatformOutbox
from app.groups.models import Invitation, Member, SecretDigest
from app.groups.queries import group
from app.groups.services.members import place_of
from app.notifications.models import Notification
from app.privacy import scrubbing
from app.privacy.models import DataExport, MemberErasure, PersonErasure
from app.privacy.rules import Facts, address_of, code_of, identifier_of, pattern_of
from app.tokens.models import ApiToken

_BY_COUNTING = re.compile(r"M\d+", re.IGNORECASE)  # a number we gave out: it says nothing of anybody
_ERASURE = sa.text("SELECT set_config('app.erasure', :id, true)")


def facts_of(account: UserAccount) -> Facts:
    """What a person is known by outside the groups."""
    return Facts((account.name,), (account.email,), (account.phone,) if account.phone else ())


def forget_member(member: Member, wish: MemberErasure, *, also: Facts | None = None) -> None:
    """Erase a member of the chosen group. What an account is known by goes along."""
    session().connection().execute(_ERASURE, {"id": str(wish.id)})
    pattern = pattern_of(_facts(member, also or Facts()))
    user_id = member.user_id
    _delete_own(member.id)
    _become_nobody(member)
    left: list[str] = []
    if pattern:
        scrubbing.answers(pattern)
        scrubbing.sealed_words(pattern, erased=member.id)
        left = scrubbing.plain_words(pattern)
        scrubbing.mailbox(pattern)
    _hide_from_where(member.id, user_id)
    _destroy_key(member.id)
    wish.done_at = clock.now()
    session().flush()
    after = {"kept_in": ", ".join(left)} if left else None
    record("erase", "member", member.id, by=wish.asked_by, after=after, severity="warning")


def _facts(member: Member, also: Facts) -> Facts:
    """What somebody else of the group has as well, a name or a couple's telephone, tells nobody apart and is theirs."""
    names = _own(member, Member.display_name, (member.display_name, *also.names))
    numbers = [] if _BY_COUNTING.fullmatch(member.identifier) else [member.identifier]
    if member.national_id and (number := open_for(member.id, member.national_id, place_of(member.id))):
        numbers.append(number)
    return Facts(
        names,
        _own(member, Member.email, (member.email, *also.emails)),
        _own(member, Member.phone, (member.phone, *also.phones)),
        tuple(numbers),
    )


def _own(member: Member, column: Any, told: Iterable[str | None]) -> tuple[str, ...]:
    known = [fact for fact in told if fact]
    same = sa.func.lower(column).in_([fact.lower() for fact in known])
    others = {fact.lower() for fact in session().scalars(sa.select(column).where(same, Member.id != member.id))}
    return tuple(fact for fact in known if fact.lower() not in others)


def _delete_own(member_id: uuid.UUID) -> None:
    invitations = Invitation.member_id == member_id
    digests = session().scalars(sa.select(Invitation.digest).where(invitations)).all()
    platform().execute(sa.delete(SecretDigest).where(SecretDigest.digest.in_(digests)))
    mails = session().scalars(sa.select(MailMessage.id).where(MailMessage.member_id == member_id)).all()
    session().execute(_unsent(Outbox, GROUP_JOB, mails), execution_options={"synchronize_session": False})
    open_ = sa.and_(ApiToken.member_id == member_id, ApiToken.revoked_at.is_(None))
    session().execute(sa.update(ApiToken).where(open_).values(revoked_at=clock.now()))
    for gone in (
        sa.delete(Invitation).where(invitations),
        sa.delete(Notification).where(Notification.member_id == member_id),
        sa.delete(MailMessage).where(MailMessage.member_id == member_id),
    ):
        session().execute(gone)


def _unsent(table: type[Outbox] | type[PlatformOutbox], kind: str, mails: Sequence[uuid.UUID]) -> Any:
    """A worker need not look for mails that are gone."""
    named = table.payload["mail_id"].astext.in_([str(mail_id) for mail_id in mails])
    waiting = sa.and_(table.kind == kind, table.done_at.is_(None), named)
    return sa.update(table).where(waiting).values(done_at=clock.now())


def _become_nobody(member: Member) -> None:
    if member.status != "left":
        member.status, member.left_on = "left", max(clock.today(group().time_zone), member.joined_on)
    member.display_name = _("Former member %(code)s", code=code_of(member.id))
    member.identifier, member.roles, member.voting_rights = identifier_of(member.id), ["member"], False
    member.email = member.phone = member.national_id = member.user_id = None
    session().flush()


def _hide_from_where(member_id: uuid.UUID, user_id: uuid.UUID | None) -> None:
    own = sa.or_(AuditEvent.member_id == member_id, AuditEvent.user_id == user_id)
    session().execute(sa.update(AuditEvent).where(own).values(address=None, agent=None))


def _destroy_key(member_id: uuid.UUID) -> None:
    held = sa.select(DataKey).where(DataKey.subject_id == member_id)
    if session().scalar(held) is None:
        key_of(member_id)  # made only to be destroyed: nothing can be sealed about them later on
    row = session().scalars(held).one()
    if row.wrapped is not None:
        row.wrapped, row.destroyed_at = None, clock.now()


def forget_account(account: UserAccount, wish: PersonErasure) -> None:
    """Erase the account of a person whose groups have forgotten them."""
    platform().connection().execute(_ERASURE, {"id": str(wish.id)})
    pattern = pattern_of(facts_of(account))
    user_id, here = account.id, platform()
    sessions.revoke_all(user_id, because="erased")
    mails = here.scalars(sa.select(PersonMail.id).where(PersonMail.user_id == user_id)).all()
    here.execute(_unsent(PlatformOutbox, PERSON_JOB, mails), execution_options={"synchronize_session": False})
    for table in (UserSession, UserToken, Passkey, PasskeyChallenge, RecoveryCode, KnownDevice, PersonMail):
        here.execute(sa.delete(table).where(_whose(table) == user_id))
    here.execute(
        sa.delete(PlatformOutbox).where(PlatformOutbox.kind == WRITE_LINK, PlatformOutbox.done_at.is_not(None))
    )
    own = sa.update(SecurityEvent).where(SecurityEvent.user_id == user_id)
    here.execute(own.values(address=None, agent=None))
    copies = sa.update(DataExport).where(DataExport.user_id == user_id, DataExport.removed_at.is_(None))
    here.execute(copies.values(sealed=None, removed_at=clock.now()))
    _close(account)
    if pattern:
        scrubbing.mailbox(pattern)
    events.record("erased", user_id=user_id, severity="critical")
    wish.done_at = clock.now()
    here.flush()


def _whose(table: Any) -> Any:
    return table.user_id


def _close(account: UserAccount) -> None:
    account.name = _("Former member %(code)s", code=code_of(account.id))
    account.email, account.phone = address_of(account.id), None
    account.status, account.password_hash = "inactive", passwords.UNUSABLE
    account.two_factor_enabled, account.totp_secret, account.totp_last_step = False, None, None
    account.totp_since = None
    account.locale, account.time_zone = "en", "UTC"
    account.email_confirmed_at = None

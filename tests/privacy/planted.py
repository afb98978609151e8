"""A person whose name, contacts and traces are planted wherever the product can keep words."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.audit.log import record
from app.audit.models import AuditEvent, AuditFlag
from app.auth import passwords
from app.auth.models import SecurityEvent, UserAccount, UserSession, UserToken
from app.core import clock, mail
from app.core.db import platform, session, transaction
from app.core.ids import new_id
from app.core.keys import seal_for
from app.groups.models import GroupSetting, Invitation, Member, SecretDigest
from app.groups.services.members import place_of
from app.imports import files, line_texts
from app.imports.models import ImportedLine, ImportFile
from app.ledgers.books import Draft, credit, debit, post, reverse
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.models import ApprovalDecision, ApprovalRequest, Entry
from app.notifications.models import Notification
from app.savings.models import Payment
from tests.factories import Cast
from tests.privacy.planted_rent import rent

PASSWORD = "seven quiet lizards on a wall"
DAY = date(2026, 10, 5)


@dataclass(frozen=True)
class Planted:
    """Who was planted, in which group, and by which words they are found: nobody else's anywhere."""

    cast: Cast
    user_id: uuid.UUID
    member_id: uuid.UUID
    tag: str

    @property
    def name(self) -> str:
        return f"Zebedee Quokka{self.tag}"

    @property
    def email(self) -> str:
        return f"zebedee.{self.tag}@example.org"

    @property
    def phone(self) -> str:
        return f"+25473355{self.digits}"

    @property
    def digits(self) -> str:
        return str(int.from_bytes(self.tag.encode()) % 9000 + 1000)

    @property
    def mask(self) -> str:
        return f"0733***{self.digits[-3:]}"

    @property
    def national(self) -> str:
        return f"ID-8811{self.digits}"

    @property
    def number(self) -> str:
        return f"EXT-{self.tag}"

    @property
    def agent(self) -> str:
        return f"Browser-of-{self.tag}/7.7"

    @property
    def address(self) -> str:
        return f"2001:db8::{self.digits}"

    @property
    def stem(self) -> str:
        return f"{self.name} called from {self.phone}"

    @property
    def words(self) -> tuple[str, ...]:
        return self.tag, self.phone[-9:], self.mask, self.national, self.address


def plant(cast: Cast) -> Planted:
    """Plant a person as the member `member` of the cast, in about thirty places."""
    tag = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _n in range(9))
    who = Planted(cast, cast.member.user_id, cast.member.member_id, tag)
    with transaction(user_id=who.user_id):
        _account(who)
    with transaction(user_id=who.user_id, group_id=cast.group_id):
        _member(who)
        _books(who)
        _approvals(who)
        _letters(who)
        _log(who)
        _imports(who)
    return who


def _account(who: Planted) -> None:
    account, now = platform().get_one(UserAccount, who.user_id), clock.now()
    account.name, account.email, account.phone = who.name, who.email, who.phone
    account.password_hash = passwords.hashed(PASSWORD)
    seen = {"address": who.address, "agent": who.agent}
    platform().add(SecurityEvent(id=new_id(), user_id=account.id, action="signed_in", at=now, **seen))
    platform().add(
        UserSession(
            user_id=account.id,
            token_digest=new_id().bytes,
            created_at=now,
            last_seen_at=now,
            expires_at=now,
            idle_minutes=1,
            **seen,
        )
    )
    token = {"digest": new_id().bytes, "purpose": "reset", "created_at": now, "expires_at": now}
    platform().add(UserToken(user_id=account.id, email=who.email, **token))
    mail.queue_for_person(
        key=f"planted:{account.id}",
        user_id=account.id,
        to=who.email,
        template="auth_password_changed",
        data={"name": who.name, "where": f"{who.agent} {who.address}"},
        locale="en",
    )


def _member(who: Planted) -> None:
    row = session().scalars(sa.select(Member).where(Member.id == who.member_id)).one()
    row.display_name, row.email, row.phone, row.identifier = who.name, who.email, who.phone, who.number
    row.national_id = seal_for(row.id, who.national, place_of(row.id))
    digest, now = new_id().bytes, clock.now()
    session().add(
        Invitation(member_id=row.id, email=who.email, digest=digest, invited_by=None, created_at=now, expires_at=now)
    )
    platform().add(SecretDigest(digest=digest, group_id=who.cast.group_id, purpose="invitation"))
    setting = {"name": "contact_email", "value": {"value": who.email}, "updated_at": now}
    session().add(GroupSetting(**setting))
    session().flush()


def _books(who: Planted) -> None:
    cash = add_cash_account(name=f"Phone of {who.name}", method="mobile_money", by=None)
    lines = [debit("cash", Decimal(500), cash.id), credit("savings", Decimal(500), who.member_id)]
    own = Draft(PostingKind.CONTRIBUTION, DAY, lines, note=who.stem, subject=who.member_id)
    posted = post(own, by=who.member_id)
    other = [debit("cash", Decimal(9), cash.id), credit("savings", Decimal(9), who.cast.other_member.member_id)]
    post(Draft(PostingKind.MANUAL, DAY, other, note=f"Brought by {who.name}"), by=who.cast.treasurer.member_id)
    rent(who, cash.id)
    entry = session().scalars(sa.select(Entry).where(Entry.id == posted.id)).one()
    reverse(entry, by=who.cast.treasurer.member_id, on=DAY, reason=f"{who.name} took it back", subject=who.member_id)
    session().add(
        Payment(
            member_id=who.member_id,
            amount=Decimal(500),
            paid_at=clock.now(),
            method="cash",
            reference=f"from {who.phone}",
            source="cash",
            cash_account_id=cash.id,
            idempotency_key=new_id().hex,
        )
    )


def _approvals(who: Planted) -> None:
    request, at = new_id(), clock.now()
    session().add(
        ApprovalRequest(
            id=request,
            kind="transfer",
            amount=Decimal(5),
            effective_on=DAY,
            sealed=seal_for(who.cast.group_id, f'{{"note": "{who.stem}"}}', f"approval_request|{request}"),
            idempotency_key=new_id().hex,
            requested_by=who.cast.treasurer.member_id,
            requested_at=at,
        )
    )
    session().flush()
    decision = new_id()
    session().add(
        ApprovalDecision(
            id=decision,
            request_id=request,
            requested_by=who.cast.treasurer.member_id,
            decision="rejected",
            decided_by=who.cast.leader.member_id,
            decided_at=at,
            reason=seal_for(who.cast.group_id, f"{who.name} says no", f"approval_decision|{decision}"),
        )
    )


def _letters(who: Planted) -> None:
    shown = {"kind": "info", "created_at": clock.now(), "title": f"{who.name} paid", "body": who.stem}
    for member_id in (who.member_id, who.cast.leader.member_id):
        session().add(Notification(member_id=member_id, key=new_id().hex, **shown))
        mail.queue(
            key=f"planted:{member_id}",
            to=who.email if member_id == who.member_id else "leader@example.com",
            template="invitation",
            data={"name": who.name, "group": who.name, "inviter": who.name, "token": "x" * 20, "days": 7},
            locale="en",
            member_id=member_id,
        )
    session().flush()


def _log(who: Planted) -> None:
    record(
        "update", "member", who.member_id, by=None, before={"name": "X"}, after={"name": who.name}, about=who.member_id
    )
    record("update", "group", by=None, after={"word": who.stem})
    seen = {"address": who.address, "agent": who.agent, "user_id": who.user_id, "member_id": who.member_id}
    event = {"action": "read", "entity": "report", "fields": [], "severity": "info", "at": clock.now()}
    session().add(AuditEvent(**seen, **event))
    flag = new_id()
    session().add(
        AuditFlag(
            id=flag,
            entity="member",
            entity_id=who.member_id,
            url="/",
            raised_by=who.cast.auditor.member_id,
            raised_at=clock.now(),
            sealed=seal_for(who.cast.group_id, who.stem, f"audit_flag|{flag}"),
        )
    )


def _imports(who: Planted) -> None:
    cash = add_cash_account(name="Statement", method="mobile_money", by=None)
    file = ImportFile(
        id=new_id(),
        kind="statement",
        digest=b"d",
        options={},
        cash_account_id=cash.id,
        idempotency_key=new_id().hex,
        uploaded_by=who.cast.treasurer.member_id,
        uploaded_at=clock.now(),
    )
    file.name = seal_for(who.cast.group_id, f"statement of {who.name}.csv", files.place(file.id))
    session().add(file)
    session().flush()
    text = line_texts.LineText(receipt="QX1", details=who.stem, phone=who.mask, name=who.name.upper(), account="A")
    for subject in (who.cast.group_id, who.member_id):
        line = ImportedLine(
            id=new_id(),
            file_id=file.id,
            cash_account_id=cash.id,
            key=new_id().hex,
            at=clock.now(),
            day=DAY,
            place=1,
            amount=Decimal(5),
            kind="paid_in",
            subject_id=subject,
        )
        line_texts.seal_texts([(line, text)])
        session().add(line)
    session().flush()

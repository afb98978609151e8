"""What people agreed to: a catalogue of purposes, and a row for each yes and no, which never changes."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Mapped, mapped_column

from app.auth import events
from app.core import clock
from app.core.db import platform
from app.core.errors import NotFound, Refused
from app.core.ids import new_id
from app.core.tenancy import Base


class ConsentEvent(Base):
    """A yes or a no of a person to one version of a purpose."""

    __tablename__ = "consent_event"
    __table_args__ = (sa.Index("ix_consent_event_user", "user_id", "purpose", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    purpose: Mapped[str]
    version: Mapped[int]
    given: Mapped[bool]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Purpose:
    """Something we ask a yes for. `presumed` says what holds while the person has said neither yes nor no."""

    code: str
    version: int
    title: Any
    text: Any
    required: bool = False
    presumed: bool = False


class ConsentRequired(Refused):
    """A purpose without which there is no account."""

    code = "consent_required"
    sentence = _("Without this we cannot keep an account for you. You can have it erased instead.")


TERMS, NOTICE, LETTERS, FIGURES = "terms", "privacy_notice", "letters", "statistics"
CATALOGUE: tuple[Purpose, ...] = (
    Purpose(
        TERMS,
        1,
        _("Terms of use"),
        _(
            "Plots & Prosper keeps the books of savings groups. Your group answers for its money and for what it "
            "writes down; we answer for keeping it whole, apart from other groups, and there when you need it. The "
            "records of banks and mobile-money companies count where they differ from ours. You may leave and take "
            "your data along."
        ),
        required=True,
    ),
    Purpose(
        NOTICE,
        1,
        _("Privacy notice"),
        _(
            "We hold what you and your groups enter about you, and where you signed in from. Officers of a group see "
            "what they need there; no other group sees anything. Financial records are kept for at least seven years, "
            "the record of who did what for five, messages for two, and this agreement for a year after you are erased."
        ),
        required=True,
    ),
    Purpose(
        LETTERS,
        1,
        _("Statements and reminders by e-mail"),
        _("Your groups may mail you each month’s statement and remind you of what is due. Your pages show it too."),
        presumed=True,
    ),
    Purpose(
        FIGURES,
        1,
        _("Statistics"),
        _("Your figures may count in sums over many groups, in which nobody can be told apart."),
    ),
)


def purpose(code: str) -> Purpose:
    """The purpose of that name. Raises NotFound."""
    found = next((one for one in CATALOGUE if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def give_required(user_id: uuid.UUID) -> None:
    """Whoever opens an account says yes to what it needs, in the version that holds now."""
    for one in CATALOGUE:
        if one.required:
            _say(user_id, one, given=True)


def give(*, user_id: uuid.UUID, code: str) -> None:
    """Say yes to a purpose as it stands now; said already, nothing is added. Raises NotFound."""
    _change(user_id, purpose(code), given=True)


def withdraw(*, user_id: uuid.UUID, code: str) -> None:
    """Take a yes back, or say no. Raises ConsentRequired, NotFound."""
    wanted = purpose(code)
    if wanted.required:
        raise ConsentRequired
    _change(user_id, wanted, given=False)


def _change(user_id: uuid.UUID, wanted: Purpose, *, given: bool) -> None:
    last = latest(user_id).get(wanted.code)
    if last is not None and (last.given, last.version) == (given, wanted.version):
        return
    _say(user_id, wanted, given=given)
    events.record("consent_given" if given else "consent_withdrawn", user_id=user_id)


def _say(user_id: uuid.UUID, wanted: Purpose, *, given: bool) -> None:
    row = ConsentEvent(user_id=user_id, purpose=wanted.code, version=wanted.version, given=given, at=clock.now())
    platform().add(row)
    platform().flush()


def history(user_id: uuid.UUID) -> Sequence[ConsentEvent]:
    """Every yes and no of a person, the latest first."""
    wanted = sa.select(ConsentEvent).where(ConsentEvent.user_id == user_id)
    return platform().scalars(wanted.order_by(ConsentEvent.at.desc(), ConsentEvent.id.desc())).all()


def latest(user_id: uuid.UUID) -> dict[str, ConsentEvent]:
    """The last word of a person on each purpose."""
    return {row.purpose: row for row in reversed(history(user_id))}


def refused(user_ids: Collection[uuid.UUID], code: str) -> set[uuid.UUID]:
    """Who of these people may not be treated as having said yes."""
    asked = set(user_ids)
    rows = platform().execute(
        sa.select(ConsentEvent.user_id, ConsentEvent.given)
        .where(ConsentEvent.user_id.in_(asked), ConsentEvent.purpose == code)
        .order_by(ConsentEvent.at, ConsentEvent.id)  # the last word of each is what is kept
    )
    said = {user_id: given for user_id, given in rows}  # noqa: C416  # dict(rows) is not typed as one
    presumed = purpose(code).presumed
    return {user_id for user_id in asked if not said.get(user_id, presumed)}

"""Reads: a member's statement from the books, and who a run would reach."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.auth import consents
from app.core.db import session
from app.core.mail import MailMessage, usable
from app.core.outbox import Outbox
from app.core.periods import DAY, Month
from app.core.rooms import StatementLine, rooms
from app.core.rows import row_with
from app.groups.models import Member
from app.groups.queries import group, names
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.models import Account as BooksAccount
from app.ledgers.models import Entry, Posting
from app.statements.errors import DaysReversed, NoSuchMember, TooMuchAtOnce
from app.statements.models import StatementIssued, StatementRun
from app.statements.rules import ALWAYS, Account, Part, Statement
from app.statements.words import words_of

MOST = 5_000  # events on one sheet
RECEIVES = ("invited", "active", "inactive")  # who gets statements by mail
_KINDS = {part: part.value for part in Part} | {Part.PENALTIES: "penalties_receivable"}


def member(member_id: uuid.UUID) -> Member:
    """A member of the group. Raises NoSuchMember."""
    return row_with(Member, member_id, NoSuchMember)


def statement(member_id: uuid.UUID, first: date, last: date) -> Statement:
    """A member's statement from `first` through `last`. Raises DaysReversed, TooMuchAtOnce."""
    if last < first:
        raise DaysReversed(field="last")
    owned = sa.select(BooksAccount).where(BooksAccount.kind.in_(_KINDS.values()), BooksAccount.owner_id == member_id)
    known = {account.kind: account for account in session().scalars(owned)}
    parts = {part: _account(part, known.get(kind), first, last) for part, kind in _KINDS.items()}
    shown = [line for account in parts.values() for line in account.lines]
    return Statement(
        group_id=session().group_id,
        member_id=member_id,
        currency=group().currency,
        first=first,
        last=last,
        savings=parts[Part.SAVINGS],
        penalties=parts[Part.PENALTIES],
        entry_hash=_hash_of(max(shown, key=lambda line: line.number).entry_id) if shown else "",
        others=tuple(account for part, account in parts.items() if part not in ALWAYS),
    )


def _account(part: Part, account: BooksAccount | None, first: date, last: date) -> Account:
    if account is None:
        return Account(part, Decimal(0), ())
    wanted = chart.Account(account.kind, account.owner_id)
    opening = natural_balance(wanted, first - DAY) if first > date.min else Decimal(0)
    return Account(part, opening, _lines(account, part, first, last))


def _lines(account: BooksAccount, part: Part, first: date, last: date) -> Sequence[StatementLine]:
    amount = sa.func.sum(Posting.amount)
    rows = (
        session()
        .execute(
            sa.select(Posting.effective_on, Posting.entry_number, Posting.entry_id, amount)
            .where(Posting.account_id == account.id, Posting.effective_on.between(first, last))
            .group_by(Posting.effective_on, Posting.entry_number, Posting.entry_id)
            .having(amount != 0)
            .order_by(Posting.effective_on, Posting.entry_number)
            .limit(MOST + 1)
        )
        .all()
    )
    if len(rows) > MOST:
        raise TooMuchAtOnce(most=MOST)
    entries = session().scalars(sa.select(Entry).where(Entry.id.in_([row.entry_id for row in rows]))).all()
    told, sign = _told(entries, part), account.normal
    return [StatementLine(on, number, *told[entry_id], sign * moved, entry_id) for on, number, entry_id, moved in rows]


def _told(entries: Sequence[Entry], part: Part) -> Mapping[uuid.UUID, tuple[object, str]]:
    """What each entry was and its reference: the room that made it says so, else its kind does."""
    sources: dict[str, set[uuid.UUID]] = defaultdict(set)
    for entry in entries:
        if entry.source_kind and entry.source_id:
            sources[entry.source_kind].add(entry.source_id)
    said = {kind: _ask(kind, ids) for kind, ids in sources.items()}
    numbers = _numbers({entry.reverses_id for entry in entries if entry.reverses_id})
    found: dict[uuid.UUID, tuple[object, str]] = {}
    for entry in entries:
        what, reference = said.get(entry.source_kind or "", {}).get(entry.source_id or entry.id, ("", ""))
        reverses = numbers.get(entry.reverses_id) if entry.reverses_id else None
        found[entry.id] = (words_of(entry.kind, what, reverses, part=part), reference)
    return found


def _ask(kind: str, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, tuple[object, str]]:
    for room in rooms():
        if kind in room.events:
            return room.events[kind](ids)
    return {}


def _numbers(ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    if not ids:
        return {}
    rows = session().execute(sa.select(Entry.id, Entry.number).where(Entry.id.in_(ids)))
    return {entry_id: number for entry_id, number in rows}  # noqa: C416  # dict(rows) is not typed as one


def _hash_of(entry_id: uuid.UUID) -> str:
    return session().scalars(sa.select(Entry.hash).where(Entry.id == entry_id)).one().hex()


def issued(row_id: uuid.UUID, said: bytes) -> StatementIssued | None:
    """The statement that was given out under an id and said what this hash covers."""
    wanted = sa.select(StatementIssued).where(StatementIssued.id == row_id, StatementIssued.hash == said)
    return session().scalar(wanted)


@dataclass(frozen=True)
class Reach:
    """Whom the statements of a month go to, and who has no address that could be used."""

    receive: Sequence[Member]
    without: Sequence[Member]


def reach() -> Reach:
    """Everyone who saves in the group and has neither left nor been suspended, by name; not who wants no such mail."""
    members = session().scalars(
        sa.select(Member)
        .where(Member.status.in_(RECEIVES), Member.roles.contains(["member"]))
        .order_by(sa.func.lower(Member.display_name), Member.id)
    )
    found: dict[bool, list[Member]] = {True: [], False: []}
    rows = members.all()
    quiet = consents.refused({each.user_id for each in rows if each.user_id}, consents.LETTERS)
    for each in rows:
        found[usable(each.email) and each.user_id not in quiet].append(each)
    return Reach(found[True], found[False])


def latest_run(period: str) -> StatementRun | None:
    """The last time that the statements of a month were sent."""
    return session().scalar(
        sa.select(StatementRun)
        .where(StatementRun.period == period)
        .order_by(StatementRun.started_at.desc(), StatementRun.id.desc())
        .limit(1)
    )


def runs() -> Sequence[StatementRun]:
    """The last runs, newest first."""
    return session().scalars(sa.select(StatementRun).order_by(StatementRun.started_at.desc()).limit(24)).all()


def run(run_id: uuid.UUID) -> StatementRun | None:
    """A run of the group."""
    return session().scalar(sa.select(StatementRun).where(StatementRun.id == run_id))


def names_of(found: Sequence[StatementRun]) -> Mapping[uuid.UUID, str]:
    """Who started these runs."""
    return names([run.started_by for run in found])


def lost_mails(period: str) -> Sequence[tuple[MailMessage, str]]:
    """The mails of a month's statements that did not arrive, with the member's name."""
    rows = session().execute(
        sa.select(MailMessage, Member.display_name)
        .join(Member, sa.and_(Member.id == MailMessage.member_id, Member.group_id == MailMessage.group_id))
        .where(MailMessage.about == about(period), MailMessage.state.in_(("failed", "bounced", "unknown")))
        .order_by(sa.func.lower(Member.display_name), MailMessage.id)
    )
    return [(mail, name) for mail, name in rows]


@dataclass(frozen=True)
class Progress:
    """How far a run's own mails are. `waiting` are queued or on their way, `retrying` failed and come again."""

    run: StatementRun
    message: Outbox
    states: Mapping[str, int]
    retrying: int

    @property
    def month(self) -> Month:
        """The month of the statements."""
        return Month.parse(self.run.period)

    @property
    def queued(self) -> int:
        """How many mails there are, whatever became of them."""
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        """How many arrived, as far as anyone knows."""
        return self.states.get("sent", 0)

    @property
    def lost(self) -> int:
        """How many failed, bounced or are unknown."""
        return sum(self.states.get(state, 0) for state in ("failed", "bounced", "unknown"))

    @property
    def waiting(self) -> int:
        """How many will be sent without anybody's doing, the ones that come again later left out."""
        return self.states.get("queued", 0) + self.states.get("sending", 0) - self.retrying

    @property
    def over(self) -> bool:
        """Whether nothing more will happen soon."""
        return (self.message.done_at is not None and not self.waiting) or self.message.dead_at is not None


def progress(run: StatementRun) -> Progress:
    """How far the statements of a run are; those that an earlier run of the month had sent do not count."""
    message = session().scalars(
        sa.select(Outbox).where(Outbox.id == run.message_id).execution_options(populate_existing=True)
    )
    found = message.one()
    own = [uuid.UUID(text) for text in found.payload["member_ids"]]
    mails = sa.and_(MailMessage.about == about(run.period), MailMessage.member_id.in_(own))
    rows = session().execute(sa.select(MailMessage.state, sa.func.count()).where(mails).group_by(MailMessage.state))
    tried = sa.and_(mails, MailMessage.state == "queued", MailMessage.error.is_not(None))
    retrying = session().scalar(sa.select(sa.func.count()).select_from(MailMessage).where(tried)) or 0
    return Progress(run, found, {state: count for state, count in rows}, retrying)  # noqa: C416  # see above


def reached(period: str) -> set[uuid.UUID]:
    """The members for whom there is a mail with a month's statement, whatever became of it."""
    rows = session().scalars(sa.select(MailMessage.member_id).where(MailMessage.about == about(period)))
    return {member_id for member_id in rows if member_id}


def mails_of(period: str) -> int:
    """How many mails of a month's statements there are."""
    mails = sa.select(sa.func.count()).select_from(MailMessage).where(MailMessage.about == about(period))
    return session().scalar(mails) or 0


def about(period: str) -> str:
    """What the mails of a month's statements are known by."""
    return f"statements:{period}"

"""Reads of lines: those to allocate with a proposal, those of an account, and one with its history."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.groups.queries import names
from app.imports import standing
from app.imports.destinations import remembered
from app.imports.errors import NoSuchLine
from app.imports.line_texts import LineText, texts_of
from app.imports.matching import Matcher, Proposal, What, propose
from app.imports.models import ImportedLine, LineAllocation
from app.imports.planning import payers
from app.imports.printed import printed
from app.imports.standing import WAITS
from app.ledgers.models import CashAccount, Entry
from app.savings.models import Payment
from app.web.keyset import Cursor, Slice, slice_of

ROWS = 50
ORDER = (datetime, uuid.UUID)  # the types of the keys by which lines are paged


@dataclass(frozen=True)
class OpenLine:
    """A line to allocate: its words, what is proposed, and whether its money waits among the unallocated.

    `leaving_since`: the member proposed asked to leave then, and so pays in no contributions.
    """

    line: ImportedLine
    text: LineText
    account: str
    proposal: Proposal
    member: str | None
    target: str | None
    waits: bool
    leaving_since: datetime | None = None

    @property
    def acceptable(self) -> bool:
        """Whether one press can accept the proposal."""
        match self.proposal.what:
            case What.CONTRIBUTION:
                return self.proposal.match is not None and self.leaving_since is None
            case What.TRANSFER:
                return self.proposal.cash_account not in (None, self.line.cash_account_id)
            case What.CHARGE:
                return True
        return False


@dataclass(frozen=True)
class LineView:
    """One line with everything that was ever said of it."""

    line: ImportedLine
    text: LineText
    account: CashAccount
    history: Sequence[LineAllocation]
    last: LineAllocation | None
    payment: Payment | None
    entries: Mapping[uuid.UUID, int]
    names: Mapping[uuid.UUID, str]


def to_allocate(
    *, account_id: uuid.UUID | None = None, direction: str = "", at: Cursor | None = None, size: int = ROWS
) -> Slice[OpenLine]:
    """The lines nobody has said anything of, and money that waits, the oldest first."""
    query = _open()
    if account_id is not None:
        query = query.where(ImportedLine.cash_account_id == account_id)
    if direction:
        query = query.where(ImportedLine.amount > 0 if direction == "in" else ImportedLine.amount < 0)
    page = slice_of(
        lambda statement: session().execute(statement).all(),
        query,
        by=(ImportedLine.at, ImportedLine.id),
        key=lambda row: (row[0].at, row[0].id),
        at=at,
        size=size,
    )
    return Slice(with_proposals([(row[0], row[1] == WAITS) for row in page.rows]), page.before, page.after)


def open_lines(line_ids: Sequence[uuid.UUID]) -> list[OpenLine]:
    """Some of them, by their ids. Raises NoSuchLine when one is not to allocate any more, or is not here."""
    rows = session().execute(_open().where(ImportedLine.id.in_(line_ids)).order_by(ImportedLine.at)).all()
    if len(rows) < len(set(line_ids)):
        raise NoSuchLine
    return with_proposals([(row[0], row[1] == WAITS) for row in rows])


def amounts_of(line_ids: Sequence[uuid.UUID]) -> list[Decimal]:
    """How much each of these lines moved, whichever way. Raises NoSuchLine."""
    wanted = set(line_ids)
    found = session().scalars(sa.select(sa.func.abs(ImportedLine.amount)).where(ImportedLine.id.in_(wanted))).all()
    if len(found) < len(wanted):
        raise NoSuchLine
    return list(found)


def _open() -> sa.Select[Any]:
    last = standing.last_standing()
    return (
        sa.select(ImportedLine, last.c.what)
        .outerjoin(last, last.c.line_id == ImportedLine.id)
        .where(sa.or_(last.c.id.is_(None), last.c.what == WAITS))
    )


def open_count() -> tuple[int, Decimal]:
    """How many lines are to allocate, and how much they moved together."""
    found = _open().subquery()
    row = (
        session()
        .execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(sa.func.abs(found.c.amount)), 0)).select_from(found)
        )
        .one()
    )
    return row[0], Decimal(row[1])


def with_proposals(rows: Sequence[tuple[ImportedLine, bool]]) -> list[OpenLine]:
    """Lines with their words and what is proposed for each, in a few reads whatever their number."""
    if not rows:
        return []
    texts, people = texts_of([row for row, _waits in rows]), payers()
    accounts = {row.id: row.name for row in session().scalars(sa.select(CashAccount))}
    matcher, known = Matcher(people), {payer.id: payer for payer in people}
    named = {id_: _named(id_, rows, texts, matcher) for id_ in {row.cash_account_id for row, _waits in rows}}
    found = []
    for row, waits in rows:
        proposal = propose(printed(row, texts[row.id]), matcher, named[row.cash_account_id])
        payer = known.get(proposal.match.id) if proposal.match else None
        member, since = (payer.name, payer.leaving_since) if payer else (None, None)
        target = accounts.get(proposal.cash_account) if proposal.cash_account else None
        place = accounts[row.cash_account_id]
        found.append(OpenLine(row, texts[row.id], place, proposal, member, target, waits, since))
    return found


def _named(
    account_id: uuid.UUID,
    rows: Sequence[tuple[ImportedLine, bool]],
    texts: Mapping[uuid.UUID, LineText],
    matcher: Matcher,
) -> dict[str, uuid.UUID]:
    own = [propose(printed(row, texts[row.id]), matcher, {}) for row, _w in rows if row.cash_account_id == account_id]
    return remembered(account_id, {proposal.destination for proposal in own if proposal.destination})


def line_view(line_id: uuid.UUID) -> LineView:
    """One line of this group. Raises NoSuchLine."""
    row = (
        session()
        .execute(
            sa.select(ImportedLine, CashAccount)
            .join(CashAccount, CashAccount.id == ImportedLine.cash_account_id)
            .where(ImportedLine.id == line_id)
        )
        .first()
    )
    if row is None:
        raise NoSuchLine
    line, account = row
    said = sa.select(LineAllocation).where(LineAllocation.line_id == line.id).order_by(LineAllocation.number)
    history = session().scalars(said).all()
    last = standing.standing_of([line.id]).get(line.id)
    payment = (
        session().scalar(sa.select(Payment).where(Payment.id == last.payment_id)) if last and last.payment_id else None
    )
    ids = [said.entry_id for said in history if said.entry_id]
    numbers = session().execute(sa.select(Entry.id, Entry.number).where(Entry.id.in_(ids)))
    entries = {row.id: row.number for row in numbers}
    people = [*(said.recorded_by for said in history), payment.member_id if payment else None]
    return LineView(line, texts_of([line])[line.id], account, history, last, payment, entries, names(people))


def known_of(account_id: uuid.UUID) -> tuple[int, datetime | None]:
    """How many lines of an account are here, and the time of the last one."""
    count, last = (
        session()
        .execute(
            sa.select(sa.func.count(), sa.func.max(ImportedLine.at)).where(ImportedLine.cash_account_id == account_id)
        )
        .one()
    )
    return count, last

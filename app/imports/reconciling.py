"""Reconciling a cash account: its statement beside the books, line by line, and saying that they agree."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.imports import standing
from app.imports.errors import NotReconciled
from app.imports.line_texts import LineText, texts_of
from app.imports.models import ImportedLine, LineAllocation, Reconciliation
from app.imports.pairing import Point, pairs
from app.imports.standing import WAITS, Movement
from app.ledgers.cash import cash_account
from app.ledgers.models import Account, CashAccount, Posting
from app.savings.windows import lock_windows

ZERO = Decimal(0)


@dataclass(frozen=True)
class Reckoned:
    """A line, what it is, what the books hold of it, and the account's balance after it, computed and printed."""

    line: ImportedLine
    what: str | None
    booked: Decimal
    computed: Decimal

    @property
    def allocated(self) -> bool:
        """Whether it was said what it is."""
        return self.what not in (None, WAITS)

    @property
    def agrees(self) -> bool:
        """Whether the line is allocated and both balances are the same; a line without a printed one cannot tell."""
        return self.allocated and self.booked == self.line.amount and self.line.balance in (None, self.computed)


@dataclass(frozen=True)
class Beside:
    """An account from the day after it was last reconciled through a day, statement and books side by side.

    `without` moved the account in the books and stand on no line; `suggested` says by line which of them it may be.
    """

    account: CashAccount
    since: date | None
    through: date
    start: Decimal
    rows: Sequence[Reckoned]
    without: Sequence[Movement]
    suggested: Mapping[uuid.UUID, Movement]
    texts: Mapping[uuid.UUID, LineText]

    @property
    def computed(self) -> Decimal:
        """The balance that the books give after the last line."""
        return self.rows[-1].computed if self.rows else self.start

    @property
    def printed(self) -> Decimal | None:
        """The balance that the statement prints after the last line."""
        return self.rows[-1].line.balance if self.rows else None

    @property
    def open(self) -> int:
        """How many lines are left to allocate."""
        return sum(1 for row in self.rows if not row.allocated)

    @property
    def first_fault(self) -> Reckoned | None:
        """The first line at which statement and books do not agree."""
        return next((row for row in self.rows if not row.agrees), None)

    @property
    def agrees(self) -> bool:
        """Whether it may be called reconciled: every line allocated, every balance equal, and nothing left over."""
        return bool(self.rows) and self.first_fault is None and self.printed is not None and not self.without


def last_reconciled(cash_account_id: uuid.UUID) -> Reconciliation | None:
    """When an account was last reconciled, and with what balance."""
    own = sa.select(Reconciliation).where(Reconciliation.cash_account_id == cash_account_id)
    return session().scalar(own.order_by(Reconciliation.through.desc()).limit(1))


def last_line_day(cash_account_id: uuid.UUID) -> date | None:
    """The day of the last line of an account that is here."""
    return session().scalar(
        sa.select(sa.func.max(ImportedLine.day)).where(ImportedLine.cash_account_id == cash_account_id)
    )


def beside(cash_account_id: uuid.UUID, *, through: date) -> Beside:
    """Statement and books of an account through a day. Raises NoSuchCashAccount."""
    account, last = cash_account(cash_account_id), last_reconciled(cash_account_id)
    since = last.through if last is not None and last.through < through else None
    lines = _lines(account.id, since, through)
    booked = _booked(account.id)
    what = {row.line_id: row.what for row in standing.standing_of([line.id for line in lines]).values()}
    over = standing.without_line(account.id, last=through)
    opening = sum((movement.amount for movement in over if movement.is_opening), ZERO)
    others = [movement for movement in over if not movement.is_opening]
    start = opening + sum((booked.get(line_id, ZERO) for line_id in _ids_before(account.id, since)), ZERO)
    rows = _reckon(lines, booked, what, start)
    return Beside(account, since, through, start, rows, others, _suggest(rows, others), texts_of(lines))


def _lines(account_id: uuid.UUID, since: date | None, through: date) -> Sequence[ImportedLine]:
    query = sa.select(ImportedLine).where(ImportedLine.cash_account_id == account_id, ImportedLine.day <= through)
    if since is not None:
        query = query.where(ImportedLine.day > since)
    return session().scalars(query.order_by(ImportedLine.at, ImportedLine.place, ImportedLine.id)).all()


def _ids_before(account_id: uuid.UUID, since: date | None) -> Sequence[uuid.UUID]:
    if since is None:
        return ()
    own = sa.select(ImportedLine.id).where(ImportedLine.cash_account_id == account_id, ImportedLine.day <= since)
    return session().scalars(own).all()


def _booked(account_id: uuid.UUID) -> dict[uuid.UUID, Decimal]:
    """By line, what the books hold of it on its own account: of everything it was made into that stands."""
    parts = standing.entries_of_payments()
    entry = sa.func.coalesce(LineAllocation.entry_id, parts.c.entry_id)
    own = sa.select(Account.id).where(Account.kind == "cash", Account.owner_id == account_id).scalar_subquery()
    rows = session().execute(
        sa.select(LineAllocation.line_id, sa.func.sum(Posting.amount))
        .join(ImportedLine, ImportedLine.id == LineAllocation.line_id)
        .outerjoin(parts, parts.c.payment_id == LineAllocation.payment_id)
        .join(Posting, sa.and_(Posting.entry_id == entry, Posting.account_id == own))
        .where(ImportedLine.cash_account_id == account_id, standing.stands())
        .group_by(LineAllocation.line_id)
    )
    return {line_id: amount for line_id, amount in rows}  # noqa: C416  # dict(rows) is not typed as one


def _reckon(
    lines: Sequence[ImportedLine], booked: Mapping[uuid.UUID, Decimal], what: Mapping[uuid.UUID, str], start: Decimal
) -> list[Reckoned]:
    amounts = [booked.get(line.id, ZERO) for line in lines]
    balances = list(accumulate(amounts, initial=start))[1:]
    return [
        Reckoned(line, what.get(line.id), amount, computed)
        for line, amount, computed in zip(lines, amounts, balances, strict=True)
    ]


def _suggest(rows: Sequence[Reckoned], others: Sequence[Movement]) -> dict[uuid.UUID, Movement]:
    by_id = {movement.id: movement for movement in others}
    lines = [Point(row.line.id, row.line.day, row.line.amount) for row in rows if not row.allocated]
    found = pairs(lines, [Point(m.id, m.day, m.amount) for m in others])
    return {line_id: by_id[movement_id] for line_id, movement_id in found.items()}


def reconcile(cash_account_id: uuid.UUID, *, through: date, by: uuid.UUID) -> Reconciliation:
    """Say that an account agrees with its statement through a day; saying it again finds the first.

    Raises NoSuchCashAccount, NotReconciled.
    """
    lock_windows()
    found = session().scalar(
        sa.select(Reconciliation).where(
            Reconciliation.cash_account_id == cash_account_id, Reconciliation.through == through
        )
    )
    if found is not None:
        return found
    side = beside(cash_account_id, through=through)
    if not side.agrees or side.printed is None:
        raise NotReconciled
    lines = len(side.rows) + len(_ids_before(cash_account_id, side.since))
    row = Reconciliation(id=new_id(), cash_account_id=cash_account_id, through=through, recorded_by=by)
    row.balance, row.lines = side.printed, lines
    session().add(row)
    session().flush()
    record("reconcile", "cash_account", cash_account_id, by=by, after={"through": through, "balance": row.balance})
    return row


def reconciliations(limit: int = 50) -> Sequence[Reconciliation]:
    """What was reconciled, the latest day first."""
    query = sa.select(Reconciliation).order_by(Reconciliation.through.desc(), Reconciliation.id.desc())
    return session().scalars(query.limit(limit)).all()

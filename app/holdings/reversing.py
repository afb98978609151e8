"""Taking back an investment, a sale, a valuation or income where nothing rests on it: a reversal and opposite rows."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings import queries
from app.holdings.errors import AlreadyTakenBack
from app.holdings.models import HoldingShare, HoldingsReversal, InvestmentIncome, InvestmentSale, Move
from app.holdings.moving import undo_moves
from app.holdings.queries import taken_back
from app.holdings.records import Record, entry_of, record_of, sale_row, sealed
from app.holdings.rules import SALES, SaleKind
from app.holdings.words import units
from app.ledgers import lots
from app.ledgers.books import reverse
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.leavers import resting_gone
from app.ledgers.locking import lock_books
from app.ledgers.models import Account, Entry, Posting
from app.ledgers.words import entry_kind
from app.web.filters import day, money

# What may make growth less without using it.
_NO_USE = (PostingKind.SALE, PostingKind.ASSET_SALE, PostingKind.CONVERSION, PostingKind.REVERSAL)


def reverse_record(
    kind: str, record_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, overdraft: bool = False
) -> HoldingsReversal:
    """Undo an investment, an investment_sale, a valuation or investment_income: every line, and every share.

    `on` is an open day: today, or the record's own while its month is open. Raises NoSuchHoldingsRecord,
    AlreadyTakenBack, SomethingRestsOnIt with the list, and what the books refuse.
    """
    lock_group()
    lock_books()
    found = refuse_undoing(kind, record_id)
    entry = entry_of(found)
    posted = reverse(entry, by=by, on=on, reason=reason, overdraft=overdraft) if entry else None
    undo_moves((kind, record_id), entry_id=posted.id if posted else None)
    row = HoldingsReversal(
        id=new_id(),
        original_kind=kind,
        original_id=record_id,
        entry_id=posted.id if posted else None,
        recorded_by=by,
    )
    row.reason_sealed = sealed(reason, f"holdings_reversal|{row.id}|reason")
    session().add(row)
    session().flush()
    record("reverse", kind, record_id, by=by, after={"reason": reason}, severity="notice")
    return row


def refuse_undoing(kind: str, record_id: uuid.UUID) -> Record:
    """The record, when it may be undone. Raises NoSuchHoldingsRecord, AlreadyTakenBack, SomethingRestsOnIt."""
    found = record_of(kind, record_id)
    if queries.reversal_of(kind, record_id) is not None:
        raise AlreadyTakenBack
    refuse_resting(kind, record_id)
    return found


def resting_on_investment(investment_id: uuid.UUID) -> list[str]:
    """What rests on an investment: everything that moved its units since, and its income."""
    later = [move for move in queries.standing_moves(investment_id) if move.source_kind != "investment"]
    earned = session().scalars(
        sa.select(InvestmentIncome)
        .where(InvestmentIncome.investment_id == investment_id)
        .where(InvestmentIncome.id.not_in(taken_back("investment_income")))
        .order_by(InvestmentIncome.received_on)
    )
    currency = group().currency
    sentence = _("income of %(amount)s on %(day)s")
    income = [sentence % {"amount": money(row.amount, currency), "day": day(row.received_on)} for row in earned]
    return [*_told(later), *income]


def resting_on_sale(sale_id: uuid.UUID) -> list[str]:
    """What rests on a sale: what moved units later, what used the savings or the growth that it brought, and holders
    who have left since.
    """
    row = sale_row(sale_id)
    moves = queries.standing_moves(row.investment_id)
    own = [place for place, move in enumerate(moves) if move.source_id == sale_id]
    later = moves[own[-1] + 1 :] if own else []
    used = [*lots.resting([row.entry_id]), *growth_used(row.entry_id)] if row.entry_id else []
    sold = sa.select(HoldingShare.member_id).where(HoldingShare.move_id.in_([moves[place].id for place in own]))
    return [*_told(later), *used, *resting_gone([holder for holder in session().scalars(sold) if holder])]


def _told(moves: Sequence[Move]) -> list[str]:
    sales = [move.source_id for move in moves if move.source_kind == "investment_sale"]
    kinds = {row.id: row.kind for row in session().scalars(_rows(sales))} if sales else {}
    entries = [move.entry_id for move in moves if move.entry_id]
    why = {row.id: row.kind for row in session().scalars(sa.select(Entry).where(Entry.id.in_(entries)))}
    found = []
    for move in moves:
        kind = kinds.get(move.source_id)
        what = SALES[SaleKind(kind)] if kind else entry_kind(why.get(move.entry_id, "")) if move.entry_id else ""
        told = {"what": what or _("Transfer"), "units": units(abs(move.units)), "day": day(move.moved_on)}
        found.append(_("%(what)s of %(day)s (%(units)s units)", **told))
    return found


def _rows(ids: Sequence[uuid.UUID]) -> sa.Select[InvestmentSale]:
    return sa.select(InvestmentSale).where(InvestmentSale.id.in_(ids))


def growth_used(entry_id: uuid.UUID) -> list[str]:
    """Each later entry that took realised growth of those who gained by a sale's entry, of an asset too."""
    gainers = sa.select(Posting.account_id).join(Account, Account.id == Posting.account_id)
    gainers = gainers.where(Posting.entry_id == entry_id, Account.kind == "realised_growth", Posting.amount < 0)
    number_of = sa.select(Entry.number).where(Entry.id == entry_id).scalar_subquery()
    undone = sa.orm.aliased(Entry)
    users = session().scalars(
        sa.select(Entry)
        .where(Entry.number > number_of, Entry.kind.not_in([kind.value for kind in _NO_USE]))
        .where(~sa.exists().where(undone.reverses_id == Entry.id))
        .where(sa.exists().where(Posting.entry_id == Entry.id, Posting.amount > 0, Posting.account_id.in_(gainers)))
        .order_by(Entry.number)
    )
    sentence = _("growth of it was used by entry %(number)s of %(day)s (%(kind)s)")
    return [
        sentence % {"number": entry.number, "day": day(entry.effective_on), "kind": entry_kind(entry.kind)}
        for entry in users
    ]

"""Saying what lines are: contributions, penalties, rent, charges, transfers, categories; and taking that back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.log import record
from app.core.db import session
from app.core.money import lazily
from app.groups.queries import group
from app.imports import booking, rents, standing
from app.imports.destinations import remember
from app.imports.errors import DoesNotFit, LineTaken, NoSuchLine, NothingToTakeBack, WrongDirection
from app.imports.line_texts import LineText, texts_of
from app.imports.matching import destination
from app.imports.models import ImportedLine, LineAllocation
from app.imports.planning import method_of
from app.imports.printed import printed
from app.imports.standing import WAITS
from app.ledgers import chart
from app.ledgers.accounts import account
from app.ledgers.cash import cash_account, open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.closing import is_open
from app.ledgers.entries import FLOWS
from app.ledgers.heads import today
from app.savings.penalty_money import PenaltyMoney, pay_penalties
from app.savings.planning import CASH, UNALLOCATED, Receipt
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from app.savings.windows import lock_windows


@dataclass(frozen=True)
class Choice:
    """What a line is: contribution or penalty (of `member_id`), rent (of `party_id`), charge, transfer, or an account.

    A transfer names its `target_id`. `movement_id` ties the line to what is in the books already: the id of a payment,
    else of an entry.
    """

    line_id: uuid.UUID
    what: str
    member_id: uuid.UUID | None = None
    target_id: uuid.UUID | None = None
    account: chart.Account | uuid.UUID | None = None
    movement_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None


@dataclass(frozen=True)
class _Chosen:
    """A line with its words, what was chosen for it, and whether its money waits among the unallocated."""

    line: ImportedLine
    text: LineText
    choice: Choice
    waits: LineAllocation | None


def allocate(choices: Sequence[Choice], *, by: uuid.UUID, overdraft: bool = False) -> int:
    """Say what several lines are, all or none; returns how many. Transfers are remembered for the next statement.

    Raises NoSuchLine, LineTaken, WrongDirection, DoesNotFit, and what savings, rents and books refuse.
    """
    lock_windows()
    chosen = _chosen(choices)
    _pay([one for one in chosen if one.choice.what == "contribution"], by=by)
    _settle([one for one in chosen if one.choice.what == "penalty"], by=by, overdraft=overdraft)
    _rent([one for one in chosen if one.choice.what == rents.RENT], by=by, overdraft=overdraft)
    _tie([one for one in chosen if one.choice.what == "entry"], by=by, overdraft=overdraft)
    bookings = [made for one in chosen if (made := _booking(one)) is not None]
    booking.book(bookings, by=by, overdraft=overdraft)
    for one in chosen:
        about = one.choice.member_id
        after = {"what": one.choice.what, "amount": one.line.amount}
        record("allocate", "statement_line", one.line.id, by=by, after=after, about=about)
        _remember(one, by=by)
    return len(chosen)


def _chosen(choices: Sequence[Choice]) -> list[_Chosen]:
    by_line = {choice.line_id: choice for choice in choices}
    wanted = sa.select(ImportedLine).where(ImportedLine.id.in_(by_line)).order_by(ImportedLine.at, ImportedLine.place)
    rows = session().scalars(wanted).all()
    if len(rows) < len(by_line):
        raise NoSuchLine
    stands, texts, currency = standing.standing_of(list(by_line)), texts_of(rows), group().currency
    for row in rows:
        found = stands.get(row.id)
        if found is not None and found.what != WAITS:
            raise LineTaken(amount=lazily(abs(row.amount), currency))
        if not _fits(row, by_line[row.id]):
            raise WrongDirection(amount=lazily(abs(row.amount), currency))
    return [_Chosen(row, texts[row.id], by_line[row.id], stands.get(row.id)) for row in rows]


def _fits(row: ImportedLine, choice: Choice) -> bool:
    """Whether money of this direction can be that."""
    came_in = row.amount > 0
    return {
        "contribution": came_in and choice.member_id is not None,
        "penalty": came_in and choice.member_id is not None,
        rents.RENT: came_in and choice.party_id is not None,
        "charge": not came_in,
        "transfer": choice.target_id not in (None, row.cash_account_id),
        "entry": choice.movement_id is not None,
        "category": choice.account is not None and _comes_in(choice.account) == came_in,
        "other": choice.account is not None,
    }.get(choice.what, False)


def _comes_in(wanted: chart.Account | uuid.UUID) -> bool | None:
    """Whether money comes in for an account of this kind; None when it is no category."""
    kind = account(wanted).kind if isinstance(wanted, uuid.UUID) else wanted.kind
    return chart.CHART[kind].type is chart.AccountType.INCOME if kind in FLOWS else None


def _pay(chosen: Sequence[_Chosen], *, by: uuid.UUID) -> None:
    if not chosen:
        return
    numbers = standing.numbers([one.line.id for one in chosen])
    receipts = [_receipt(one, numbers) for one in chosen]
    payments = record_receipts(receipts, by=by)
    tied = {one.line.id: payment.id for one, payment in zip(chosen, payments, strict=True)}
    booking.tie_payments(tied, [one.line for one in chosen], by=by)


def _receipt(one: _Chosen, numbers: Mapping[uuid.UUID, int]) -> Receipt:
    assert one.choice.member_id is not None  # noqa: S101  # see _fits
    return Receipt(
        member_id=one.choice.member_id,
        amount=one.line.amount,
        paid_at=one.line.at,
        method=method_of(cash_account(one.line.cash_account_id)),
        cash_account_id=one.line.cash_account_id,
        key=_key(one.line, numbers),
        reference=one.text.receipt or None,
        source=UNALLOCATED if one.waits else CASH,
    )


def _key(line: ImportedLine, numbers: Mapping[uuid.UUID, int]) -> str:
    return f"line:{line.id}:{numbers.get(line.id, 0) + 1}"


def _settle(chosen: Sequence[_Chosen], *, by: uuid.UUID, overdraft: bool) -> None:
    """Money for penalties; what waited is booked back first, since a penalty is paid from a cash account."""
    _no_longer_wait(chosen, by=by, overdraft=overdraft)
    numbers = standing.numbers([one.line.id for one in chosen])
    money = [
        PenaltyMoney(
            member_id=one.choice.member_id,
            amount=one.line.amount,
            paid_at=one.line.at,
            method=method_of(cash_account(one.line.cash_account_id)),
            cash_account_id=one.line.cash_account_id,
            key=_key(one.line, numbers),
            reference=one.text.receipt or None,
        )
        for one in chosen
    ]
    for one, told in zip(chosen, money, strict=True):
        payment = pay_penalties([told], by=by)[0]
        booking.tie_payments({one.line.id: payment.id}, [one.line], by=by)


def _rent(chosen: Sequence[_Chosen], *, by: uuid.UUID, overdraft: bool) -> None:
    """Rent of clients; what waited is booked back first, as for penalties."""
    _no_longer_wait(chosen, by=by, overdraft=overdraft)
    numbers = standing.numbers([one.line.id for one in chosen])
    for one in chosen:
        assert one.choice.party_id is not None  # noqa: S101  # see _fits
        reference, key = one.text.receipt or None, _key(one.line, numbers)
        rents.take(one.line, one.choice.party_id, reference=reference, key=key, by=by, overdraft=overdraft)


def _tie(chosen: Sequence[_Chosen], *, by: uuid.UUID, overdraft: bool) -> None:
    """Say that lines are in the books already. Raises DoesNotFit when that is not so any more."""
    if not chosen:
        return
    _no_longer_wait(chosen, by=by, overdraft=overdraft)
    found = []
    for one in chosen:
        open_ones = {movement.id: movement for movement in standing.without_line(one.line.cash_account_id)}
        movement = open_ones.get(one.choice.movement_id or uuid.UUID(int=0))
        if movement is None or movement.amount != one.line.amount:
            raise DoesNotFit
        found.append((one.line, movement.payment_id, movement.entry_ids[0]))
    booking.tie_recorded(found, by=by)


def _no_longer_wait(chosen: Sequence[_Chosen], *, by: uuid.UUID, overdraft: bool) -> None:
    waits = [(one.line, one.waits) for one in chosen if one.waits is not None]
    entries = [row.entry_id for _line, row in waits if row.entry_id]
    booking.undo_entries(entries, reason=_("It was told what it is."), by=by, overdraft=overdraft)
    for line, row in waits:
        booking.release(line, row, by=by)


def _booking(one: _Chosen) -> booking.Booking | None:
    line, choice, note, waited = one.line, one.choice, one.text.details or None, one.waits is not None
    match choice.what:
        case "charge":
            return booking.charge(line, note)
        case "transfer" if choice.target_id:
            return booking.transfer(line, open_cash_account(choice.target_id).id, note, waited=waited)
        case "category" if choice.account:
            kind = account(choice.account).kind if isinstance(choice.account, uuid.UUID) else choice.account.kind
            return booking.Booking(line, "category", choice.account, FLOWS[kind], note, waited)
        case "other" if choice.account:
            return booking.Booking(line, "other", choice.account, PostingKind.MANUAL, note, waited)
    return None


def _remember(one: _Chosen, *, by: uuid.UUID) -> None:
    if one.choice.what != "transfer" or one.choice.target_id is None:
        return
    words = destination(printed(one.line, one.text))
    if words:
        remember(one.line.cash_account_id, {words: one.choice.target_id}, by=by)


def take_back(line_id: uuid.UUID, *, reason: str, by: uuid.UUID, overdraft: bool = False) -> None:
    """Undo what was said of a line last, with the record and the entries that it made; the line is to allocate again.

    Raises NoSuchLine, NothingToTakeBack, and what savings and books refuse.
    """
    lock_windows()
    line = session().scalar(sa.select(ImportedLine).where(ImportedLine.id == line_id))
    if line is None:
        raise NoSuchLine
    found = standing.standing_of([line.id]).get(line.id)
    if found is None or found.what == WAITS:
        raise NothingToTakeBack
    told: dict[str, Any] = {"reason": reason, "on": line.day if is_open(line.day) else today(), "by": by}
    if found.what == "payment" and found.payment_id:
        reverse_payment(found.payment_id, **told, overdraft=overdraft)
    elif found.what == rents.RENT and found.entry_id:
        rents.take_back(found.entry_id, **told, overdraft=overdraft)
    elif found.what != "entry" and found.entry_id:
        booking.undo_entries([found.entry_id], reason=reason, by=by, overdraft=overdraft)
    booking.release(line, found, by=by)
    record(
        "reverse",
        "statement_line",
        line.id,
        by=by,
        before={"what": found.what},
        after={"what": "", "reason": reason},
        severity="notice",
    )

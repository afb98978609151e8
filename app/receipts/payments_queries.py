"""Reads of what was paid on receipts: what is open, what paid it, and the payments of clients."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.core.db import session
from app.credits.models import CreditUse
from app.credits.rules import ZERO, Open
from app.credits.sealing import opened, place_of
from app.groups.queries import names
from app.ledgers.cash import cash_account
from app.ledgers.methods import METHODS, Method
from app.ledgers.models import CashAccount, Entry
from app.receipts.models import Receipt
from app.receipts.payment_models import ClientPayment, DepositMovement, ReceiptPart, RentMoneyReversal
from app.receipts.payments_errors import NoSuchPayment
from app.receipts.standing import not_reversed
from app.registry.models import Party, Unit
from app.registry.queries import PartyNamed, named, naming, parties_named, read_named
from app.rentals.models import Lease
from app.web.keyset import Cursor, Slice, slice_of

reference_place = place_of("client_payment", "reference")
reason_place = place_of("rent_money_reversal", "reason")


@dataclass(frozen=True)
class OpenReceipt:
    """A receipt of which something is unpaid, with the codes by which receipts are told apart."""

    receipt: Receipt
    unit_code: str
    owner_code: str
    paid: Decimal

    @property
    def open(self) -> Decimal:
        """What is unpaid of it."""
        return self.receipt.owed - self.paid


@dataclass(frozen=True)
class PaidLine:
    """What one source paid of a receipt: when, how, and how much; its record is `source`."""

    on: date
    how: LazyString | str
    amount: Decimal
    source: tuple[str, uuid.UUID]


@dataclass(frozen=True)
class PaymentLine:
    """A payment in a list: of whom, into which account, and whether it was taken back."""

    payment: ClientPayment
    client: PartyNamed
    place: str
    reversed: bool


@dataclass(frozen=True)
class PartLine:
    """What a payment paid of one receipt."""

    receipt: Receipt
    unit_code: str
    owner: PartyNamed
    amount: Decimal


@dataclass(frozen=True)
class Undone:
    """That money was taken back: why, by whom and when."""

    row: RentMoneyReversal
    reason: str | None
    by: str | None


@dataclass(frozen=True)
class PaymentView:
    """Everything that the page of a payment shows; `kept` of it became credit and is not on a receipt."""

    payment: ClientPayment
    client: PartyNamed
    place: str
    reference: str | None
    recorder: str | None
    entry: Entry
    parts: Sequence[PartLine]
    kept: Decimal
    undone: Undone | None


def paid_of(receipt_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """How much was paid of each of these receipts; nothing is zero."""
    wanted = sa.select(ReceiptPart.receipt_id, sa.func.sum(ReceiptPart.amount))
    rows = session().execute(wanted.where(ReceiptPart.receipt_id.in_(receipt_ids)).group_by(ReceiptPart.receipt_id))
    return dict.fromkeys(receipt_ids, ZERO) | {id_: Decimal(amount) for id_, amount in rows}


def paid_so_far() -> Any:
    """What was paid of a receipt, for a join to a query over receipts; found one by one in the index."""
    amount = sa.func.coalesce(sa.func.sum(ReceiptPart.amount), 0)
    return sa.select(amount.label("paid")).where(ReceiptPart.receipt_id == Receipt.id).lateral("paid_so_far")


def open_receipts(client_ids: Collection[uuid.UUID]) -> list[OpenReceipt]:
    """What these clients have not paid, in the order in which money goes to it: period, unit, owner."""
    paid, owner = paid_so_far(), sa.orm.aliased(Party)
    rows = session().execute(
        sa.select(Receipt, Unit.code, owner.code, paid.c.paid)
        .join(Unit, Unit.id == Receipt.unit_id)
        .join(owner, owner.id == Receipt.owner_id)
        .join(paid, sa.true())
        .where(Receipt.client_id.in_(client_ids), not_reversed(), Receipt.net + Receipt.charges > paid.c.paid)
        .order_by(Receipt.client_id, Receipt.period, Unit.code, Receipt.unit_id, owner.code, Receipt.id)
    )
    return [OpenReceipt(row, unit, code, Decimal(amount)) for row, unit, code, amount in rows]


def as_owed(found: Sequence[OpenReceipt]) -> list[Open]:
    """The same for sharing money over it: the oldest period first, then unit by unit, its owners' receipts together."""
    return [Open(one.receipt.id, one.open, (one.receipt.period, one.unit_code, one.receipt.unit_id)) for one in found]


def money_on(receipt_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[PaidLine]]:
    """What paid these receipts and still counts, with days and ways, the oldest first; by receipt, in one read."""
    total = sa.func.sum(ReceiptPart.amount)
    keys = (ReceiptPart.receipt_id, ReceiptPart.payment_id, ReceiptPart.use_id, ReceiptPart.movement_id)
    sums = sa.select(*keys, total.label("amount")).where(ReceiptPart.receipt_id.in_(receipt_ids))
    counted = sums.group_by(ReceiptPart.group_id, *keys).having(total != 0).subquery()
    day = sa.func.coalesce(ClientPayment.paid_on, CreditUse.used_on, DepositMovement.moved_on)
    rows = session().execute(
        sa.select(counted, day, ClientPayment.method)
        .outerjoin(ClientPayment, ClientPayment.id == counted.c.payment_id)
        .outerjoin(CreditUse, CreditUse.id == counted.c.use_id)
        .outerjoin(DepositMovement, DepositMovement.id == counted.c.movement_id)
        .order_by(day, counted.c.payment_id, counted.c.use_id, counted.c.movement_id)
    )
    found: dict[uuid.UUID, list[PaidLine]] = {}
    for receipt_id, payment_id, use_id, movement_id, amount, on, method in rows:
        how, source = _how(payment_id, use_id, movement_id, method)
        found.setdefault(receipt_id, []).append(PaidLine(on, how, Decimal(amount), source))
    return found


def _how(
    payment_id: uuid.UUID | None, use_id: uuid.UUID | None, movement_id: uuid.UUID | None, method: str | None
) -> tuple[LazyString, tuple[str, uuid.UUID]]:
    if payment_id is not None and method is not None:
        return METHODS[Method(method)], ("client_payment", payment_id)
    if use_id is not None:
        return _("From credit"), ("credit_use", use_id)
    if movement_id is None:
        raise LookupError("a part has a source")
    return _("Out of the deposit"), ("deposit_movement", movement_id)


def taken_back() -> sa.Select[Any]:
    """The payments that were reversed."""
    return sa.select(RentMoneyReversal.payment_id).where(RentMoneyReversal.payment_id.is_not(None))


def payments_page(*, client_id: uuid.UUID | None = None, at: Cursor | None = None) -> Slice[PaymentLine]:
    """Payments of clients, the latest first, those that were taken back among them; of one client or of all."""
    wanted = _payment_lines()
    if client_id is not None:
        wanted = wanted.where(ClientPayment.client_id == client_id)
    return slice_of(
        _read,
        wanted,
        by=(ClientPayment.paid_on, ClientPayment.id),
        key=lambda line: (line.payment.paid_on, line.payment.id),
        at=at,
        newest_first=True,
    )


def all_payments() -> list[PaymentLine]:
    """Every payment, the latest first, for a file."""
    return _read(_payment_lines().order_by(ClientPayment.paid_on.desc(), ClientPayment.id.desc()))


def _payment_lines() -> sa.Select[Any]:
    undone = sa.exists().where(RentMoneyReversal.payment_id == ClientPayment.id)
    found: Any = sa.select(ClientPayment, CashAccount.name, undone)
    return found.join(CashAccount, CashAccount.id == ClientPayment.cash_account_id)  # type: ignore[no-any-return]  # joins are not typed


def _read(query: sa.Select[Any]) -> list[PaymentLine]:
    rows = session().execute(query).all()
    known = parties_named({row.client_id for row, _place, _undone in rows})
    return [PaymentLine(row, known[row.client_id], place, undone) for row, place, undone in rows]


def clients() -> list[PartyNamed]:
    """Everybody to whom a unit is or was let, by code."""
    let = sa.or_(Party.id.in_(sa.select(Lease.client_id)), Party.id.in_(sa.select(Receipt.client_id)))
    return read_named(naming().where(let, sa.not_(Party.is_group)).order_by(Party.code, Party.id))


def payment_under(key: str) -> ClientPayment | None:
    """The payment of one deed, known again by its key."""
    return session().scalar(sa.select(ClientPayment).where(ClientPayment.idempotency_key == key))


def payment_row(payment_id: uuid.UUID) -> ClientPayment:
    """A payment of a client. Raises NoSuchPayment."""
    found = session().scalar(sa.select(ClientPayment).where(ClientPayment.id == payment_id))
    if found is None:
        raise NoSuchPayment
    return found


def parts_from(source: sa.ColumnElement[bool]) -> list[ReceiptPart]:
    """The parts of one source of money, in the order in which they were written."""
    return list(session().scalars(sa.select(ReceiptPart).where(source).order_by(ReceiptPart.id)))


def part_lines(source: sa.ColumnElement[bool]) -> list[PartLine]:
    """What one source of money pays of each receipt now, the oldest period first."""
    total, owner = sa.func.sum(ReceiptPart.amount), sa.orm.aliased(Party)
    rows = (
        session()
        .execute(
            sa.select(Receipt, Unit.code, total)
            .join(ReceiptPart, ReceiptPart.receipt_id == Receipt.id)
            .join(Unit, Unit.id == Receipt.unit_id)
            .join(owner, owner.id == Receipt.owner_id)
            .where(source)
            .group_by(Receipt.group_id, Receipt.id, Unit.code, owner.code)
            .having(total != 0)
            .order_by(Receipt.period, Unit.code, owner.code)
        )
        .all()
    )
    known = parties_named({row.owner_id for row, _unit, _amount in rows})
    return [PartLine(row, unit, known[row.owner_id], Decimal(amount)) for row, unit, amount in rows]


def payment_view(payment_id: uuid.UUID) -> PaymentView:
    """A payment with all that belongs to it. Raises NoSuchPayment."""
    row = payment_row(payment_id)
    parts = part_lines(ReceiptPart.payment_id == row.id)
    undone = undone_of(RentMoneyReversal.payment_id == row.id)
    known = names([row.recorded_by]) if row.recorded_by else {}
    return PaymentView(
        payment=row,
        client=named(row.client_id),
        place=cash_account(row.cash_account_id).name,
        reference=opened(row.reference_sealed, reference_place(row.id)),
        recorder=known.get(row.recorded_by) if row.recorded_by else None,
        entry=entry_of(row.entry_id),
        parts=parts,
        kept=ZERO if undone else row.amount - sum((part.amount for part in parts), ZERO),
        undone=undone,
    )


def undone_of(which: sa.ColumnElement[bool]) -> Undone | None:
    """That a payment or a movement was taken back."""
    row = session().scalar(sa.select(RentMoneyReversal).where(which))
    if row is None:
        return None
    by = names([row.recorded_by]).get(row.recorded_by) if row.recorded_by else None
    return Undone(row, opened(row.reason_sealed, reason_place(row.id)), by)


def entry_of(entry_id: uuid.UUID) -> Entry:
    """The entry of a record."""
    return session().scalars(sa.select(Entry).where(Entry.id == entry_id)).one()

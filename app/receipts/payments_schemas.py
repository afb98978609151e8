"""Shapes of clients' payments, of what they owe, of deposits, and of what is asked of them."""

import uuid

from app.credits.schemas import UndoneOut
from app.ledgers.methods import Method
from app.receipts.deposits import Move
from app.receipts.deposits_queries import LeaseLine, MovementLine, MovementView
from app.receipts.outstanding import Owing
from app.receipts.payments_queries import OpenReceipt, PartLine, PaymentLine, PaymentView, Undone
from app.receipts.words import number_of
from app.web.api.shapes import Amount, AmountOrNothing, Day, Long, Moment, Shape, Short


class ClientPaymentIn(Shape):
    """What arrived from a client and how. `overdraft` confirms a cash account below zero."""

    client: uuid.UUID
    amount: Amount
    cash_account: uuid.UUID
    method: Method
    reference: Short | None = None
    on: Day
    overdraft: bool = False


class ClientPaymentOut(Shape):
    """Money that arrived from a client."""

    id: uuid.UUID
    client_id: uuid.UUID
    code: str
    client: str
    amount: Amount
    cash_account_id: uuid.UUID
    cash_account: str
    method: Method
    paid_on: Day
    recorded_at: Moment
    reversed: bool


class PaidPartOut(Shape):
    """What money paid of one receipt."""

    receipt_id: uuid.UUID
    receipt: str
    period: str
    unit: str
    owner: str
    amount: Amount


class ClientPaymentWholeOut(ClientPaymentOut):
    """A payment with what it paid, what of it became credit, and the number of its entry in the books."""

    reference: str | None
    kept: AmountOrNothing
    entry: int
    parts: list[PaidPartOut]
    undone: UndoneOut | None


class OwingOut(Shape):
    """What a client owes, by how long it has been due, and what they have over."""

    client_id: uuid.UUID
    code: str
    client: str
    receipts: int
    current: AmountOrNothing
    days_30: AmountOrNothing
    days_60: AmountOrNothing
    days_90: AmountOrNothing
    older: AmountOrNothing
    total: AmountOrNothing
    credit: AmountOrNothing


class OpenReceiptOut(Shape):
    """A receipt that is not wholly paid."""

    receipt_id: uuid.UUID
    receipt: str
    period: str
    unit: str
    owner: str
    due_on: Day
    owed: Amount
    open: Amount


class DepositIn(Shape):
    """What is done with a deposit: cash account and method where money moves, a reason where it is kept."""

    kind: Move
    amount: Amount
    on: Day
    cash_account: uuid.UUID | None = None
    method: Method | None = None
    reference: Short | None = None
    reason: Long | None = None
    overdraft: bool = False


class DepositOut(Shape):
    """A lease with what is held of its deposit."""

    lease_id: uuid.UUID
    unit: str
    client_id: uuid.UUID
    client: str
    agreed: AmountOrNothing
    held: AmountOrNothing
    missing: AmountOrNothing


class DepositMovementOut(Shape):
    """What became of a deposit."""

    id: uuid.UUID
    lease_id: uuid.UUID
    client_id: uuid.UUID
    kind: Move
    amount: Amount
    cash_account: str | None
    method: Method | None
    moved_on: Day
    recorded_at: Moment
    reversed: bool


class DepositMovementWholeOut(DepositMovementOut):
    """The same with its words, the receipts that it paid, and the number of its entry in the books."""

    reference: str | None
    reason: str | None
    entry: int
    parts: list[PaidPartOut]
    undone: UndoneOut | None


def payment_out(line: PaymentLine) -> ClientPaymentOut:
    """A payment as it is told."""
    return ClientPaymentOut.model_validate(_payment(line))


def _payment(line: PaymentLine) -> dict[str, object]:
    row = line.payment
    names = ("id", "client_id", "amount", "cash_account_id", "paid_on", "recorded_at")
    told: dict[str, object] = {name: getattr(row, name) for name in names} | {"method": Method(row.method)}
    who = {"code": line.client.code, "client": line.client.name}
    return told | who | {"cash_account": line.place, "reversed": line.reversed}


def payment_whole_out(view: PaymentView) -> ClientPaymentWholeOut:
    """A payment with all of it as it is told."""
    line = PaymentLine(view.payment, view.client, view.place, view.undone is not None)
    told = {"reference": view.reference, "kept": view.kept, "entry": view.entry.number}
    more = {"parts": [_part(part) for part in view.parts], "undone": _undone(view.undone)}
    return ClientPaymentWholeOut.model_validate(_payment(line) | told | more)


def _part(part: PartLine) -> PaidPartOut:
    return PaidPartOut(
        receipt_id=part.receipt.id,
        receipt=number_of(part.receipt),
        period=part.receipt.period,
        unit=part.unit_code,
        owner=part.owner.name,
        amount=part.amount,
    )


def _undone(undone: Undone | None) -> UndoneOut | None:
    if undone is None:
        return None
    return UndoneOut(
        reason=undone.reason,
        recorded_by=undone.row.recorded_by,
        recorded_by_name=undone.by,
        recorded_at=undone.row.recorded_at,
    )


def owing_out(row: Owing) -> OwingOut:
    """What a client owes as it is told."""
    who = {"client_id": row.client.id, "code": row.client.code, "client": row.client.name}
    told = {"receipts": row.receipts, "total": row.total, "credit": row.credit}
    return OwingOut.model_validate(who | told | row.ages)


def open_out(one: OpenReceipt) -> OpenReceiptOut:
    """A receipt that is not wholly paid as it is told."""
    row = one.receipt
    told = {"receipt_id": row.id, "receipt": number_of(row), "period": row.period, "unit": one.unit_code}
    return OpenReceiptOut.model_validate(
        told | {"owner": one.owner_code, "due_on": row.due_on, "owed": row.owed, "open": one.open}
    )


def deposit_out(line: LeaseLine) -> DepositOut:
    """The deposit of a lease as it is told."""
    return DepositOut(
        lease_id=line.lease.id,
        unit=line.unit_code,
        client_id=line.client.id,
        client=line.client.name,
        agreed=line.lease.deposit,
        held=line.held,
        missing=line.missing,
    )


def movement_out(line: MovementLine) -> DepositMovementOut:
    """A movement of a deposit as it is told."""
    return DepositMovementOut.model_validate(_movement(line))


def _movement(line: MovementLine) -> dict[str, object]:
    row = line.movement
    names = ("id", "lease_id", "client_id", "amount", "moved_on", "recorded_at")
    told: dict[str, object] = {name: getattr(row, name) for name in names}
    method = Method(row.method) if row.method else None
    return told | {"kind": Move(row.kind), "method": method, "cash_account": line.place, "reversed": line.reversed}


def movement_whole_out(view: MovementView) -> DepositMovementWholeOut:
    """A movement with all of it as it is told."""
    line = MovementLine(view.movement, view.place, view.undone is not None)
    told = {"reference": view.reference, "reason": view.reason, "entry": view.entry.number}
    more = {"parts": [_part(part) for part in view.parts], "undone": _undone(view.undone)}
    return DepositMovementWholeOut.model_validate(_movement(line) | told | more)

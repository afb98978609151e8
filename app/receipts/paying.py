"""What clients pay: to the oldest period first, pro rata over a unit's owners; the rest is credit, used by itself.

Every verb begins under the group's lock.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

import sqlalchemy as sa

from app.audit.log import record
from app.core.db import session
from app.core.ids import new_id
from app.core.money import exact, quantum
from app.credits import queries as credits_of
from app.credits import services as credits_do
from app.credits.rules import ZERO, Purpose, Spread, Using, spread
from app.credits.sealing import sealed, sealed_or_none
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.ledgers.books import Draft, Line, credit, debit, post, post_many, reverse_many
from app.ledgers.cash import open_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import refuse_resting
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.receipts import payments_queries as queries
from app.receipts.models import Receipt
from app.receipts.payment_models import ClientPayment, ReceiptPart, RentMoneyReversal
from app.receipts.payments_errors import MoneyTakenBack, NothingPaid, PaysItself
from app.receipts.payments_telling import tell_paid, tell_taken_back
from app.registry.queries import named

USE = "credit_use"


@dataclass(frozen=True)
class Arrived:
    """Money that came from a client: how much, where to, how and when, under the key of its deed."""

    client_id: uuid.UUID
    amount: Decimal
    cash_account_id: uuid.UUID
    method: Method
    on: date
    key: str
    reference: str | None = None


def planned(client_id: uuid.UUID, amount: Decimal) -> Spread:
    """Where an amount of a client would go now, once the credit that there is has been used."""
    owed, unit = queries.as_owed(queries.open_receipts([client_id])), quantum(group().currency)
    if there := credits_of.credit_of([client_id])[client_id]:
        used = spread(there, owed, unit).parts
        owed = [replace(one, open=one.open - used.get(one.id, ZERO)) for one in owed]
    return spread(amount, owed, unit)


def pay(told: Arrived, *, by: uuid.UUID | None, overdraft: bool = False) -> ClientPayment:
    """Take a client's payment: what is open is paid in its order, the rest is kept as credit. Once for each key.

    Raises as `refuse_payment` does, KeyUsed, CashAccountClosed, and what the books refuse.
    """
    lock_group()
    if (known := queries.payment_under(told.key)) is not None:
        return _same(known, told)
    open_cash_account(told.cash_account_id, field="cash_account")
    refuse_payment(told)
    row = ClientPayment(
        id=new_id(),
        client_id=told.client_id,
        amount=told.amount,
        cash_account_id=told.cash_account_id,
        method=Method(told.method).value,
        paid_on=told.on,
        idempotency_key=told.key,
        recorded_by=by,
    )
    row.reference_sealed = sealed_or_none(told.reference, queries.reference_place(row.id))
    settle([told.client_id])
    going = planned(told.client_id, told.amount)
    lines = [debit("cash", told.amount, told.cash_account_id), *_credited(told.client_id, going)]
    draft = Draft(PostingKind.RENT_PAID, told.on, lines, source=("client_payment", row.id), key=told.key)
    row.entry_id = post(draft, by=by, overdraft=overdraft).id
    session().add(row)
    session().flush()
    note_parts(_part(id_, amount, row.entry_id, payment_id=row.id) for id_, amount in going.parts.items())
    after = {"amount": row.amount, "method": row.method, "reference": told.reference, "credit": going.rest}
    client = named(told.client_id)
    record("pay", "client_payment", row.id, by=by, after=after, about=client.member_id)
    tell_paid(row, client)
    return row


def _credited(client_id: uuid.UUID, going: Spread) -> list[Line]:
    paid = sum(going.parts.values(), ZERO)
    lines = [credit("rent_receivable", paid, client_id)] if paid else []
    return [*lines, credits_do.kept(client_id, going.rest)] if going.rest else lines


def refuse_payment(told: Arrived) -> None:
    """What stands against taking this. Raises DayInFuture, NothingPaid, NoSuchParty, PaysItself, TooManyDecimals."""
    if told.on > today():
        raise DayInFuture(day=told.on.isoformat(), field="on")
    if told.amount <= 0:
        raise NothingPaid(field="amount")
    exact(told.amount, group().currency)
    if named(told.client_id).is_group:
        raise PaysItself(field="client")


def _same(known: ClientPayment, told: Arrived) -> ClientPayment:
    said = (known.client_id, known.amount, known.cash_account_id, known.method, known.paid_on)
    if said != (told.client_id, told.amount, told.cash_account_id, Method(told.method).value, told.on):
        raise KeyUsed
    return known


def _part(
    receipt_id: uuid.UUID,
    amount: Decimal,
    entry_id: uuid.UUID,
    *,
    payment_id: uuid.UUID | None = None,
    use_id: uuid.UUID | None = None,
    movement_id: uuid.UUID | None = None,
) -> ReceiptPart:
    source = {"payment_id": payment_id, "use_id": use_id, "movement_id": movement_id}
    return ReceiptPart(id=new_id(), receipt_id=receipt_id, amount=amount, entry_id=entry_id, **source)


def note_parts(parts: Iterable[ReceiptPart]) -> None:
    """Write parts, what adds before what takes away: at no moment is less than nothing paid of a receipt."""
    rows: list[ReceiptPart] = sorted(parts, key=_falling)
    session().add_all(rows)
    session().flush()


def _falling(part: ReceiptPart) -> Decimal:
    return -part.amount


def parts_of_deposit(going: Spread, *, movement_id: uuid.UUID, entry_id: uuid.UUID) -> list[ReceiptPart]:
    """What a deposit that was kept for rent pays."""
    return [_part(id_, amount, entry_id, movement_id=movement_id) for id_, amount in going.parts.items()]


def reverse_payment(
    payment_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID | None, overdraft: bool = False
) -> RentMoneyReversal:
    """Take a payment back that bounced or was wrong: what it paid is open again, and credit that came of it goes.

    `on` is an open day. Raises NoSuchPayment, MoneyTakenBack, SomethingRestsOnIt, CreditGone, PeriodClosed,
    NeedsConfirmation.
    """
    lock_group()
    row = queries.payment_row(payment_id)
    refuse_undoing(row.id)
    parts = queries.parts_from(ReceiptPart.payment_id == row.id)
    credited = row.amount - sum((part.amount for part in parts), ZERO)
    credits_do.free(row.client_id, credited, on=on, by=by, reason=reason)
    mirror(parts, also=row.entry_id, on=on, by=by, reason=reason, overdraft=overdraft)
    undone = RentMoneyReversal(id=new_id(), payment_id=row.id, recorded_by=by)
    undone.reason_sealed = sealed(reason, queries.reason_place(undone.id))
    session().add(undone)
    session().flush()
    client = named(row.client_id)
    after = {"reason": reason}
    record("reverse", "client_payment", row.id, by=by, after=after, about=client.member_id, severity="notice")
    tell_taken_back(row, client)
    settle([row.client_id])
    return undone


def refuse_undoing(payment_id: uuid.UUID) -> None:
    """Raises MoneyTakenBack, SomethingRestsOnIt: what stands against taking a payment back."""
    if session().scalar(sa.select(RentMoneyReversal.id).where(RentMoneyReversal.payment_id == payment_id)):
        raise MoneyTakenBack
    refuse_resting("client_payment", payment_id)


def mirror(
    parts: Sequence[ReceiptPart],
    *,
    also: uuid.UUID,
    on: date,
    by: uuid.UUID | None,
    reason: str,
    overdraft: bool = False,
) -> None:
    """Reverse the entry `also` of some money and those that moved its parts to credit, with a part for each part."""
    entries = credits_do.entries_with([also, *{part.entry_id for part in parts}])
    undone = reverse_many(list(entries.values()), by=by, on=on, reason=reason, overdraft=overdraft)
    by_entry = {entry_id: posted.id for entry_id, posted in zip(entries, undone, strict=True)}
    note_parts(_against(part, by_entry[part.entry_id]) for part in parts)


def _against(part: ReceiptPart, entry_id: uuid.UUID) -> ReceiptPart:
    source = {"payment_id": part.payment_id, "use_id": part.use_id, "movement_id": part.movement_id}
    return _part(part.receipt_id, -part.amount, entry_id, **source)


def credit_returned(undone: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Uses of credit were undone, each by an entry: what they paid of receipts is open again."""
    parts = queries.parts_from(ReceiptPart.use_id.in_(undone))
    note_parts(_against(part, undone[part.use_id]) for part in parts if part.use_id)


def release(receipt: Receipt, *, on: date, by: uuid.UUID | None, reason: str) -> Decimal:
    """Free what was paid of a receipt that is being reversed: it becomes the client's credit. Returns how much.

    Uses of credit for it are undone; payments and kept deposits move by an entry of their own, so that each can
    still be taken back. Called under the group's lock, whether or not another receipt takes its place.
    """
    before = queries.paid_of([receipt.id])[receipt.id]
    credits_do.undo(credits_of.uses_for([receipt.id]), on=on, by=by, reason=reason)
    lines = [line for line in queries.money_on([receipt.id]).get(receipt.id, ()) if line.source[0] != USE]
    posted = post_many([_release_draft(receipt, line, on) for line in lines], by=by)
    note_parts(
        _part(
            receipt.id,
            -line.amount,
            entry.id,
            payment_id=line.source[1] if line.source[0] == "client_payment" else None,
            movement_id=line.source[1] if line.source[0] == "deposit_movement" else None,
        )
        for line, entry in zip(lines, posted, strict=True)
    )
    return before


def _release_draft(receipt: Receipt, line: queries.PaidLine, on: date) -> Draft:
    lines = [debit("rent_receivable", line.amount, receipt.client_id), credits_do.kept(receipt.client_id, line.amount)]
    key = f"release:{receipt.id}:{line.source[1]}"
    return Draft(PostingKind.RENT_PAID, on, lines, source=line.source, key=key)


def settle(client_ids: Collection[uuid.UUID], *, on: date | None = None) -> int:
    """Use what these clients have over for what they have not paid, the oldest first. Returns how many uses were made.

    Called under the group's lock.
    """
    there = {id_: amount for id_, amount in credits_of.credit_of(client_ids).items() if amount > 0}
    if not there:
        return 0
    uses = _uses(queries.open_receipts(list(there)), there)
    rows = credits_do.use(uses, on=on or today(), by=None)
    note_parts(_part(row.target_id, row.amount, row.entry_id, use_id=row.id) for row in rows)
    return len(rows)


def _uses(found: Sequence[queries.OpenReceipt], there: Mapping[uuid.UUID, Decimal]) -> list[Using]:
    unit, uses = quantum(group().currency), []
    for client_id, own in groupby(found, key=lambda one: one.receipt.client_id):
        going = spread(there[client_id], queries.as_owed(list(own)), unit)
        uses += [Using(client_id, amount, Purpose.RENT, id_) for id_, amount in going.parts.items()]
    return uses

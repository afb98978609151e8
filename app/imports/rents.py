"""Lines that are rent of a client: each becomes its payment, which pays what is owed, and is taken back with it."""

import uuid
from datetime import date

import sqlalchemy as sa

from app.core.db import session
from app.imports import booking
from app.imports.models import ImportedLine
from app.imports.planning import method_of
from app.ledgers.cash import cash_account
from app.ledgers.methods import Method
from app.receipts import paying
from app.receipts.payment_models import ClientPayment

RENT = "rent"


def take(
    line: ImportedLine, client_id: uuid.UUID, *, reference: str | None, key: str, by: uuid.UUID, overdraft: bool
) -> ClientPayment:
    """The line's money is rent that this client paid: what is open is paid, the rest is credit. Raises as `pay`."""
    arrived = paying.Arrived(
        client_id=client_id,
        amount=line.amount,
        cash_account_id=line.cash_account_id,
        method=Method(method_of(cash_account(line.cash_account_id))),
        on=line.day,
        key=key,
        reference=reference,
    )
    payment = paying.pay(arrived, by=by, overdraft=overdraft)
    booking.tie_made(line, RENT, payment.entry_id, by=by)
    return payment


def take_back(entry_id: uuid.UUID, *, reason: str, on: date, by: uuid.UUID, overdraft: bool) -> None:
    """Reverse the payment that a line became, by its entry: what it paid is owed again. Raises as the verb does."""
    payment_id = session().scalars(sa.select(ClientPayment.id).where(ClientPayment.entry_id == entry_id)).one()
    paying.reverse_payment(payment_id, reason=reason, on=on, by=by, overdraft=overdraft)

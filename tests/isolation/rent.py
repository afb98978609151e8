"""Rent of the isolation world: receipts, payments, a deposit, credit and payouts, with the mark of the group."""

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.credits.services import refund, reverse_refund
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.owners.models import OwnerPayout
from app.owners.received import due
from app.owners.services import Run, pay_out, reverse_payout
from app.receipts import deposits, paying
from app.receipts.batches import run_chunk, start_batch
from app.receipts.deposits import Move, Moved
from app.receipts.paying import Arrived
from app.rentals.models import Lease

if TYPE_CHECKING:
    from tests.isolation.everything import Told


def rent(told: "Told", till: uuid.UUID) -> None:
    """A month is issued, paid with something over, a part of that paid back, and the owner paid out and once more."""
    on, by = today(), told.by
    batch = start_batch(period=Month.of(on), unit_id=None, by=by, key=new_id().hex)
    run_chunk(batch_id=str(batch.id), done=0, total=1)
    lease = session().scalars(sa.select(Lease)).first()
    assert lease is not None

    def pays(amount: Decimal) -> uuid.UUID:
        slip = f"{told.mark} rent"
        return paying.pay(Arrived(lease.client_id, amount, till, Method.CASH, on, new_id().hex, slip), by=by).id

    pays(told.amount + 777)
    paying.reverse_payment(pays(Decimal(5)), reason=f"{told.mark} bounced", on=on, by=by)
    _deposit(told, till, lease.id)
    how: dict[str, Any] = {"cash_account_id": till, "method": Method.CASH, "on": on, "reference": f"{told.mark} back"}
    _kept, gone = (refund(lease.client_id, amount=Decimal(77), by=by, key=new_id().hex, **how) for _n in range(2))
    reverse_refund(gone.id, reason=f"{told.mark} closed", on=on, by=by)
    for again in range(2):
        pay_out(Run([one.owner.id for one in due()], key=new_id().hex, **how), by=by)
        latest = session().scalars(sa.select(OwnerPayout).order_by(OwnerPayout.id.desc())).first()
        if not again and latest:
            reverse_payout(latest.id, reason=f"{told.mark} lost", on=on, by=by)


def _deposit(told: "Told", till: uuid.UUID, lease_id: uuid.UUID) -> None:
    cash: dict[str, Any] = {"cash_account_id": till, "method": Method.CASH, "reference": f"{told.mark} deposit"}
    on = today()
    deposits.move(Moved(lease_id, Move.IN, Decimal(900), on, new_id().hex, **cash), by=told.by)
    kept = Moved(lease_id, Move.INCOME, Decimal(90), on, new_id().hex, reason=f"{told.mark} window")
    movement = deposits.move(kept, by=told.by)
    deposits.reverse_move(movement.id, reason=f"{told.mark} mistake", on=on, by=told.by)
    deposits.move(Moved(lease_id, Move.BACK, Decimal(50), on, new_id().hex, **cash), by=told.by)

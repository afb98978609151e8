"""A person's traces in other people's rent: what officers typed about payments, deposits and credit."""

import uuid
from typing import TYPE_CHECKING, Any

from app.core.db import session
from app.core.ids import new_id
from app.credits.services import refund, reverse_refund
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.receipts import deposits, paying
from app.receipts.deposits import Move, Moved
from app.receipts.paying import Arrived
from app.registry.models import Party, Unit
from app.rentals.models import Lease
from tests.receipts.money import D, key

if TYPE_CHECKING:
    from tests.privacy.planted import Planted


def rent(who: "Planted", till: uuid.UUID) -> None:
    """A shop pays, gets credit back and leaves a deposit; everything is taken back with the person's name in it."""
    by, on, shop, unit, lease = who.cast.treasurer.member_id, today(), new_id(), new_id(), new_id()
    once: dict[str, Any] = {"idempotency_key": key()}
    session().add(Party(id=shop, code="S-1", kind="company", name="Corner shop", subject_id=shop, **once))
    session().add(Unit(id=unit, code="U-1", type="store", **once))
    session().flush()
    terms: dict[str, Any] = {"rent": D(10), "charges": D(0), "deposit": D(5), "day_due": 1}
    session().add(Lease(id=lease, unit_id=unit, client_id=shop, starts_on=on.replace(day=1), **terms, **once))
    session().flush()
    words: dict[str, Any] = {"cash_account_id": till, "method": Method.CASH, "on": on, "reference": who.stem}
    first = paying.pay(Arrived(shop, D(20), key=key(), **words), by=by)
    back = refund(shop, amount=D(15), by=by, key=key(), **words)
    reverse_refund(back.id, reason=who.stem, on=on, by=by)
    paying.reverse_payment(first.id, reason=who.stem, on=on, by=by)
    deposits.move(Moved(lease, Move.IN, D(5), key=key(), **words), by=by)
    kept = deposits.move(Moved(lease, Move.INCOME, D(2), on, key(), reason=who.stem), by=by)
    deposits.reverse_move(kept.id, reason=who.stem, on=on, by=by)

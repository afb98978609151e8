"""Each proof of credits is able to fail, and a key that paid one credit back pays no other."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.rooms import Check
from app.credits import checks
from app.credits.models import CreditRefund, CreditRefundReversal, CreditUse, CreditUseEnd
from app.credits.services import refund
from app.ledgers.errors import KeyUsed
from app.ledgers.methods import Method
from tests.owners.conftest import march, money
from tests.receipts.money import D, Money, key
from tests.receipts.world import JANUARY, TODAY

__all__ = ["march", "money"]


def _like(row: Any, **other: Any) -> Any:
    """A row that says the same, but for its id and what is named."""
    same = {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns}
    return type(row)(**(same | {"id": new_id()} | other))


def test_every_proof_names_what_was_tampered_with(money: Money) -> None:
    flat = money.simple(rent="1000")
    money.pays(flat.client, "1500")
    money.issues(JANUARY)
    told: dict[str, Any] = {"amount": D(200), "cash_account_id": money.till, "method": Method.CASH, "on": TODAY}
    with money.unit_of_work():
        once = key()
        paid = refund(flat.client, **told, reference="R-1", by=money.by, key=once)
        assert refund(flat.client, **told, reference="R-1", by=money.by, key=once).id == paid.id
        with pytest.raises(KeyUsed):
            refund(flat.client, **told, reference="R-2", by=money.by, key=once)
        use = session().scalars(sa.select(CreditUse)).one()
        back = session().scalars(sa.select(CreditRefund)).one()
        tampered: list[tuple[Callable[[], Check], str, Any]] = [
            (checks.uses, "has no entry of its amount", _like(use, amount=D(1))),
            (checks.uses, "are not undone alike", CreditUseEnd(id=new_id(), use_id=use.id, entry_id=use.entry_id)),
            (checks.refunds, "has no entry of its amount", _like(back, idempotency_key=key())),
            (
                checks.refunds,
                "are not reversed alike",
                CreditRefundReversal(id=new_id(), refund_id=back.id, reason_sealed=b"x"),
            ),
        ]
        for check, sentence, row in tampered:
            assert list(check().faults) == []
            with session().begin_nested() as undone:
                session().add(row)
                session().flush()
                assert sentence in " ".join(check().faults), (check.__name__, sentence)
                undone.rollback()

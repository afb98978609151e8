"""What the database itself refuses of share-outs: paid twice, or more than the parts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.rows import insert_at_once
from app.distributions.models import ShareOutPayment, ShareOutPaymentPart
from tests.distributions.conftest import Earning

D = Decimal


def refused(earning: Earning, deed: Callable[[], Any]) -> str | None:
    """The SQLSTATE with which the database refuses a deed."""
    with pytest.raises(sa.exc.DBAPIError) as caught, transaction(group_id=earning.cast.group_id):
        deed()
    assert isinstance(caught.value.orig, psycopg.Error)
    return caught.value.orig.sqlstate


def payment_of(row: Any, owed: str) -> ShareOutPayment:
    told: dict[str, Any] = {"share_out_id": row.id, "entry_id": row.entry_id, "effective_on": row.effective_on}
    by: dict[str, Any] = {"recorded_by": row.recorded_by, "idempotency_key": new_id().hex}
    return ShareOutPayment(id=new_id(), with_savings=False, owed=D(owed), deducted=D(0), members=1, **told, **by)


def test_a_share_out_is_paid_once(earning: Earning) -> None:
    with transaction(group_id=earning.cast.group_id):
        row = earning.allot()
        earning.pay(row)
    assert refused(earning, lambda: session().add(payment_of(row, "1"))) == "PP030"


@pytest.mark.parametrize(("owed", "says", "code"), [("600", "600", "PP031"), ("100", "99", "PP032")])
def test_nobody_is_paid_more_than_their_part_and_parts_are_the_payment(
    earning: Earning, owed: str, says: str, code: str
) -> None:
    with transaction(group_id=earning.cast.group_id):
        row = earning.allot()  # of 850 the member gets 510

    def pay() -> None:
        made = payment_of(row, says)
        session().add(made)
        told = {"group_id": session().group_id, "id": new_id(), "payment_id": made.id, "place": 1}
        sums = {"growth": D(owed), "savings": D(0), "deducted": D(0), "owed": D(owed)}
        insert_at_once(ShareOutPaymentPart, [told | sums | {"member_id": earning.id("member")}])

    assert refused(earning, pay) == code

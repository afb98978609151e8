"""The worker's part: once receipts were issued, what clients have over is used for them."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.core.db import session
from app.core.rooms import Step
from app.groups.services.members import lock_group
from app.ledgers.models import Account, AccountBalance
from app.receipts.paying import settle

SETTLE = "receipts.settle"
CLIENTS, USES = 200, 500  # at once, so that officers need not wait long for the lock


def settle_all(*, done: int = 0, total: int | None = None, **_told: object) -> Step:
    """Use the credit of everybody who has some and has not paid; the handler of `receipts.settle`.

    However often it is called, and whatever for, what is settled once is not settled again.
    """
    lock_group()
    made, after = 0, None
    while made < USES:
        clients = _clients(after)
        if not clients:
            return Step(progress=done + made, more=False, total=total, result={"uses": done + made})
        made, after = made + settle(clients), clients[-1]
    return Step(progress=done + made, more=True, total=total)


def _clients(after: uuid.UUID | None) -> Sequence[uuid.UUID]:
    """Who has both a credit and unpaid rent, by the balances of the books."""
    rent, over = sa.orm.aliased(Account), sa.orm.aliased(Account)
    owing, having = sa.orm.aliased(AccountBalance), sa.orm.aliased(AccountBalance)
    wanted = (
        sa.select(over.owner_id)
        .join(having, having.account_id == over.id)
        .join(rent, sa.and_(rent.owner_id == over.owner_id, rent.kind == "rent_receivable"))
        .join(owing, owing.account_id == rent.id)
        .where(over.kind == "credit", having.balance < 0, owing.balance > 0)
        .order_by(over.owner_id)
        .limit(CLIENTS)
    )
    found = session().scalars(wanted if after is None else wanted.where(over.owner_id > after))
    return [owner for owner in found if owner]

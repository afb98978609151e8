"""What clients have not paid, by how long it has been due; the receivable of the books says who."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.credits.queries import credit_of
from app.credits.rules import ZERO
from app.ledgers.ages import AGES, age_of
from app.ledgers.heads import today
from app.ledgers.models import Account, AccountBalance
from app.receipts.payments_queries import OpenReceipt, open_receipts
from app.registry.models import Party
from app.registry.queries import PartyNamed, parties_named
from app.web.keyset import Cursor, Slice, slice_of


@dataclass(frozen=True)
class Owing:
    """What a client has not paid, in all and by age, and what it has over."""

    client: PartyNamed
    receipts: int
    credit: Decimal
    ages: dict[str, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """All of it."""
        return sum(self.ages.values(), ZERO)


def _owing() -> Any:
    return (
        sa.select(Party.id, Party.code)
        .join(Account, sa.and_(Account.owner_id == Party.id, Account.kind == "rent_receivable"))
        .join(AccountBalance, AccountBalance.account_id == Account.id)
        .where(AccountBalance.balance != 0)
    )


def outstanding_page(*, at: Cursor | None = None) -> Slice[Owing]:
    """The clients who have not paid everything, by code."""
    return slice_of(_read, _owing(), by=(Party.code, Party.id), key=lambda row: (row.client.code, row.client.id), at=at)


def all_outstanding() -> list[Owing]:
    """The same, all of it, for a file."""
    return _read(_owing().order_by(Party.code, Party.id))


def outstanding_in_all() -> tuple[int, Decimal]:
    """How many clients owe rent, and what it comes to."""
    total = sa.func.coalesce(sa.func.sum(AccountBalance.balance), 0)
    wanted = sa.select(sa.func.count(), total).join(Account, Account.id == AccountBalance.account_id)
    wanted = wanted.where(Account.kind == "rent_receivable", AccountBalance.balance != 0)
    count, amount = session().execute(wanted).one()
    return count, Decimal(amount)


def _read(query: sa.Select[Any]) -> list[Owing]:
    return owing_of([row.id for row in session().execute(query)])


def owing_of(client_ids: Sequence[uuid.UUID]) -> list[Owing]:
    """What these clients owe, in the order given; always in three statements."""
    known, over = parties_named(client_ids), credit_of(client_ids)
    mine: dict[uuid.UUID, list[OpenReceipt]] = {id_: [] for id_ in client_ids}
    for one in open_receipts(client_ids):
        mine[one.receipt.client_id].append(one)
    on = today()
    return [Owing(known[id_], len(mine[id_]), over[id_], aged(mine[id_], on)) for id_ in client_ids]


def aged(found: Iterable[OpenReceipt], on: date) -> dict[str, Decimal]:
    """What is open by age; every age is there."""
    ages = {name: ZERO for name, _label in AGES}
    for one in found:
        ages[age_of(one.receipt.due_on, on)] += one.open
    return ages

"""Money of clients in the world of receipts: a till, payments, deposits, payouts, and what is proved."""

import itertools
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.credits import checks as credit_checks
from app.credits.queries import credit_of
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.ledgers.models import Account, AccountBalance
from app.owners import checks as owner_checks
from app.owners.services import Run, pay_out, reverse_payout
from app.receipts import checks, deposits, paying, payments_checks, payments_jobs
from app.receipts.deposits import Move, Moved
from app.receipts.models import Receipt
from app.receipts.payments_queries import open_receipts, paid_of
from app.receipts.reversing import reverse_receipt
from tests.receipts.world import SINCE, World

D = Decimal
_count = itertools.count(1)


def key() -> str:
    return f"{next(_count):032x}"


@dataclass(frozen=True)
class Money(World):
    """The same world with a till that holds 100,000."""

    till: uuid.UUID

    def pays(self, client: uuid.UUID, amount: str, **more: Any) -> uuid.UUID:
        """The client pays in cash today; the payment's id."""
        with self.unit_of_work():
            told: dict[str, Any] = {"cash_account_id": self.till, "method": Method.CASH, "on": today(), "key": key()}
            return paying.pay(paying.Arrived(client, D(amount), **(told | more)), by=self.by).id

    def bounces(self, payment: uuid.UUID) -> None:
        with self.unit_of_work():
            paying.reverse_payment(payment, reason="bounced", on=today(), by=self.by)

    def undoes(self, receipt: uuid.UUID, *, replaced: bool = False) -> None:
        with self.unit_of_work():
            reverse_receipt(receipt, reason="wrong", on=today(), by=self.by, replaced=replaced)

    def settles(self) -> int:
        """What the worker does once receipts were issued."""
        return self.work(payments_jobs.SETTLE)

    def issues(self, month: Any, unit: uuid.UUID | None = None) -> None:
        """A month is issued and settled."""
        self.run(month, unit)
        self.settles()

    def moves(self, lease: uuid.UUID, kind: Move, amount: str, **more: Any) -> uuid.UUID:
        """Something happens to a deposit; the movement's id."""
        with self.unit_of_work():
            told: dict[str, Any] = {"on": today(), "key": key()}
            if kind in deposits.IN_CASH:
                told |= {"cash_account_id": self.till, "method": Method.CASH}
            else:
                told |= {"reason": "broken window"}
            return deposits.move(Moved(lease, kind, D(amount), **(told | more)), by=self.by).id

    def pays_owners(self, *owners: uuid.UUID, **more: Any) -> uuid.UUID:
        """All that was received for these owners is paid out; the run's id."""
        with self.unit_of_work():
            told: dict[str, Any] = {"cash_account_id": self.till, "method": Method.CASH, "on": today(), "key": key()}
            return pay_out(Run(list(owners), **(told | more)), by=self.by).id

    def takes_back(self, payout: uuid.UUID) -> None:
        with self.unit_of_work():
            reverse_payout(payout, reason="came back", on=today(), by=self.by)

    def open_of(self, client: uuid.UUID) -> list[str]:
        """What the client has not paid, receipt by receipt in the order of paying."""
        with self.unit_of_work():
            return [f"{one.open:.2f}" for one in open_receipts([client])]

    def paid(self) -> list[str]:
        """What was paid of each receipt that counts, by number."""
        rows = self.counting()
        with self.unit_of_work():
            found = paid_of([row.id for row in rows])
        return [f"{found[row.id]:.2f}" for row in rows]

    def credit(self, party: uuid.UUID) -> str:
        with self.unit_of_work():
            return f"{credit_of([party])[party]:.2f}"

    def balance(self, kind: str, owner: uuid.UUID) -> Decimal:
        """Of the books, debit positive."""
        with self.unit_of_work():
            wanted = sa.select(AccountBalance.balance).join(Account, Account.id == AccountBalance.account_id)
            return session().scalar(wanted.where(Account.kind == kind, Account.owner_id == owner)) or D(0)

    def faults(self) -> list[str]:
        """What the proof of these rooms finds."""
        every = (*checks.CHECKS, *payments_checks.CHECKS, *credit_checks.CHECKS, *owner_checks.CHECKS)
        with self.unit_of_work():
            return [str(fault) for check in every for fault in check().faults]

    def receipt(self, number: int) -> Receipt:
        """A receipt by its number."""
        with self.unit_of_work():
            return session().scalars(sa.select(Receipt).where(Receipt.number == number)).one()


def with_money(world: World) -> Money:
    """The world with its till."""
    with world.unit_of_work():
        till = add_cash_account(name="Till", method="petty_cash", by=None).id
        lines = [debit("cash", D(100_000), till), credit("opening", D(100_000))]
        post(Draft(PostingKind.OPENING_BALANCE, SINCE, lines), by=None)
    return Money(world.cast, till)

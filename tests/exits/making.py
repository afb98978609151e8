"""A group with money, and short verbs of leaving: what the tests of this room begin with."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.core.outbox import Outbox
from app.core.rooms import rooms
from app.exits import fulfilling, liquidity, requesting
from app.exits.models import ExitRequest, LiquidityEvent
from app.exits.offering import FULFIL
from app.exits.rules import LiquidityType
from app.exits.standing import standing_of
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.methods import Method
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.penalties import levy_penalty
from tests import factories
from tests.factories import Cast
from tests.savings.pages import fields

D = Decimal
Open = Callable[[Any], FlaskClient]
DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
TODAY = date(2026, 11, 21)
_count = itertools.count(1)


def key() -> str:
    return f"key-{next(_count)}"


@dataclass(frozen=True)
class House:
    """A cast with a till; every verb is a transaction of its own, as in life."""

    cast: Cast
    till: uuid.UUID

    @property
    def by(self) -> uuid.UUID:
        return self.cast.treasurer.member_id

    def member(self, who: str) -> uuid.UUID:
        return self.cast.people[who].member_id

    def does(self, verb: Callable[..., Any], *args: Any, **told: Any) -> Any:
        with transaction(group_id=self.cast.group_id):
            return verb(*args, **told)

    def save(self, who: str, amount: int | str | Decimal, *, on: date = DAY) -> None:
        """Savings straight into the books."""
        lines = [debit("cash", D(amount), self.till), credit("savings", D(amount), self.member(who))]
        self.does(post, Draft(PostingKind.CONTRIBUTION, on, lines), by=self.by)

    def posts(self, *lines: Any, kind: PostingKind = PostingKind.MANUAL) -> None:
        self.does(post, Draft(kind, DAY, lines), by=self.by)

    def leave(self, who: str, **told: Any) -> uuid.UUID:
        given: dict[str, Any] = {"member_id": self.member(who), "by": self.by, "key": key(), **told}
        made: ExitRequest = self.does(requesting.request_exit, **given)
        return made.id

    def withdraw(self, who: str, amount: int | str | Decimal, **told: Any) -> uuid.UUID:
        given: dict[str, Any] = {
            "member_id": self.member(who),
            "amount": D(amount),
            "by": self.by,
            "key": key(),
            **told,
        }
        made: ExitRequest = self.does(requesting.request_withdrawal, **given)
        return made.id

    def set_aside(self, amount: int | str | Decimal, **told: Any) -> uuid.UUID:
        given: dict[str, Any] = {"type_": LiquidityType.DEPOSIT, "at": clock.now(), "by": self.by, "key": key(), **told}
        made: LiquidityEvent = self.does(liquidity.set_aside, amount=D(amount), cash_account_id=self.till, **given)
        return made.id

    def work(self) -> None:
        """What the worker does with its message, until nothing is left to do."""
        while self.does(fulfilling.fulfil).more:
            pass

    def stands(self, request_id: uuid.UUID) -> Any:
        return self.does(standing_of, request_id)

    def state(self, request_id: uuid.UUID) -> Any:
        return self.stands(request_id).state

    def balance(self, kind: str, who: str | None = None) -> Any:
        owner = self.till if kind == "cash" else self.member(who) if who else None
        return self.does(natural_balance, chart.Account(kind, owner))

    def pay(self, who: str, **told: Any) -> None:
        """Pay a member all that is payable to them."""
        parts = [PayOne(one.payable.id, one.open) for one in self.does(open_payables, self.member(who))]
        given: dict[str, Any] = {"on": clock.today("Africa/Nairobi"), "by": self.by, "key": key(), **told}
        self.does(pay, payments=parts, cash_account_id=self.till, method=Method.CASH, **given)

    def faults(self) -> list[str]:
        """What the proof finds wrong; contributions are entered here without their records, which it sees."""
        with transaction(group_id=self.cast.group_id):
            return [
                f"{found.name}: {fault}"
                for room in rooms()
                for check in room.checks
                for found in [check()]
                for fault in found.faults
            ]


def house(savings: dict[str, Any] | None = None, **rules: Any) -> House:
    """A group whose rules for leaving are these."""
    cast = factories.cast(exits=rules, **({"savings": savings} if savings else {}))
    with transaction(group_id=cast.group_id):
        till = add_cash_account(name="Till", method="petty_cash", by=cast.treasurer.member_id)
        session().flush()
        return House(cast, till.id)


def row(group: House, who: str) -> Member:
    """A member as they stand."""
    with transaction(group_id=group.cast.group_id):
        found = session().scalars(sa.select(Member).where(Member.id == group.member(who))).one()
        session().expunge(found)
        return found


def levy(group: House, who: str, amount: int) -> uuid.UUID:
    """A penalty that a member owes."""
    told: dict[str, Any] = {
        "member_id": group.member(who),
        "amount": D(amount),
        "on": DAY,
        "note": "late",
        "by": group.by,
    }
    made: uuid.UUID = group.does(levy_penalty, **told, key=key()).id
    return made


def approve(request_id: uuid.UUID, group: House, as_person: Open) -> None:
    """The leader agrees on the page of the request."""
    client, url = as_person(group.cast.leader), f"/g/{group.cast.slug}/ledger/approvals/{request_id}"
    answer = client.post(f"{url}/approval", data=fields(client.get(url)) | {"reason": ""})
    assert answer.status_code == 303, answer.text


def offered(group: House) -> set[str]:
    """Why the queue was offered to the worker."""
    with transaction(group_id=group.cast.group_id):
        keys = session().scalars(sa.select(Outbox.key).where(Outbox.kind == FULFIL))
        return {one.removeprefix(f"{FULFIL}:").split(":")[0] for one in keys}

"""The product's side of the random months: each deed by the verb that a page would call, and what it says then."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa

from app.assets.converting import convert_holdings
from app.assets.models import AssetShare
from app.assets.planning import Wanted as Conversion
from app.assets.reversing import reverse_asset
from app.assets.reversing import reverse_sale as reverse_asset_sale
from app.assets.selling import Selling, sell_asset
from app.buyouts.approving import approve
from app.buyouts.offering import Offer, offer
from app.buyouts.reversing import reverse_buy_out
from app.buyouts.rules import Side, Wanted
from app.buyouts.saying import consent, consent_on_paper, signs_in
from app.core import clock
from app.core.db import session, transaction
from app.core.periods import zone_named
from app.distributions.allotting import Allotment, allot
from app.distributions.planning import next_cycle
from app.distributions.reversing import reverse_share_out
from app.distributions.rules import Rule
from app.exits import liquidity
from app.exits.cancelling import cancel
from app.exits.requesting import request_exit
from app.exits.rules import LiquidityType
from app.exits.standing import queue
from app.groups.models import Member
from app.groups.queries import group, holding
from app.groups.queries import member as member_named
from app.groups.services import add_member
from app.holdings.investing import Purchase, record_investment
from app.holdings.models import HoldingShare
from app.holdings.queries import value_of
from app.holdings.reversing import reverse_record
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from app.ledgers.approvals import APPROVE
from app.ledgers.cash import add_cash_account
from app.ledgers.heads import today
from app.ledgers.lots import lots_of
from app.ledgers.methods import Method
from app.ledgers.models import Account, AccountBalance
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.penalties import levy_penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from tests.factories import Cast
from tests.journeys.model import Sold

FOUR = Decimal(10_000)


def money(cents: int) -> Decimal:
    """Hundredths as an amount."""
    return Decimal(cents) / 100


def fours(number: int) -> Decimal:
    """Ten-thousandths as units or per cent."""
    return Decimal(number) / FOUR


@dataclass
class Group:
    """A group of the product, and by which ids its members and things are known."""

    cast: Cast
    till: uuid.UUID
    by: uuid.UUID
    members: dict[str, uuid.UUID]
    may_leave: list[str]
    things: dict[str, uuid.UUID] = field(default_factory=dict)
    keys: "count[int]" = field(default_factory=count)

    def key(self) -> str:
        """An idempotency key of its own."""
        return f"months-{next(self.keys)}"

    def do(self, deed: Callable[[], Any]) -> Any:
        """In a unit of work of its own, as a request would."""
        with transaction(user_id=self.cast.treasurer.user_id, group_id=self.cast.group_id):
            return deed()

    # the deeds

    def contribute(self, who: str, amount: int) -> Any:
        told = Receipt(
            member_id=self.members[who],
            amount=money(amount),
            paid_at=clock.now(),
            method="cash",
            cash_account_id=self.till,
            key=self.key(),
        )
        return record_receipts([told], by=self.by)[0].id

    def levy(self, who: str, amount: int) -> Any:
        told: dict[str, Any] = {"on": today(), "note": "Noise", "by": self.by, "key": self.key()}
        return levy_penalty(member_id=self.members[who], amount=money(amount), **told).id

    def invest(self, thing: str, amount: int, price: int) -> Any:
        told = Purchase(
            name=thing,
            type="bonds",
            on=today(),
            cash_account_id=self.till,
            key=self.key(),
            amount=money(amount),
            unit_value=Decimal(price) / 10**6,
        )
        self.things[thing] = record_investment(told, by=self.by).id
        return self.things[thing]

    def revalue(self, thing: str, value: int) -> Any:
        told = Revaluation(
            investment_id=self.things[thing], value=money(value), on=today(), evidence="Letter", key=self.key()
        )
        return revalue(told, by=self.by).id

    def sell(self, thing: str, units: int, proceeds: int) -> Any:
        told = Sale(
            investment_id=self.things[thing],
            kind="sale" if proceeds else "default",
            on=today(),
            key=self.key(),
            units=fours(units),
            proceeds=money(proceeds),
            cash_account_id=self.till if proceeds else None,
        )
        return sell(told, by=self.by).id

    def convert(self, asset: str, values: Mapping[str, int], price: int, treasury_takes: bool) -> Any:
        told = Conversion(
            name=asset,
            price=money(price),
            on=today(),
            key=self.key(),
            values={self.things[thing]: money(value) for thing, value in values.items()},
            cash_account_id=self.till,
            treasury_takes=treasury_takes,
        )
        self.things[asset] = convert_holdings(told, by=self.by).id
        return self.things[asset]

    def sell_asset(self, asset: str, proceeds: int) -> Any:
        told = Selling(
            asset_id=self.things[asset],
            proceeds=money(proceeds),
            on=today(),
            key=self.key(),
            cash_account_id=self.till,
        )
        return sell_asset(told, by=self.by).id

    def buy_out(self, seller: str, buyer: str | None, sold: Sold, price: int) -> Any:
        wanted = Wanted(
            units={self.things[thing]: fours(part) for thing, part in sold.units.items()},
            percents={self.things[thing]: fours(part) for thing, part in sold.percent.items()},
            savings=money(sold.savings),
        )
        sides = [self.members[seller], *([self.members[buyer]] if buyer else [])]
        officers = [who for who in sorted(holding(APPROVE)) if who not in sides]
        told = Offer(sides[0], wanted, money(price), sides[1] if buyer else None)
        made = offer(told, by=officers[0], key=self.key())
        for who, side in zip(sides, Side, strict=False):
            if signs_in(member_named(who)):
                consent(made.id, by=who)
            else:
                consent_on_paper(made.id, side, words="In the folder", by=officers[0])
        return approve(made.id, by=officers[-1]).id

    def share_out(self, total: int) -> Any:
        told = Allotment(cycle=next_cycle(), rule=Rule.SAVINGS, amount=money(total), on=today())
        return allot(told, by=self.by, key=self.key()).id

    def request_exit(self, who: str) -> Any:
        return request_exit(member_id=self.members[who], by=self.by, key=self.key()).id

    def cancel(self, who: str) -> Any:
        open_ = next(one for one in queue() if one.member_id == self.members[who])
        return cancel(request_id=open_.request_id, reason="Stays", by=self.members[who]).id

    def set_aside(self, amount: int) -> Any:
        told: dict[str, Any] = {"type_": LiquidityType.OTHER, "at": clock.now(), "cash_account_id": self.till}
        return liquidity.set_aside(amount=money(amount), **told, by=self.by, key=self.key()).id

    def pay(self, who: str, number: int, amount: int) -> Any:
        """The payable of a member with this number, the oldest first."""
        owed = [row for row in open_payables(member_id=self.members[who]) if row.open]
        chosen = sorted(owed, key=lambda row: row.payable.id)[number]
        told: dict[str, Any] = {"cash_account_id": self.till, "method": Method.CASH, "on": today(), "by": self.by}
        return pay(payments=[PayOne(chosen.payable.id, money(amount))], **told, key=self.key())

    def undo(self, name: str, record_id: uuid.UUID) -> Any:
        """Take a deed back, today."""
        told: dict[str, Any] = {"reason": "A slip", "on": today(), "by": self.by}
        verbs: dict[str, Callable[[], Any]] = {
            "contribute": lambda: reverse_payment(record_id, overdraft=True, **told),
            "invest": lambda: reverse_record("investment", record_id, **told),
            "sell": lambda: reverse_record("investment_sale", record_id, overdraft=True, **told),
            "convert": lambda: reverse_asset(record_id, overdraft=True, **told),
            "sell_asset": lambda: reverse_asset_sale(record_id, overdraft=True, **told),
            "buy_out": lambda: reverse_buy_out(record_id, **told),
            "share_out": lambda: reverse_share_out(record_id, **told),
        }
        return verbs[name]()

    # what it says

    def accounts(self) -> dict[tuple[str, str | None], int]:
        """Every account that is not empty, positive where such accounts grow, in hundredths."""
        rows = session().execute(
            sa.select(Account.kind, Account.owner_id, AccountBalance.balance * Account.normal)
            .join(AccountBalance, AccountBalance.account_id == Account.id)
            .where(AccountBalance.balance != 0)
        )
        return {(kind, self._name(owner)): int(balance * 100) for kind, owner, balance in rows}

    def _name(self, owner: uuid.UUID | None) -> str | None:
        if owner is None or owner == self.till:
            return None
        return next(name for name, id_ in {**self.members, **self.things}.items() if id_ == owner)

    def shares(self) -> tuple[Counter[Any], Counter[Any], Counter[Any]]:
        """Units, per cent, and the cost of both, by thing and owner."""
        units: Counter[Any] = Counter()
        percent: Counter[Any] = Counter()
        costs: Counter[Any] = Counter()
        held = sa.select(HoldingShare.investment_id, HoldingShare.member_id, HoldingShare.units, HoldingShare.cost)
        owned = sa.select(AssetShare.asset_id, AssetShare.member_id, AssetShare.percent, AssetShare.amount)
        for query, parts in ((held, units), (owned, percent)):
            for thing, owner, part, cost in session().execute(query):
                key = self._name(thing), self._name(owner)
                parts[key] += int(part * 10_000)
                costs[key] += int(cost * 100)
        return tuple(Counter({key: n for key, n in one.items() if n}) for one in (units, percent, costs))  # type: ignore[return-value]  # three of them

    def waiting(self) -> list[tuple[str | None, int, int, int]]:
        """The queue: who, the entitlement, what is fulfilled, and what is payable."""
        rows = [(one.member_id, one.gross, one.fulfilled, one.payable) for one in queue()]
        return [(self._name(who), *(int(amount * 100) for amount in told)) for who, *told in rows]  # type: ignore[misc]  # three

    def lots(self, who: str) -> list[int]:
        """What is left of a member's contributions, the oldest first."""
        return [int(lot.left * 100) for lot in lots_of(self.members[who]) if lot.left]

    def value(self, thing: str) -> int:
        """What an investment is worth now."""
        return int(value_of(self.things[thing], currency=group().currency) * 100)


def found(cast: Cast) -> Group:
    """The cast's group with a till and four more members; officers stay, the others may leave."""
    with transaction(user_id=cast.leader.user_id, group_id=cast.group_id):
        assert cast.treasurer.member_id is not None
        till = add_cash_account(name="Till", method="petty_cash", by=None).id
        for n in range(4):
            add_member(display_name=f"Member {n}", identifier=f"N{n}", by=cast.leader.member_id)
        order = (sa.collate(sa.func.lower(Member.identifier), "C"), Member.id)
        savers = session().scalars(sa.select(Member).where(Member.roles.contains(["member"])).order_by(*order)).all()
        may_leave = [row.identifier for row in savers if row.roles == ["member"]]
        return Group(cast, till, cast.treasurer.member_id, {row.identifier: row.id for row in savers}, may_leave)


def at(day: int, month: int, year: int, hour: int = 9) -> datetime:
    """A moment in the group's zone."""
    return datetime(year, month, day, hour, tzinfo=zone_named("Africa/Nairobi"))

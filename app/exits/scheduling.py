"""What the clock does for the queue: parts of contributions and sales are set aside, and what is unspent is offered."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.assets.models import AssetSale, AssetsReversal
from app.core.db import session
from app.exits import closing, liquidity
from app.exits.models import ExitRequest, LiquidityEvent
from app.exits.offering import offer
from app.exits.policy import terms
from app.exits.rules import ExitPolicy, LiquidityType, RequestKind, needed, part_of
from app.exits.standing import Queued, queue
from app.groups.models import Member
from app.groups.queries import group
from app.groups.services.members import lock_group
from app.holdings.models import InvestmentSale
from app.holdings.queries import taken_back as sales_taken_back
from app.ledgers.balances import Query
from app.ledgers.models import CashAccount
from app.savings.models import Contribution, Payment
from app.savings.standings import counts

EVERY = 120  # seconds: a penalty paid or a hold ended lets somebody be served within that time


def plan(now: datetime) -> None:
    """What the clock does: set aside what the policy gives, and offer what is unspent to whoever can take it."""
    if session().scalar(sa.select(ExitRequest.id).limit(1)) is None:  # nearly every group
        return
    policy = terms()
    if policy.contributions_percent or policy.sales_percent:
        lock_group()
        _set_aside(policy, now)
    waiting, there = queue(), liquidity.unspent()
    if there and any(one.ready for one in waiting):
        offer(f"clock:{int(now.timestamp()) // EVERY}")
    elif any(_to_close(one) for one in waiting):
        offer(f"close:{now:%Y-%m-%dT%H}")  # what another room refuses may be refused for long


def _to_close(one: Queued) -> bool:
    return one.kind is RequestKind.EXIT and not one.payable and not closing.obstacles(one)


# What may make more payable to somebody who leaves, or let their exit be closed; every hold freed so far is an own one.
EASES = {("waive", "penalty"), ("reverse", "penalty"), ("create", "payment")}


def on_event(event: Any) -> None:
    """A listener of the log: what somebody who leaves owes no more, or has paid, lets them be served at once."""
    if (event.action, event.entity) not in EASES or event.subject_id is None:
        return
    member = session().get(Member, (session().group_id, event.subject_id))
    if member is not None and member.leaving_since is not None:
        offer(f"owed:{event.id}")


@dataclass(frozen=True)
class Source:
    """Money that came in, of which a part is for the queue: the record, where it lies, and how much of it there is."""

    kind: str
    id: uuid.UUID
    at: datetime
    cash_account_id: uuid.UUID
    amount: Decimal

    @property
    def type(self) -> LiquidityType:
        """Where it comes from, in the words of the queue."""
        return LiquidityType.CONTRIBUTION_POOL if self.kind == PAYMENT else LiquidityType.ASSET_SALE


PAYMENT = "payment"


def _set_aside(policy: ExitPolicy, now: datetime) -> None:
    """From each record once, the oldest first, no more than the queue can take and than is free."""
    waiting = [one for one in queue() if one.ready]
    missing = needed([one.waiting for one in waiting], liquidity.pots())
    if not missing:
        return
    for source in _sources(policy, since=min(one.requested_at for one in waiting)):
        percent = policy.contributions_percent if source.kind == PAYMENT else policy.sales_percent
        there = min(liquidity.free_cash().free, liquidity.free_in(source.cash_account_id))
        amount = min(part_of(source.amount, percent, group().currency), missing, there)
        if amount > 0:
            missing -= amount
            liquidity.set_aside(
                amount=amount,
                type_=source.type,
                at=now,
                cash_account_id=source.cash_account_id,
                source=(source.kind, source.id),
                by=None,
                key=f"{source.kind}:{source.id}",
            )


def _sources(policy: ExitPolicy, *, since: datetime) -> list[Source]:
    """What came in since then, lies in an open cash account, and gave nothing yet; the oldest first."""
    queries = []
    if policy.contributions_percent:
        queries.append((PAYMENT, _contributed()))
    if policy.sales_percent:
        queries += [("investment_sale", _investments_sold()), ("asset_sale", _assets_sold())]
    closed = sa.select(CashAccount.id).where(CashAccount.closed_at.is_not(None))
    found = []
    for kind, query in queries:
        rows = query.subquery()
        gave = sa.exists().where(LiquidityEvent.source_kind == kind, LiquidityEvent.source_id == rows.c.id)
        wanted = sa.select(rows).where(rows.c.recorded_at >= since, rows.c.amount > 0, sa.not_(gave))
        found += [Source(kind, *row) for row in session().execute(wanted.where(rows.c.cash_account_id.not_in(closed)))]
    return sorted(found, key=lambda one: (one.at, one.id))


def _contributed() -> Query:
    """Payments with what of them is savings, as far as it counts."""
    amount = sa.func.sum(Contribution.amount).label("amount")
    return (
        sa.select(Payment.id, Payment.recorded_at, Payment.cash_account_id, amount)
        .join(Contribution, Contribution.payment_id == Payment.id)
        .where(counts())
        .group_by(Payment.id, Payment.recorded_at, Payment.cash_account_id)
    )


def _investments_sold() -> Query:
    sold = InvestmentSale
    columns = (sold.id, sold.recorded_at, sold.cash_account_id, sold.proceeds.label("amount"))
    return sa.select(*columns).where(sold.id.not_in(sales_taken_back("investment_sale")))


def _assets_sold() -> Query:
    undone = sa.select(AssetsReversal.original_id).where(AssetsReversal.original_kind == "asset_sale")
    columns = (AssetSale.id, AssetSale.recorded_at, AssetSale.cash_account_id, AssetSale.proceeds.label("amount"))
    return sa.select(*columns).where(AssetSale.id.not_in(undone))

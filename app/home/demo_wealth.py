"""What groups of the demonstration did with their savings: bought, valued, sold, made property of it, and let go."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.assets.converting import buy_asset, convert_holdings
from app.assets.planning import Wanted
from app.buyouts import approving, offering, saying
from app.buyouts.rules import Side
from app.buyouts.rules import Wanted as Sold
from app.core.money import rounded
from app.distributions.allotting import Allotment, allot
from app.distributions.planning import next_cycle, plan
from app.distributions.rules import Rule
from app.exits.fulfilling import fulfil
from app.exits.liquidity import free_cash, set_aside
from app.exits.requesting import request_exit
from app.exits.rules import LiquidityType
from app.exits.standing import queue
from app.groups.queries import group
from app.holdings.investing import Purchase, record_investment
from app.holdings.queries import eligible, holdings_of, value_of
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from app.ledgers.cash import cash_balance
from app.ledgers.methods import Method
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.planning import Receipt
from app.savings.recording import record_receipts


@dataclass(frozen=True)
class Estate:
    """A group on a day of its story: who acts, its members by name, its bank account, and what it bought so far."""

    leader: uuid.UUID
    treasurer: uuid.UUID
    members: Mapping[str, uuid.UUID]
    bank: uuid.UUID
    things: dict[str, uuid.UUID]
    at: datetime
    on: date
    key: Callable[[], str]

    def amount(self, of: Decimal, percent: int) -> Decimal:
        """So many per cent of an amount, in whole thousands."""
        return rounded(of * percent / 100_000, "UGX") * 1000


Event = Callable[[Estate], None]


def buys(
    name: str, type_: str, percent: int, unit_value: str, *, risk: str = "low", broker: str | None = None
) -> Event:
    """An investment of so many per cent of what may be invested, as far as the bank account reaches."""

    def event(here: Estate) -> None:
        there = min(sum(eligible().values(), Decimal(0)), cash_balance(here.bank).balance)
        told = Purchase(
            name=name,
            type=type_,
            on=here.on,
            cash_account_id=here.bank,
            key=here.key(),
            amount=here.amount(there, percent),
            unit_value=Decimal(unit_value),
            risk=risk,
            broker=broker,
        )
        here.things[name] = record_investment(told, by=here.treasurer).id

    return event


def is_worth(name: str, percent: int, evidence: str) -> Event:
    """A revaluation to so many per cent of what it was worth before."""

    def event(here: Estate) -> None:
        thing, currency = here.things[name], group().currency
        value = rounded(value_of(thing, currency=currency) * percent / 100, currency)
        told = Revaluation(investment_id=thing, on=here.on, evidence=evidence, key=here.key(), value=value)
        revalue(told, by=here.treasurer)

    return event


def ends(name: str, kind: str, percent: int) -> Event:
    """All of it is sold or matures, for so many per cent of its last value."""

    def event(here: Estate) -> None:
        thing, currency = here.things[name], group().currency
        told = Sale(
            investment_id=thing,
            kind=kind,
            on=here.on,
            key=here.key(),
            proceeds=rounded(value_of(thing, currency=currency) * percent / 100, currency),
            cash_account_id=here.bank,
        )
        sell(told, by=here.treasurer)

    return event


def becomes(names: tuple[str, ...], asset: str, description: str, percent: int) -> Event:
    """Whole holdings become property, at a price of so many per cent of their last value."""

    def event(here: Estate) -> None:
        currency, chosen = group().currency, {here.things[name]: None for name in names}
        worth = sum((value_of(thing, currency=currency) for thing in chosen), Decimal(0))
        told = Wanted(
            name=asset,
            description=description,
            price=here.amount(worth, percent),
            on=here.on,
            key=here.key(),
            values=chosen,
            cash_account_id=here.bank,
            treasury_takes=True,
        )
        here.things[asset] = convert_holdings(told, by=here.treasurer).id

    return event


def brings_in(each: int) -> Event:
    """Every member pays in what they had put by before."""

    def event(here: Estate) -> None:
        told: dict[str, Any] = {"method": "bank_transfer", "cash_account_id": here.bank, "paid_at": here.at}
        receipts = [
            Receipt(member_id=member, amount=Decimal(each), key=here.key(), **told) for member in here.members.values()
        ]
        record_receipts(receipts, by=here.treasurer)

    return event


def buys_property(name: str, description: str, price: int) -> Event:
    """Property bought directly with everybody's savings."""

    def event(here: Estate) -> None:
        told = Wanted(
            name=name,
            description=description,
            price=Decimal(price),
            on=here.on,
            key=here.key(),
            cash_account_id=here.bank,
        )
        here.things[name] = buy_asset(told, by=here.treasurer).id

    return event


def leaves(name: str) -> Event:
    """A member asks to leave."""

    def event(here: Estate) -> None:
        request_exit(member_id=here.members[name], by=here.leader, key=here.key())

    return event


def has_money_for_exits(percent: int) -> Event:
    """So many per cent of what the queue waits for is set aside and given out; who is first is paid as well."""

    def event(here: Estate) -> None:
        wanted = here.amount(sum((one.payable for one in queue()), Decimal(0)), percent)
        amount = min(wanted, here.amount(free_cash().free, 90), here.amount(cash_balance(here.bank).balance, 90))
        told: dict[str, Any] = {"cash_account_id": here.bank, "by": here.treasurer, "key": here.key()}
        set_aside(amount=amount, type_=LiquidityType.CONTRIBUTION_POOL, at=here.at, **told)
        fulfil()
        first = open_payables()[0]
        payments = [PayOne(first.payable.id, first.open)]
        pay(payments=payments, method=Method.BANK_TRANSFER, reference="EXIT-001", on=here.on, **told)

    return event


def sells_to(seller: str, buyer: str | None, percent: int) -> Event:
    """All that a member holds passes to another one, or to the group, for so many per cent of what it cost."""

    def event(here: Estate) -> None:
        held = {row.investment_id: row.units for row in holdings_of(here.members[seller])}
        cost = sum((row.cost for row in holdings_of(here.members[seller])), Decimal(0))
        price, to = here.amount(cost, percent), here.members[buyer] if buyer else None
        reference = "Cash, receipt 14" if buyer else None
        told = offering.Offer(here.members[seller], Sold(units=held), price, to, reference=reference)
        made = offering.offer(told, by=here.treasurer, key=here.key())
        for side in Side if buyer else (Side.SELLER,):
            saying.consent_on_paper(made.id, side, words="Signed form in the blue folder", by=here.treasurer)
        approving.approve(made.id, by=here.leader)

    return event


def shares_out(here: Estate) -> None:
    """What was earned so far goes to the members, by their savings."""
    cycle = next_cycle()
    told = Allotment(cycle=cycle, rule=Rule.SAVINGS, amount=plan(cycle).amount, on=here.on)
    allot(told, by=here.treasurer, key=here.key(), approved_by=here.leader)

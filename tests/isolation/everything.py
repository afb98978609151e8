"""One of everything that a group can hold, through the verbs of the rooms."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.assets.converting import buy_asset
from app.assets.planning import Wanted as AssetWanted
from app.assets.selling import Selling, sell_asset
from app.buyouts.approving import approve
from app.buyouts.offering import Offer, offer
from app.buyouts.rules import Wanted
from app.buyouts.saying import consent
from app.core import clock
from app.core.db import session
from app.core.ids import new_id
from app.distributions.allotting import Allotment, allot
from app.distributions.funds import add_fund
from app.distributions.paying import Paying, pay_out
from app.distributions.planning import plan
from app.distributions.reversing import reverse_share_out
from app.distributions.rules import Cycle, Rule
from app.exits.rules import LiquidityType
from app.exits.services import adjust, request_exit, set_aside
from app.files.services import Upload, keep
from app.groups.invitees import Invitee
from app.groups.models import Member
from app.groups.services import invite, new_version, set_override
from app.holdings.earning import Income, record_income
from app.holdings.investing import Purchase, record_investment
from app.holdings.queries import holdings_of
from app.holdings.selling import Sale, sell
from app.holdings.valuing import Revaluation, revalue
from app.hooks.deliveries import send_test
from app.hooks.services import add_hook, pause
from app.imports import files, statement_import
from app.ledgers import chart
from app.ledgers.accounts import add_category
from app.ledgers.approvals import ask_or_do
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.entries import HandLine, cash_entry, manual_entry, transfer
from app.ledgers.holds import hold
from app.ledgers.methods import Method as PayoutMethod
from app.notifications.services import notify
from app.oversight.rules import Record
from app.oversight.services import raise_flag
from app.payouts.rules import Owed, PayOne
from app.payouts.services import owe, pay
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from app.savings.standings import penalties_of
from app.savings.waiving import waive_contribution
from app.savings.windows import all_windows
from app.tokens.services import make_token
from tests.factories import Person
from tests.isolation.dues import dues
from tests.isolation.latefees import late_fees
from tests.isolation.register import register
from tests.isolation.rent import rent

ZONE = ZoneInfo("Africa/Nairobi")


@dataclass(frozen=True)
class Told:
    """The group's mark in every text, its odd amount, its people, and how many more entries it has."""

    mark: str
    amount: Decimal
    people: dict[str, Person]
    more: int

    def member(self, part: str) -> uuid.UUID:
        found = self.people[part].member_id
        assert found is not None
        return found

    @property
    def by(self) -> uuid.UUID:
        return self.member("treasurer")

    @property
    def slug(self) -> str:
        return self.people["leader"].slug

    @property
    def today(self) -> date:
        return clock.today(ZONE)

    def at(self, day: date) -> datetime:
        return datetime.combine(day, time(0, 30), ZONE)


def make(told: Told) -> None:
    """All of it; the unit of work is inside the group."""
    bank = add_cash_account(name=f"Bank {told.mark}", method="bank", number=f"01-{told.mark}", by=told.by).id
    till = add_cash_account(name=f"Till {told.mark}", method="petty_cash", by=told.by).id
    _savings(told, bank)
    _books(told, bank, till)
    _people(told)
    _payouts(told, bank)
    _share_outs(told, bank)
    _investments(told, bank)
    _assets(told, bank)
    _buy_outs(told)
    _exits(told, bank)
    _statement(told, bank)
    register(told)
    dues(told, till)
    late_fees(told)
    rent(told, till)


def _statement(told: Told, bank: uuid.UUID) -> None:
    when = f"{told.today:%Y-%m-%d} 00:10:00"
    line = (
        f"{told.mark[:3].upper()}9Q7X,{when},Customer payment of {told.mark},Completed,{told.amount},,{told.amount}\n"
    )
    data = ("Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance\n" + line).encode()
    name = f"{told.mark}.csv"
    file = files.upload(kind="statement", name=name, data=data, by=told.by, key=f"{told.mark}-s", cash_account_id=bank)
    statement_import.confirm(file, by=told.by, targets={}, charges=False)


def _savings(told: Told, bank: uuid.UUID) -> None:
    last_month = told.today.replace(day=1) - timedelta(days=2)

    def receipt(key: str, who: str, amount: Decimal, day: date, **more: object) -> Receipt:
        values: dict[str, object] = {"method": "mobile_money", "cash_account_id": bank, "reference": f"R-{told.mark}"}
        common = {"member_id": told.member(who), "amount": amount, "paid_at": told.at(day), "key": f"{told.mark}-{key}"}
        return Receipt(**(values | common | more))  # type: ignore[arg-type]  # keywords of one dataclass

    paid = record_receipts([receipt("a", "member", told.amount, last_month)], by=told.by)
    windows = {window.name: window.id for window in all_windows()}
    before = windows[f"{last_month:%Y-%m}"]
    record_receipts(
        [
            receipt("late", "other_member", Decimal(5000), told.today, window_id=before),
            receipt("over", "secretary", Decimal(30000), told.today),
            *(receipt(f"more{number}", "leader", told.amount, last_month) for number in range(2 + told.more)),
        ],
        by=told.by,
    )
    reverse_payment(
        record_receipts([receipt("wrong", "member", told.amount, told.today)], by=told.by)[0].id,
        reason=f"Typed twice {told.mark}",
        on=told.today,
        by=told.by,
    )
    waive_contribution(window_id=before, member_id=told.member("treasurer"), reason=f"Ill {told.mark}", by=told.by)
    levied = {"on": told.today, "by": told.by, "note": f"Noise {told.mark}", "amount": told.amount}
    waived = levy_penalty(member_id=told.member("member"), key=f"{told.mark}-p1", **levied)  # type: ignore[arg-type]
    waive_penalty(waived.id, reason=f"Sorry {told.mark}", on=told.today, by=told.by)
    levy_penalty(member_id=told.member("member"), key=f"{told.mark}-p2", **levied)  # type: ignore[arg-type]
    assert penalties_of([told.member("other_member")]), "the late fee"
    assert paid


def _books(told: Told, bank: uuid.UUID, till: uuid.UUID) -> None:
    common = {"on": told.today, "by": told.by, "note": f"Note {told.mark}"}
    transfer(source=bank, target=till, amount=Decimal(500), key=f"{told.mark}-t", **common)  # type: ignore[arg-type]
    category = add_category(kind="other_expense", name=f"Tents {told.mark}", by=told.by)
    cash_entry(cash_account=till, category=category.id, amount=Decimal(50), key=f"{told.mark}-c", **common)  # type: ignore[arg-type]
    lines = [HandLine(chart.Account("bank_charges"), Decimal(7)), HandLine(chart.Account("cash", bank), Decimal(-7))]
    manual_entry(lines=lines, key=f"{told.mark}-m", **common)  # type: ignore[arg-type]
    savings = chart.Account("savings", told.member("leader"))
    hold(savings, Decimal(10), reason="guarantee", source=("test", told.by), by=told.by)
    payload = {"source": str(bank), "target": str(till), "amount": "60000", "on": told.today, "note": told.mark}
    waits = ask_or_do("transfer", payload, amount=Decimal(60000), on=told.today, by=told.by, key=f"{told.mark}-w")
    assert waits.waits


def _investments(told: Told, bank: uuid.UUID) -> None:
    place: dict[str, Any] = {"on": told.today, "cash_account_id": bank}
    words: dict[str, Any] = {"name": f"Fund {told.mark}", "broker": f"Broker {told.mark}", "account": f"A-{told.mark}"}
    bought = Purchase(
        type="unit_trust", amount=told.amount, unit_value=Decimal(10), key=f"{told.mark}-i", **words, **place
    )
    found = record_investment(bought, by=told.by)
    about: dict[str, Any] = {"investment_id": found.id, "evidence": f"Letter {told.mark}", "value": told.amount}
    revalue(Revaluation(on=told.today, key=f"{told.mark}-iv", **about), by=told.by)
    part: dict[str, Any] = {"units": Decimal(1), "proceeds": Decimal(11), "notes": f"Sold {told.mark}"}
    sell(Sale(investment_id=found.id, kind="sale", key=f"{told.mark}-is", **part, **place), by=told.by)
    earned = Income(investment_id=found.id, amount=told.amount, key=f"{told.mark}-ii", **place)
    record_income(earned, by=told.by)


def _assets(told: Told, bank: uuid.UUID) -> None:
    """One that was sold, and then one that is still owned, so that it is the latest."""
    place: dict[str, Any] = {"on": told.today, "cash_account_id": bank}
    words: dict[str, Any] = {"name": f"Plot {told.mark}", "description": f"Title {told.mark}"}
    gone = buy_asset(AssetWanted(price=Decimal(70), key=f"{told.mark}-a1", **words, **place), by=told.by)
    sell_asset(Selling(asset_id=gone.id, proceeds=Decimal(80), key=f"{told.mark}-as", **place), by=told.by)
    buy_asset(AssetWanted(price=Decimal(90), key=f"{told.mark}-a2", **words, **place), by=told.by)


def _buy_outs(told: Told) -> None:
    seller, buyer = told.member("member"), told.member("leader")
    wanted, words = Wanted(units={row.investment_id: Decimal(1) for row in holdings_of(seller)}), f"Slip {told.mark}"
    for number in range(2):  # one in effect, one that waits for the buyer
        price = {"price": told.amount, "reference": words}
        made = offer(Offer(seller, wanted, buyer_id=buyer, **price), by=seller, key=f"{told.mark}-b{number}")  # type: ignore[arg-type]
        if not number:
            consent(made.id, by=buyer)
            approve(made.id, by=told.by)


def _exits(told: Told, bank: uuid.UUID) -> None:
    asked = request_exit(member_id=told.member("secretary"), by=told.by, key=f"{told.mark}-x")
    more = {"reason": f"Counted {told.mark}", "approved_by": told.member("leader"), "key": f"{told.mark}-xa"}
    adjust(request_id=asked.id, amount=told.amount, by=told.by, **more)  # type: ignore[arg-type]  # keywords
    kept = {"type_": LiquidityType.OTHER, "at": told.at(told.today), "note": f"Kept {told.mark}", "by": told.by}
    set_aside(amount=Decimal(70), cash_account_id=bank, key=f"{told.mark}-xe", **kept)  # type: ignore[arg-type]


def _share_outs(told: Told, bank: uuid.UUID) -> None:
    earned: dict[str, Any] = {"amount": told.amount, "on": told.today, "note": f"Sold eggs {told.mark}"}
    income = chart.Account("other_income")
    cash_entry(cash_account=bank, category=income, by=told.by, key=f"{told.mark}-egg", **earned)
    cycle = Cycle(told.today.replace(day=1), told.today)
    chosen = Allotment(cycle=cycle, rule=Rule.EQUAL, amount=plan(cycle).amount, on=told.today)
    wrong = allot(chosen, by=told.by, key=f"{told.mark}-so1")
    reverse_share_out(wrong.id, reason=f"Too soon {told.mark}", on=told.today, by=told.by)
    right = allot(chosen, by=told.by, key=f"{told.mark}-so2")
    pay_out(Paying(share_out_id=right.id, with_savings=False, on=told.today), by=told.by, key=f"{told.mark}-so3")
    add_fund(name=f"Burial {told.mark}", by=told.by)


def _payouts(told: Told, bank: uuid.UUID) -> None:
    who, source = told.member("member"), ("part_bought", new_id())
    lines = [debit("treasury", told.amount), credit("member_payable", told.amount, who)]
    entry = post(Draft(PostingKind.MANUAL, told.today, lines, source=source), by=told.by)
    debt = owe([Owed(who, told.amount, source, entry.id, told.today)], by=told.by)[0]
    common = {"method": PayoutMethod.BANK_TRANSFER, "reference": f"S-{told.mark}", "on": told.today, "by": told.by}
    paid = pay(payments=[PayOne(debt, Decimal(91))], cash_account_id=bank, key=f"{told.mark}-o", **common)[0]  # type: ignore[arg-type]
    slip = Upload("slip.txt", f"Slip {told.mark}".encode())
    keep(entity=("member_payment", paid.id), upload=slip, title=f"Slip {told.mark}", by=told.by, key=f"{told.mark}-d")


def _people(told: Told) -> None:
    leader = session().scalars(sa.select(Member).where(Member.id == told.member("leader"))).one()
    member = session().scalars(sa.select(Member).where(Member.id == told.member("member"))).one()
    invite(rows=[Invitee(1, f"Guest {told.mark}", f"{told.mark.lower()}{leader.id.hex}@example.com")], by=leader.id)
    set_override(member=member, permission="members.see", effect="grant", by=leader.id)
    set_override(member=member, permission="members.see", effect="role", by=leader.id)
    new_version(rules={"disclaimer": f"Ours {told.mark}"}, effective_on=told.today, by=leader.id)
    record = Record("member", member.id, f"/g/{told.slug}/members/{member.id}")
    raise_flag(record=record, text=f"Odd {told.mark}", by=told.member("auditor"), slug=told.slug, key="flag")
    make_token(
        name=f"Till {told.mark}", scopes=["books.see"], read_only=True, days=30, by=leader.id, key=f"{told.mark}-token"
    )
    _hook(told, leader.id)
    every = [told.member(part) for part in told.people]
    notify(every, kind="info", title=f"Meeting {told.mark}", body=f"At ten, {told.mark}", key="meeting")


def _hook(told: Told, by: uuid.UUID) -> None:
    url = f"http://127.0.0.1:9/{told.mark}"
    added, _ = add_hook(url=url, events=["payment.create"], by=by, key=f"{told.mark}-hook")
    send_test(added, by=by)
    pause(added, by=by)  # nothing leaves the house while the world is made

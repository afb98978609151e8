"""A group with so many months behind it, as far as my position reads it: a few statements write each month."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.assets.converting import convert_holdings
from app.assets.planning import Wanted
from app.core.db import session, transaction
from app.core.ids import new_id
from app.core.periods import DAY, Month, end_of, start_of
from app.core.rows import insert_at_once
from app.distributions.allotting import Allotment, allot
from app.distributions.paying import Paying, pay_out
from app.distributions.planning import plan
from app.distributions.rules import Cycle, Rule
from app.groups.models import Member
from app.holdings.investing import Purchase, record_investment
from app.holdings.models import Valuation
from app.ledgers.books import Draft, credit, debit, post_many
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from app.ledgers.methods import Method
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.models import Contribution, ContributionWindow, Payment, Penalty, PenaltyPayment, SavingsReversal
from benchmarks.harness import Books

MEMBERS, EACH, FINE = 50, Decimal(1_000), Decimal(50)
INVESTED, UNIT = Decimal(20_000), Decimal(10)
PAID_ON = 5  # day of the month
FINED, QUARTER, YEAR = 10, 3, 12  # one in ten is late; months between investments, and between share-outs
ZONE = ZoneInfo("Africa/Nairobi")
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Past:
    """Whose history it is: the books, the till, the members and the window of each month, the running one last."""

    books: Books
    till: uuid.UUID
    people: Sequence[uuid.UUID]
    windows: Mapping[Month, uuid.UUID]

    @property
    def months(self) -> list[Month]:
        """The months that are over."""
        return list(self.windows)[:-1]

    @property
    def by(self) -> uuid.UUID:
        """Who did it all."""
        return self.books.member_id


def lived(books_: Books, months: int) -> uuid.UUID:
    """Let fifty members save, invest, own and share out for so many months; returns one of them.

    Everybody saves each month and one in ten pays a fine; one payment a month is taken back. Each quarter something is
    bought, and valued every month from then on; once a year something is bought and made an asset, and the surplus is
    shared out and paid, but for the last one, which is owed.
    """
    with transaction(group_id=books_.group_id):
        past = _begin(books_, months)
    for number, month in enumerate(past.months):
        with transaction(group_id=books_.group_id):
            _save(past, number, month)
            if number % QUARTER == 0:
                _value(past, _invest(past, month, "Bond"), number)
            if number % YEAR == 0:
                _convert(past, month)
                _share_out(past, number)
    return past.people[0]


def _begin(books_: Books, months: int) -> Past:
    till = add_cash_account(name="Till", method="bank", by=None).id
    first = Month.of(today()).plus(-months)
    past = Past(
        books_,
        till,
        [new_id() for _ in range(MEMBERS)],
        {first.plus(number): new_id() for number in range(months + 1)},
    )
    session().add_all(
        Member(id=id_, identifier=f"P{n}", display_name=f"Person {n}", joined_on=first.first, roles=["member"])
        for n, id_ in enumerate(past.people)
    )
    session().add_all(
        ContributionWindow(
            id=id_,
            name=str(month),
            starts_at=start_of(month.first, ZONE),
            ends_at=end_of(month.last, ZONE),
            expected=EACH,
            minimum=EACH,
        )
        for month, id_ in past.windows.items()
    )
    session().flush()
    return past


def _save(past: Past, number: int, month: Month) -> None:
    """A payment of everybody, told apart into savings and, of those who were late, the fine."""
    late = set(past.people[number % FINED :: FINED])
    payments = [_payment(past, month, who, EACH + FINE if who in late else EACH) for who in past.people]
    again = _payment(past, month, past.people[-1], EACH) | {"idempotency_key": f"{month}/again"}
    insert_at_once(Payment, [*payments, again])
    reversal = {"original_kind": "payment", "original_id": again["id"], "reason_sealed": b"twice"}
    insert_at_once(SavingsReversal, [_own() | reversal])
    saved = [_contribution(past, month, payment) for payment in payments]
    fines = [_penalty(past, month, who) for who in past.people if who in late]
    mine = {payment["member_id"]: payment["id"] for payment in payments}
    paid = [
        _own()
        | {"penalty_id": row["id"], "payment_id": mine[row["member_id"]], "amount": FINE, "who": row["member_id"]}
        for row in fines
    ]
    _post(past, month, saved, fines, paid)
    insert_at_once(Contribution, saved)
    insert_at_once(Penalty, fines)
    insert_at_once(PenaltyPayment, [{name: row[name] for name in row if name != "who"} for row in paid])


def _own() -> dict[str, Any]:
    return {"group_id": session().group_id, "id": new_id()}


def _payment(past: Past, month: Month, who: uuid.UUID, amount: Decimal) -> dict[str, Any]:
    return _own() | {
        "member_id": who,
        "amount": amount,
        "paid_at": start_of(month.day(PAID_ON), ZONE),
        "method": "cash",
        "source": "cash",
        "cash_account_id": past.till,
        "idempotency_key": f"{month}/{who}",
    }


def _contribution(past: Past, month: Month, payment: dict[str, Any]) -> dict[str, Any]:
    same = {name: payment[name] for name in ("member_id", "paid_at")}
    told = {"payment_id": payment["id"], "window_id": past.windows[month], "amount": EACH}
    return _own() | same | told | {"type": "regular", "days_late": 0, "spread": False}


def _penalty(past: Past, month: Month, who: uuid.UUID) -> dict[str, Any]:
    return _own() | {
        "member_id": who,
        "window_id": past.windows[month],
        "amount": FINE,
        "reason": "other",
        "levied_on": month.day(PAID_ON),
        "settled_at_once": False,
        "idempotency_key": f"fine/{month}/{who}",
    }


def _post(past: Past, month: Month, saved: Rows, fines: Rows, paid: Rows) -> None:
    """The entries of a month in one call, each named in its row."""
    on = month.day(PAID_ON)
    drafts = []
    for row in saved:
        lines = [debit("cash", EACH, past.till), credit("savings", EACH, row["member_id"])]
        drafts.append(Draft(PostingKind.CONTRIBUTION, on, lines, source=("contribution", row["id"])))
    for row in fines:
        lines = [debit("penalties_receivable", FINE, row["member_id"]), credit("penalty_income", FINE)]
        drafts.append(Draft(PostingKind.PENALTY_LEVIED, on, lines, source=("penalty", row["id"])))
    for row in paid:
        lines = [debit("cash", FINE, past.till), credit("penalties_receivable", FINE, row["who"])]
        drafts.append(Draft(PostingKind.PENALTY_PAID, on, lines, source=("penalty_payment", row["id"])))
    for row, entry in zip([*saved, *fines, *paid], post_many(drafts, by=None), strict=True):
        row["entry_id"] = entry.id


def _invest(past: Past, month: Month, name: str) -> uuid.UUID:
    told = Purchase(
        name=f"{name} {month}",
        type="bonds",
        on=month.last,
        cash_account_id=past.till,
        key=f"{name}/{month}",
        amount=INVESTED,
        unit_value=UNIT,
    )
    return record_investment(told, by=past.by).id


def _value(past: Past, investment_id: uuid.UUID, since: int) -> None:
    """A value at the end of each month from the purchase until today."""
    insert_at_once(
        Valuation,
        [
            _own()
            | {
                "investment_id": investment_id,
                "valued_on": month.last,
                "units": INVESTED / UNIT,
                "value": INVESTED + age * UNIT,
                "evidence_sealed": b"paper",
                "idempotency_key": f"{investment_id}/{month}",
            }
            for age, month in enumerate(past.months[since:])
        ],
    )


def _convert(past: Past, month: Month) -> None:
    """Something bought and made an asset at what it cost."""
    bought = _invest(past, month, "Land")
    told = Wanted(name=f"Plot {month}", price=INVESTED, on=month.last, key=f"plot/{month}", values={bought: INVESTED})
    convert_holdings(told, by=past.by)


def _share_out(past: Past, number: int) -> None:
    """The surplus since the share-out before shared by savings and made payable; all but the last is paid too."""
    last = past.months[number].last
    first = past.months[number - YEAR].last + DAY if number else past.months[0].first
    cycle = Cycle(first, last)
    told = Allotment(cycle=cycle, rule=Rule.SAVINGS, amount=plan(cycle).amount, on=last)
    made = allot(told, by=past.by, key=f"share-out/{last}")
    pay_out(Paying(share_out_id=made.id, with_savings=False, on=last), by=past.by, key=f"paid/{last}")
    if number + YEAR < len(past.months):
        owed = [PayOne(one.payable.id, one.open) for one in open_payables()]
        pay(payments=owed, cash_account_id=past.till, method=Method.CASH, on=last, by=past.by, key=f"cash/{last}")

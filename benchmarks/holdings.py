"""An investment over 10,000 members, and its sale, against a raw set-based INSERT of the same rows."""

import time
import uuid
from collections.abc import Callable
from decimal import Decimal
from functools import partial

import sqlalchemy as sa

from app.core.db import session, transaction
from app.core.ids import new_id
from app.groups.models import Member
from app.holdings.investing import Purchase, preview_investment, record_investment
from app.holdings.selling import Sale, sell
from app.ledgers import chart
from app.ledgers.accounts import account_ids
from app.ledgers.books import Draft, Line, post_many
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import PostingKind
from benchmarks.harness import DAY, Bench, Books, analyse, bench, books, say

MEMBERS, EACH = 10_000, Decimal(100)
CHUNK, ROUNDS = 1_000, 5
PART = Decimal(100_000)  # of a million, so that every round finds savings
RAW = """
CREATE TABLE raw_entry (id uuid PRIMARY KEY, group_id uuid NOT NULL, kind text NOT NULL, on_day date NOT NULL);
CREATE TABLE raw_posting (entry_id uuid NOT NULL REFERENCES raw_entry, line int NOT NULL, account_id uuid NOT NULL,
  amount numeric(20,4) NOT NULL, PRIMARY KEY (entry_id, line));
CREATE TABLE raw_share (entry_id uuid NOT NULL REFERENCES raw_entry, line int NOT NULL, member_id uuid,
  units numeric(20,4) NOT NULL, cost numeric(20,4) NOT NULL, PRIMARY KEY (entry_id, line));
CREATE TABLE raw_use (entry_id uuid NOT NULL REFERENCES raw_entry, account_id uuid NOT NULL, lot_id uuid NOT NULL,
  amount numeric(20,4) NOT NULL, PRIMARY KEY (entry_id, account_id, lot_id));
"""
BY_HAND = (
    "INSERT INTO raw_entry VALUES (%(id)s, %(group)s, 'investment', '2026-10-01')",
    (
        "INSERT INTO raw_posting SELECT %(id)s, p.line, p.account_id, p.amount FROM unnest(%(accounts)s::uuid[],"
        " %(amounts)s::numeric[]) WITH ORDINALITY AS p (account_id, amount, line)"
    ),
    (
        "INSERT INTO raw_share SELECT %(id)s, s.line, s.member_id, 1, 10 FROM unnest(%(members)s::uuid[])"
        " WITH ORDINALITY AS s (member_id, line)"
    ),
    "INSERT INTO raw_use SELECT %(id)s, u.account_id, %(id)s, 10 FROM unnest(%(savings)s::uuid[]) AS u (account_id)",
)


def crowd(books_: Books) -> tuple[uuid.UUID, list[uuid.UUID]]:
    """10,000 members with savings of 100 each; returns the cash account and their ids."""
    with transaction(group_id=books_.group_id):
        till = add_cash_account(name="Till", method="bank", by=None).id
    made: list[uuid.UUID] = []
    for start in range(0, MEMBERS, CHUNK):
        with transaction(group_id=books_.group_id):
            made += _save(range(start, start + CHUNK), till)
    return till, made


def _save(numbers: range, till: uuid.UUID) -> list[uuid.UUID]:
    ids = [new_id() for _ in numbers]
    session().add_all(
        Member(id=member_id, identifier=f"B{n:05d}", display_name=f"Member {n}", joined_on=DAY, roles=["member"])
        for n, member_id in zip(numbers, ids, strict=True)
    )
    session().flush()
    lines = [Line(chart.Account("savings", member_id), -EACH) for member_id in ids]
    paid = Line(chart.Account("cash", till), EACH * len(ids))
    post_many([Draft(PostingKind.MANUAL, DAY, [paid, *lines])], by=None)
    return ids


def purchase(till: uuid.UUID, key: str) -> Purchase:
    """100,000 of a million at 10 a unit."""
    return Purchase(
        name="Fund", type="bonds", on=DAY, cash_account_id=till, key=key, amount=PART, unit_value=Decimal(10)
    )


def timed(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> bool:
    """Run it; True when the goal is met."""
    with bench() as bench_, bench_.app.app_context():
        books_ = books()
        till, people = crowd(books_)
        with bench_.superuser.begin() as connection:
            connection.exec_driver_sql(RAW)
        analyse(bench_)
        return measured(bench_, books_, till, people)


def measured(bench_: Bench, books_: Books, till: uuid.UUID, people: list[uuid.UUID]) -> bool:
    """Alternating rounds of the verb and of the raw INSERTs, then the sale of one, and how many statements it takes."""
    with transaction(group_id=books_.group_id):
        kinds = [chart.Account(kind, who) for who in people for kind in ("savings", "holdings")]
        accounts = list(account_ids(kinds).values())
    told = {
        "group": books_.group_id,
        "accounts": accounts,
        "amounts": [10, -10] * len(people),
        "members": people,
        "savings": accounts[::2],
    }
    ours, raw = [], []
    for number in range(ROUNDS):
        ours.append(timed(partial(invest, books_, till, f"bench-{number}")))
        raw.append(timed(partial(by_hand, bench_, told)))
    with transaction(group_id=books_.group_id):
        looked = timed(lambda: preview_investment(purchase(till, "look")))
    sold = timed(lambda: dispose(books_, till))
    print(f"  previewed in {looked:.2f} s, invested in {min(ours):.2f} s, sold in {sold:.2f} s")
    print(f"  statements: {statements(bench_, lambda: invest(books_, till, 'counted'))}")
    ratios = [one / other for one, other in zip(ours, raw, strict=True)]
    return say("investment over 10,000 members / raw INSERTs", ratios, "at most 12", at_most=12)


def invest(books_: Books, till: uuid.UUID, key: str) -> None:
    """One investment as a page makes it, committed."""
    with transaction(group_id=books_.group_id):
        record_investment(purchase(till, key), by=None)


def dispose(books_: Books, till: uuid.UUID) -> None:
    """The first one sold with a gain."""
    with transaction(group_id=books_.group_id):
        found = record_investment(purchase(till, "bench-0"), by=None).id
        told = {"investment_id": found, "kind": "sale", "on": DAY, "cash_account_id": till}
        sell(Sale(**told, proceeds=PART + 50_000, key="sold"), by=None)  # type: ignore[arg-type]  # keywords


def by_hand(bench_: Bench, told: dict[str, object]) -> None:
    """The yardstick: the same rows in four statements, with primary keys and nothing else."""
    row = told | {"id": new_id()}
    with bench_.superuser.begin() as connection:
        for statement in BY_HAND:
            connection.exec_driver_sql(statement, row)


def statements(bench_: Bench, call: Callable[[], object]) -> int:
    """How many statements a call asks of the database."""
    seen: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    engine: sa.Engine = bench_.app.extensions["engines"]["app"]
    sa.event.listen(engine, "before_cursor_execute", keep)
    call()
    sa.event.remove(engine, "before_cursor_execute", keep)
    return len(seen)

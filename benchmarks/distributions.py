"""A share-out over 10,000 members: compared, allotted, made payable with the savings, and both taken back."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from app.core.db import session, transaction
from app.distributions import checks
from app.distributions.allotting import Allotment, allot
from app.distributions.paying import Paying, pay_out
from app.distributions.planning import plan
from app.distributions.reversing import reverse_payment, reverse_share_out
from app.distributions.rules import Cycle, Rule
from app.distributions.standing import payment_of
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.heads import today
from benchmarks.harness import DAY, Bench, Books, analyse, bench, books
from benchmarks.holdings import crowd, statements, timed

T = TypeVar("T")
EARNED = Decimal("987654.32")
SECONDS, STATEMENTS = 30, 120  # of any one step, on two cores


def main() -> bool:
    """Run it; True when every step stays within the goal."""
    with bench() as bench_, bench_.app.app_context():
        books_ = books()
        till, people = crowd(books_)
        with transaction(group_id=books_.group_id):
            lines = [debit("cash", EARNED, till), credit("other_income", EARNED)]
            post(Draft(PostingKind.OTHER_INCOME, DAY, lines), by=None)
        analyse(bench_)
        return measured(bench_, books_, people[0])


def measured(bench_: Bench, books_: Books, by: uuid.UUID) -> bool:
    """Each step once, committed, with its seconds and how many statements it asks."""
    made: list[uuid.UUID] = []
    on = within(books_, today)
    cycle = Cycle(date(DAY.year, 1, 1), on)

    def share() -> None:
        told = Allotment(cycle=cycle, rule=Rule.AVERAGE, amount=EARNED, on=on)
        made.append(allot(told, by=by, key="bench").id)

    def undo_payment() -> None:
        paid = payment_of(made[0])
        assert paid is not None
        reverse_payment(paid.id, reason="bench", on=on, by=by)

    steps: dict[str, Callable[[], object]] = {
        "compared": lambda: plan(cycle),
        "allotted": share,
        "made payable": lambda: pay_out(Paying(share_out_id=made[0], with_savings=True, on=on), by=by, key="pay"),
        "proved": lambda: [check() for check in checks.CHECKS],
        "payment undone": undo_payment,
        "undone": lambda: reverse_share_out(made[0], reason="bench", on=on, by=by),
    }
    fits = {name: _fits(bench_, books_, name, step) for name, step in steps.items()}
    return all(fits.values())


def _fits(bench_: Bench, books_: Books, name: str, step: Callable[[], object]) -> bool:
    asked: list[int] = []
    seconds = timed(lambda: asked.append(statements(bench_, lambda: within(books_, step))))
    print(f"  {name}: {seconds:.2f} s, {asked[0]} statements")
    return seconds <= SECONDS and asked[0] <= STATEMENTS


def within(books_: Books, step: Callable[[], T]) -> T:
    """In a unit of work of the group, committed."""
    with transaction(group_id=books_.group_id):
        found = step()
        session().flush()
        return found

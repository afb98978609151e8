"""Lines that wait are allocated and given back: to members, penalties, categories, transfers, entries by hand."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.exits.requesting import request_exit
from app.groups.models import Member
from app.imports import queries, reconciling, statement_import
from app.imports.allocating import Choice, allocate, take_back
from app.imports.errors import DoesNotFit, LineTaken, NothingToTakeBack, WrongDirection
from app.ledgers import chart
from app.ledgers.balances import balance, natural_balance
from app.ledgers.cash import add_cash_account
from app.savings.errors import InExitQueue
from app.savings.models import Payment
from app.savings.penalties import levy_penalty
from app.savings.planning import Receipt
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from app.savings.windows import open_by_hand
from tests.factories import Cast
from tests.imports import helping
from tests.imports.lines import UNALLOCATED, faults, number, only_line, out, paid


def test_money_that_would_become_a_penalty_waits_for_an_officer(context) -> None:
    people = helping.cast(late_rule="whole_is_penalty", expected="5000", window_day=1, frequency="flexible")
    account = helping.open_cash(people, "Mobile money")
    with helping.inside(people):
        open_window(date(2026, 9, 1), date(2026, 9, 5))
    file = helping.HEAD + paid("A1", "2026-09-20", 5000, number(people, "member"))
    told = helping.import_statement(people, account, file)
    assert (told["contributions"], told["waits"], told["to_allocate"]) == (0, 1, 1)
    with helping.inside(people):
        assert natural_balance(UNALLOCATED) == Decimal(5000)
        line = queries.to_allocate().rows[0]
        assert (line.waits, line.member) == (True, "Daniel Mwangi")
        assert faults() == []
    with helping.inside(people):
        allocate([Choice(line.line.id, "contribution", member_id=people.member.member_id)], by=people.leader.member_id)
        assert natural_balance(UNALLOCATED) == 0
        assert natural_balance(chart.Account("penalty_income")) == Decimal(5000)
        assert faults() == []


def open_window(start: date, end: date) -> None:
    leader = session().scalars(sa.select(Member.id).where(Member.roles.contains(["leader"]))).one()
    open_by_hand(name="September", start=start, end=end, expected=Decimal(5000), by=leader)


def test_what_was_entered_by_hand_is_tied_and_not_recorded_again(people: Cast, account: uuid.UUID) -> None:
    with helping.inside(people):
        record_receipts([by_hand(people, account)], by=people.leader.member_id)
    file = helping.HEAD + paid("A1", "2026-10-02", 5000, number(people, "member"))
    told = helping.import_statement(people, account, file)
    assert (told["contributions"], told["booked"]["recorded"], told["to_allocate"]) == (0, 1, 0)
    with helping.inside(people):
        assert session().scalar(sa.select(sa.func.count()).select_from(Payment)) == 1
        assert reconciling.beside(account, through=date(2026, 10, 31)).without == []
        assert faults() == []


def by_hand(people: Cast, account: uuid.UUID) -> Receipt:
    return Receipt(
        member_id=people.member.member_id,
        amount=Decimal(5000),
        paid_at=datetime(2026, 10, 1, tzinfo=UTC),
        method="mobile_money",
        cash_account_id=account,
        key="by hand",
    )


def test_a_line_is_matched_with_an_entry_that_came_later(people: Cast, account: uuid.UUID) -> None:
    helping.import_statement(people, account, helping.HEAD + out("A1", "2026-10-02", 300))
    helping.spend(people, account, 300, date(2026, 10, 3))
    with helping.inside(people):
        side = reconciling.beside(account, through=date(2026, 10, 31))
        [(line_id, movement)] = side.suggested.items()
        allocate([Choice(line_id, "entry", movement_id=movement.id)], by=people.leader.member_id)
    with helping.inside(people):
        side = reconciling.beside(account, through=date(2026, 10, 31))
        assert (side.without, side.open, side.computed) == ([], 0, Decimal(700))
        with pytest.raises(LineTaken):
            allocate([Choice(line_id, "entry", movement_id=movement.id)], by=people.leader.member_id)
        take_back(line_id, reason="not the same", by=people.leader.member_id)
        with pytest.raises(DoesNotFit):
            allocate([Choice(line_id, "entry", movement_id=uuid.uuid4())], by=people.leader.member_id)
        assert faults() == []


def test_a_penalty_is_paid_by_money_that_waited(people: Cast, account: uuid.UUID) -> None:
    helping.import_statement(people, account, helping.HEAD + paid("A1", "2026-10-02", 200))
    with helping.inside(people):
        told: dict[str, Any] = {"member_id": people.member.member_id, "amount": Decimal(500), "on": date(2026, 10, 1)}
        levy_penalty(**told, note="late", by=people.leader.member_id, key="p")
    line = only_line(people)
    with helping.inside(people):
        allocate([Choice(line, "penalty", member_id=people.member.member_id)], by=people.treasurer.member_id)
        assert balance(chart.Account("penalties_receivable", people.member.member_id)) == Decimal(300)
        assert natural_balance(UNALLOCATED) == 0
        assert balance(chart.Account("cash", account)) == Decimal(1_200)
        assert faults() == []
    with helping.inside(people):
        take_back(line, reason="wrong member", by=people.treasurer.member_id)
        assert balance(chart.Account("cash", account)) == Decimal(1_000)
        assert queries.open_count()[0] == 1
        assert faults() == []


@pytest.mark.parametrize(
    ("what", "more"),
    [("charge", {}), ("category", {"account": chart.Account("other_expense")}), ("transfer", {}), ("nothing", {})],
)
def test_money_that_came_in_is_not_spent(people: Cast, account: uuid.UUID, what: str, more: dict[str, Any]) -> None:
    helping.import_statement(people, account, helping.HEAD + paid("A1", "2026-10-02", 200))
    line = only_line(people)
    with helping.inside(people), pytest.raises(WrongDirection):
        allocate([Choice(line, what, **more)], by=people.leader.member_id)


@pytest.mark.parametrize("source", ["in", "out"])
def test_categories_and_transfers_are_booked_and_taken_back(people: Cast, account: uuid.UUID, source: str) -> None:
    row = paid("A1", "2026-10-02", 200) if source == "in" else out("A1", "2026-10-02", 200)
    helping.import_statement(people, account, helping.HEAD + row)
    line = only_line(people)
    with helping.inside(people):
        bank = add_cash_account(name="Bank", method="bank", by=people.leader.member_id).id
    kind = "other_income" if source == "in" else "other_expense"
    choices = (
        Choice(line, "category", account=chart.Account(kind)),
        Choice(line, "transfer", target_id=bank),
        Choice(line, "other", account=chart.Account("treasury")),
    )
    for choice in choices:
        with helping.inside(people):
            allocate([choice], by=people.leader.member_id, overdraft=True)
            assert balance(chart.Account("cash", account)) == Decimal(1_200 if source == "in" else 800)
            assert faults() == []
        with helping.inside(people):
            take_back(line, reason="something else", by=people.leader.member_id, overdraft=True)
            assert natural_balance(UNALLOCATED) == Decimal(200 if source == "in" else 0)
    with helping.inside(people), pytest.raises(NothingToTakeBack):
        take_back(line, reason="twice", by=people.leader.member_id)


def test_a_payment_reversed_elsewhere_gives_its_line_back(people: Cast, account: uuid.UUID) -> None:
    helping.import_statement(people, account, helping.HEAD + paid("A1", "2026-10-02", 5000, number(people, "member")))
    with helping.inside(people):
        payment = session().scalars(sa.select(Payment)).one()
        reverse_payment(payment.id, reason="someone else", on=date(2026, 10, 2), by=people.leader.member_id)
    with helping.inside(people):
        assert queries.open_count() == (1, Decimal(5000))
        assert faults() == []
        line = queries.to_allocate().rows[0].line.id
        allocate([Choice(line, "contribution", member_id=people.other_member.member_id)], by=people.leader.member_id)
        assert natural_balance(chart.Account("savings", people.other_member.member_id)) == Decimal(5000)
        assert faults() == []


def test_a_matched_line_of_who_is_leaving_waits_with_a_sentence(people: Cast, account: uuid.UUID) -> None:
    with helping.inside(people, datetime(2026, 10, 10, 6, tzinfo=UTC)):
        request_exit(member_id=people.member.member_id, by=None, key="leaves")
    data = helping.HEAD + paid("L1", "2026-10-05", 5000, number(people, "member"))
    with helping.inside(people):
        file = helping.upload(people, "statement", data, account=account)
        plan = statement_import.preview(file, by=people.leader.member_id).plans[0]
        assert (plan.becomes, plan.member_id) == ("waits", people.member.member_id)
        assert "in the exit queue since 10 Oct 2026" in str(plan.why)
        told = statement_import.confirm(file, targets={}, charges=False, by=people.leader.member_id)
        assert (told["contributions"], told["waits"]) == (0, 1)
    with helping.inside(people):
        line = queries.to_allocate().rows[0]
        assert (line.member, line.waits, line.acceptable) == ("Daniel Mwangi", True, False)
        with pytest.raises(InExitQueue):
            allocate([Choice(line.line.id, "contribution", people.member.member_id)], by=people.leader.member_id)
        assert natural_balance(UNALLOCATED) == Decimal(5000)
        assert faults() == []

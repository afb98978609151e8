"""Each use of savings takes the oldest contributions, row by row, and what was used cannot be taken back."""

import runpy
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import session, transaction
from app.groups.models import Member
from app.ledgers import lots
from app.ledgers.books import Draft, Posted, credit, debit, post, post_many, reverse
from app.ledgers.chart import PostingKind
from app.ledgers.errors import NotEnough, SomethingRestsOnIt
from app.ledgers.models import Entry
from tests import factories
from tests.ledgers.committed import faults, fresh, superuser

DAY = date(2026, 1, 5)
MIGRATION = Path(__file__).parents[2] / "migrations/versions/0018_lots.py"


@pytest.fixture
def saver(context: Any) -> Member:
    factories.group("Lots")
    return factories.member("Amina")


def saved(member: Member, amount: int, on: date = DAY) -> Draft:
    lines = [debit("clearing", Decimal(amount), member.group_id), credit("savings", Decimal(amount), member.id)]
    return Draft(PostingKind.CONTRIBUTION, on, lines)


def used(member: Member, amount: int, on: date = DAY) -> Draft:
    lines = [debit("savings", Decimal(amount), member.id), credit("holdings", Decimal(amount), member.id)]
    return Draft(PostingKind.INVESTMENT, on, lines)


def do(draft: Draft) -> Posted:
    return post(draft, by=None, overdraft=True)


def undo(posted: Posted) -> Posted:
    return reverse(entry(posted), by=None, on=DAY, reason="wrong", overdraft=True)


def entry(posted: Posted) -> Entry:
    return session().scalars(sa.select(Entry).where(Entry.id == posted.id)).one()


def left(member: Member) -> list[Decimal]:
    return [lot.left for lot in lots.lots_of(member.id)]


def sound() -> None:
    assert lots.lots_are_savings().faults == []


def test_a_use_takes_the_oldest_days_first_whatever_was_typed_first(saver: Member) -> None:
    late, early = do(saved(saver, 300, date(2026, 2, 5))), do(saved(saver, 100, date(2026, 1, 5)))
    taken = do(used(saver, 250))
    uses = [(use.lot.id, use.entry.id, use.amount) for use in lots.uses_of(saver.id)]
    assert uses == [(early.id, taken.id, Decimal(100)), (late.id, taken.id, Decimal(150))]
    assert left(saver) == [0, 150]
    sound()


def test_several_uses_of_one_batch_follow_one_another(saver: Member) -> None:
    do(saved(saver, 100)), do(saved(saver, 100))
    first, second = post_many([used(saver, 70), used(saver, 70)], by=None)
    assert [(use.entry.id, use.amount) for use in lots.uses_of(saver.id)] == [
        (first.id, Decimal(70)),
        (second.id, Decimal(30)),
        (second.id, Decimal(40)),
    ]
    sound()


def test_a_reversed_use_gives_back_what_it_took(saver: Member) -> None:
    do(saved(saver, 100)), do(saved(saver, 100))
    undo(do(used(saver, 150)))
    assert left(saver) == [100, 100]
    assert lots.uses_of(saver.id) == []
    sound()


def test_a_contribution_that_was_used_is_not_taken_back_and_the_use_is_named(saver: Member) -> None:
    first, _second = do(saved(saver, 100)), do(saved(saver, 100))
    taken = do(used(saver, 50))
    with pytest.raises(SomethingRestsOnIt, match=f"entry {taken.number} "):
        undo(first)
    undo(taken)
    undo(first)
    assert left(saver) == [0, 100]
    sound()


def test_the_database_refuses_it_too(saver: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second = do(saved(saver, 100)), do(saved(saver, 100))
    do(used(saver, 50))
    monkeypatch.setattr("app.ledgers.books.refuse_used", lambda _ids: None)
    with pytest.raises(SomethingRestsOnIt, match=f"entry {first.number} "), session().begin_nested():
        undo(first)


def test_of_a_contribution_of_which_nothing_was_used_the_later_one_can_be_taken_back(saver: Member) -> None:
    _first, second = do(saved(saver, 100)), do(saved(saver, 100))
    do(used(saver, 50))
    undo(second)
    assert left(saver) == [50, 0]
    sound()


@pytest.mark.committed
def test_a_use_that_was_tampered_with_is_found_by_the_proof(committed: Flask) -> None:
    books = fresh(committed)
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        member = session().get_one(Member, {"group_id": books.cast.group_id, "id": books.cast.member.member_id})
        do(saved(member, 100)), do(used(member, 40))
    assert faults(committed, books.cast.group_id) == []
    with superuser(committed) as connection:
        told = {"g": books.cast.group_id}
        connection.execute(sa.text("UPDATE savings_use SET amount = amount - 1 WHERE group_id = :g"), told)
    [fault] = faults(committed, books.cast.group_id)
    assert "has savings of 10060" in fault
    assert "lots of 10061" in fault


@pytest.mark.committed
def test_the_migration_finds_the_uses_of_the_past(committed: Flask) -> None:
    books = fresh(committed)
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        member = session().get_one(Member, {"group_id": books.cast.group_id, "id": books.cast.member.member_id})
        do(saved(member, 100)), do(saved(member, 60))
        undo(do(used(member, 130)))
        undo(do(saved(member, 30)))
        do(used(member, 110))
        before = left(member)
    past = runpy.run_path(str(MIGRATION))["_PAST"]
    with superuser(committed) as connection:
        told = {"g": books.cast.group_id}
        connection.execute(sa.text("DELETE FROM savings_use WHERE group_id = :g"), told)
    assert faults(committed, books.cast.group_id) != []
    admin = sa.create_engine(committed.config["SETTINGS"].database.admin)
    with admin.begin() as connection:
        # Other groups of this server have their rows: the past is told of one group.
        alone = f"FROM ledger_head h WHERE h.group_id = '{books.cast.group_id}'"
        connection.exec_driver_sql(past.replace("FROM ledger_head h", alone))
    admin.dispose()
    assert faults(committed, books.cast.group_id) == []
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        assert left(member) == before
        assert before[:3] == [0, 50, 0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(["save", "use", "undo"]), st.integers(1, 90), st.integers(1, 28)),
        min_size=1,
        max_size=14,
    )
)
def test_whatever_happens_the_lots_are_the_savings(saver: Member, steps: list[tuple[str, int, int]]) -> None:
    done: list[Posted] = []
    with session().begin_nested() as point:
        for what, number, day in steps:
            try:
                with session().begin_nested():
                    if what == "undo" and done:
                        undo(done.pop(number % len(done)))
                    elif what != "undo":
                        done.append(do((saved if what == "save" else used)(saver, number, date(2026, 1, day))))
            except (NotEnough, SomethingRestsOnIt):
                continue
            sound()
        point.rollback()

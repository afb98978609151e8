"""What the database itself refuses, whoever asks: the books do not rest on our own good behaviour."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction, unit
from app.core.ids import new_id
from app.ledgers import holds
from app.ledgers.accounts import account_ids
from app.ledgers.balances import held
from app.ledgers.books import Draft, Line, credit, debit, post, post_many
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import DayInFuture, NotEnough, NothingToRelease
from app.ledgers.models import Entry
from tests.ledgers.committed import fresh, save
from tests.ledgers.conftest import Books, member_of

DAY = date(2026, 11, 3)
APPENDING = ["entry", "posting", "closed_period", "balance_checkpoint", "hold", "hold_release", "entry_note"]


def state(error: BaseException) -> str | None:
    orig = getattr(error, "orig", None)
    return orig.sqlstate if isinstance(orig, psycopg.Error) else None


def refused(books: Books, deed: Callable[[], object]) -> str | None:
    """The SQLSTATE with which the database refuses a deed."""
    with pytest.raises(sa.exc.DBAPIError) as caught, transaction(group_id=books.cast.group_id):
        deed()
    return state(caught.value)


def entry_of(*lines: Line) -> Callable[[], object]:
    return lambda: post(Draft(PostingKind.MANUAL, DAY, lines), by=None)


def test_an_unbalanced_entry(books: Books):
    assert refused(books, entry_of(debit("treasury", Decimal(5)), credit("other_income", Decimal(4)))) == "PP014"


def test_an_entry_of_one_line_or_none(books: Books):
    assert refused(books, entry_of(debit("treasury", Decimal(5)))) == "PP014"
    assert refused(books, entry_of()) == "PP011"


def test_amounts_finer_than_four_decimals(books: Books):
    fine = Decimal("0.00005")
    assert refused(books, entry_of(debit("treasury", fine), credit("other_income", fine))) == "PP011"


def test_an_account_of_another_group(books: Books):
    with transaction(group_id=books.cast.outsider.group_id):
        [theirs] = account_ids([Account("treasury")]).values()
    lines = Line(theirs, Decimal(5)), credit("other_income", Decimal(5))
    assert refused(books, entry_of(*lines)) == "23503"


def test_a_second_entry_under_the_same_key(books: Books):
    with transaction(group_id=books.cast.group_id):
        books.save("5", key="k")
    assert refused(books, lambda: books.save("5", key="k")) == "23505"


@pytest.mark.parametrize("table", APPENDING)
@pytest.mark.parametrize("verb", ["UPDATE {} SET group_id = group_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_records_only_grow(books: Books, table: str, verb: str):
    run = verb.format(table)
    assert refused(books, lambda: unit().connection().exec_driver_sql(run)) == "42501"


@pytest.mark.committed
@pytest.mark.parametrize("verb", ["UPDATE posting SET amount = 1", "DELETE FROM posting", "TRUNCATE posting CASCADE"])
def test_records_only_grow_for_their_owner_too(committed: Flask, verb: str):
    books = fresh(committed)
    engine = sa.create_engine(committed.config["SETTINGS"].database.admin)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET ROLE pp_owner")
        connection.execute(sa.select(sa.func.set_config("app.group_id", str(books.cast.group_id), False)))
        with pytest.raises(sa.exc.DBAPIError) as caught:
            connection.exec_driver_sql(verb)
        assert state(caught.value) == "PP001"
    engine.dispose()


@pytest.mark.parametrize("table", ["entry", "posting", "account_balance", "ledger_head", "hold"])
def test_the_application_cannot_write_the_books_itself(books: Books, table: str):
    run = f"INSERT INTO {table} SELECT * FROM {table}"
    assert refused(books, lambda: unit().connection().exec_driver_sql(run)) == "42501"


@pytest.mark.committed
def test_a_line_for_an_entry_of_an_earlier_transaction(committed: Flask):
    books = fresh(committed)
    engine = sa.create_engine(committed.config["SETTINGS"].database.admin)
    pair = (
        "INSERT INTO posting SELECT p.group_id, p.entry_id, p.line + 10, p.account_id, p.amount, p.effective_on,"
        " p.entry_number FROM posting p WHERE p.group_id = :g AND p.entry_number = 1"
    )
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as caught:
        connection.execute(sa.text(pair), {"g": books.cast.group_id})
    engine.dispose()
    assert state(caught.value) == "PP015"


def test_days_in_the_future_of_the_groups_zone(books: Books):
    with transaction(group_id=books.cast.group_id):
        with pytest.raises(DayInFuture):
            books.save("1", date(2026, 11, 22))
        assert books.save("1", date(2026, 11, 21)).number == 2


def test_savings_never_go_below_zero_nor_below_what_is_held(books: Books):
    whose = Account("savings", member_of(books.cast.member))
    source = ("test", new_id())
    with transaction(group_id=books.cast.group_id):
        kept = holds.hold(whose, Decimal(9000), reason="guarantee", source=source, by=None)
        assert held(whose) == 9000
        assert [row.amount for row in holds.open_holds(whose)] == [9000]
    out = [debit("savings", Decimal(1001), member_of(books.cast.member)), credit("treasury", Decimal(1001))]
    with pytest.raises(NotEnough), transaction(group_id=books.cast.group_id):
        post(Draft(PostingKind.WITHDRAWAL, DAY, out), by=None)
    with pytest.raises(NotEnough), transaction(group_id=books.cast.group_id):
        holds.hold(whose, Decimal(1001), reason="guarantee", source=source, by=None)
    with transaction(group_id=books.cast.group_id):
        holds.release(kept, by=None)
        post(Draft(PostingKind.WITHDRAWAL, DAY, out), by=None)
        assert holds.open_holds(whose) == []
    with pytest.raises(NothingToRelease), transaction(group_id=books.cast.group_id):
        holds.release(kept, by=None)


@pytest.mark.committed
def test_the_hash_does_not_depend_on_the_settings_of_the_session(committed: Flask):
    books = fresh(committed)
    with committed.app_context():
        save(books)
        with transaction(group_id=books.cast.group_id) as own:
            own.connection().exec_driver_sql("SET LOCAL TimeZone = 'Asia/Tokyo'; SET LOCAL DateStyle = 'German, DMY'")
            own.connection().exec_driver_sql(
                "SET LOCAL extra_float_digits = 0; SET LOCAL IntervalStyle = 'sql_standard'"
            )
            broken = own.connection().exec_driver_sql("SELECT * FROM ledger.first_broken()").all()
            assert broken == []


def test_ten_thousand_lines_are_one_statement(books: Books):
    whose = member_of(books.cast.member)
    drafts = [
        Draft(
            PostingKind.CONTRIBUTION, DAY, [debit("cash", Decimal(1), books.bank), credit("savings", Decimal(1), whose)]
        )
        for _ in range(5000)
    ]
    with transaction(group_id=books.cast.group_id):
        made = post_many(drafts, by=books.by)
        assert [entry.number for entry in made] == list(range(2, 5002))
        last = session().scalars(sa.select(Entry).where(Entry.number == 5001)).one()
        assert isinstance(last.id, uuid.UUID)
        assert bytes(last.hash) == made[-1].hash

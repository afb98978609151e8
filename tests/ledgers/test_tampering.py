"""Whoever has all power over the database and changes the books is found out, at the exact entry."""

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import transaction
from app.core.periods import Month
from app.ledgers import balance_checks, checks, closing
from app.ledgers.verification import entry_holds
from tests.ledgers.committed import faults, fresh, save, superuser
from tests.ledgers.conftest import Books

pytestmark = pytest.mark.committed

ELSEWHERE = (
    "UPDATE posting SET account_id = (SELECT a.id FROM account a WHERE a.group_id = :g AND a.id <> posting.account_id"
    " LIMIT 1) WHERE group_id = :g AND entry_number = 3 AND line = 1"
)
# An entry that is sound in itself and hangs on nothing: only the link tells.
UNLINKED = (
    "UPDATE entry e SET previous_hash = sha256('x'), hash = ledger.link(NULL, sha256('x'), ledger.content(e.number,"
    " e.id, e.kind, e.effective_on, e.recorded_at, e.source_kind, e.source_id, e.idempotency_key, e.reverses_id,"
    " e.replacement_id, e.note_digest, e.recorded_by, (SELECT jsonb_agg(jsonb_build_array(p.account_id,"
    " p.amount\\:\\:numeric(20,4)\\:\\:text) ORDER BY p.line)\\:\\:text FROM posting p"
    " WHERE p.group_id = e.group_id AND p.entry_id = e.id))) WHERE e.group_id = :g AND e.number = 3"
)
TAMPERED = [
    (UNLINKED, "Entry 3 does not follow"),
    (
        "UPDATE posting SET amount = amount * 2 WHERE group_id = :g AND entry_number = 3",
        "Entry 3 is not what was posted.",
    ),
    ("UPDATE posting SET effective_on = effective_on - 1 WHERE group_id = :g AND entry_number = 3", "Entry 3 is not"),
    (ELSEWHERE, "Entry 3 is not what was posted."),
    (
        "UPDATE entry SET effective_on = effective_on - 1 WHERE group_id = :g AND number = 4",
        "Entry 4 is not what was posted.",
    ),
    ("UPDATE entry SET kind = 'manual' WHERE group_id = :g AND number = 2", "Entry 2 is not what was posted."),
    (
        "UPDATE entry SET recorded_at = recorded_at - interval '1 day' WHERE group_id = :g AND number = 2",
        "Entry 2 is not",
    ),
    ("UPDATE entry SET recorded_by = NULL WHERE group_id = :g AND number = 1", "Entry 1 is not what was posted."),
    ("UPDATE entry SET idempotency_key = 'x' WHERE group_id = :g AND number = 5", "Entry 5 is not what was posted."),
    ("UPDATE entry SET hash = sha256('x') WHERE group_id = :g AND number = 3", "Entry 3 is not what was posted."),
    ("UPDATE entry SET previous_hash = sha256('x') WHERE group_id = :g AND number = 3", "Entry 3 does not follow"),
    ("DELETE FROM posting WHERE group_id = :g AND entry_number = 3 AND line = 1", "Entry 3 is not what was posted."),
    ("DELETE FROM entry WHERE group_id = :g AND number = 3", "Entry 3 is missing."),
    ("DELETE FROM entry WHERE group_id = :g AND number = 6", "Entry 6 is missing."),
    ("UPDATE entry SET number = 9 WHERE group_id = :g AND number = 6", "Entry 6 is missing."),
    ("UPDATE ledger_head SET hash = sha256('x') WHERE group_id = :g", "Entry 6 is not the last one that was posted."),
    ("UPDATE ledger_head SET number = 7 WHERE group_id = :g", "Entry 7 is missing."),
]
KEPT = [
    ("UPDATE account_balance SET balance = balance + 1 WHERE group_id = :g", "keeps"),
    ("UPDATE account_balance SET held = 5 WHERE group_id = :g", "is held"),
    ("UPDATE balance_checkpoint SET balance = balance + 1 WHERE group_id = :g", "The checkpoint of account"),
    ("UPDATE closed_period SET hash = sha256('x') WHERE group_id = :g", "is not in the chain"),
    ("UPDATE ledger_head SET closed_through = closed_through - 40 WHERE group_id = :g", "does not know the last"),
    ("UPDATE account SET name = 'X' WHERE group_id = :g AND kind = 'cash'", "differ"),
    ("DELETE FROM posting WHERE group_id = :g AND entry_number = 3 AND line = 1", "is off by"),
]  # fmt: skip


@pytest.fixture
def books(committed: Flask) -> Books:
    """Six entries and a closed month."""
    made = fresh(committed)
    with committed.app_context():
        for amount in range(1, 6):
            save(made, amount)
        with transaction(group_id=made.cast.group_id):
            closing.close_month(Month(2026, 10), by=made.by)
    return made


def tamper(app: Flask, books: Books, statement: str) -> None:
    with superuser(app) as connection:
        changed = connection.execute(sa.text(statement), {"g": books.cast.group_id})
        assert changed.rowcount > 0


@pytest.mark.parametrize(("statement", "found"), TAMPERED)
def test_every_change_of_an_entry_is_found_where_it_was_made(
    committed: Flask, books: Books, statement: str, found: str
):
    assert faults(committed, books.cast.group_id) == []
    tamper(committed, books, statement)
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        [fault] = checks.chain_holds().faults
    assert fault.startswith(found)


@pytest.mark.parametrize(("statement", "found"), KEPT)
def test_what_is_kept_beside_the_entries_is_proved_too(committed: Flask, books: Books, statement: str, found: str):
    tamper(committed, books, statement)
    assert any(found in fault for fault in faults(committed, books.cast.group_id))


def test_a_tail_that_was_cut_off_with_its_head_no_longer_carries_the_closed_month(committed: Flask, books: Books):
    cut = "DELETE FROM {} WHERE group_id = :g AND {} > 2"
    tamper(committed, books, cut.format("posting", "entry_number"))
    tamper(committed, books, cut.format("entry", "number"))
    last = "(SELECT hash FROM entry WHERE group_id = :g AND number = 2)"
    tamper(committed, books, f"UPDATE ledger_head SET number = 2, hash = {last} WHERE group_id = :g")
    assert any("is not in the chain" in fault for fault in faults(committed, books.cast.group_id))


def test_a_changed_entry_is_no_longer_called_genuine(committed: Flask, books: Books):
    with committed.app_context(), transaction(group_id=books.cast.group_id) as unit:
        wanted = sa.text("SELECT hash FROM entry WHERE group_id = app.gid() AND number = 3")
        known = bytes(unit.connection().execute(wanted).scalar_one())
        assert entry_holds("3", known) is True
        assert entry_holds("4", known) is None
        assert entry_holds("99", known) is None
        assert entry_holds("x", known) is None
    tamper(committed, books, TAMPERED[1][0])
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        assert entry_holds("3", known) is False


def test_a_balance_sheet_out_of_balance_is_found(committed: Flask, books: Books):
    tamper(committed, books, "UPDATE account_balance SET balance = balance * 2 WHERE group_id = :g AND balance > 0")
    with committed.app_context(), transaction(group_id=books.cast.group_id):
        assert balance_checks.books_are_equal().faults

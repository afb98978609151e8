"""What was typed about an entry stays what it was, and goes with its person's key."""

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.keys import DataKey
from app.ledgers.books import Draft, Posted, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.notes import note_of, notes_stay
from tests.ledgers.committed import fresh, superuser
from tests.ledgers.conftest import Books, member_of

AMOUNT, DAY = Decimal(5), date(2026, 11, 3)


def noted(books: Books, note: str) -> Posted:
    """An entry with a note about the member."""
    whose = member_of(books.cast.member)
    lines = [debit("cash", AMOUNT, books.bank), credit("savings", AMOUNT, whose)]
    with transaction(group_id=books.cast.group_id):
        return post(Draft(PostingKind.MANUAL, DAY, lines, note=note, subject=whose), by=books.by)


def faults(books: Books) -> list[str]:
    with transaction(group_id=books.cast.group_id):
        return list(notes_stay().faults)


def test_a_note_reads_as_it_was_typed(books: Books) -> None:
    entry = noted(books, "For Zawadi")
    with transaction(group_id=books.cast.group_id):
        assert note_of(entry.id) == "For Zawadi"
    assert faults(books) == []


def test_notes_of_an_erased_person_are_gone_and_no_fault(books: Books) -> None:
    entry = noted(books, "For Zawadi")
    with transaction(group_id=books.cast.group_id):
        mine = DataKey.subject_id == member_of(books.cast.member)
        session().execute(sa.update(DataKey).where(mine).values(wrapped=None))
    with transaction(group_id=books.cast.group_id):
        assert note_of(entry.id) is None
    assert faults(books) == []


@pytest.mark.committed
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE entry_note n SET sealed = o.sealed FROM entry_note o WHERE o.id = :other AND n.id = :id", "is not"),
        ("UPDATE entry_note SET sealed = 'x' WHERE id = :id AND id <> :other", "is not what was typed"),
        ("UPDATE entry SET note_digest = 'x' WHERE id = :id AND id <> :other", "is not what was typed"),
        ("DELETE FROM entry_note WHERE id = :id AND id <> :other", "is missing"),
    ],
)  # fmt: skip
def test_a_changed_note_is_found(committed: Flask, statement: str, fault: str) -> None:
    books = fresh(committed)
    with committed.app_context():
        entry, other = noted(books, "For Zawadi"), noted(books, "For Amina")
    with superuser(committed) as connection:
        connection.execute(sa.text(statement), {"id": entry.id, "other": other.id})
    with committed.app_context():
        [found] = faults(books)
    assert found.startswith(f"The note of entry {entry.number} {fault}")

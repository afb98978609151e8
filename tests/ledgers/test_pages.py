"""The pages of the books as people of every role see them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.ledgers.conftest import Books

As = Callable[[Any], FlaskClient]
READING = ["", "entries", "entries/1", "cash-accounts", "opening", "months", "approvals", "accounts/of/savings"]
ENTERING = [
    *("transfers/new", "cash-entries/new", "entries/new", "cash-accounts/new", "categories/new"),
    *("entries/1/reversal", "entries/1/correction"),
]


def path(books: Books, rest: str) -> str:
    return f"/g/{books.cast.slug}/ledger/{rest}"


@pytest.mark.parametrize("rest", READING)
def test_officers_and_auditors_read_everything(books: Books, as_person: As, rest: str):
    for person in (books.cast.leader, books.cast.treasurer, books.cast.auditor):
        assert as_person(person).get(path(books, rest)).status_code == 200


@pytest.mark.parametrize("rest", READING + ENTERING)
def test_a_member_reads_nothing_of_it_and_others_find_nothing(books: Books, as_person: As, rest: str):
    assert as_person(books.cast.member).get(path(books, rest)).status_code == 403
    assert as_person(books.cast.outsider).get(path(books, rest)).status_code == 404
    assert as_person(books.cast.stranger).get(path(books, rest)).status_code == 404
    assert as_person(None).get(path(books, rest)).status_code == 303


@pytest.mark.parametrize("rest", ENTERING[:5])
def test_who_enters_gets_a_form_and_an_auditor_does_not(books: Books, as_person: As, rest: str):
    assert as_person(books.cast.treasurer).get(path(books, rest)).status_code == 200
    assert as_person(books.cast.auditor).get(path(books, rest)).status_code == 403

"""Whatever somebody with all power over the database changes in the books is found, nearly always at the very entry."""

import uuid

import pytest
from flask import Flask

from tests.faults.tampering import Caught, tamper
from tests.ledgers.committed import fresh, save

pytestmark = pytest.mark.committed


@pytest.fixture
def group_id(committed: Flask) -> uuid.UUID:
    books = fresh(committed)
    with committed.app_context():
        for amount in range(1, 40):
            save(books, amount)
    return books.cast.group_id


def check(caught: Caught, times: int) -> None:
    assert not caught.missed
    assert caught.found == caught.done
    assert caught.done.total() > times * 0.85  # the others were refused or changed nothing
    known = [kind for kind in caught.done if kind not in ("tail cut off", "chain written anew")]
    exact = sum(caught.exact[kind] for kind in known) / sum(caught.done[kind] for kind in known)
    assert exact >= 0.99, caught.elsewhere


def test_a_hundred_changes_are_found_by_chain_anchor_and_proof(committed: Flask, group_id: uuid.UUID):
    check(tamper(committed, group_id, times=100, seed="short", whole=True), 100)


@pytest.mark.slow
def test_a_thousand_changes_are_found(committed: Flask, group_id: uuid.UUID):
    caught = tamper(committed, group_id, times=1000, seed="long")
    check(caught, 1000)
    assert len(caught.done) == 10

"""What somebody was promised who leaves is not changed by undoing what made it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.core import clock
from app.core.db import session
from app.groups.models import Member
from app.ledgers.books import Draft, Posted, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import SomethingRestsOnIt
from tests import factories
from tests.ledgers.test_lots import DAY, saved, undo


@pytest.fixture
def saver(context: Any) -> Member:
    factories.group("Leavers")
    return factories.member("Amina")


def leaves(member: Member, *, after: timedelta = timedelta(seconds=1), status: str = "active") -> None:
    member.leaving_since, member.status = clock.now() + after, status
    session().flush()


def do(draft: Draft) -> Posted:
    return post(draft, by=None, overdraft=True)


def test_what_is_in_an_entitlement_is_not_undone_and_who_it_is_is_named(saver: Member) -> None:
    brought = do(saved(saver, 100))
    leaves(saver)
    with pytest.raises(SomethingRestsOnIt, match="Amina has asked to leave"):
        undo(brought)


def test_what_came_after_the_request_is(saver: Member) -> None:
    leaves(saver, after=-timedelta(seconds=5))
    undo(do(saved(saver, 100)))


def test_what_is_no_part_of_an_entitlement_is(saver: Member) -> None:
    lines = [debit("penalties_receivable", Decimal(5), saver.id), credit("penalty_income", Decimal(5))]
    levied = do(Draft(PostingKind.PENALTY_LEVIED, DAY, lines))
    leaves(saver)
    undo(levied)


def test_nothing_is_given_to_who_has_left(saver: Member) -> None:
    lines = [debit("member_payable", Decimal(5), saver.id), credit("clearing", Decimal(5), saver.group_id)]
    do(
        Draft(
            PostingKind.WITHDRAWAL, DAY, [credit("member_payable", Decimal(5), saver.id), debit("treasury", Decimal(5))]
        )
    )
    paid = do(Draft(PostingKind.MEMBER_PAID, DAY, lines))
    leaves(saver, after=-timedelta(days=1), status="left")
    with pytest.raises(SomethingRestsOnIt, match="Amina has left the group"):
        undo(paid)

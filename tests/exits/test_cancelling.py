"""Requests that are cancelled or adjusted: by whom, until when, and what it does to the savings."""

import uuid
from typing import Any

import pytest

from app.core.db import transaction
from app.core.money import TooManyDecimals
from app.exits import adjusting, asking, cancelling, queries
from app.exits.errors import (
    AlreadyFulfilled,
    BelowFulfilled,
    NoChange,
    NotAnExit,
    OthersRequest,
    RequestEnded,
    SavingsDoNotCover,
)
from app.exits.rules import State
from app.ledgers.books import credit, debit
from app.ledgers.errors import KeyUsed
from tests.exits.making import D, House, Open, approve, key, row
from tests.savings.pages import fields

pytestmark = pytest.mark.usefixtures("held_clock")


def test_a_request_is_cancelled_until_a_part_is_fulfilled(group: House) -> None:
    asked = group.leave("member")
    group.does(cancelling.cancel, request_id=asked, reason="stays", by=group.member("member"))
    assert (group.state(asked), row(group, "member").leaving_since) == (State.CANCELLED, None)
    with pytest.raises(RequestEnded):
        group.does(cancelling.cancel, request_id=asked, reason="", by=group.by)
    again = group.leave("member")
    group.set_aside(100)
    group.work()
    with pytest.raises(AlreadyFulfilled):
        group.does(cancelling.cancel, request_id=again, reason="", by=group.by)
    with transaction(group_id=group.cast.group_id):
        assert [line.reason for line in queries.states_of(asked)] == [None, "stays"]


def test_an_officer_alone_ends_nobodys_request(group: House, as_person: Open) -> None:
    asked = group.leave("member")
    with pytest.raises(OthersRequest):
        group.does(cancelling.cancel, request_id=asked, reason="", by=group.by)
    made = group.does(asking.ask_cancellation, asked, reason="He stays", by=group.by, key=key())
    assert (made.waits, group.state(asked)) == (True, State.QUEUED)
    approve(made.request_id, group, as_person)
    assert (group.state(asked), row(group, "member").leaving_since) == (State.CANCELLED, None)
    assert group.faults() == []


def test_later_it_is_cancelled_by_agreement_and_the_savings_bear_what_was_paid(group: House, as_person: Open) -> None:
    asked = group.leave("member")
    group.set_aside(100)
    group.work()
    group.pay("member")
    told: dict[str, Any] = {"reason": "all agreed", "by": group.by, "key": key()}
    made = group.does(asking.ask_cancellation, asked, **told)
    assert made.waits
    assert group.does(asking.ask_cancellation, asked, **told).request_id == made.request_id
    approve(made.request_id, group, as_person)
    assert (group.state(asked), group.balance("savings", "member"), group.balance("exit", "member")) == (
        State.CANCELLED,
        300,
        0,
    )
    assert row(group, "member").leaving_since is None
    assert group.faults() == []


def test_an_end_is_not_agreed_to_with_another_amount_in_sight(group: House, as_person: Open) -> None:
    asked = group.leave("member")
    group.set_aside(100)
    group.work()
    made = group.does(asking.ask_cancellation, asked, reason="all agreed", by=group.by, key=key())
    client, url = as_person(group.cast.leader), f"/g/{group.cast.slug}/ledger/approvals/{made.request_id}"
    assert "Paid out or payable so far" in client.get(url).text
    group.set_aside(50)
    group.work()
    answer = client.post(f"{url}/approval", data=fields(client.get(url)) | {"reason": ""})
    assert answer.status_code == 409
    assert "100.00 of the request was paid out or payable; now it is 150.00." in answer.text
    assert group.stands(asked).fulfilled == 150
    assert group.state(asked) is State.PARTIALLY_FULFILLED


def test_a_key_says_the_same_of_the_same_request_or_is_refused(group: House) -> None:
    first, second = group.leave("member"), group.leave("other_member")
    told: dict[str, Any] = {"reason": "owed", "by": group.by, "approved_by": None, "key": key()}
    made = group.does(adjusting.adjust, request_id=first, amount=D(50), **told).id
    assert group.does(adjusting.adjust, request_id=first, amount=D(50), **told).id == made
    for request_id, amount in ((second, D(50)), (first, D(51))):
        with pytest.raises(KeyUsed):
            group.does(adjusting.adjust, request_id=request_id, amount=amount, **told)
    assert (group.stands(first).gross, group.stands(second).gross) == (450, 100)


def test_savings_that_do_not_cover_what_was_paid_keep_the_request(group: House) -> None:
    who = group.member("member")
    group.posts(debit("savings", D(350), who), credit("treasury", D(350)))
    group.posts(debit("treasury", D(350)), credit("realised_growth", D(-350) * -1, who))
    asked = group.leave("member")
    group.does(adjusting.adjust, request_id=asked, amount=D(350), reason="owed", by=group.by, approved_by=None, key="k")
    group.set_aside(100)
    group.work()
    with pytest.raises(SavingsDoNotCover):
        group.does(asking.ask_cancellation, asked, reason="", by=group.by, key=key())


def test_an_adjustment_is_agreed_by_two_and_never_below_what_was_fulfilled(group: House, as_person: Open) -> None:
    asked = group.leave("member")
    group.set_aside(100)
    group.work()
    made = group.does(asking.ask_adjustment, asked, amount=D(-250), reason="a loan", by=group.by, key=key())
    assert made.waits
    assert group.stands(asked).gross == 400
    approve(made.request_id, group, as_person)
    assert (group.stands(asked).gross, group.stands(asked).open) == (150, 50)
    line = group.does(queries.adjustments_of, asked)[0]
    assert (line.amount, line.reason) == (-250, "a loan")
    for wrong, amount in ((BelowFulfilled, "-50.01"), (NoChange, "0"), (TooManyDecimals, "0.001")):
        with pytest.raises(wrong):
            group.does(asking.ask_adjustment, asked, amount=D(amount), reason="", by=group.by, key=key())
    withdrawn = group.withdraw("other_member", 10)
    with pytest.raises(NotAnExit):
        group.does(asking.ask_adjustment, withdrawn, amount=D(1), reason="", by=group.by, key=key())


def test_a_buy_out_takes_its_part_over_and_gives_it_back(group: House) -> None:
    source = ("buy_out", uuid.uuid4())
    assert group.does(adjusting.reduce, member_id=group.member("member"), amount=D(1), source=source, by=None) is None
    asked = group.leave("member")
    group.does(adjusting.reduce, member_id=group.member("member"), amount=D(120), source=source, by=group.by)
    assert group.stands(asked).gross == 280
    with pytest.raises(BelowFulfilled):
        group.does(adjusting.reduce, member_id=group.member("member"), amount=D(281), source=source, by=group.by)
    group.does(adjusting.undo_reduction, source=source, by=group.by)
    group.does(adjusting.undo_reduction, source=source, by=group.by)
    assert group.stands(asked).gross == 400

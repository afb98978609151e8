"""The pages of leaving and withdrawing as members, officers, auditors and strangers meet them."""

import uuid
from datetime import date

import pytest
from flask import Flask

from tests import factories
from tests.exits.house import DAY, Open, at, house, in_order, leaves, levied, sets_aside
from tests.savings.conftest import TERMS, Saving, held_clock, make_saving, member_of
from tests.savings.pages import fields

__all__ = ["held_clock", "house"]


def test_every_page_opens_for_the_treasurer(house: Saving, as_person: Open) -> None:
    asked, event = leaves(house, house.cast.member), None
    leaves(house, house.cast.other_member)
    event = sets_aside(house, "1500")
    who = member_of(house.cast.leader)
    client = as_person(house.cast.treasurer)
    for path in (
        *("/", "/requests", "/requests?state=queued", "/requests/new", f"/requests/{asked}", "/mine", "/leaving"),
        *("/withdrawal", f"/members/{who}/leaving", f"/members/{who}/withdrawal", f"/requests/{asked}/cancellation"),
        *(f"/requests/{asked}/adjustment", "/what-if", "/what-if?amount=5000", "/liquidity", "/liquidity/new"),
        *(f"/liquidity/{event}", f"/liquidity/{event}/reversal", "/terms"),
    ):
        answer = client.get(at(house, path))
        assert answer.status_code == 200, (path, answer.text[:600])


def test_members_see_their_own_pages_and_officers_everybodys(house: Saving, as_person: Open) -> None:
    asked = leaves(house, house.cast.member)
    event = sets_aside(house, "100")
    lists = ("/", "/queue.csv", "/requests", "/liquidity", f"/liquidity/{event}", "/what-if")
    deeds = ("/requests/new", f"/members/{member_of(house.cast.leader)}/leaving", "/liquidity/new")
    own = (f"/requests/{asked}", f"/requests/{asked}/cancellation")
    seen = {
        "member": (403, 403, 200),
        "other_member": (403, 403, 404),
        "secretary": (403, 403, 404),
        "treasurer": (200, 200, 200),
        "outsider": (404, 404, 404),
        "stranger": (404, 404, 404),
    }
    for who, (see, do, read) in seen.items():
        client = as_person(house.cast.people[who])
        for paths, status in ((lists, see), (deeds, do), (own, read)):
            found = {path: client.get(at(house, path)).status_code for path in paths}
            assert set(found.values()) == {status}, (who, found)
    auditor = as_person(house.cast.auditor)
    assert [auditor.get(at(house, path)).status_code for path in ("/", own[0], own[1], deeds[0])] == [
        200,
        200,
        404,
        403,
    ]


def test_a_member_leaves_from_the_phone_seeing_every_line_and_what_it_means(house: Saving, as_person: Open) -> None:
    levied(house, "250")
    leaves(house, house.cast.other_member)
    client = as_person(house.cast.member)
    shown = client.get(at(house, "/leaving"))
    assert in_order(shown, "Savings", "6,000.00", "Gross entitlement", "6,000.00", "−KES 250.00", "5,750.00")
    assert in_order(
        shown, "You pay in nothing more", "no date is promised", "cancel until a first part is made payable"
    )
    assert in_order(shown, "Place", "2", "4,000.00", "An estimate, not a promise", "nothing can be estimated")
    assert "Mercy" not in shown.text
    form = fields(shown)
    unread = client.post(at(house, "/leaving"), data=form)
    assert (unread.status_code, "Tick this box to go on" in unread.text) == (422, True)
    sent = [client.post(at(house, "/leaving"), data=form | {"understood": "y"}) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    mine = client.get(at(house, "/mine"))
    assert in_order(mine, "You are leaving the group", "Your place", "2", "4,000.00", "5,750.00", "Estimate")
    assert "Leave the group" not in mine.text
    again = client.get(at(house, "/leaving"))
    assert "is in the exit queue already" in again.text
    assert "understood" not in again.text


def test_an_entitlement_that_changed_since_the_page_was_made_is_shown_again(house: Saving, as_person: Open) -> None:
    client = as_person(house.cast.member)
    form = fields(client.get(at(house, "/leaving"))) | {"understood": "y"}
    house.pay("500", date(2026, 11, 6), house.cast.member)
    stale = client.post(at(house, "/leaving"), data=form)
    assert (stale.status_code, "Something was booked since" in stale.text) == (409, True)
    assert "6,500.00" in stale.text
    assert "Nothing waits" not in stale.text
    form = fields(stale) | {"understood": "y"}
    assert client.post(at(house, "/leaving"), data=form).status_code == 303


def test_the_only_leader_is_told_before_reading_to_the_end(house: Saving, as_person: Open) -> None:
    client = as_person(house.cast.leader)
    shown = client.get(at(house, "/leaving"))
    assert "Make someone else a leader first" in shown.text
    sent = client.post(at(house, "/leaving"), data=fields(shown) | {"understood": "y"})
    assert sent.status_code == 409


@pytest.mark.parametrize(
    ("amount", "status", "words"),
    [
        ("5000.01", 409, "At most 5,000.00 can be withdrawn"),
        ("0", 422, "more than zero"),
        ("", 422, "Fill this in"),
        ("1e3", 422, "amount"),
        ("12.345", 422, "decimals"),
    ],
)
def test_a_withdrawal_that_cannot_be_is_told_beside_its_field(
    house: Saving, as_person: Open, amount: str, status: int, words: str
) -> None:
    client = as_person(house.cast.member)
    shown = client.get(at(house, "/withdrawal"))
    assert in_order(shown, "Savings", "6,000.00", "Must stay", "1,000.00", "Free to withdraw", "5,000.00")
    wrong = client.post(at(house, "/withdrawal"), data=fields(shown) | {"amount": amount})
    assert (wrong.status_code, words in wrong.text) == (status, True)
    assert 'id="amount-err"' in wrong.text
    assert f'value="{amount}"' in wrong.text


def test_withdrawals_stand_behind_those_who_leave_and_take_free_savings(house: Saving, as_person: Open) -> None:
    client = as_person(house.cast.member)
    sent = client.post(at(house, "/withdrawal"), data=fields(client.get(at(house, "/withdrawal"))) | {"amount": "2000"})
    assert sent.status_code == 303
    leaves(house, house.cast.other_member)
    mine = client.get(at(house, "/mine"))
    assert in_order(mine, "Your withdrawal", "Your place", "2", "4,000.00", "2,000.00")
    assert in_order(client.get(at(house, "/withdrawal")), "Held", "2,000.00", "Free to withdraw", "3,000.00")
    queue = as_person(house.cast.treasurer).get(at(house))
    assert in_order(queue, "Mercy Atieno", "4,000.00", "Daniel Mwangi", "Withdrawal", "2,000.00")


def test_where_the_policy_allows_none_nothing_can_be_withdrawn(
    context: Flask, held_clock: None, as_person: Open
) -> None:
    house = make_saving(factories.cast(savings=TERMS))
    house.pay("6000", DAY)
    client = as_person(house.cast.member)
    shown = client.get(at(house, "/withdrawal"))
    assert "does not pay out savings before a member leaves" in shown.text
    assert client.post(at(house, "/withdrawal"), data=fields(shown) | {"amount": "10"}).status_code == 409


def test_a_request_is_cancelled_by_its_member_until_something_is_payable(house: Saving, as_person: Open) -> None:
    asked = leaves(house, house.cast.member)
    client, path = as_person(house.cast.member), at(house, f"/requests/{asked}/cancellation")
    form = fields(client.get(path))
    assert client.post(path, data=form).status_code == 422
    assert client.post(path, data=form | {"reason": "I stay after all"}).status_code == 303
    told = client.get(at(house, f"/requests/{asked}"))
    assert in_order(told, "Cancelled", "I stay after all")
    assert "Earlier requests" in client.get(at(house, "/mine")).text
    second = leaves(house, house.cast.member)
    sets_aside(house, "1000")
    path = at(house, f"/requests/{second}/cancellation")
    assert "cancelled by agreement only" in client.get(path).text
    assert client.post(path, data=form | {"reason": "again", "once": uuid.uuid4().hex}).status_code == 409


def test_an_auditor_who_saves_nothing_has_nothing_to_leave_with(house: Saving, as_person: Open) -> None:
    client = as_person(house.cast.auditor)
    shown = client.get(at(house, "/leaving"))
    assert "does not save in this group" in shown.text
    for path, told in (("/leaving", {"understood": "y"}), ("/withdrawal", {"amount": "10"})):
        assert client.post(at(house, path), data=fields(shown) | told).status_code == 409

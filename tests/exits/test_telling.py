"""What members hear of their requests, and what other pages say of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.ids import new_id
from app.core.outbox import Outbox
from app.exits import figures, fulfilling, queries
from app.exits.offering import FULFIL
from app.exits.services import adjust, request_withdrawal, reverse_fulfilment
from app.groups.models import Member
from app.ledgers import holds
from app.ledgers.chart import Account
from app.ledgers.methods import Method
from app.notifications.models import Notification
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from tests.exits.house import DAY, Open, address_of, at, house, in_order, leaves, levied, put_aside, sets_aside
from tests.mail.box import mails, text, work
from tests.savings.conftest import Saving, held_clock, member_of
from tests.savings.pages import fields

__all__ = ["held_clock", "house"]


def test_members_hear_of_their_money_their_place_and_the_end(house: Saving, as_person: Open) -> None:
    first = leaves(house, house.cast.member)
    leaves(house, house.cast.other_member)
    sets_aside(house, "1500")
    told = mails(to=address_of(house, house.cast.member))
    recorded = "Your request to leave was recorded · Umoja"  # the treasurer asked for them
    assert [str(mail["Subject"]) for mail in told] == [recorded, "Money is ready for you · Umoja"]
    assert "1,500.00 is payable to you" in text(told[1])
    assert f"/g/{house.cast.slug}/exits/requests/{first}" in text(told[1])
    sets_aside(house, "4500")
    moved = mails(to=address_of(house, house.cast.other_member))
    assert [str(mail["Subject"]) for mail in moved] == [recorded, "You are number 1 in the queue · Umoja"]
    assert "You are next." in text(moved[1])
    inbox = as_person(house.cast.other_member).get(f"/g/{house.cast.slug}/notifications")
    assert "You are number 1 in the queue" in inbox.text
    asked = as_person(house.cast.leader).get(f"/g/{house.cast.slug}/notifications")
    assert "A member asks to leave" in asked.text


def test_for_whom_an_officer_asks_is_told_and_who_asks_oneself_is_not(house: Saving, as_person: Open) -> None:
    for who, by in (("member", "treasurer"), ("leader", "leader")):
        with transaction(group_id=house.cast.group_id):
            told = {"member_id": member_of(house.cast.people[who]), "by": member_of(house.cast.people[by])}
            request_withdrawal(amount=Decimal(700), key=f"for {who}", **told)
    work(house.cast.group_id)
    recorded = "Your request to withdraw KES 700.00 was recorded"
    (mail,) = mails(to=address_of(house, house.cast.member))
    assert str(mail["Subject"]).replace("\N{NO-BREAK SPACE}", " ") == f"{recorded} · Umoja"
    assert "An officer asked for you." in text(mail)
    assert in_order(as_person(house.cast.member).get(f"/g/{house.cast.slug}/notifications"), recorded)
    assert mails(to=address_of(house, house.cast.leader)) == []


def test_who_is_cancelled_by_an_officer_is_told_and_who_did_it_oneself_is_not(house: Saving, as_person: Open) -> None:
    for who, hears in ((house.cast.treasurer, True), (house.cast.member, False)):
        asked = leaves(house, house.cast.member)
        client, path = as_person(who), at(house, f"/requests/{asked}/cancellation")
        sent = client.post(path, data=fields(client.get(path)) | {"reason": "Talked it over"})
        assert ("/approvals/" in sent.location) is hears
        if hears:
            second = as_person(house.cast.leader)
            done = second.post(f"{sent.location}/approval", data=fields(second.get(sent.location)))
            assert done.status_code == 303
        work(house.cast.group_id)
        keys = f"exit.cancelled:{asked}"
        with transaction(group_id=house.cast.group_id):
            found = session().scalar(sa.select(Notification.id).where(Notification.key == keys))
        assert (found is not None) is hears


def told_of_places(house: Saving, since: int = 0) -> list[str]:
    """Whom the jobs told of their place, by name, after the first `since`."""
    work(house.cast.group_id)
    with transaction(group_id=house.cast.group_id):
        query = sa.select(Member.display_name).join(Notification, Notification.member_id == Member.id)
        told = query.where(Notification.key.like("exit.moved:%")).order_by(Notification.id)
        return [*session().scalars(told)][since:]


def test_a_request_of_nothing_moves_nobody(house: Saving) -> None:
    with transaction(group_id=house.cast.group_id):
        who = member_of(house.cast.member)
        request_withdrawal(member_id=who, amount=Decimal(700), by=who, key="w")
    leaves(house, house.cast.secretary)  # who has saved nothing
    assert told_of_places(house) == []


def test_whoever_stands_behind_the_first_who_was_served_has_moved(house: Saving) -> None:
    house.pay("2000", DAY, house.cast.secretary)
    for who in ("member", "other_member", "secretary"):
        leaves(house, house.cast.people[who])
    with transaction(group_id=house.cast.group_id):
        savings = Account("savings", member_of(house.cast.other_member))
        holds.hold(savings, Decimal(4000), reason="guarantee", source=("guarantee", new_id()), by=None)
    before = len(told_of_places(house))
    sets_aside(house, "8000")  # enough for the first and the third; the second waits for the hold to end
    assert told_of_places(house, before) == ["Mercy Atieno"]


def test_all_who_wait_have_moved_though_the_last_chunk_was_empty(
    house: Saving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulfilling, "CHUNK", 1)
    for who in ("member", "other_member"):
        leaves(house, house.cast.people[who])
    before = len(told_of_places(house))
    sets_aside(house, "6000")  # the first gets all of it, and the second chunk finds nothing left
    assert told_of_places(house, before) == ["Mercy Atieno"]


@pytest.mark.parametrize("messages", [1, 2])
def test_a_run_of_several_chunks_is_told_once_from_its_first_place_on(
    house: Saving, monkeypatch: pytest.MonkeyPatch, messages: int
) -> None:
    monkeypatch.setattr(fulfilling, "CHUNK", 1)
    for who in ("secretary", "treasurer"):
        house.pay("2000", DAY, house.cast.people[who])
    for who in ("member", "other_member", "secretary", "treasurer"):
        leaves(house, house.cast.people[who])
    with transaction(group_id=house.cast.group_id):
        savings = Account("savings", member_of(house.cast.other_member))
        holds.hold(savings, Decimal(4000), reason="guarantee", source=("guarantee", new_id()), by=None)
    before = len(told_of_places(house))
    put_aside(house, "8000")  # a chunk for the first, one for the third; the second waits for the hold to end
    with clock.held(clock.now() + timedelta(seconds=2 * (messages - 1))):  # then the second look is due as well
        assert told_of_places(house, before) == ["Mercy Atieno", house.cast.treasurer.name]
        sets_aside(house, "2000")
        assert told_of_places(house, before + 2) == []  # behind the treasurer, who is served now, stands nobody


def looks_in(house: Saving) -> None:
    """Each message of the worker is tried once, the latest first."""
    with transaction(group_id=house.cast.group_id):
        due = (Outbox.kind == FULFIL, Outbox.done_at.is_(None), Outbox.due_at <= clock.now())
        waiting = session().scalars(sa.select(Outbox.id).where(*due).order_by(Outbox.due_at.desc(), Outbox.id)).all()
    for message in waiting:
        handle(house.cast.group_id, message)


def test_the_next_run_is_told_though_a_message_of_the_one_before_is_not_done(
    house: Saving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulfilling, "CHUNK", 1)
    for who in ("member", "other_member"):
        leaves(house, house.cast.people[who])
    with transaction(group_id=house.cast.group_id):
        who_withdraws = member_of(house.cast.leader)
        request_withdrawal(member_id=who_withdraws, amount=Decimal(700), by=who_withdraws, key="w")
    before = len(told_of_places(house))
    put_aside(house, "6000")
    with clock.held(clock.now() + timedelta(seconds=2)):
        looks_in(house)  # the first does a chunk, the next come to the end of the run
        put_aside(house, "4000")
        looks_in(house)
        assert told_of_places(house, before) == [house.cast.leader.name] * 2


def test_the_position_the_overview_and_a_members_page_say_it(house: Saving, as_person: Open) -> None:
    leaves(house, house.cast.member)
    sets_aside(house, "1500")
    home = f"/g/{house.cast.slug}"
    mine = as_person(house.cast.member).get(f"{home}/position")
    assert in_order(mine, "Leaving the group", "Place in the queue", "1", "4,500.00", "Paid so far", "1,500.00", "0.00")
    officer = as_person(house.cast.treasurer)
    assert in_order(officer.get(f"{home}/"), "Exit queue", "4,500.00", "One request")
    assert "Leaving the group" in officer.get(f"{home}/members/{member_of(house.cast.member)}").text
    assert "Place in the queue" not in as_person(house.cast.other_member).get(f"{home}/position").text


def test_the_overview_sums_up_what_the_queue_lists(house: Saving) -> None:
    asked = leaves(house, house.cast.member)
    leaves(house, house.cast.other_member)
    sets_aside(house, "7000")
    with transaction(group_id=house.cast.group_id):
        who = member_of(house.cast.leader)
        request_withdrawal(member_id=who, amount=Decimal(900), by=who, key="w")
        adjust(request_id=asked, amount=Decimal(50), reason="r", by=who, approved_by=None, key="a")
        part = queries.fulfilments_of(asked)[0].fulfilment.id
        told: dict[str, Any] = {"on": date(2026, 11, 21), "by": house.by}
        reverse_fulfilment(part, reason="Wrong", key="f", **told)
    with transaction(group_id=house.cast.group_id):
        totals = queries.queue_totals()
        assert figures.open_requests() == (totals.requests, totals.open) == (3, Decimal(9950))
        assert figures.unspent() == totals.unspent == 0


def test_a_statement_says_what_was_withdrawn(house: Saving, as_person: Open) -> None:
    with transaction(group_id=house.cast.group_id):
        who = member_of(house.cast.member)
        request_withdrawal(member_id=who, amount=Decimal(700), by=who, key="w")
    sets_aside(house, "700")
    statement = as_person(house.cast.member).get(f"/g/{house.cast.slug}/statements?first=2026-11-01&last=2026-11-21")
    assert in_order(statement, "Savings withdrawn", "Request 1", "700.00")


def test_a_request_that_is_wholly_paid_stands_closed_on_its_page(house: Saving, as_person: Open) -> None:
    levied(house, "250")
    asked = leaves(house, house.cast.member)
    sets_aside(house, "1000")
    path, client = at(house, f"/requests/{asked}"), as_person(house.cast.treasurer)
    now = ("Now", "6,000.00", "Fulfilled so far", "−KES 1,000.00", "Kept back", "−KES 250.00", "4,750.00")
    assert in_order(client.get(path), *now)
    sets_aside(house, "4750")
    served = client.get(path)
    assert in_order(served, "Now", "6,000.00", "−KES 5,750.00", "Kept back", "−KES 250.00", "KES 0.00")
    assert served.text.count("Kept back") == 1  # not beside each of the two parts
    assert in_order(
        served,
        "Daniel Mwangi leaves",
        "Payable",
        "Wholly fulfilled, and not closed yet",
        "5,750.00",
        "was not paid out yet",
    )
    with transaction(group_id=house.cast.group_id):
        owed = open_payables(member_of(house.cast.member))
        told: dict[str, Any] = {"cash_account_id": house.till, "method": Method.CASH, "on": date(2026, 11, 21)}
        pay(payments=[PayOne(one.payable.id, one.open) for one in owed], by=house.by, key="all", **told)
    closed = client.get(path)
    assert "Payable</span>" not in closed.text
    assert in_order(closed, "Closed", "Paid so far", "5,750.00", "What happened", "Queued", "Fulfilled", "Closed")
    assert in_order(closed, "Now", "6,000.00", "−KES 5,750.00", "Kept back", "−KES 250.00", "KES 0.00")
    assert "Cancel it" not in closed.text
    assert "Left" in client.get(f"/g/{house.cast.slug}/members/{member_of(house.cast.member)}").text
    assert "Daniel" not in client.get(at(house)).text
    assert in_order(client.get(at(house, "/requests?state=closed")), "Daniel Mwangi", "6,000.00", "5,750.00", "Closed")

"""The pages of the queue, of money set aside and of the rules, as officers meet them."""

import uuid

import pytest
import sqlalchemy as sa

from app.core.db import transaction
from app.exits import queries
from tests.exits.house import DAY, Open, at, house, in_order, leaves, levied, sets_aside, terms
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import work
from tests.savings.conftest import Saving, held_clock, member_of
from tests.savings.pages import fields

__all__ = ["held_clock", "house"]


def test_an_officer_asks_for_a_member_who_came_in_person(house: Saving, as_person: Open) -> None:
    client, who = as_person(house.cast.treasurer), member_of(house.cast.member)
    assert client.get(at(house, "/requests/new?member=&kind=exit")).status_code == 422
    led = client.get(at(house, f"/requests/new?member={who}&kind=exit"))
    assert (led.status_code, led.location.endswith(f"/members/{who}/leaving")) == (303, True)
    form = fields(client.get(led.location))
    assert client.post(led.location, data=form).status_code == 422
    sent = client.post(led.location, data=form | {"understood": "y"})
    assert sent.status_code == 303
    assert "Daniel Mwangi leaves" in client.get(sent.location).text
    where = at(house, f"/members/{member_of(house.cast.other_member)}/withdrawal")
    sent = client.post(where, data=fields(client.get(where)) | {"amount": "500"})
    assert "Withdrawal of Mercy Atieno" in client.get(sent.location).text


def test_an_end_by_agreement_and_an_adjustment_wait_for_a_second_person(house: Saving, as_person: Open) -> None:
    asked = leaves(house, house.cast.member)
    client = as_person(house.cast.treasurer)
    path = at(house, f"/requests/{asked}/adjustment")
    form = fields(client.get(path))
    for change, words in (({}, "Choose one"), ({"direction": "less", "amount": "x", "reason": "r"}, "amount")):
        wrong = client.post(path, data=form | change)
        assert (wrong.status_code, words in wrong.text) == (422, True)
    too_much = client.post(path, data=form | {"direction": "less", "amount": "6001", "reason": "Error"})
    assert (too_much.status_code, "cannot come to less" in too_much.text) == (409, True)
    sent = client.post(path, data=form | {"direction": "less", "amount": "400", "reason": "Counted twice"})
    assert "/approvals/" in sent.location
    second = as_person(house.cast.leader)
    approval = second.get(sent.location)
    assert in_order(approval, "Daniel Mwangi", "−KES 400.00", "Counted twice")
    waiting = "A change of −KES 400.00 waits for a second person"
    assert in_order(client.get(at(house, f"/requests/{asked}")), waiting, sent.location)
    assert waiting in as_person(house.cast.member).get(at(house, f"/requests/{asked}")).text.replace("\u00a0", " ")
    done = second.post(f"{sent.location}/approval", data=fields(approval))
    assert done.status_code == 303, done.text[:300]
    shown = as_person(house.cast.member).get(at(house, f"/requests/{asked}"))
    assert "waits for a second person" not in shown.text
    assert in_order(shown, "Gross entitlement", "6,000.00", "Adjustments", "−KES 400.00", "5,600.00", "Counted twice")
    assert in_order(shown, "Counted twice", "Joseph Otieno", "approved by Amina Wanjiru")
    sets_aside(house, "600")
    path = at(house, f"/requests/{asked}/cancellation")
    sent = client.post(path, data=fields(client.get(path)) | {"reason": "Agreed in the meeting"})
    assert "/approvals/" in sent.location


def test_money_is_set_aside_as_shown_and_beyond_what_is_free_refused(house: Saving, as_person: Open) -> None:
    leaves(house, house.cast.member)
    leaves(house, house.cast.other_member)
    client = as_person(house.cast.treasurer)
    page = client.get(at(house, "/liquidity/new"))
    assert in_order(page, "Cash of the group", "12,000.00", "Free to set aside", "12,000.00", "Till", "12,000.00")
    form = fields(page) | {"on": "2026-11-20", "cash_account": str(house.till), "type": "deposit", "note": "FD 7"}
    headers = {"HX-Request": "true", "HX-Target": "event_preview"}
    seen = client.post(at(house, "/liquidity/preview"), data=form | {"amount": "7000"}, headers=headers)
    assert in_order(
        seen, "payable to 2 requests", "One has all of it", "Daniel Mwangi", "6,000.00", "Mercy", "1,000.00"
    )
    beyond = client.post(at(house, "/liquidity"), data=form | {"amount": "12000.01"})
    assert (beyond.status_code, "Only 12,000.00 can be set aside" in beyond.text) == (409, True)
    assert "FD 7" in beyond.text
    ahead = client.post(at(house, "/liquidity"), data=form | {"amount": "7000", "on": "2026-12-24"})
    assert (ahead.status_code, "has not come yet" in ahead.text) == (422, True)
    form |= {"amount": "7000"}
    form |= fields(client.post(at(house, "/liquidity"), data=form))
    sent = [client.post(at(house, "/liquidity"), data=form) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert sent[0].location == sent[1].location
    work(house.cast.group_id)
    told = client.get(sent[0].location)
    assert in_order(told, "Daniel Mwangi", "6,000.00", "Mercy Atieno", "1,000.00", "FD 7")
    assert in_order(client.get(at(house, "/liquidity")), "20 Nov 2026", "Deposit", "Till", "7,000.00")


def test_nothing_is_set_aside_before_it_was_read_what_it_will_do(house: Saving, as_person: Open) -> None:
    leaves(house, house.cast.member)
    client, path = as_person(house.cast.treasurer), at(house, "/liquidity")
    form = fields(client.get(at(house, "/liquidity/new"))) | {"on": "2026-11-20", "cash_account": str(house.till)}
    form |= {"type": "deposit", "note": "FD 7", "amount": "7000"}
    typing = client.post(at(house, "/liquidity/preview"), data=form)  # what is shown meanwhile confirms nothing
    assert ("Daniel Mwangi" in typing.text, "seen" in fields(typing)) == (True, False)

    def shown(**change: str) -> dict[str, str]:
        answer = client.post(path, data=form | change)
        assert answer.status_code == 200
        same = (f'value="{(form | change)["amount"]}"', f'selected value="{house.till}"', "2026-11-20", "FD 7")
        assert in_order(answer, *same, "Nothing is saved yet", "Daniel Mwangi", "Set it aside")
        with transaction(group_id=house.cast.group_id):
            assert queries.queue_totals().unspent == 0
        return fields(answer)

    read = shown()
    assert read["once"] == form["once"]
    assert shown(seen=read["seen"], amount="500")["seen"] != read["seen"]
    leaves(house, house.cast.other_member)
    again = shown(seen=read["seen"])  # somebody else would get a part by now
    assert again["seen"] != read["seen"]
    assert client.post(path, data=form | again).status_code == 303
    with transaction(group_id=house.cast.group_id):
        assert queries.queue_totals().unspent == 7000


def test_what_is_unspent_and_what_is_not_paid_yet_can_be_taken_back(house: Saving, as_person: Open) -> None:
    asked = leaves(house, house.cast.member)
    event = sets_aside(house, "7000")
    client = as_person(house.cast.treasurer)
    page = client.get(at(house, f"/liquidity/{event}/reversal"))
    assert in_order(page, "KES 1,000.00 of KES 7,000.00")
    path = at(house, f"/liquidity/{event}/reversal")
    assert client.post(path, data=fields(page)).status_code == 422
    assert client.post(path, data=fields(page) | {"reason": "Needed for the roof"}).status_code == 303
    again = client.post(path, data=fields(client.get(path)) | {"reason": "once more"})
    assert again.status_code == 409
    with transaction(group_id=house.cast.group_id):
        part = queries.fulfilments_of(asked)[0].fulfilment.id
    path = at(house, f"/fulfilments/{part}/reversal")
    form = fields(client.get(path)) | {"reason": "Wrong till", "when": "today"}
    assert client.post(path, data=form).status_code == 303
    assert client.post(path, data=form | {"once": uuid.uuid4().hex}).status_code == 409
    assert "Reversed" in client.get(at(house, f"/requests/{asked}")).text
    assert client.get(at(house, f"/fulfilments/{uuid.uuid4()}/reversal")).status_code == 404


def test_the_lines_of_a_request_add_up_whatever_is_owed_and_when_it_is_given_up(house: Saving, as_person: Open) -> None:
    levied(house, "7000")
    path, client = at(house, f"/requests/{leaves(house, house.cast.member)}"), as_person(house.cast.member)
    kept = ("Kept back", "7,000.00 is owed at today’s balance", "−KES 6,000.00", "KES 0.00")
    assert in_order(client.get(path), "Now", "Gross entitlement", "6,000.00", *kept)
    form = fields(client.get(f"{path}/cancellation")) | {"reason": "I stay"}
    assert client.post(f"{path}/cancellation", data=form).status_code == 303
    assert in_order(client.get(path), "Now", "6,000.00", "Given up with the request", "−KES 6,000.00", "KES 0.00")


def test_who_is_served_and_not_paid_yet_is_listed_as_payable_without_a_place(house: Saving, as_person: Open) -> None:
    first = leaves(house, house.cast.member)
    leaves(house, house.cast.other_member)
    client = as_person(house.cast.treasurer)
    assert "listed" not in client.get(at(house)).text
    sets_aside(house, "6000")
    queue = client.get(at(house))
    assert in_order(queue, "Waiting for money", "1", "of 2 listed", "–", "Daniel Mwangi", "Payable", "Mercy", "Queued")
    assert ("None" in queue.text, "Status" in queue.text) == (False, True)
    assert [line.split(",")[0] for line in client.get(at(house, "/queue.csv")).text.splitlines()[1:]] == ["", "1"]
    for page in (client.get(at(house, "/requests")), client.get(at(house, f"/requests/{first}"))):
        assert in_order(page, "Daniel", "Payable")
    assert in_order(as_person(house.cast.member).get(at(house, "/mine")), "You are leaving the group", "Payable")


@pytest.mark.parametrize(
    ("amount", "status", "words"),
    [("4500", 200, ("Would get something", "1", "4,500.00")), ("abc", 422, ("cannot be used",)), ("0", 422, ("zero",))],
)
def test_what_if_so_much_came_in(
    house: Saving, as_person: Open, amount: str, status: int, words: tuple[str, ...]
) -> None:
    leaves(house, house.cast.member)
    headers = {"HX-Request": "true", "HX-Target": "outcome"}
    answer = as_person(house.cast.auditor).get(at(house, f"/what-if?amount={amount}"), headers=headers)
    assert (answer.status_code, answer.text.lstrip().startswith('<div id="outcome"')) == (status, True)
    assert in_order(answer, *words)


def test_the_queue_as_a_file_is_the_queue(house: Saving, as_person: Open) -> None:
    leaves(house, house.cast.member)
    levied(house, "250")
    answer = as_person(house.cast.treasurer).get(at(house, "/queue.csv"))
    head, row = answer.get_data(as_text=True).strip().splitlines()
    assert head.lstrip("\ufeff").startswith('"Place","Identifier","Member"')
    assert '"Daniel Mwangi"' in row
    assert "6000.0000,0,250.0000,6000.0000,5750.0000,0" in row.replace("0E-4", "0")
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"growth_percent": "101"}, "between 0 and 100"),
        ({"sales_percent": "x"}, "percentage like 5"),
        ({"withdrawal_floor": "-1"}, "minus"),
        ({"effective_on": "2020-01-01"}, "start today at the earliest"),
    ],
)
def test_rules_that_cannot_be_are_refused_beside_their_field(
    house: Saving, as_person: Open, change: dict[str, str], words: str
) -> None:
    client = as_person(house.cast.treasurer)
    form = fields(client.get(at(house, "/terms"))) | terms(**change)
    answer = client.post(at(house, "/terms"), data=form)
    assert answer.status_code in (409, 422)
    assert words in answer.text


def test_new_rules_hold_from_their_day_and_say_what_they_mean(house: Saving, as_person: Open) -> None:
    client = as_person(house.cast.treasurer)
    headers = {"HX-Request": "true", "HX-Target": "exit_terms_preview"}
    form = fields(client.get(at(house, "/terms"))) | terms(growth_percent="25", contributions_percent="10")
    seen = client.post(at(house, "/terms/preview"), data=form, headers=headers)
    assert in_order(seen, "25% of a realised growth", "Everyone waits", "10% of contributions", "cannot be withdrawn")
    assert client.post(at(house, "/terms"), data=form).status_code == 303
    assert in_order(client.get(at(house, "/terms")), "Version 2", "25% of a realised growth", "Version 1")
    assert as_person(house.cast.member).post(at(house, "/terms"), data=form).status_code in (400, 403)


def test_the_statements_of_the_lists_do_not_grow_with_them(
    house: Saving, as_person: Open, rolled_back: sa.Connection
) -> None:
    leaves(house, house.cast.member)
    client, paths = as_person(house.cast.treasurer), ("/", "/requests", "/what-if?amount=500", "/liquidity")
    client.get(at(house))

    def statements(path: str) -> int:
        with counted(rolled_back) as seen:
            assert client.get(at(house, path)).status_code == 200
        return len(seen)

    few = {path: statements(path) for path in paths}
    for who in ("other_member", "secretary"):
        house.pay("1000", DAY, house.cast.people[who])
        leaves(house, house.cast.people[who])
    assert {path: statements(path) for path in paths} == few

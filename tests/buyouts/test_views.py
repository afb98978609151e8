"""The pages of a buy-out that was offered: consent from the phone or on paper, no, approval, reversal, who sees."""

import sqlalchemy as sa

from app.buyouts.queries import buy_outs_page, view
from app.core.db import transaction
from app.groups.services.members import add_member
from app.ledgers.cash import add_cash_account
from tests.buyouts.conftest import D, Trading
from tests.buyouts.hand import As
from tests.buyouts.pages import offered, path
from tests.ledgers.test_statements_counted import counted
from tests.mail.box import mails, text, work

CELLS = ('data-label="Held"', 'data-label="All the seller has"')


def test_from_offer_to_effect_with_a_mail_to_each_side(hand: As, traded: Trading) -> None:
    cast = traded.cast
    where = offered(hand, traded)
    buyer = hand(cast.other_member)
    assert "Your answer" in buyer.get(path(traded, "/")).text
    page = buyer.get(where).text
    assert "I consent" in page
    assert "Look and approve" not in page
    assert buyer.post(f"{where}/consent").status_code == 303
    leader = hand(cast.leader)
    assert "Look and approve" in leader.get(where).text
    shown = leader.get(f"{where}/approval").text
    assert "60% of “Plot 7”" in shown
    assert leader.post(f"{where}/approval").status_code == 303
    assert "In effect" in leader.get(where).text
    again = leader.post(f"{where}/approval")
    assert again.status_code == 409
    assert "no longer open" in again.text
    work(cast.group_id)
    with transaction(user_id=cast.other_member.user_id):
        pass
    subjects = [str(mail["Subject"]) for mail in mails() if "buy-out" in text(mail) and cast.slug in text(mail)]
    assert sum("took effect" in subject for subject in subjects) == 2
    assert sum("waits for your consent" in subject for subject in subjects) == 1


def test_others_do_not_know_of_it(hand: As, traded: Trading) -> None:
    where, cast = offered(hand, traded), traded.cast
    assert hand(cast.auditor).get(where).status_code == 200
    for somebody in (cast.secretary, cast.outsider):
        assert hand(somebody).get(where).status_code == 404
        assert hand(somebody).post(f"{where}/consent").status_code == 404
    assert hand(cast.member).get(path(traded, "/all")).status_code == 403
    assert "Daniel" not in hand(cast.secretary).get(path(traded, "/")).text
    assert hand(cast.other_member).get(f"{where}/approval").status_code == 403


def test_all_the_seller_has_is_shown_to_them_and_the_treasurer_and_not_to_who_buys(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        made = traded.offer(units={traded.fund: D("10.5")}, percents={traded.plot: D(15)})
    where, cast = path(traded, f"/{made.id}"), traded.cast
    told = (*CELLS, "Nominal value of all the seller had", "600.00", "240.00", "300.00", "60%")
    for somebody in (cast.member, cast.treasurer):
        page = hand(somebody).get(where).text
        assert [word for word in told if word not in page] == []
    page = hand(cast.other_member).get(where).text
    assert [word for word in told if word in page] == []
    shown = ("10.5", "15%", "105.00", "120.00", "What is sold", "Plot 7")
    assert [word for word in shown if word not in page] == []


def test_who_cannot_sign_in_consents_on_paper(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        number = add_member(display_name="Wangari Maina", by=None).identifier
    where = offered(hand, traded, buyer=number)
    officer = hand(traded.cast.treasurer)
    assert "Record the written consent of Wangari Maina" in officer.get(where).text
    empty = officer.post(f"{where}/paper/buyer", data={"words": ""})
    assert empty.status_code == 422
    assert officer.get(f"{where}/paper/nobody").status_code == 404
    said = officer.post(f"{where}/paper/buyer", data={"words": "Signed on 20 November, blue file"})
    assert said.status_code == 303
    page = officer.get(where).text
    assert "Wangari Maina in writing, recorded by Joseph Otieno" in page
    assert "blue file" in page
    refused = officer.post(f"{where}/approval")
    assert refused.status_code == 409
    assert "Somebody else must approve it: Amina Wanjiru" in refused.text


def test_a_no_ends_it_with_its_reason(hand: As, traded: Trading) -> None:
    where = offered(hand, traded)
    buyer = hand(traded.cast.other_member)
    assert buyer.get(f"{where}/decline").status_code == 200
    assert buyer.post(f"{where}/decline", data={"reason": "Too dear"}).status_code == 303
    assert "Too dear" in hand(traded.cast.member).get(where).text
    second = offered(hand, traded, once="b" * 32)
    assert hand(traded.cast.member).post(f"{second}/withdrawal").status_code == 303
    assert "Withdrawn" in hand(traded.cast.member).get(second).text


def test_an_officer_takes_it_back_or_is_told_what_rests_on_it(hand: As, traded: Trading) -> None:
    where, officer = offered(hand, traded), hand(traded.cast.treasurer)
    assert officer.get(f"{where}/reversal").status_code == 409
    hand(traded.cast.other_member).post(f"{where}/consent")
    hand(traded.cast.leader).post(f"{where}/approval")
    assert officer.get(f"{where}/reversal").status_code == 200
    assert officer.post(f"{where}/reversal", data={"reason": ""}).status_code == 422
    undone = officer.post(f"{where}/reversal", data={"reason": "Wrong", "when": "today", "once": "c" * 32})
    assert undone.status_code == 303
    assert "Reversed" in officer.get(where).text


def test_the_lists_and_the_file(hand: As, traded: Trading) -> None:
    offered(hand, traded)
    officer = hand(traded.cast.treasurer)
    page = officer.get(path(traded, "/all?state=offered")).text
    assert "Daniel Mwangi" in page
    assert "Daniel Mwangi" not in officer.get(path(traded, "/all?state=agreed")).text.split('id="buy_outs"')[1]
    assert officer.get(path(traded, "/all?state=nonsense&member=nonsense")).status_code == 200
    assert '"Daniel Mwangi","Mercy Atieno"' in officer.get(path(traded, "/all.csv")).text
    assert "To answer" in hand(traded.cast.other_member).get(f"/g/{traded.cast.slug}/position").text


def test_the_groups_purchase_is_to_be_paid_by_its_officers(hand: As, traded: Trading) -> None:
    with transaction(group_id=traded.cast.group_id):
        add_cash_account(name="Till", method="petty_cash", by=None)
    where = offered(hand, traded, to="group", buyer="", price="360")
    officer, leader = hand(traded.cast.treasurer), hand(traded.cast.leader)
    assert "Consent for the group" in officer.get(where).text
    assert officer.post(f"{where}/consent").status_code == 303
    assert leader.post(f"{where}/approval").status_code == 303
    page = leader.get(f"/g/{traded.cast.slug}/payouts").text
    assert "Daniel Mwangi" in page
    assert "Buy-out: Daniel Mwangi to The group" in page


def test_a_buy_out_and_the_list_read_at_a_steady_number_of_statements(
    traded: Trading, rolled_back: sa.Connection
) -> None:
    with transaction(group_id=traded.cast.group_id):
        made = traded.agreed(savings=D(1))
        with counted(rolled_back) as few:
            view(made.id), buy_outs_page()
        for amount in (2, 3, 4):
            traded.agreed(units={traded.fund: D(amount)}, savings=D(amount))
        with counted(rolled_back) as more:
            view(made.id), buy_outs_page()
        assert len(more) == len(few) <= 9

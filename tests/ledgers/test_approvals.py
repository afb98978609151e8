"""Above the threshold a second person decides; below it, and while there is only one, nobody waits."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.groups.models import GroupPolicy, Member
from app.ledgers import approvals, asking, chart, entries
from app.ledgers.accounts import account_ids
from app.ledgers.errors import AlreadyDecided, OwnRequest
from app.ledgers.models import ApprovalDecision, ApprovalRequest
from app.notifications.models import Notification
from tests.factories import Cast
from tests.ledgers.approving import Ask, ask, books, only_one_approver, till
from tests.ledgers.conftest import Books, member_of

__all__ = ["ask", "books"]


def another_approver(people: Cast) -> None:
    """The secretary is a treasurer too."""
    with transaction(group_id=people.group_id):
        roles = sa.update(Member).where(Member.id == people.secretary.member_id).values(roles=["treasurer", "member"])
        session().execute(roles)


def request_of(books: Books) -> ApprovalRequest:
    return session().scalars(sa.select(ApprovalRequest)).one()


def test_below_the_threshold_it_is_booked_at_once(books: Books, ask: Ask):
    assert "/entries/" in ask(books.cast.treasurer).transfer(amount="1000").location
    assert till(books) == 1000


def test_above_it_waits_and_is_booked_by_the_approval_in_the_name_of_who_asked(books: Books, ask: Ask):
    asked = ask(books.cast.treasurer).transfer(amount="1000.01", note="Safe for the fair")
    assert "/approvals/" in asked.location
    assert ask(books.cast.treasurer).transfer(amount="1000.01", note="Safe for the fair").location == asked.location
    assert till(books) == 0
    leader, rest = ask(books.cast.leader), asked.location.split("/ledger/")[1]
    shown = leader.client.get(asked.location).text
    assert "Safe for the fair" in shown
    assert "1,000.01" in shown
    done = leader.post(f"{rest}/approval")
    assert done.status_code == 303
    assert "Approved by a second person" in leader.client.get(done.location).text
    assert books.cast.treasurer.name in leader.client.get(done.location).text
    assert leader.post(f"{rest}/approval").status_code == 409
    assert leader.post(f"{rest}/rejection", reason="No").status_code == 409


def test_who_may_decide_is_told_and_who_asked_hears_of_it(books: Books, ask: Ask):
    rest = ask(books.cast.treasurer).transfer().location.split("/ledger/")[1]
    ask(books.cast.leader).post(f"{rest}/rejection", reason="No")
    with transaction(group_id=books.cast.group_id):
        told = {row.member_id: (row.title, row.url) for row in session().scalars(sa.select(Notification))}
    url = f"/g/{books.cast.slug}/ledger/{rest}"
    assert told == {
        books.cast.leader.member_id: ("A movement waits for your approval", url),
        books.cast.treasurer.member_id: ("What you asked for was rejected", url),
    }


def test_the_overview_shows_what_waits_and_where_the_money_lies(books: Books, ask: Ask):
    leader = ask(books.cast.leader)
    ask(books.cast.treasurer).transfer()
    shown = leader.client.get(f"/g/{books.cast.slug}/").text
    assert "Waiting for a second person" in shown
    assert "Equity Bank" in shown
    assert "Equity Bank" not in ask(books.cast.member).client.get(f"/g/{books.cast.slug}/").text


def test_who_asked_may_not_approve_but_may_withdraw(books: Books, ask: Ask):
    treasurer = ask(books.cast.treasurer)
    rest = treasurer.transfer().location.split("/ledger/")[1]
    assert treasurer.post(f"{rest}/approval").status_code == 403
    assert ask(books.cast.leader).post(f"{rest}/withdrawal").status_code == 403
    assert treasurer.post(f"{rest}/withdrawal").status_code == 303
    assert ask(books.cast.leader).post(f"{rest}/approval").status_code == 409
    assert till(books) == 0


def test_a_rejection_needs_a_reason_and_books_nothing(books: Books, ask: Ask):
    rest = ask(books.cast.treasurer).transfer().location.split("/ledger/")[1]
    leader = ask(books.cast.leader)
    assert leader.post(f"{rest}/rejection").status_code == 422
    assert leader.post(f"{rest}/rejection", reason="Not agreed in the meeting").status_code == 303
    assert "Not agreed in the meeting" in leader.client.get(leader.base + rest).text
    assert till(books) == 0


def test_the_approver_is_asked_about_an_overdraft_as_well(books: Books, ask: Ask):
    rest = ask(books.cast.treasurer).transfer(amount="12000").location.split("/ledger/")[1]
    leader = ask(books.cast.leader)
    refused = leader.post(f"{rest}/approval")
    assert refused.status_code == 409
    assert 'name="overdraft"' in refused.text
    assert leader.post(f"{rest}/approval", overdraft="y").status_code == 303
    assert till(books) == 12000


def test_the_same_key_with_other_content_is_refused(books: Books, ask: Ask):
    treasurer = ask(books.cast.treasurer)
    treasurer.transfer(note="Safe for the fair")
    again = treasurer.transfer(note="Something else")
    assert again.status_code == 409
    assert "already sent with other content" in again.text


def entered_for_the_leader(books: Books) -> str:
    """By hand, 2,000 of the treasury into the leader's savings; where it waits."""
    with transaction(group_id=books.cast.group_id):
        savings = chart.Account("savings", member_of(books.cast.leader))
        account = account_ids([savings])[savings]
        asked = asking.Asked(date(2026, 11, 3), member_of(books.cast.treasurer), "own")
        lines = [
            entries.HandLine(chart.Account("treasury"), Decimal(2000)),
            entries.HandLine(account, Decimal(-2000)),
        ]
        return f"approvals/{asking.manual(asked, lines=lines).request_id}"


def test_nobody_approves_what_is_their_own_while_somebody_else_may(books: Books, ask: Ask):
    another_approver(books.cast)
    rest = entered_for_the_leader(books)
    leader, other = ask(books.cast.leader), ask(books.cast.secretary)
    shown = leader.client.get(leader.base + rest).text
    assert "This is about your own money. Somebody else must approve it: Grace Achieng." in shown
    assert "Approve</" not in shown
    refused = leader.post(f"{rest}/approval")
    assert refused.status_code == 403
    with transaction(group_id=books.cast.group_id):
        told = {row.member_id for row in session().scalars(sa.select(Notification))}
    assert told == {books.cast.secretary.member_id}
    assert other.post(f"{rest}/approval").status_code == 303


def test_who_it_concerns_approves_where_nobody_else_may(books: Books, ask: Ask):
    rest = entered_for_the_leader(books)
    assert ask(books.cast.leader).post(f"{rest}/approval").status_code == 303


def test_who_it_concerns_may_reject_it(books: Books, ask: Ask):
    another_approver(books.cast)
    rest = entered_for_the_leader(books)
    assert ask(books.cast.leader).post(f"{rest}/rejection", reason="Not agreed").status_code == 303


def test_while_only_one_may_approve_it_is_booked_and_marked(books: Books, ask: Ask):
    only_one_approver(books.cast)
    treasurer = ask(books.cast.treasurer)
    made = treasurer.transfer(amount="5000")
    assert "/entries/" in made.location
    assert "Not second-checked" in treasurer.client.get(made.location).text
    assert treasurer.transfer(amount="5000").location == made.location
    assert till(books) == 5000


def test_without_a_threshold_nobody_waits(books: Books, ask: Ask):
    with transaction(group_id=books.cast.group_id):
        rules: dict[str, Any] = {"approval_threshold": None}
        first = session().scalars(sa.select(GroupPolicy)).one()
        session().add(GroupPolicy(version=2, effective_on=first.effective_on, rules=rules, recorded_by=None))
    assert "/entries/" in ask(books.cast.treasurer).transfer(amount="9000").location


def test_what_is_entered_by_hand_or_spent_waits_too(books: Books, ask: Ask):
    treasurer, leader = ask(books.cast.treasurer), ask(books.cast.leader)
    hand = treasurer.lines(("1300", "2000", ""), ("4200", "", "2000"))
    spent = treasurer.post(
        "cash-entries", once="b" * 32, cash_account=books.bank, category="bank_charges", amount="3000", on="2026-11-03"
    )
    listed = leader.client.get(leader.base + "approvals").text
    for asked in (hand, spent):
        assert asked.location in listed
        rest = asked.location.split("/ledger/")[1]
        assert leader.client.get(asked.location).status_code == 200
        assert leader.post(f"{rest}/approval").status_code == 303
    assert "Nothing waits" in leader.client.get(leader.base + "approvals").text


def test_others_may_not_decide_and_outsiders_find_nothing(books: Books, ask: Ask):
    rest = ask(books.cast.treasurer).transfer().location.split("/ledger/")[1]
    for person, status in (("auditor", 403), ("secretary", 403), ("member", 403), ("outsider", 404), ("stranger", 404)):
        assert ask(books.cast.people[person]).post(f"{rest}/approval").status_code == status
    assert ask(books.cast.auditor).client.get(ask(books.cast.auditor).base + rest).status_code == 200


def test_what_is_asked_is_sealed_and_its_decision_final(books: Books, ask: Ask):
    ask(books.cast.treasurer).transfer(note="Wanjiku's hospital bill")
    with transaction(group_id=books.cast.group_id):
        request = request_of(books)
        assert b"Wanjiku" not in request.sealed
        assert approvals.payload_of(request)["note"] == "Wanjiku's hospital bill"
        approvals.reject(request, by=member_of(books.cast.leader), reason="No")
        with pytest.raises(AlreadyDecided):
            approvals.approve(request, by=member_of(books.cast.leader))


def test_the_database_itself_refuses_an_asker_who_approves(books: Books, ask: Ask):
    ask(books.cast.treasurer).transfer()
    with transaction(group_id=books.cast.group_id):
        request, by = request_of(books), member_of(books.cast.treasurer)
        with pytest.raises(OwnRequest):
            approvals.approve(request, by=by)
    row = ApprovalDecision(request_id=request.id, requested_by=by, decision="approved", decided_by=by)
    row.decided_at = request.requested_at
    with pytest.raises(sa.exc.IntegrityError, match="second"), transaction(group_id=books.cast.group_id):
        session().add(row)


def test_a_kind_that_no_room_knows_is_a_mistake_of_ours(books: Books):
    with pytest.raises(LookupError):
        approvals.approvable("nothing")

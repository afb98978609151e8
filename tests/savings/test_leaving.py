"""Who is in the exit queue pays in nothing and owes no contribution; penalties may still be paid."""

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.groups.services import mark_left, restore_member
from app.ledgers.errors import SomethingRestsOnIt
from app.savings import month
from app.savings.errors import InExitQueue, NothingToWaive
from app.savings.held import allocate_held
from app.savings.models import HeldReceipt, Payment
from app.savings.penalties import levy_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalties
from app.savings.recording import record_receipts
from app.savings.reversing import reverse_payment
from app.savings.waiving import waive_contribution
from app.savings.windows import window
from tests import factories
from tests.savings.conftest import NOW, TERMS, Saving, make_saving, member_of
from tests.savings.pages import at, fields

Open = Callable[[Any], FlaskClient]
SINCE = datetime(2026, 11, 10, 6, tzinfo=UTC)
SENTENCE = "has been in the exit queue since 10 Nov 2026"


def ask_to_leave(saving: Saving, since: datetime | None = SINCE) -> None:
    with transaction(group_id=saving.cast.group_id):
        mine = sa.update(Member).where(Member.id == member_of(saving.cast.member))
        session().execute(mine.values(leaving_since=since))


@pytest.fixture
def leaving(saving: Saving) -> Saving:
    """The member saved for November, owes September and October, and is in the queue since the tenth."""
    saving.pay("2000", date(2026, 11, 5))
    ask_to_leave(saving)
    return saving


def test_no_payment_is_taken_whenever_it_came_in(leaving: Saving) -> None:
    for day in (date(2026, 11, 20), date(2026, 11, 3), date(2026, 9, 3)):
        with pytest.raises(InExitQueue, match=SENTENCE):
            leaving.pay("5000", day)
    with transaction(group_id=leaving.cast.group_id):
        assert session().scalar(sa.select(sa.func.count()).select_from(Payment)) == 1


def test_of_a_batch_nothing_is_recorded_when_one_of_it_is_leaving(leaving: Saving) -> None:
    others = leaving.receipt("5000", date(2026, 11, 5), leaving.cast.other_member)
    with pytest.raises(InExitQueue), transaction(group_id=leaving.cast.group_id):
        record_receipts([others, leaving.receipt("5000", date(2026, 11, 5))], by=leaving.by)
    with transaction(group_id=leaving.cast.group_id):
        assert session().scalar(sa.select(sa.func.count()).select_from(Payment)) == 1


def test_what_was_held_can_be_returned_but_not_saved(saving: Saving) -> None:
    with transaction(group_id=saving.cast.group_id):
        payment = record_receipts([saving.receipt("5000", date(2026, 11, 5))], by=saving.by)[0]
        held = HeldReceipt(payment_id=payment.id, member_id=payment.member_id, amount=Decimal(100), kept="no_window")
        session().add(held)
        session().flush()
        held_id = held.id
    ask_to_leave(saving)
    with pytest.raises(InExitQueue), transaction(group_id=saving.cast.group_id):
        allocate_held(held_id, window_id=None, by=saving.by, key="allocated")


def test_nothing_is_due_from_that_day_and_nothing_is_behind(leaving: Saving) -> None:
    who = member_of(leaving.cast.member)
    with transaction(group_id=leaving.cast.group_id):
        rows = {name: month.month_of(window(id_)) for name, id_ in leaving.windows.items()}
        mine = {name: [row.standing for row in found if row.member.id == who] for name, found in rows.items()}
        assert [(str(one.status), one.expected, one.missing) for one in mine["2026-11"]] == [
            ("completed", Decimal(0), Decimal(0))
        ]
        assert [str(one.status) for one in mine["2026-09"]] == ["overdue"]  # it was over before
        assert mine["2026-12"] == []
        due = month.due_of(who)
        assert due is not None
        assert due.missing == 0
        assert who not in {row.member_id for row in month.arrears()}
        totals = month.totals_of([window(leaving.windows["2026-11"])])[0].totals
        assert [totals.expected, totals.paid, totals.missing] == [Decimal(n) for n in (20000, 2000, 20000)]
        with pytest.raises(NothingToWaive):
            waive_contribution(window_id=leaving.windows["2026-12"], member_id=who, reason="-", by=leaving.by)


def test_after_a_cancelled_request_all_is_as_before(leaving: Saving) -> None:
    ask_to_leave(leaving, None)
    leaving.pay("3000", date(2026, 11, 20))
    with transaction(group_id=leaving.cast.group_id):
        assert member_of(leaving.cast.member) in {row.member_id for row in month.arrears()}


def test_who_left_and_comes_back_saves_again(saving: Saving) -> None:
    ask_to_leave(saving)
    with transaction(group_id=saving.cast.group_id):
        member = session().scalars(sa.select(Member).where(Member.id == member_of(saving.cast.member))).one()
        mark_left(member=member, on=date(2026, 11, 20), by=member_of(saving.cast.leader))
        assert member.leaving_since == SINCE
        assert restore_member(member=member, by=member_of(saving.cast.leader)).leaving_since is None
    saving.pay("5000", date(2026, 11, 20))


def test_what_is_in_the_entitlement_is_not_taken_back_while_it_counts(saving: Saving) -> None:
    payment_id = saving.pay("2000", date(2026, 11, 5))
    told: dict[str, Any] = {"reason": "Typed twice", "on": date(2026, 11, 20), "by": saving.by}
    ask_to_leave(saving)
    with (
        pytest.raises(SomethingRestsOnIt, match="Daniel Mwangi has asked to leave"),
        transaction(group_id=saving.cast.group_id),
    ):
        reverse_payment(payment_id, **told)
    ask_to_leave(saving, None)
    with transaction(group_id=saving.cast.group_id):
        reverse_payment(payment_id, **told)


def test_a_penalty_that_is_owed_is_still_paid(leaving: Saving) -> None:
    who = member_of(leaving.cast.member)
    with transaction(group_id=leaving.cast.group_id):
        levy_penalty(member_id=who, amount=Decimal(100), on=date(2026, 11, 3), note="Noise", by=leaving.by, key="p")
        told = leaving.receipt("100", date(2026, 11, 20))
        money = PenaltyMoney(
            member_id=who,
            amount=told.amount,
            paid_at=told.paid_at,
            method="cash",
            cash_account_id=told.cash_account_id,
            key="x",
        )
        assert pay_penalties([money], by=leaving.by)[0].amount == 100


def test_the_grid_shows_the_row_with_a_mark_and_closed(leaving: Saving, as_person: Open) -> None:
    client, who = as_person(leaving.cast.treasurer), member_of(leaving.cast.member).hex
    url = at(leaving, f"/windows/{leaving.windows['2026-11']}/grid")
    for path in (url, f"{url}?fill=1"):
        shown = client.get(path).text
        row = shown[shown.index(f"grid_row-{who}") :].split("</tr>")[0]
        assert "In the exit queue" in row
        assert re.search(f'name="amount-{who}" value=""[^>]* disabled', row)
        assert row.count(" disabled") == 5


def test_what_was_typed_before_the_request_is_kept_with_the_sentence(leaving: Saving, as_person: Open) -> None:
    client, who = as_person(leaving.cast.treasurer), member_of(leaving.cast.member).hex
    url = at(leaving, f"/windows/{leaving.windows['2026-11']}/grid")
    page = client.get(url)
    told = {"paid_on": "2026-11-20", "method": "cash", "cash_account": str(leaving.till), f"amount-{who}": "5000"}
    answer = client.post(url, data=fields(page) | told | {"step": "review"})
    row = answer.text[answer.text.index(f"grid_row-{who}") :].split("</tr>")[0]
    assert answer.status_code == 422
    assert SENTENCE in row
    assert re.search(f'name="amount-{who}" value="5000"(?![^>]* disabled)', row)


def test_pages_of_a_member_say_it(leaving: Saving, as_person: Open) -> None:
    who, slug = member_of(leaving.cast.member), leaving.cast.slug
    client = as_person(leaving.cast.leader)
    for path in (f"/g/{slug}/savings/members/{who}", f"/g/{slug}/members", f"/g/{slug}/members/{who}"):
        assert "n the exit queue since 10 Nov 2026" in client.get(path).text, path
    assert "/record?member=" not in client.get(f"/g/{slug}/savings/members/{who}").text
    assert "in the exit queue" in client.get(at(leaving, f"/windows/{leaving.windows['2026-10']}")).text


def test_a_payment_that_waits_for_the_request_finds_it(committed: Flask) -> None:
    """The request holds the group's lock; the payment has read its payer before, and still it is refused."""
    with clock.held(NOW):
        with committed.app_context():
            saving = make_saving(factories.cast(savings=TERMS))
        who, asked, raised = member_of(saving.cast.member), threading.Event(), []

        def pay() -> None:
            try:
                with committed.app_context(), transaction(group_id=saving.cast.group_id):
                    known = session().scalars(sa.select(Member).where(Member.id == who)).one()
                    asked.set()
                    record_receipts([saving.receipt("5000", date(2026, 11, 5))], by=saving.by)
                    assert known.leaving_since is None
            except InExitQueue as error:
                raised.append(error)

        with committed.app_context(), transaction(group_id=saving.cast.group_id):
            lock = sa.text("SELECT 1 FROM savings_group WHERE id = app.gid() FOR NO KEY UPDATE")
            session().execute(lock, execution_options={"core_ok": True})
            thread = threading.Thread(target=pay)
            thread.start()
            asked.wait(10)
            session().execute(sa.update(Member).where(Member.id == who).values(leaving_since=SINCE))
        thread.join(20)
        assert len(raised) == 1

"""Asking to leave, withdrawing, cancelling, adjusting, setting aside: what is done, and what is refused."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.core.errors import Invalid
from app.core.money import TooManyDecimals, ZeroAmount
from app.core.outbox import Outbox
from app.exits import adjusting, asking, cancelling, liquidity, queries, scheduling
from app.exits.errors import (
    AlreadyFulfilled,
    AlreadyLeaving,
    BelowFulfilled,
    HasLeft,
    MoreThanFreeCash,
    MoreThanFreeThere,
    MoreThanSavings,
    NoChange,
    NotAnExit,
    NothingUnspent,
    OthersRequest,
    RequestEnded,
    SavingsDoNotCover,
    WithdrawalsOff,
)
from app.exits.models import ExitRequest, LiquidityEvent
from app.exits.offering import FULFIL
from app.exits.rules import Entitlement, RequestKind, State
from app.groups.errors import LastLeader
from app.groups.models import Member
from app.groups.services.roles import set_roles
from app.ledgers import holds
from app.ledgers.balances import held
from app.ledgers.books import credit, debit
from app.ledgers.cash import add_cash_account
from app.ledgers.chart import Account, PostingKind
from app.ledgers.errors import KeyUsed
from app.savings.penalties import levy_penalty, waive_penalty
from app.savings.penalty_money import PenaltyMoney, pay_penalty
from app.savings.windows import all_windows, open_due
from tests.exits.making import DAY, D, House, house, key
from tests.savings.conftest import NAIROBI, TERMS, Saving
from tests.savings.pages import fields

Open = Callable[[Any], FlaskClient]
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    with clock.held(NOW):
        yield


@pytest.fixture
def group(context: Flask) -> House:
    """Three who save: 400, 100, 50; the leader saves 1,000."""
    made = house(withdrawals=True, withdrawal_floor="20")
    for who, amount in (("member", 400), ("other_member", 100), ("secretary", 50), ("leader", 1000)):
        made.save(who, amount)
    return made


def row(group: House, who: str) -> Member:
    with transaction(group_id=group.cast.group_id):
        found = session().scalars(sa.select(Member).where(Member.id == group.member(who))).one()
        session().expunge(found)
        return found


def levy(group: House, who: str, amount: int) -> uuid.UUID:
    told: dict[str, Any] = {
        "member_id": group.member(who),
        "amount": D(amount),
        "on": DAY,
        "note": "late",
        "by": group.by,
    }
    made: uuid.UUID = group.does(levy_penalty, **told, key=key()).id
    return made


def approve(request_id: uuid.UUID, group: House, as_person: Open) -> None:
    """The leader agrees on the page of the request."""
    client, url = as_person(group.cast.leader), f"/g/{group.cast.slug}/ledger/approvals/{request_id}"
    answer = client.post(f"{url}/approval", data=fields(client.get(url)) | {"reason": ""})
    assert answer.status_code == 303, answer.text


def offered(group: House) -> set[str]:
    with transaction(group_id=group.cast.group_id):
        keys = session().scalars(sa.select(Outbox.key).where(Outbox.kind == FULFIL))
        return {one.removeprefix(f"{FULFIL}:").split(":")[0] for one in keys}


def test_a_request_freezes_everything_the_member_has_with_its_working(context: Flask) -> None:
    group = house(growth_percent="50")
    group.save("member", 1000)
    who = group.member("member")
    group.posts(debit("savings", D(500), who), credit("holdings", D(300), who), credit("asset_share", D(200), who))
    group.posts(debit("appropriated", D(99)), credit("realised_growth", D(99), who))
    group.posts(debit("asset_share", D(200), who), credit("group_asset_share", D(200)))
    asked = group.leave("member")
    with transaction(group_id=group.cast.group_id):
        made = queries.request(asked)
        found = Entitlement.stored(made.working)
        assert (found.savings, found.holdings) == (D(500), D(300))
        assert (found.asset_shares, found.growth) == (D(0), D(99))
        assert (found.growth_part, made.gross, made.sequence) == (D("49.5"), D("849.5"), 1)
    group.save("member", 70)
    assert group.stands(asked).gross == D("849.5")
    assert row(group, "member").leaving_since == NOW


def test_requests_are_numbered_without_gaps_and_known_by_their_key(group: House) -> None:
    same = key()
    first, again = group.leave("member", key=same), group.leave("member", key=same)
    second = group.leave("other_member")
    assert (first, group.stands(first).sequence, group.stands(second).sequence) == (again, 1, 2)
    with pytest.raises(KeyUsed):
        group.leave("secretary", key=same)
    with pytest.raises(AlreadyLeaving):
        group.leave("member")


def test_the_last_leader_stays_until_someone_else_leads(group: House) -> None:
    with pytest.raises(LastLeader):
        group.leave("leader")

    def promote(who: str) -> None:
        member = session().scalars(sa.select(Member).where(Member.id == group.member(who))).one()
        set_roles(member=member, roles=("leader",), by=group.member("leader"))

    group.does(promote, "member")
    group.leave("leader")
    with pytest.raises(LastLeader):  # the other one who leads is leaving as well
        group.leave("member")


def test_the_example_of_the_queue(group: House) -> None:
    a, b, c = (group.leave(who) for who in ("member", "other_member", "secretary"))
    group.set_aside(450)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b, c)] == [400, 50, 0]
    assert [group.state(one) for one in (a, b, c)] == [State.FULFILLED, State.PARTIALLY_FULFILLED, State.QUEUED]
    group.set_aside(100)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b, c)] == [400, 100, 50]
    assert group.balance("member_payable", "other_member") == 100
    assert group.balance("exit", "other_member") == -100
    assert group.faults() == []


def test_without_partial_payment_the_first_waits_for_the_whole(context: Flask) -> None:
    group = house(partial=False)
    group.save("member", 400)
    group.save("other_member", 100)
    a, b = group.leave("member"), group.leave("other_member")
    group.set_aside(300)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [0, 0]
    group.set_aside(150)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [400, 0]
    with transaction(group_id=group.cast.group_id):
        assert [pot.left for pot in liquidity.pots()] == [50]
        parts = queries.fulfilments_of(a)
        assert [(part.fulfilment.amount, part.fulfilment.number) for part in parts] == [(D(300), 1), (D(100), 1)]


def test_what_is_set_aside_must_be_free_and_there(group: House) -> None:
    found = group.does(liquidity.free_cash)
    assert (found.cash, found.owed, found.earmarked, found.free) == (1550, 0, 0, 1550)
    group.posts(debit("treasury", D(200)), credit("member_payable", D(200), group.member("leader")))
    group.set_aside(350)
    assert group.does(liquidity.free_cash).free == 1000
    with pytest.raises(MoreThanFreeCash):
        group.set_aside(1001)
    box = group.does(add_cash_account, name="Box", method="petty_cash", by=group.by).id
    group.posts(debit("cash", D(900), box), credit("cash", D(900), group.till), kind=PostingKind.TRANSFER)
    with pytest.raises(MoreThanFreeThere):
        group.set_aside(400)
    for wrong, amount in ((ZeroAmount, "0"), (ZeroAmount, "-5"), (TooManyDecimals, "1.001")):
        with pytest.raises(wrong):
            group.set_aside(amount)
    with pytest.raises(Invalid):
        group.set_aside(1, at=NOW + timedelta(minutes=1))


def test_money_set_aside_is_held_and_smaller_with_each_fulfilment(group: House) -> None:
    group.leave("other_member")
    group.set_aside(150)
    assert group.does(held, Account("cash", group.till)) == 150
    group.work()
    assert group.does(held, Account("cash", group.till)) == 50
    assert group.does(liquidity.free_cash).free == 1550 - 100 - 50


def test_what_is_owed_is_kept_back_at_todays_balance_and_netted_at_the_end(group: House) -> None:
    penalty = levy(group, "member", 150)
    asked = group.leave("member")
    group.set_aside(1000)
    group.work()
    assert (group.stands(asked).fulfilled, group.state(asked)) == (250, State.FULFILLED)
    levy(group, "member", 30)
    group.does(waive_penalty, penalty, reason="kind", on=DAY, by=group.by)
    assert "owed" in offered(group)
    group.work()
    assert group.stands(asked).fulfilled == 370
    group.pay("member")
    assert (group.state(asked), row(group, "member").status) == (State.CLOSED, "left")
    assert group.balance("treasury") == 0
    assert group.faults() == []


def test_who_owes_more_than_everything_waits_until_it_is_settled(group: House) -> None:
    penalty = levy(group, "secretary", 80)
    asked = group.leave("secretary")
    group.set_aside(100)
    group.work()
    assert (group.state(asked), group.stands(asked).payable) == (State.QUEUED, 0)
    assert len(group.does(queries.obstacles, asked)) == 1
    group.does(waive_penalty, penalty, reason="kind", on=DAY, by=group.by)
    levy(group, "secretary", 50)
    group.work()
    assert (group.state(asked), row(group, "secretary").status) == (State.CLOSED, "left")
    assert group.faults() == []


def test_nothing_is_kept_back_where_the_policy_says_so_and_the_debt_stands_in_the_way(context: Flask) -> None:
    group = house(deduct=False)
    group.save("member", 400)
    levy(group, "member", 30)
    asked = group.leave("member")
    group.set_aside(400)
    group.work()
    group.pay("member")
    assert (group.stands(asked).fulfilled, group.state(asked)) == (400, State.FULFILLED)
    assert len(group.does(queries.obstacles, asked)) == 1


def test_savings_under_a_guarantee_wait_and_those_behind_are_served(group: House) -> None:
    a, b = group.leave("member"), group.leave("other_member")
    told: dict[str, Any] = {"reason": "guarantee", "source": ("loan", uuid.uuid4()), "by": group.by}
    hold = group.does(holds.hold, Account("savings", group.member("member")), D(150), **told)
    group.set_aside(330)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [250, 80]
    assert group.stands(a).payable == 150
    group.does(holds.release, hold, by=group.by)
    group.set_aside(160)
    group.work()
    assert [group.stands(one).fulfilled for one in (a, b)] == [400, 90]


def test_a_withdrawal_is_held_and_stands_behind_all_who_leave(group: House) -> None:
    asked = group.withdraw("member", 300)
    assert group.does(held, Account("savings", group.member("member"))) == 300
    with pytest.raises(MoreThanSavings):
        group.withdraw("member", 81)  # 400, less 300 held, less the floor of 20
    leaving = group.leave("other_member")
    group.set_aside(250)
    group.work()
    assert [group.stands(one).fulfilled for one in (leaving, asked)] == [100, 150]
    assert group.balance("savings", "member") == 250
    assert group.does(held, Account("savings", group.member("member"))) == 150
    group.set_aside(150)
    group.work()
    assert (group.state(asked), group.balance("savings", "member")) == (State.FULFILLED, 100)
    group.pay("member")
    assert row(group, "member").status == "active"
    assert group.faults() == []


def test_withdrawing_is_for_who_stays_where_the_group_allows_it(group: House, context: Flask) -> None:
    with pytest.raises(WithdrawalsOff):
        house().withdraw("member", 1)
    group.leave("member")
    with pytest.raises(AlreadyLeaving):
        group.withdraw("member", 10)
    for wrong, amount in ((ZeroAmount, "0"), (TooManyDecimals, "1.001")):
        with pytest.raises(wrong):
            group.withdraw("other_member", amount)


def test_an_exit_takes_the_place_of_an_open_withdrawal(group: House) -> None:
    asked = group.withdraw("member", 300)
    group.set_aside(100)
    group.work()
    leaving = group.leave("member")
    assert (group.state(asked), group.stands(leaving).gross) == (State.CANCELLED, 300)
    assert group.does(held, Account("savings", group.member("member"))) == 0
    assert group.faults() == []


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


def test_a_penalty_that_is_paid_has_the_queue_looked_at_at_once(group: House) -> None:
    levy(group, "member", 150)
    group.leave("member")
    told = PenaltyMoney(
        amount=D(150),
        paid_at=NOW,
        method="cash",
        cash_account_id=group.till,
        key=key(),
        member_id=group.member("member"),
    )
    assert "owed" not in offered(group)
    group.does(pay_penalty, told, by=group.by)
    assert "owed" in offered(group)


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


def test_unspent_money_is_taken_back_and_spent_money_is_not(group: House) -> None:
    group.leave("other_member")
    event = group.set_aside(150)
    group.work()
    same = key()
    group.does(liquidity.take_back, event, reason="needed", by=group.by, key=same)
    group.does(liquidity.take_back, event, reason="needed", by=group.by, key=same)
    with pytest.raises(KeyUsed):
        group.does(liquidity.take_back, uuid.uuid4(), reason="needed", by=group.by, key=same)
    line = group.does(queries.event_line, event)
    assert (line.spent, line.taken_back, line.left) == (100, 50, 0)
    assert group.does(held, Account("cash", group.till)) == 0
    with pytest.raises(NothingUnspent):
        group.does(liquidity.take_back, event, reason="", by=group.by, key=key())
    assert group.faults() == []


def test_an_event_is_known_by_its_key(group: House) -> None:
    same = key()
    assert group.set_aside(10, key=same) == group.set_aside(10, key=same)
    with pytest.raises(KeyUsed):
        group.set_aside(11, key=same)


def test_places_and_what_is_ahead_in_money(group: House) -> None:
    group.leave("member")
    group.leave("other_member")
    group.withdraw("leader", 500)
    group.leave("secretary")
    rows = group.does(queries.queue)
    assert [(one.place, one.ahead, one.kind) for one in rows] == [
        (1, 0, RequestKind.EXIT),
        (2, 400, RequestKind.EXIT),
        (3, 500, RequestKind.EXIT),
        (4, 550, RequestKind.WITHDRAWAL),
    ]
    found = group.does(queries.simulate, D(450))
    assert [(one.gets, one.left) for one in found] == [(400, 0), (50, 50), (0, 50), (0, 500)]
    page = group.does(queries.queue_page, None, 2)
    assert ([one.place for one in page.rows], page.before is None, page.after is None) == ([1, 2], True, False)


def test_policy_sets_a_part_of_each_contribution_aside_once_while_somebody_waits(context: Flask) -> None:
    group = house(contributions_percent="10", savings=TERMS)
    before, now, on = moments()
    with clock.held(before):
        group.save("member", 400, on=on)
        group.does(scheduling.plan, before)
        group.leave("member")
    with clock.held(now):
        pay_in(group, "leader", 1000, on)
        group.does(scheduling.plan, now)
        group.does(scheduling.plan, now)
    with transaction(group_id=group.cast.group_id):
        made = session().scalars(sa.select(LiquidityEvent)).one()
        assert (made.amount, made.type, made.source_kind) == (D(100), "contribution_pool", "payment")
    assert offered(group) >= {"event", "clock"}


def test_policy_sets_aside_no_more_than_the_queue_can_take(context: Flask) -> None:
    group = house(contributions_percent="90", savings=TERMS)
    before, now, on = moments()
    with clock.held(before):
        group.save("member", 60, on=on)
        asked = group.leave("member")
    with clock.held(now):
        pay_in(group, "leader", 100, on)
        pay_in(group, "leader", 100, on)
        group.does(scheduling.plan, now)
        with transaction(group_id=group.cast.group_id):
            assert [one.amount for one in session().scalars(sa.select(LiquidityEvent))] == [60]
        group.work()
    assert group.state(asked) is State.FULFILLED


def moments() -> tuple[datetime, datetime, date]:
    """A while ago, now and the day of both: payments are stamped by the database, whose clock no test holds."""
    now = datetime.now(UTC)
    before = now - timedelta(minutes=5)
    return before, now, before.astimezone(NAIROBI).date()


def pay_in(group: House, who: str, amount: int, on: date) -> None:
    """A contribution with its records."""
    with transaction(group_id=group.cast.group_id):
        open_due(by=None, since=on)
        windows = {window.name: window.id for window in all_windows()}
    Saving(group.cast, group.till, windows).pay(str(amount), on, group.cast.people[who])


def test_who_has_left_asks_for_nothing(group: House) -> None:
    asked = group.leave("secretary")
    group.set_aside(50)
    group.work()
    group.pay("secretary")
    assert group.state(asked) is State.CLOSED
    with pytest.raises(HasLeft):
        group.leave("secretary")
    with pytest.raises(RequestEnded):
        group.does(cancelling.cancel, request_id=asked, reason="", by=group.by)


def test_a_request_of_nothing_ends_at_once(group: House) -> None:
    asked = group.leave("treasurer")
    group.work()
    assert (group.state(asked), row(group, "treasurer").status) == (State.CLOSED, "left")
    with transaction(group_id=group.cast.group_id):
        assert session().scalars(sa.select(ExitRequest.gross)).one() == Decimal(0)
    assert group.faults() == []

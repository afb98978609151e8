"""Share-outs in the books: allotted, paid, taken back, each once and to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import session, transaction
from app.core.errors import DomainError
from app.core.rooms import rooms
from app.distributions import checks, errors
from app.distributions.allotting import allot
from app.distributions.funds import add_fund, fund_balances, rename_fund
from app.distributions.measures import saved_days
from app.distributions.models import ShareOutPart, ShareOutPayment, ShareOutPaymentPart
from app.distributions.paying import Paying, pay_out, plan_payment
from app.distributions.planning import next_cycle, plan
from app.distributions.queries import all_parts, share_outs_page
from app.distributions.reversing import reverse_payment, reverse_share_out
from app.distributions.rules import Cycle, Rule
from app.groups.models import Member
from app.ledgers import chart
from app.ledgers.balances import natural_balance
from app.ledgers.books import debit
from app.ledgers.errors import DayInFuture, KeyUsed, NotEnough, SomethingRestsOnIt
from app.ledgers.holds import hold
from app.ledgers.methods import Method
from app.ledgers.models import Account
from app.payouts.models import Payable
from app.payouts.queries import open_payables
from app.payouts.rules import PayOne
from app.payouts.services import pay
from app.savings.penalties import levy_penalty
from app.savings.standings import owed_by_member
from tests import factories
from tests.distributions.conftest import CYCLE, JUNE, TODAY, Earning, make_earning
from tests.ledgers.test_statements_counted import counted

D = Decimal


@pytest.fixture
def inside(earning: Earning):
    with transaction(group_id=earning.cast.group_id):
        yield earning


def balance(kind: str, owner=None) -> Decimal:
    return natural_balance(chart.Account(kind, owner))


def of(made: Earning, kind: str) -> list[Decimal]:
    return [balance(kind, made.id(who)) for who in ("member", "other_member", "leader")]


def proved() -> None:
    assert [fault for room in rooms() for check in room.checks for fault in check().faults] == []


def leave(made: Earning, who: str) -> None:
    session().get_one(Member, (made.cast.group_id, made.id(who))).leaving_since = sa.func.now()
    session().flush()


def test_a_share_out_feeds_the_funds_first_and_then_everybodys_growth(inside):
    row = inside.allot()
    assert (row.distributable, row.reserve, row.education, row.shared, row.members) == (1000, 100, 50, 850, 3)
    assert of(inside, "realised_growth") == [D("510"), D("255"), D("85")]
    assert [(one.fund.name, one.balance) for one in fund_balances()] == [
        ("Education fund", D(50)),
        ("Reserve fund", D(100)),
    ]
    assert balance("appropriated") == -1000
    assert [(line.identifier, line.part.amount) for line in all_parts(row.id)] == sorted(
        (line.identifier, line.part.amount) for line in all_parts(row.id)
    )
    proved()


def test_every_rule_is_worked_out_side_by_side_before_anything_is_written(inside):
    inside.earns("40", kind="loan_interest", who="leader")
    found = plan(CYCLE)
    who = inside.id("leader")
    assert found.amount == D("884")
    assert {rule.value: found.part(rule, who) for rule in Rule} == {
        "savings": D("88.40"),
        "average": D("88.40"),
        "shares": D("0.00"),
        "equal": D("176.80"),
        "own_interest": D("124.40"),
    }
    assert [sum(part.amount for part in found.parts(rule).values()) for rule in Rule] == [884] * 5
    assert balance("appropriated") == 0


def test_the_average_counts_each_day_exactly(inside):
    inside.saves("member", "100", on=date(2026, 10, 31))
    days = saved_days(CYCLE)
    assert days[inside.id("member")] == 600 * 245 + 100
    assert saved_days(Cycle(date(2026, 4, 1), date(2026, 4, 30)))[inside.id("other_member")] == 300 * 30


def test_a_rule_that_nobody_has_anything_for_is_said_and_not_offered(context, held_clock):
    made = make_earning(factories.cast())
    with transaction(group_id=made.cast.group_id):
        found = plan(CYCLE)
        assert Rule.SHARES not in found.usable
        with pytest.raises(errors.ShareValueMissing):
            found.parts(Rule.SHARES)
        with pytest.raises(errors.ShareValueMissing):
            made.allot(Rule.SHARES)


def test_who_is_leaving_or_joined_later_takes_no_part(inside):
    leave(inside, "member")
    session().get_one(Member, (inside.cast.group_id, inside.id("leader"))).joined_on = date(2026, 11, 1)
    session().flush()
    row = inside.allot()
    assert of(inside, "realised_growth") == [0, 850, 0]
    assert row.members == 1


def test_the_same_key_is_the_same_share_out_and_other_words_under_it_are_refused(inside):
    told = inside.told()
    first = allot(told, by=inside.by, key="once")
    assert allot(told, by=inside.by, key="once").id == first.id
    with pytest.raises(KeyUsed):
        allot(replace(told, rule=Rule.EQUAL), by=inside.by, key="once")


def test_no_day_is_shared_out_twice_and_the_next_cycle_begins_after_the_last(inside):
    assert next_cycle() == Cycle(date(2026, 1, 1), TODAY)
    inside.allot()
    assert next_cycle() == Cycle(date(2026, 11, 1), TODAY)
    inside.earns("10", on=TODAY)
    with pytest.raises(errors.CycleTaken):
        plan(Cycle(date(2026, 10, 31), TODAY))
    assert plan(Cycle(date(2026, 11, 1), TODAY)).working.distributable == 10


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": D("850.01")}, errors.MoreThanThereIs),
        ({"on": date(2026, 11, 22)}, DayInFuture),
        ({"on": date(2026, 10, 30)}, errors.BeforeTheEnd),
        ({"seen": "other"}, errors.FiguresMoved),
        ({"cycle": Cycle(date(2026, 1, 1), date(2026, 11, 22))}, errors.CycleNotOver),
        ({"cycle": Cycle(date(2026, 1, 1), date(2026, 2, 1))}, errors.NothingToShare),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(inside, change, refusal):
    with pytest.raises(refusal):
        allot(replace(inside.told(), **change), by=inside.by, key="no")
    assert balance("appropriated") == 0
    assert share_outs_page().rows == []


def test_the_figures_that_were_seen_are_those_that_are_booked(inside):
    told = inside.told()
    seen = replace(told, seen=plan(CYCLE).mark_of(Rule.SAVINGS))
    inside.saves("leader", "1", on=JUNE)
    with pytest.raises(errors.FiguresMoved):
        allot(seen, by=inside.by, key="moved")


def test_what_was_spent_since_is_not_there_any_more(inside):
    inside.spends("400", on=date(2026, 11, 5))
    assert plan(CYCLE).working.gone_since == 400
    assert plan(CYCLE).working.distributable == 600


def test_a_part_can_stay_with_the_group_and_be_shared_out_later(inside):
    inside.allot(amount="500")
    assert plan(Cycle(date(2026, 11, 1), TODAY)).working.distributable == 350


def test_fines_are_kept_or_shared_as_the_terms_say(context, held_clock):
    made = make_earning(factories.cast(distributions={"fines_shared": False}))
    with transaction(group_id=made.cast.group_id):
        made.earns("120", kind="penalty_income")
        assert plan(CYCLE).working.fines_kept == 120
        made.allot()
        assert balance("appropriated") == -1000
        with pytest.raises(errors.NothingToShare):
            plan(Cycle(date(2026, 11, 1), TODAY))


def test_a_payment_makes_the_parts_owed_less_own_penalties(inside):
    levy_penalty(member_id=inside.id("leader"), amount=D(100), on=JUNE, note="late", by=inside.by, key="p")
    levy_penalty(member_id=inside.id("member"), amount=D(10), on=JUNE, note="late", by=inside.by, key="q")
    row = inside.allot()
    paid = inside.pay(row)
    assert [(one.payable.amount) for one in open_payables(inside.id("leader"))] == []
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert of(inside, "member_payable") == [D("556.10"), D("283.05"), 0]
    assert owed_by_member() == {inside.id("leader"): D("5.65")}
    assert (paid.owed, paid.deducted) == (D("839.15"), D("104.35"))
    assert session().scalars(sa.select(sa.func.sum(Payable.amount))).one() == paid.owed
    proved()


def test_ending_the_cycle_gives_the_savings_back_too(inside):
    paid = inside.pay(inside.allot(), with_savings=True)
    assert of(inside, "member_payable") == [1110, 555, 185]
    assert of(inside, "savings") == [0, 0, 0]
    assert paid.members == 3
    proved()


def test_what_is_held_of_savings_stays_and_a_loss_lessens_what_comes_back(inside):
    hold(
        chart.Account("savings", inside.id("other_member")),
        D(120),
        reason="guarantee",
        source=("member", inside.id("leader")),
        by=inside.by,
    )
    row = inside.allot()
    inside.entry_of_loss("leader", "105")
    inside.pay(row, with_savings=True)
    assert of(inside, "savings") == [0, 120, 0]
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert of(inside, "member_payable") == [1110, 435, 80]
    proved()


def test_a_share_out_is_paid_once_and_who_is_leaving_is_paid_by_the_exit(inside):
    row = inside.allot()
    leave(inside, "member")
    assert [one.display_name for one in plan_payment(row.id, with_savings=False).leaving] == ["Daniel Mwangi"]
    inside.pay(row)
    assert of(inside, "member_payable") == [0, 255, 85]
    with pytest.raises(errors.AlreadyPaidOut):
        inside.pay(row)
    told = Paying(share_out_id=row.id, with_savings=False, on=TODAY)
    first = pay_out(told, by=inside.by, key=session().scalars(sa.select(ShareOutPayment.idempotency_key)).one())
    assert session().scalars(sa.select(ShareOutPayment.id)).all() == [first.id]


def test_growth_that_is_no_longer_there_is_not_paid(inside):
    row = inside.allot()
    for who, amount in (("member", "510"), ("other_member", "300"), ("leader", "85")):
        inside.entry_of_loss(who, amount)
    with pytest.raises(errors.NothingToPay):
        plan_payment(row.id, with_savings=False)


def test_both_steps_are_taken_back_in_their_order(inside):
    levy_penalty(member_id=inside.id("leader"), amount=D(100), on=JUNE, note="late", by=inside.by, key="p")
    row = inside.allot()
    paid = inside.pay(row)
    with pytest.raises(SomethingRestsOnIt):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    reverse_payment(paid.id, reason="typo", on=TODAY, by=inside.by)
    assert owed_by_member() == {inside.id("leader"): 100}
    assert open_payables() == []
    proved()
    reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    assert of(inside, "realised_growth") == [0, 0, 0]
    assert [one.balance for one in fund_balances()] == [0, 0]
    proved()
    for verb, one in ((reverse_payment, paid), (reverse_share_out, row)):
        with pytest.raises(errors.AlreadyTakenBack):
            verb(one.id, reason="again", on=TODAY, by=inside.by)
    assert plan(CYCLE).working.distributable == 1100
    inside.allot()
    proved()


def test_a_payment_that_reached_somebody_is_not_taken_back(inside):
    paid = inside.pay(inside.allot())
    owed = open_payables(inside.id("leader"))[0].payable
    told = {"cash_account_id": inside.till, "method": Method.CASH, "on": TODAY, "by": inside.by, "key": "x"}
    pay(payments=[PayOne(owed.id, owed.amount)], **told)
    with pytest.raises(SomethingRestsOnIt):
        reverse_payment(paid.id, reason="typo", on=TODAY, by=inside.by)


def test_a_share_out_is_not_taken_back_once_its_growth_was_used_or_goes_with_an_exit(inside):
    row = inside.allot()
    inside.entry_of_loss("leader", "1")
    with pytest.raises(SomethingRestsOnIt, match="Amina Wanjiru"):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)
    inside.entry_of_loss("leader", "-1")
    leave(inside, "member")
    with pytest.raises(SomethingRestsOnIt, match="Daniel Mwangi"):
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)


def test_a_fund_that_was_used_keeps_its_share_out(inside):
    row = inside.allot()
    reserve = next(one.fund for one in fund_balances() if one.fund.purpose == "reserve")
    inside.entry(chart.PostingKind.FUND_PAYOUT, "-60", TODAY, debit("fund", D(60), reserve.id))
    with pytest.raises(NotEnough), session().begin_nested():
        reverse_share_out(row.id, reason="typo", on=TODAY, by=inside.by)


def test_an_older_share_out_waits_until_the_newer_one_is_gone(inside):
    old = inside.allot()
    inside.earns("10", on=TODAY)
    new = inside.allot(cycle=Cycle(date(2026, 11, 1), TODAY))
    with pytest.raises(SomethingRestsOnIt):
        reverse_share_out(old.id, reason="typo", on=TODAY, by=inside.by)
    reverse_share_out(new.id, reason="typo", on=TODAY, by=inside.by)
    reverse_share_out(old.id, reason="typo", on=TODAY, by=inside.by)
    proved()


def test_funds_have_names_of_their_own_in_the_books_too(inside):
    made = add_fund(name="Burial", by=inside.by)
    with pytest.raises(errors.FundNameTaken):
        add_fund(name="burial", by=inside.by)
    with pytest.raises(errors.NameMissing):
        rename_fund(made.id, name=" ", by=inside.by)
    rename_fund(made.id, name="Welfare", by=inside.by)
    assert session().scalars(sa.select(Account.name).where(Account.owner_id == made.id)).all() == ["Welfare"]


def test_a_row_that_was_tampered_with_is_found(inside):
    row = inside.allot()
    paid = inside.pay(row)
    mine = {"group_id": row.group_id, "member_id": inside.id("secretary"), "place": 9}
    growth = {"payment_id": paid.id, "growth": -1, "savings": 1, "deducted": 0, "owed": 0}  # the sums stay
    share = {"share_out_id": row.id, "weight": 0, "own_interest": 0, "amount": 1}
    for table, told, check in (
        (ShareOutPart, share, checks.share_outs),
        (ShareOutPaymentPart, growth, checks.payments),
    ):
        assert list(check().faults) == []
        session().connection().execute(sa.insert(table).values(**mine, **told))
        assert len(check().faults) == 2


def test_statements_do_not_grow_with_the_members(inside):
    plan(CYCLE)
    with counted(session().connection()) as few:
        plan(CYCLE)
    for number in range(20):
        inside.saves_of(factories.member(f"Saver {number}").id, "50")
    session().flush()
    with counted(session().connection()) as many:
        plan(CYCLE)
    assert len(many) == len(few)
    row = inside.allot()
    inside.pay(row)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deeds=st.lists(
        st.tuples(
            st.sampled_from(["saves", "earns", "spends", "allot", "pay", "undo"]),
            st.integers(1, 90_000).map(lambda n: D(n) / 100),
            st.sampled_from(list(Rule)),
            st.booleans(),
        ),
        min_size=4,
        max_size=12,
    )
)
def test_whatever_is_shared_paid_and_undone_the_books_say_what_the_rows_say(earning, deeds):
    with transaction(group_id=earning.cast.group_id):
        history = session().begin_nested()
        made, paid, day = [], [], date(2026, 1, 1)
        for what, amount, rule, flag in deeds:
            try:
                with session().begin_nested():
                    if what == "saves":
                        earning.saves("member" if flag else "leader", str(amount), on=JUNE)
                    elif what == "earns":
                        earning.earns(str(amount), on=JUNE, kind="loan_interest", who="member")
                    elif what == "spends":
                        earning.spends(str(amount), on=JUNE)
                    elif what == "allot":
                        made.append(earning.allot(rule, cycle=Cycle(day, TODAY)))
                    elif what == "pay":
                        paid.append(earning.pay(made[-1], with_savings=flag))
                    elif paid:
                        reverse_payment(paid.pop().id, reason="typo", on=TODAY, by=earning.by)
                    else:
                        reverse_share_out(made.pop().id, reason="typo", on=TODAY, by=earning.by)
            except (DomainError, IndexError):
                continue  # refused, and so nothing of it stays
        proved()
        history.rollback()

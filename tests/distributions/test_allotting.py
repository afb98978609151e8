"""A cycle's surplus is planned and allotted: each rule, each refusal, each day once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session, transaction
from app.distributions import errors
from app.distributions.allotting import allot
from app.distributions.funds import add_fund, fund_balances, rename_fund
from app.distributions.measures import saved_days
from app.distributions.planning import next_cycle, plan
from app.distributions.queries import all_parts, share_outs_page
from app.distributions.rules import Cycle, Rule
from app.groups.models import Member
from app.ledgers.errors import DayInFuture, KeyUsed
from app.ledgers.models import Account
from tests import factories
from tests.distributions.conftest import CYCLE, JUNE, TODAY, balance, leave, make_earning, of, proved
from tests.ledgers.test_statements_counted import counted

D = Decimal


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


def test_funds_have_names_of_their_own_in_the_books_too(inside):
    made = add_fund(name="Burial", by=inside.by)
    with pytest.raises(errors.FundNameTaken):
        add_fund(name="burial", by=inside.by)
    with pytest.raises(errors.NameMissing):
        rename_fund(made.id, name=" ", by=inside.by)
    rename_fund(made.id, name="Welfare", by=inside.by)
    assert session().scalars(sa.select(Account.name).where(Account.owner_id == made.id)).all() == ["Welfare"]


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

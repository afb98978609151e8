"""Sales give cost back by units, and gains to whoever they belong to; what was done can be taken back."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.db import session, transaction
from app.groups.models import Member
from app.groups.services import new_version
from app.holdings import queries
from app.holdings.asking import ask_sale
from app.holdings.earning import Income, record_income
from app.holdings.errors import (
    AlreadyTakenBack,
    BeforeInvesting,
    IsSuspended,
    LessThanNothing,
    MoreThanHeld,
    NothingHeld,
    ProceedsMissing,
)
from app.holdings.moving import HoldingMove, NotWhole, move_holdings, undo_moves
from app.holdings.reversing import reverse_record
from app.holdings.rules import Status
from app.holdings.selling import Sale, preview_sale, sell
from app.holdings.states import set_state
from app.holdings.valuing import Revaluation, revalue
from app.ledgers import chart
from app.ledgers.balances import balances_of_kind, natural_balance
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.errors import SomethingRestsOnIt
from tests import factories
from tests.holdings.conftest import TODAY, Investing, make_investing
from tests.savings.pages import fields

D = Decimal
Open = Callable[[Any], FlaskClient]


def sale(investing: Investing, found: Any, proceeds: int | str, units: int | str | None = None, **more: Any) -> Any:
    told: dict[str, Any] = {
        "investment_id": found,
        "kind": "sale",
        "on": TODAY,
        "units": None if units is None else D(units),
        "proceeds": D(proceeds),
        "cash_account_id": investing.bank,
        "key": f"sale{proceeds}{units}{more}",
    }
    return sell(Sale(**told | more), by=investing.by)


def of_members(investing: Investing, kind: str) -> dict[str, Decimal]:
    found = investing.parts(balances_of_kind(kind))
    return {name: amount for name, amount in found.items() if amount}


def test_a_sale_gives_the_cost_back_to_savings_and_the_gain_to_growth(investing: Investing) -> None:
    found = investing.invest(500)
    sale(investing, found, 550)
    assert of_members(investing, "savings") == {"leader": 600, "treasurer": 300, "member": 100}
    assert of_members(investing, "realised_growth") == {"leader": 30, "treasurer": 15, "member": 5}
    assert of_members(investing, "holdings") == {}
    assert natural_balance(chart.Account("disposal_result")) == 50
    assert natural_balance(chart.Account("appropriated")) == -50
    assert natural_balance(chart.Account("investment", found)) == 0


def test_parts_are_sold_at_average_cost_and_the_last_takes_the_rest(investing: Investing) -> None:
    found = investing.invest(100, unit_value=D("33.33"))
    sale(investing, found, 40, 1)
    first = {row.member_id: row.cost for row in queries.holders([found])}
    assert sum(first.values()) == D("66.67")
    sale(investing, found, 70)
    assert queries.holders([found]) == []
    assert sum(of_members(investing, "savings").values()) == 1000
    assert sum(of_members(investing, "realised_growth").values()) == 10


def test_a_default_is_a_sale_for_nothing(investing: Investing) -> None:
    found = investing.invest(500)
    sale(investing, found, 0, kind="default", cash_account_id=None)
    assert of_members(investing, "realised_growth") == {"leader": -300, "treasurer": -150, "member": -50}
    assert of_members(investing, "savings") == {"leader": 600, "treasurer": 300, "member": 100}


def test_gains_go_to_the_surplus_where_the_policy_says_so(investing: Investing) -> None:
    found = investing.invest(500)
    new_version(rules={"holdings": {"gains": "surplus"}}, effective_on=TODAY, by=investing.cast.leader.member_id)
    sale(investing, found, 450)
    assert of_members(investing, "realised_growth") == {}
    assert natural_balance(chart.Account("disposal_result")) == -50
    assert natural_balance(chart.Account("appropriated")) == 0


def test_the_gain_of_who_waits_to_leave_and_of_the_group_is_the_treasury_s(investing: Investing) -> None:
    found, cast = investing.invest(500), investing.cast
    session().get_one(Member, (cast.group_id, cast.leader.member_id)).leaving_since = clock.now()
    source = ("test", investing.bank)
    lines = [debit("holdings", D(50), cast.member.member_id), credit("group_holdings", D(50))]
    entry = post(Draft(PostingKind.BUY_OUT, TODAY, lines), by=investing.by)
    moved = [(cast.member.member_id, D(-5), D(-50)), (None, D(5), D(50))]
    move_holdings([HoldingMove(found, *row) for row in moved], source=source, entry_id=entry.id)
    sale(investing, found, 600)
    assert of_members(investing, "realised_growth") == {"treasurer": 30}
    assert natural_balance(chart.Account("treasury")) == 60 + 10 + 50
    assert natural_balance(chart.Account("group_holdings")) == 0


def test_moves_stay_whole_and_leave_nobody_below_zero(investing: Investing) -> None:
    found, cast = investing.invest(500), investing.cast
    rows = [HoldingMove(found, cast.member.member_id, D(-6), D(-50)), HoldingMove(found, None, D(6), D(50))]
    with pytest.raises(LessThanNothing), session().begin_nested():
        move_holdings(rows, source=("test", found), entry_id=None)
    with pytest.raises(NotWhole), session().begin_nested():
        move_holdings([HoldingMove(found, cast.member.member_id, D(-5), D(-50))], source=("test", found), entry_id=None)
    rows = [HoldingMove(found, cast.member.member_id, D(-5), D(-50)), HoldingMove(found, None, D(5), D(50))]
    move_holdings(rows, source=("test", found), entry_id=None)
    assert queries.holders([found])[-1].member_id is None
    undo_moves(("test", found), entry_id=None)
    undo_moves(("test", found), entry_id=None)
    assert [row.units for row in queries.holdings_of(cast.member.member_id)] == [5]


def test_what_cannot_be_sold(investing: Investing) -> None:
    found = investing.invest(500)
    with pytest.raises(MoreThanHeld):
        sale(investing, found, 1, 51)
    with pytest.raises(ProceedsMissing):
        sale(investing, found, 0)
    with pytest.raises(BeforeInvesting):
        sale(investing, found, 1, on=date(2026, 11, 20))
    set_state(found, Status.SUSPENDED, reason="The manager was suspended", by=investing.by)
    with pytest.raises(IsSuspended):
        sale(investing, found, 1)
    sale(investing, found, 0, kind="default")
    with pytest.raises(NothingHeld):
        sale(investing, found, 1, kind="maturity")


def test_a_value_changes_what_is_shown_and_nothing_else(investing: Investing) -> None:
    found = investing.invest(500)
    told = Revaluation(investment_id=found, on=TODAY, evidence="Statement", key="v", unit_value=D("11.5"))
    revalue(told, by=investing.by)
    worth = queries.worths([found], currency="KES")[found]
    assert (worth.current, worth.cost, worth.unit_price, worth.valued_on) == (D(575), D(500), D("11.5"), TODAY)
    sale(investing, found, 230, 20)
    assert queries.value_of(found, currency="KES") == 345
    assert of_members(investing, "holdings") == {"leader": 180, "treasurer": 90, "member": 30}


def test_reversals_leave_everything_as_before(investing: Investing) -> None:
    before = {kind: of_members(investing, kind) for kind in ("savings", "holdings", "realised_growth")}
    found = investing.invest(500)
    sold = sale(investing, found, 550)
    with pytest.raises(SomethingRestsOnIt, match="Sale of 21 Nov 2026"):
        reverse_record("investment", found, reason="typo", on=TODAY, by=investing.by)
    reverse_record("investment_sale", sold.id, reason="typo", on=TODAY, by=investing.by)
    assert [row.units for row in queries.holders([found])] == [30, 15, 5]
    reverse_record("investment", found, reason="typo", on=TODAY, by=investing.by)
    assert before == {kind: of_members(investing, kind) for kind in before}
    with pytest.raises(AlreadyTakenBack):
        reverse_record("investment", found, reason="typo", on=TODAY, by=investing.by)
    assert investing.parts(queries.eligible()) == {"leader": 600, "treasurer": 300, "member": 100}


def test_a_sale_whose_savings_were_used_stays(investing: Investing) -> None:
    found = investing.invest(1000)
    sold = sale(investing, found, 1100)
    investing.invest(900)
    with pytest.raises(SomethingRestsOnIt, match="used by entry"):
        reverse_record("investment_sale", sold.id, reason="typo", on=TODAY, by=investing.by)


def test_income_is_the_group_s_and_rests_on_the_investment(investing: Investing) -> None:
    found = investing.invest(500)
    told = Income(investment_id=found, on=TODAY, amount=D(20), cash_account_id=investing.bank, key="d1")
    earned = record_income(told, by=investing.by)
    assert record_income(told, by=investing.by).id == earned.id
    assert natural_balance(chart.Account("investment_income")) == 20
    with pytest.raises(SomethingRestsOnIt, match="income of"):
        reverse_record("investment", found, reason="typo", on=TODAY, by=investing.by)
    reverse_record("investment_income", earned.id, reason="typo", on=TODAY, by=investing.by)
    assert natural_balance(chart.Account("investment_income")) == 0


def test_all_asked_above_the_threshold_is_the_units_of_that_day_or_nothing(context: Flask, as_person: Open) -> None:
    made = make_investing(factories.cast(approval_threshold="100"))
    with transaction(group_id=made.cast.group_id):
        found = made.invest(500)
        told: dict[str, Any] = {"investment_id": found, "kind": "sale", "on": TODAY, "cash_account_id": made.bank}
        asked = ask_sale(Sale(**told, proceeds=D(550), key="all"), by=made.by)
        assert asked.waits
        some = sell(Sale(**told, units=D(20), proceeds=D(220), key="some"), by=made.by).id
    leader, url = as_person(made.cast.leader), f"/g/{made.cast.slug}/ledger/approvals/{asked.request_id}"
    form = fields(leader.get(url))
    refused = leader.post(f"{url}/approval", data=form)
    assert (refused.status_code, "units are held" in refused.text) == (409, True)
    with transaction(group_id=made.cast.group_id):
        assert sum(row.portion.units for row in queries.holders([found])) == 30
        reverse_record("investment_sale", some, reason="typo", on=TODAY, by=made.by)
    assert leader.post(f"{url}/approval", data=form).status_code == 303
    with transaction(group_id=made.cast.group_id):
        assert queries.holders([found]) == []


def test_a_sale_is_previewed_and_done_once(investing: Investing) -> None:
    found = investing.invest(500)
    told = Sale(
        investment_id=found, kind="maturity", on=TODAY, proceeds=D(550), cash_account_id=investing.bank, key="one"
    )
    plan = preview_sale(told)
    assert investing.parts({who: (part.cost, part.gain) for who, part in plan.parts.items() if who}) == {
        "leader": (300, 30),
        "treasurer": (150, 15),
        "member": (50, 5),
    }
    assert sell(told, by=investing.by).id == sell(told, by=investing.by).id
    assert session().scalar(sa.text("SELECT count(*) FROM investment_sale"), execution_options={"core_ok": True}) == 1

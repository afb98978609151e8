"""Figures of dues: arrears by age, collection, budgets against what was spent, and their pages."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.db import enter, session, transaction
from app.core.periods import Month
from app.dues import figuring, files, settling
from app.dues.budgeting import set_budget
from app.dues.figuring import elapsed, months_of
from app.ledgers.accounts import add_category
from app.ledgers.ages import age_of
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests import factories
from tests.dues.conftest import TODAY, Building, key, make_building
from tests.dues.test_views import send, url
from tests.ledgers.test_statements_counted import counted

D = Decimal


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**12))
def test_the_months_of_a_budget_add_up_to_it_to_the_cent(cents: int) -> None:
    amount = D(cents) / 100
    months = months_of(amount, "KES")
    assert (len(months), sum(months)) == (12, amount)
    assert max(months) - min(months) <= D("0.01")


def test_eleven_hundred_a_year_is_eight_months_and_four() -> None:
    assert months_of(D(1100), "KES") == [D("91.67")] * 8 + [D("91.66")] * 4
    assert [elapsed(2026, date(2026, 3, 31)), elapsed(2025, TODAY), elapsed(2027, TODAY)] == [3, 12, 0]


def test_ages_begin_the_day_after_they_end() -> None:
    due = date(2026, 3, 1)
    on = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 30), date(2026, 5, 1))
    wanted = ["current", "days_30", "days_30", "days_60", "days_60", "days_90"]
    assert [age_of(due, day) for day in on] == wanted
    assert [age_of(due, on) for on in (date(2026, 5, 30), date(2026, 5, 31))] == ["days_90", "older"]


def test_arrears_and_collection_leave_out_what_was_given_up(building: Building) -> None:
    levy = building.levy()
    building.posted(levy, Month(2026, 7))
    building.posted(levy, Month(2026, 11))
    building.pay("A1", "112.50", date(2026, 7, 1))
    building.pay("A2", "100.00")
    given_up = building.charges("A3")[0].charge.id
    settling.write_off(given_up, amount=D(50), reason="Gone", on=TODAY, by=building.by, key=key())
    with counted(session().connection()) as seen:
        rows = {row.party.code: row for row in figuring.arrears_page().rows}
    assert len(seen) <= 6
    assert {code: row.total for code, row in rows.items()} == {"P-A1": D("112.5"), "P-A2": D(75), "P-A3": D(50)}
    assert rows["P-A2"].ages["days_30"] == D(75)
    assert figuring.arrears_in_all() == dict.fromkeys(("current", "days_60", "days_90", "older"), D(0)) | {
        "days_30": D("237.5")
    }
    assert figuring.collected_in(2026) == (D(500), D("212.5"))  # without what was written off
    july = figuring.collection_of(2026)[6]
    assert (july.levied, july.paid, july.in_time, july.written_off) == (D(250), D(200), D("112.5"), D(50))
    assert (july.open, july.rate) == (D(0), D(80))
    assert figuring.collection_of(2025)[6].rate is None


def test_budgets_stand_beside_what_was_spent_and_levied(building: Building) -> None:
    lift = add_category(kind="other_expense", name="Lift", by=building.by)
    set_budget(year=2026, account_id=lift.id, amount=D(1100), by=building.by)
    set_budget(year=2026, account_id=lift.id, amount=D(1200), by=building.by)
    levy = building.levy()
    levy.category_id = lift.id
    building.posted(levy)
    building.pay("A1", "112.50")
    lines = [debit("other_expense", D(300), lift.owner_id), credit("cash", D(300), building.till)]
    post(Draft(PostingKind.EXPENSE, TODAY, lines), by=building.by, overdraft=True)
    (line,) = [one for one in figuring.budgets_of(2026) if one.account.id == lift.id]
    assert (line.budget, line.so_far, line.spent, line.left) == (D(1200), D(1100), D(300), D(900))
    assert (line.levied, line.paid) == (D(250), D("112.5"))


@pytest.fixture
def house(context: Flask, held_clock: None) -> Building:
    made = make_building(factories.cast())
    with transaction(group_id=made.cast.group_id):
        made.posted(made.levy(), Month(2026, 9))
        made.pay("A1", "100.00")
    enter(made.cast.group_id)
    return made


def test_the_pages_open_and_a_budget_is_set(house: Building, as_person: Any) -> None:
    client = as_person(house.cast.leader)
    lift = add_category(kind="other_expense", name="Lift", by=house.by)
    for path in ("/arrears", "/arrears.csv", "/collection", "/collection?year=1999", "/budgets", "/budgets?year=x"):
        assert client.get(url(house, path)).status_code == 200, path
    assert "12.50" in client.get(url(house, "/arrears")).text
    assert "40%" in client.get(url(house, "/collection?year=2026")).text
    told = {"account": str(lift.id), "year": "26", "amount": "-5"}
    wrong = send(house, client, url(house, "/budgets"), told)
    assert (wrong.status_code, 'value="26"' in wrong.text, 'value="-5"' in wrong.text) == (422, True, True)
    assert send(house, client, url(house, "/budgets"), told | {"year": "2026", "amount": "1100"}).status_code == 303
    with transaction(group_id=house.cast.group_id):
        lines = [debit("bank_charges", D(30)), credit("cash", D(30), house.till)]
        post(Draft(PostingKind.BANK_CHARGE, TODAY, lines), by=house.by)
    shown = client.get(url(house, "/budgets?year=2026")).text
    assert ("30.00" in shown, "Overspent" in shown) == (True, False)  # what has no budget is not over it
    assert ("Lift" in shown, "1,008.34" in shown) == (True, True)
    assert "1100" in client.get(url(house, f"/budgets/new?year=2026&account={lift.id}")).text
    assert as_person(house.cast.member).get(url(house, "/arrears")).status_code in (403, 404)


def test_my_position_and_the_overview_tell_dues_wholly(house: Building, as_person: Any) -> None:
    mine = as_person(house.cast.member).get(f"/g/{house.cast.slug}/position").text
    for word in (
        "Dues owed",
        "12.50",
        "of it overdue",
        "Dues to be paid",
        "September 2026",
        "Dues paid last",
        "100.00",
    ):
        assert word in mine, word
    assert "Dues owed" not in as_person(house.cast.other_member).get(f"/g/{house.cast.slug}/position").text
    board = as_person(house.cast.leader).get(f"/g/{house.cast.slug}/").text.replace("\N{NO-BREAK SPACE}", " ")
    for word in ("Dues owed", "Overdue", "Dues collected", "of KES 250.00 levied in 2026"):
        assert word in board, word
    assert figuring.collected_in(2026) == (D(250), D(100))


def test_who_reads_the_statement_of_another_is_on_record(
    house: Building, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []  # a GET rolls back, and with it here what it wrote in a transaction of its own
    monkeypatch.setattr(files, "record", lambda *said, **told: seen.append((*said, told["about"])))
    path, mine = url(house, f"/parties/{house.parties['A1']}/statement"), house.cast.member
    for person, count in ((mine, 0), (house.cast.leader, 1), (house.cast.other_member, 1)):
        as_person(person).get(path)
        assert seen == [("read", "dues_statement", house.parties["A1"], mine.member_id)] * count

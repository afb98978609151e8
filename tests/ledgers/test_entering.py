"""Officers enter in the browser: once however often they press, refused with what they typed kept, undone openly."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.db import transaction
from app.ledgers import cash, chart, queries
from app.ledgers.balances import balance, natural_balance
from tests.ledgers.conftest import Books, member_of
from tests.ledgers.officer import Officer

As = Callable[[Any], FlaskClient]
HOSTILE = [
    "1e999",
    "NaN",
    "-0",
    "-5",
    "0",
    "1.00000",
    "1.005",
    "1\x00",
    "\u202e5",
    "٣",
    "9" * 40,
    "1 000 000 000 000 000",
]


@pytest.fixture
def officer(books: Books, as_person: As) -> Officer:
    return Officer(books, as_person(books.cast.treasurer))


def test_a_transfer_is_booked_once_and_both_presses_lead_to_it(officer: Officer):
    first, second = officer.transfer(note="For the office"), officer.transfer(note="For the office")
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert "For the office" in officer.client.get(first.location).text
    assert officer.number() == 2


@pytest.mark.parametrize("amount", HOSTILE)
def test_an_amount_that_cannot_be_meant_is_answered_beside_its_field(officer: Officer, amount: str):
    answer = officer.transfer(amount=amount, note="kept as typed")
    assert answer.status_code == 422
    assert "kept as typed" in answer.text
    assert officer.number() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"on": "2026-11-22"},
        {"on": "2026-02-30"},
        {"on": ""},
        {"source": ""},
        {"source": "no-id"},
        {"target": "01999999-0000-7000-8000-000000000000"},
        {"unknown": "field"},
        {"note": "x" * 3000},
        {"note": "\x00"},
    ],
)
def test_other_bad_input_changes_nothing(officer: Officer, typed: dict[str, str]):
    assert officer.transfer(**typed).status_code == 422
    assert officer.number() == 1


def test_an_overdraft_asks_and_is_booked_once_it_is_confirmed(officer: Officer):
    asked = officer.transfer(amount="12000")
    assert asked.status_code == 409
    assert 'name="overdraft"' in asked.text
    assert "12000" in asked.text
    assert officer.number() == 1
    assert officer.transfer(amount="12000", overdraft="y").status_code == 303
    with transaction(group_id=officer.books.cast.group_id):
        assert balance(chart.Account("cash", officer.books.bank)) == -2000


def test_an_expense_and_an_income_go_the_right_way(officer: Officer):
    bank = {"cash_account": officer.books.bank, "on": "2026-11-03"}
    assert officer.post("categories", name="Stationery", kind="other_expense").status_code == 303
    with transaction(group_id=officer.books.cast.group_id):
        [paper] = queries.categories(["other_expense"])
        paper_id = paper.id
    assert officer.post("cash-entries", category=paper_id, amount="300", **bank).status_code == 303
    income = officer.post("cash-entries", category="investment_income", amount="120", once="b" * 32, **bank)
    assert income.status_code == 303
    with transaction(group_id=officer.books.cast.group_id):
        assert balance(paper_id) == 300
        assert natural_balance(chart.Account("investment_income")) == 120
        assert balance(chart.Account("cash", officer.books.bank)) == Decimal(9820)


def test_a_category_has_one_name(officer: Officer):
    assert officer.post("categories", name="Stationery", kind="other_expense").status_code == 303
    again = officer.post("categories", name="stationery", kind="other_expense")
    assert again.status_code == 422
    assert "stationery" in again.text


def test_an_entry_by_hand_balances_or_is_refused_with_all_that_was_typed(officer: Officer):
    typed = ("1300 Withheld tax recoverable", "70", ""), ("4200", "", "50")
    refused = officer.lines(*typed, note="Tax of the bank")
    assert refused.status_code == 422
    assert "differ by 20.00" in refused.text
    assert "Withheld tax recoverable" in refused.text
    assert "Tax of the bank" in refused.text
    assert officer.lines(*typed, ("Other income", "", "20")).status_code == 303
    assert officer.number() == 2


@pytest.mark.parametrize(
    "lines",
    [
        [("1300", "5", "")],
        [("1300", "5", "5"), ("4200", "", "5")],
        [("1300", "", ""), ("4200", "", "5")],
        [("nothing", "5", ""), ("4200", "", "5")],
        [("", "5", ""), ("4200", "", "5")],
        [("2000", "5", ""), ("4200", "", "5")],
        [("1300", "1e999", ""), ("4200", "", "NaN")],
        [],
    ],
)
def test_lines_that_are_not_whole_are_refused(officer: Officer, lines: list[tuple[str, str, str]]):
    assert officer.lines(*lines).status_code == 422
    assert officer.number() == 1


def test_asking_for_more_lines_books_nothing_and_keeps_what_was_typed(officer: Officer):
    answer = officer.lines(("1300", "70", ""), ("4200", "", "70"), more="1")
    assert answer.status_code == 200
    assert answer.text.count("-account") > 8
    assert 'value="1300"' in answer.text
    assert officer.number() == 1


def test_a_reversal_says_why_names_its_replacement_and_happens_once(officer: Officer):
    made = officer.transfer().location
    assert officer.client.get(made + "/reversal").status_code == 200
    assert officer.post("entries/2/reversal", reason="").status_code == 422
    assert officer.post("entries/2/reversal", reason="Typo", replacement="99").status_code == 422
    assert officer.post("entries/2/reversal", reason="Typo", when="original", replacement="1").status_code == 303
    assert officer.post("entries/2/reversal", reason="Typo").status_code == 409
    assert officer.post("entries/3/reversal", reason="Typo").status_code == 409
    shown = officer.client.get(made).text
    assert "Reversed by" in shown
    assert "Entry 3" in shown
    assert "Typo" in officer.client.get(officer.base + "entries/3").text
    with transaction(group_id=officer.books.cast.group_id):
        assert queries.entry_numbered(3).effective_on.isoformat() == "2026-11-03"
        assert balance(chart.Account("cash", officer.books.till)) == 0


def test_a_correction_reverses_and_replaces_at_once(officer: Officer):
    assert officer.lines(("1300", "70", ""), ("4200", "", "70")).status_code == 303
    assert 'value="70"' in officer.client.get(officer.base + "entries/2/correction").text
    again = {"rest": "entries/2/correction", "once": "c" * 32}
    assert officer.lines(("1300", "75", ""), ("4200", "", "75"), **again).status_code == 422
    done = officer.lines(("1300", "75", ""), ("4200", "", "75"), reason="It was 75", **again)
    assert done.status_code == 303
    assert done.location.endswith("/entries/4")
    assert "Takes the place of" in officer.client.get(done.location).text
    assert "Replaced by" in officer.client.get(officer.base + "entries/2").text
    with transaction(group_id=officer.books.cast.group_id):
        assert balance(chart.Account("tax_recoverable")) == 75


def test_opening_balances_come_to_zero_before_the_set_up_is_confirmed(officer: Officer):
    with transaction(group_id=officer.books.cast.group_id):
        bank = queries.entry_numbered(1).postings[0].account.code
    assert officer.post("opening", account=bank, amount="900", on="2026-01-01").status_code == 303
    assert officer.post("set-up").status_code == 409
    assert "900.00" in officer.client.get(officer.base + "opening").text
    more = {"account": "3500 Treasury", "amount": "900", "on": "2026-01-01", "once": "d" * 32}
    assert officer.post("opening", **more).status_code == 303
    assert officer.post("set-up").status_code == 303
    assert officer.post("opening", **(more | {"once": "e" * 32})).status_code == 409
    assert officer.post("entries/2/reversal", reason="late").status_code == 409


def test_a_cash_account_is_opened_changed_closed_and_opened_again(officer: Officer):
    typed = {"name": "M-PESA till", "method": "mobile_money", "number": "522522"}
    assert officer.post("cash-accounts", **typed).status_code == 303
    assert officer.post("cash-accounts", **typed).status_code == 422
    with transaction(group_id=officer.books.cast.group_id):
        row = next(row for row in cash.cash_accounts() if row.name == "M-PESA till")
    one = f"cash-accounts/{row.id}"
    assert "522522" in officer.client.get(f"{officer.base}{one}/profile").text
    assert officer.post(f"{one}/profile", **(typed | {"name": "Till"})).status_code == 303
    assert officer.post(f"{one}/closing").status_code == 303
    assert officer.post(f"{one}/reopening").status_code == 303
    assert officer.post(f"cash-accounts/{officer.books.bank}/closing").status_code == 409
    assert officer.post(f"{one}/profile", **(typed | {"name": "Equity Bank"})).status_code == 422


def test_nobody_without_the_permission_enters(books: Books, as_person: As):
    for person in (books.cast.auditor, books.cast.secretary, books.cast.member):
        assert Officer(books, as_person(person)).transfer().status_code == 403
    assert Officer(books, as_person(books.cast.outsider)).transfer().status_code == 404
    with transaction(group_id=books.cast.group_id):
        assert natural_balance(chart.Account("savings", member_of(books.cast.member))) == 10000


def test_an_account_is_picked_by_a_part_of_its_name_that_only_one_has(officer: Officer):
    page = officer.client.get(officer.base + "entries/new").text
    assert not re.search(r'<option value="\d{4}', page)
    assert 'value="Withheld tax recoverable"' in page
    assert officer.lines(("withheld", "70", ""), ("other inc", "", "70")).status_code == 303
    several = officer.lines(("other", "70", ""), ("withheld", "", "70"), once="b" * 32)
    assert several.status_code == 422
    assert "Several accounts are called so" in several.text


def test_a_refusal_names_the_account_without_its_code(officer: Officer):
    asked = officer.transfer(amount="12000")
    assert re.search(r"would take “[^”\d]+” below", asked.text)

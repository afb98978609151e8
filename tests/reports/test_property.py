"""Reports and the export with money in investments, assets, funds and in the hands of the group itself."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from beancount import loader
from flask.testing import FlaskClient

from app.core.db import session, transaction
from app.ledgers.balance_checks import books_are_equal
from app.ledgers.balances import totals
from app.ledgers.books import Draft, Line, credit, debit, post
from app.ledgers.chart import PostingKind
from app.ledgers.models import Account
from app.reports import queries
from app.reports.journal import beancount_text
from app.reports.queries import Period
from app.reports.tables import Report
from tests.ledgers.conftest import Books, member_of

As = Callable[[Any], FlaskClient]
YEAR = Period(date(2026, 1, 1), date(2026, 11, 21))
BONDS, TRUST, HOUSE, RESERVE = (uuid.UUID(int=n) for n in (21, 22, 23, 24))
NAMES = {BONDS: "Treasury bond 2031", TRUST: "Unit trust", HOUSE: 'Plot "12" in Ruiru', RESERVE: "Reserve"}


def entry(kind: PostingKind, *lines: Line) -> None:
    post(Draft(kind, date(2026, 11, 4), lines), by=None)


def bought(books: Books, whose: uuid.UUID, what: uuid.UUID, cost: Decimal) -> None:
    lines = [debit("investment", cost, what), credit("cash", cost, books.bank)]
    entry(PostingKind.INVESTMENT, *lines, debit("savings", cost, whose), credit("holdings", cost, whose))


def converted(whose: uuid.UUID) -> None:
    """The rest of the bonds, 3,000 at cost, becomes a house of 3,500."""
    cost, price = Decimal(3000), Decimal(3500)
    lines = [debit("property", price, HOUSE), credit("investment", cost, BONDS)]
    lines += [credit("disposal_result", price - cost), debit("holdings", cost, whose)]
    entry(PostingKind.CONVERSION, *lines, debit("appropriated", price - cost), credit("asset_share", price, whose))


@pytest.fixture
def wealthy(books: Books) -> Books:
    """5,000 of 10,000 saved are invested; some is sold at a loss, some becomes a house, half of it the group's."""
    whose, d = member_of(books.cast.member), Decimal
    with transaction(group_id=books.cast.group_id):
        bought(books, whose, BONDS, d(4000))
        bought(books, whose, TRUST, d(1000))
        lines = [
            debit("cash", d(900), books.bank),
            debit("disposal_result", d(100)),
            credit("investment", d(1000), BONDS),
        ]
        lines += [debit("holdings", d(1000), whose), credit("appropriated", d(100)), credit("savings", d(1000), whose)]
        entry(PostingKind.SALE, *lines, debit("realised_growth", d(100), whose))
        converted(whose)
        entry(PostingKind.FUND_IN, debit("appropriated", d(50)), credit("fund", d(50), RESERVE))
        lines = [debit("asset_share", d(1750), whose), credit("group_asset_share", d(1750))]
        entry(PostingKind.BUY_OUT, *lines, debit("treasury", d(1800)), credit("member_payable", d(1800), whose))
        lines = [debit("holdings", d(400), whose), credit("group_holdings", d(400))]
        entry(PostingKind.EXIT_CLOSED, *lines, credit("exit", d(10), whose), debit("savings", d(10), whose))
        for owner, name in NAMES.items():
            session().execute(sa.update(Account).where(Account.owner_id == owner).values(name=name))
    return books


def sums(report: Report) -> dict[str, Any]:
    return {str(row.label): tuple(row.amounts) for row in report.rows if row.style == "total"}


def test_both_sides_are_equal_and_each_investment_and_asset_has_its_line(wealthy: Books) -> None:
    with transaction(group_id=wealthy.cast.group_id):
        sheet = queries.balance_sheet(YEAR)
        told = sums(sheet)
        assert told["Assets in all"] == told["Liabilities, equity and surplus"] == (Decimal(10400),)
        assert told["Liabilities in all"] == (Decimal(1800),)
        assert told["Surplus in all"] == (Decimal(-50),)  # 400 gained, 400 given to the member, 50 put aside
        lines = {str(row.label): row.amounts[0] for row in sheet.rows if row.style == "line" and row.code}
        assert {name: lines[name] for name in (NAMES[TRUST], NAMES[HOUSE], NAMES[RESERVE])} == {
            NAMES[TRUST]: Decimal(1000),
            NAMES[HOUSE]: Decimal(3500),
            NAMES[RESERVE]: Decimal(50),
        }
        assert NAMES[BONDS] not in lines  # nothing of it is left
        groups = {"Treasury": -1800, "Group holdings": 400, "Group asset share": 1750}
        assert {name: lines[name] for name in groups} == groups
        ours, theirs = sums(queries.trial_balance(YEAR))["Total"]
        assert ours == theirs
        assert books_are_equal().faults == ()


def test_cash_flow_and_income_tell_what_was_bought_sold_and_gained(wealthy: Books) -> None:
    with transaction(group_id=wealthy.cast.group_id):
        flow = queries.cash_flow(YEAR)
        assert {str(row.label): row.amounts[2] for row in flow.rows if row.link} == {
            "Entry by hand": Decimal(10000),
            "Investment": Decimal(-5000),
            "Sale of an investment": Decimal(900),
        }
        assert sums(queries.income_statement(YEAR))["Surplus of the period"] == (Decimal(400),)
        assert [total.natural for total in totals() if total.kind == "disposal_result"] == [Decimal(400)]


def test_an_independent_checker_accepts_it_and_reads_the_names(wealthy: Books) -> None:
    with transaction(group_id=wealthy.cast.group_id):
        text = beancount_text()
    found, errors, _options = loader.load_string(text)
    assert errors == []
    labels = {one.meta.get("label") for one in found}
    assert set(NAMES.values()) <= labels
    assert "Daniel" not in text


def test_every_account_of_it_opens(wealthy: Books, as_person: As) -> None:
    client = as_person(wealthy.cast.treasurer)
    with client.application.test_request_context(), transaction(group_id=wealthy.cast.group_id):
        links = [row.link for make in (queries.balance_sheet, queries.cash_flow) for row in make(YEAR).rows if row.link]
        urls = [client.application.url_for(name, slug=wealthy.cast.slug, **told) for name, told in links]
    for url in urls:
        assert client.get(url).status_code == 200, url
    shown = client.get(f"/g/{wealthy.cast.slug}/ledger/").text
    assert "Unit trust" in shown

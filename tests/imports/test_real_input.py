"""The files of a real group, from an empty book to an account that agrees with its statement line by line."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.imports.models import ImportedLine
from app.ledgers.balances import balances_of_kind
from app.ledgers.cash import cash_balances
from app.savings.models import Payment
from tests.factories import Cast
from tests.imports import helping
from tests.imports.made import data

MONEY, BANK = "Mobile money", "Umoja Fund"


@pytest.fixture
def people(context) -> Cast:
    return helping.cast()


def test_the_real_files_end_in_books_that_agree(people: Cast) -> None:
    account = helping.open_cash(people, MONEY, opening=152_000)
    helping.open_cash(people, BANK, "bank", opening=64_000)
    told = helping.import_members(people, data("members.csv"))
    assert (told["new"], told["opened"], Decimal(told["savings"])) == (24, 16, Decimal(216_000))

    full, october = data("mpesa_statement_full.csv"), data("mpesa_statement_october.csv")
    first = helping.import_statement(people, account, full)
    assert (first["lines"], first["contributions"], first["to_allocate"]) == (259, 229, 30)
    for again in (october, full):
        assert helping.import_statement(people, account, again)["lines"] == 0
    with helping.inside(people):
        assert session().scalar(sa.select(sa.func.count()).select_from(ImportedLine)) == 259
        assert session().scalar(sa.select(sa.func.sum(Payment.amount))) == Decimal(1_152_500)
        assert sum(balances_of_kind("savings").values()) == Decimal(1_152_500 + 216_000)
        print([(b.cash_account.name, b.balance) for b in cash_balances()])

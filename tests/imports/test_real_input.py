"""The files of a real group, from an empty book to an account that agrees with its statement line by line."""

from collections import Counter
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import session
from app.core.rooms import rooms
from app.imports import queries, reconciling
from app.imports.allocating import Choice, allocate
from app.imports.models import ImportedLine
from app.ledgers import chart
from app.ledgers.balances import balance, balances_of_kind
from app.ledgers.cash import add_cash_account, cash_accounts, cash_balances
from app.ledgers.entries import confirm_set_up
from app.savings.models import Payment
from tests.factories import Cast
from tests.imports import helping
from tests.imports.made import data

MONEY, BANK = "Mobile money", "Umoja Fund"


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
        assert {b.cash_account.name: b.balance for b in cash_balances()}[MONEY] == Decimal(152_000 + 1_152_500)

    with helping.inside(people):
        allocate_by_kind(people)
    with helping.inside(people):
        assert list(queries.open_count()) == [0, 0]
        booked = {b.cash_account.name: b.balance for b in cash_balances()}
        assert booked == {MONEY: Decimal(296_530), BANK: Decimal(864_000), "Petty cash": Decimal(206_000)}
        assert balance(chart.Account("bank_charges")) == Decimal(1_970)
    with helping.inside(people):
        side = reconciling.beside(account, through=date(2026, 10, 31))
        assert (len(side.rows), side.open, side.first_fault, side.without) == (259, 0, None, [])
        assert side.printed == side.computed == Decimal(296_530)
        assert reconciling.reconcile(account, through=side.through, by=people.treasurer.member_id).lines == 259
        confirm_set_up(by=people.leader.member_id)
    with helping.inside(people):
        assert faults() == []


def allocate_by_kind(people: Cast) -> None:
    """What an officer does with the other lines: name the places once, and accept."""
    found = queries.to_allocate(size=100).rows
    assert Counter(line.proposal.what for line in found) == {"transfer": 20, "charge": 10}
    petty = add_cash_account(name="Petty cash", method="petty_cash", by=people.leader.member_id).id
    bank = next(row.id for row in cash_accounts() if row.name == BANK)
    places = {"to_bank": bank, "to_agent": petty}
    allocate(
        [Choice(row.line.id, row.proposal.what.value, target_id=places.get(row.line.kind)) for row in found],
        by=people.treasurer.member_id,
    )


def faults() -> list[str]:
    return [fault for room in rooms() for check in room.checks for fault in check().faults]

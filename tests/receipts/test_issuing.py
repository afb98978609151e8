"""Issuing a month: the examples of the spec, tax at its source, the books, and what is skipped."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.ids import new_id
from app.core.periods import Month
from app.ledgers.errors import DayTooLongAgo
from app.ledgers.models import Account, Entry, Posting
from app.receipts import checks, running
from app.receipts.errors import MonthNotBegun, NothingToIssue
from app.receipts.models import Receipt
from app.receipts.tax_options import choose
from app.receipts.writing import add_rows
from tests.receipts.world import FEBRUARY, JANUARY, MARCH, D, World


def amounts(world: World, month: Month = JANUARY) -> list[str]:
    return [str(row.amount.quantize(D("0.01"))) for row in world.counting(month)]


def lines_of(world: World, entry_id: object) -> list[tuple[str, Decimal]]:
    with world.unit_of_work():
        query = sa.select(Account.kind, Posting.amount).join(Account, Account.id == Posting.account_id)
        return sorted((kind, amount) for kind, amount in session().execute(query.where(Posting.entry_id == entry_id)))


@pytest.mark.parametrize(
    ("rent", "shares", "parts"),
    [
        ("1000.00", ("60", "40"), ["600.00", "400.00"]),
        ("100.00", ("33.33", "66.67"), ["33.33", "66.67"]),
        ("100.00", ("33.3333", "33.3333", "33.3334"), ["33.33", "33.33", "33.34"]),
    ],
)
def test_a_rent_is_split_among_its_owners_to_the_cent(
    world: World, rent: str, shares: tuple[str, ...], parts: list[str]
) -> None:
    world.simple(rent=rent, shares=shares)
    world.run(JANUARY)
    assert amounts(world) == parts


def test_whoever_has_the_turn_gets_the_whole_rent_with_one_receipt(world: World) -> None:
    flat = world.simple(shares=())
    odd, even = world.party("ODD"), world.party("EVEN")
    turns = {"alternation": "odd_even"}
    world.assign(flat.unit, odd, "50", cycle_position=1, **turns)
    world.assign(flat.unit, even, "50", cycle_position=2, **turns)
    for month in (JANUARY, FEBRUARY):
        world.run(month)
    assert [(row.owner_id, row.amount) for row in world.counting()] == [(odd, D(500)), (even, D(500))]


def test_a_gap_is_skipped_and_named_and_the_others_are_issued(world: World) -> None:
    flat, _whole = world.simple(shares=("30",)), world.simple(rent="700")
    turns = {"alternation": "odd_even"}
    world.assign(flat.unit, world.party("ODD"), "20", cycle_position=1, **turns)
    world.assign(flat.unit, world.party("EVEN"), "10", cycle_position=2, **turns)
    told = world.run(JANUARY)
    assert (told.sums.units, told.sums.receipts, told.sums.skipped) == (2, 1, 1)
    with world.unit_of_work():
        (skipped,) = running.all_skips(told.batch.id)
    assert (skipped.unit_id, skipped.reason) == (flat.unit, "gap")
    assert "50%" in (skipped.why or "")


def test_what_is_issued_is_in_the_books_for_the_owner_or_for_the_group_itself(world: World) -> None:
    unit, other, client = world.unit("A"), world.unit("B"), world.party("C", kind="company")
    person, group = world.party("P"), world.party("G", kind="company", is_group=True)
    for place, owner in ((unit, person), (other, group)):
        world.let(place, client, "9000", "150")
        world.assign(place, owner)
    world.run(MARCH)
    own, ours = world.counting()
    assert (own.number, own.amount, own.rate, own.withheld, own.net, own.owed) == (
        *(1, D(9_000), D(10), D(900)),
        *(D(8_100), D(8_250)),
    )
    assert own.ras_ir
    assert (ours.number, ours.rate, ours.owed, ours.ras_ir) == (2, D(0), D(9_150), False)
    assert lines_of(world, own.entry_id) == [("owner_payable", D(-8_250)), ("rent_receivable", D(8_250))]
    assert lines_of(world, ours.entry_id) == [("rent_income", D(-9_150)), ("rent_receivable", D(9_150))]
    with world.unit_of_work():
        entry = session().scalars(sa.select(Entry).where(Entry.id == own.entry_id)).one()
    assert (entry.effective_on, entry.source_kind, entry.source_id) == (MARCH.first, "receipt", own.id)


def test_two_halves_of_16000_are_96000_a_year_each_so_ten_per_cent_is_withheld(world: World) -> None:
    unit, client = world.unit("A"), world.party("C", professional=True)
    world.let(unit, client, "16000.00")
    for code in ("P1", "P2"):
        world.assign(unit, world.party(code), "50")
    world.run(JANUARY)
    for row in world.counting():
        assert (row.annual_gross, row.rate, row.withheld) == (D(96_000), D(10), D(800))


def test_nothing_is_withheld_by_a_private_payer_of_a_company_or_below_the_first_bound(world: World) -> None:
    private, small = world.party("C1"), world.party("C2", kind="company")
    for code, client, owner, rent in (
        ("A", private, world.party("P1"), "20000"),
        ("B", small, world.party("P2", kind="company"), "20000"),
        ("C", small, world.party("P3"), "3333.33"),
    ):
        unit = world.unit(code)
        world.let(unit, client, rent)
        world.assign(unit, owner)
    world.run(JANUARY)
    found = world.counting()
    assert [(row.rate, row.withheld, row.ras_ir) for row in found] == [(D(0), D(0), False)] * 3
    assert [row.annual_gross for row in found] == [None, None, D("39999.96")]


def test_an_owner_may_choose_the_final_rate_from_a_month_on(world: World) -> None:
    unit, client, owner = world.unit("A"), world.party("C", kind="company"), world.party("P")
    world.let(unit, client, "1000")
    world.assign(unit, owner)
    world.run(JANUARY)
    with world.unit_of_work():
        told: dict[str, Any] = {"owner_id": owner, "client_id": client, "starts_on": FEBRUARY.first, "by": world.by}
        assert choose(final=True, **told) is choose(final=True, **told)  # pressed twice
    for month in (FEBRUARY, MARCH):
        world.run(month)
    assert [(row.rate, row.final, row.withheld) for row in world.counting()] == [
        (D(0), False, D(0)),
        (D(20), True, D(200)),
        (D(20), True, D(200)),
    ]


def test_one_unit_can_be_run_alone_and_a_past_month_too(world: World) -> None:
    flat, _other = world.simple(), world.simple()
    assert world.run(Month(2025, 6), flat.unit).sums.receipts == 1
    assert world.run(Month(2025, 6)).sums.receipts == 1
    assert [row.number for row in world.counting()] == [1, 2]
    assert {row.year for row in world.counting()} == {2026}  # numbered by the year of issue


def test_a_month_that_has_not_begun_or_in_which_nothing_is_let_is_refused(world: World) -> None:
    with pytest.raises(NothingToIssue):
        world.start(JANUARY)
    with pytest.raises(MonthNotBegun):
        world.start(Month(2026, 4))
    flat = world.simple()
    with pytest.raises(DayTooLongAgo) as refused:  # no worker could book it
        world.start(Month(1969, 12), flat.unit)
    assert refused.value.field == "period"


def test_a_unit_whose_owners_changed_behind_its_receipts_is_left_alone_and_named(world: World) -> None:
    flat = world.simple()
    world.run(JANUARY)
    with world.unit_of_work():
        from_before = sa.text("UPDATE assignment SET ends_on = '2025-12-31' WHERE id = :id")
        session().connection().execute(from_before, {"id": flat.assignments[0]})
    world.assign(flat.unit, world.party("NEW"))
    told = world.run(JANUARY)
    with world.unit_of_work():
        assert [row.reason for row in running.all_skips(told.batch.id)] == ["changed"]
    assert [row.owner_id for row in world.counting()] == flat.owners


def test_the_proof_finds_nothing_wrong_and_sees_what_is(world: World) -> None:
    world.simple(shares=("60", "40"))
    for month in (JANUARY, FEBRUARY):
        world.run(month)
    with world.unit_of_work():
        assert [(check().looked_at > 0, list(check().faults)) for check in checks.CHECKS] == [(True, [])] * 5
    with world.unit_of_work():  # a row that no verb would write: another rent, its hash and its entry another one's
        row = world.counting()[0]
        told = {column.name: getattr(row, column.name) for column in Receipt.__table__.columns}
        bad = {"id": new_id(), "number": 5, "period": "2026-03", "amount": D(1), "net": D(1), "percent": D(100)}
        add_rows(Receipt, [told | bad])
    with world.unit_of_work():
        wrong = {check.__name__ for check in checks.CHECKS if check().faults}
    assert wrong == {"whole", "hashes", "entries"}


def test_the_database_itself_refuses_a_gap_in_the_numbers_and_a_second_receipt_that_counts(world: World) -> None:
    world.simple()
    world.run(JANUARY)
    row = world.counting()[0]
    told = {column.name: getattr(row, column.name) for column in Receipt.__table__.columns}
    for fault, bad in (("PP036", {"number": 3, "period": "2026-02"}), ("23505", {"number": 2})):
        with pytest.raises(sa.exc.DBAPIError) as refused, world.unit_of_work():
            add_rows(Receipt, [told | bad | {"id": new_id()}])
        assert getattr(refused.value.orig, "sqlstate", None) == fault

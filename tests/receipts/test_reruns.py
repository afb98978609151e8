"""Running, rerunning, killing and reversing in any order: one receipt that counts, and numbers without a gap."""

import itertools
import random
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import session, transaction
from app.core.draining import handle
from app.core.outbox import Outbox
from app.groups.services.members import lock_group
from app.ledgers.errors import KeyUsed
from app.receipts import batches
from app.receipts.errors import AlreadyTakenBack, NothingInItsPlace
from app.receipts.models import Receipt, ReceiptReversal, RentBatch
from app.receipts.reversing import reverse_receipt
from app.receipts.tax_options import choose
from app.registry.units import edit_unit
from app.rentals.assigning import Taker, change_ownership
from tests import factories
from tests.receipts.world import FEBRUARY, JANUARY, MARCH, NOW, TODAY, D, World

_key = itertools.count(1)


def reverse(world: World, row: Receipt, **more: Any) -> None:
    with world.unit_of_work():
        reverse_receipt(row.id, reason="Wrong lease", on=TODAY, by=world.by, **more)


def numbers(world: World) -> list[int]:
    with world.unit_of_work():
        found = [session().scalars(sa.select(table.number)).all() for table in (Receipt, ReceiptReversal)]
        return sorted(itertools.chain(*found))


def one_each(world: World) -> bool:
    seen = Counter((row.assignment_id, row.period) for row in world.counting())
    return set(seen.values()) <= {1}


def test_run_again_gives_the_same_receipts_once(world: World) -> None:
    world.simple(shares=("50", "50"))
    first, second = world.run(JANUARY), world.run(JANUARY)
    assert (first.sums.receipts, second.sums.receipts, second.sums.known) == (2, 0, 2)
    assert first.batch.id != second.batch.id
    assert numbers(world) == [1, 2]


def test_a_second_press_finds_the_run_that_goes_on_and_a_key_means_one_thing(world: World) -> None:
    flat = world.simple()
    first = world.start(JANUARY, key="a" * 32)
    assert world.start(JANUARY) == first == world.start(JANUARY, key="a" * 32)
    assert world.start(JANUARY, flat.unit) != first
    with pytest.raises(KeyUsed):
        world.start(FEBRUARY, key="a" * 32)


def test_a_reversing_receipt_has_a_number_of_its_own_and_what_follows_it_another(world: World) -> None:
    world.simple()
    world.run(JANUARY)
    (row,) = world.counting()
    reverse(world, row)
    assert world.counting() == []
    with pytest.raises(AlreadyTakenBack):
        reverse(world, row)
    world.run(JANUARY)
    (again,) = world.counting()
    assert (row.number, again.number, numbers(world)) == (1, 3, [1, 2, 3])
    with world.unit_of_work():
        (undone,) = session().scalars(sa.select(ReceiptReversal)).all()
    assert (undone.number, undone.receipt_id, again.after_id) == (2, row.id, undone.id)


def test_a_replacement_issues_what_is_entitled_now_for_all_that_says_otherwise(world: World) -> None:
    unit, client, owner, kept = world.unit("A"), world.party("C", kind="company"), world.party("P"), world.party("Q")
    world.let(unit, client, "1000")
    world.assign(unit, owner, "60")
    world.assign(unit, kept, "40")
    world.run(MARCH)
    mine, other = world.counting()
    with pytest.raises(NothingInItsPlace):
        reverse(world, mine, replaced=True)
    with world.unit_of_work():
        choose(owner_id=owner, client_id=client, starts_on=MARCH.first, final=True, by=world.by)
    reverse(world, mine, replaced=True)
    left, right = world.counting()
    assert (left.id, right.owner_id, right.withheld, right.number) == (other.id, owner, D(120), 4)


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_one_receipt_counts_for_each_assignment_and_month(world: World, seed: int) -> None:
    chance, flats = random.Random(seed), [world.simple(shares=shares) for shares in (("100",), ("60", "40"))]
    for _step in range(8):
        match chance.choice(("run", "one", "reverse", "kill")):
            case "run":
                world.run(chance.choice((JANUARY, FEBRUARY)))
            case "one":
                world.run(JANUARY, chance.choice(flats).unit)
            case "reverse" if found := world.counting():
                reverse(world, chance.choice(found))
            case "kill":
                killed(world)
        assert one_each(world)
        assert numbers(world) == list(range(1, len(numbers(world)) + 1))
    for month in (JANUARY, FEBRUARY):
        world.run(month)
    assert Counter(row.period for row in world.counting()) == {"2026-01": 3, "2026-02": 3}


def killed(world: World) -> None:
    """A worker that dies with its chunk half done: nothing of it is there, and the next one does it whole."""
    batch_id = world.start(JANUARY)

    def half_way() -> None:
        with world.unit_of_work():
            batches.run_chunk(batch_id=str(batch_id), done=0, total=2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_way()
    world.work()


def test_a_run_goes_on_chunk_by_chunk_from_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "CHUNK", 2)
    for shares in (("100",), ("50", "50"), ("100",), ("34", "33", "33"), ("100",)):
        world.simple(shares=shares)
    batch_id = world.start(JANUARY)
    tries = world.work()
    told = world.told(batch_id)
    assert (tries, told.sums.units, told.sums.receipts, told.done, told.total) == (5, 5, 8, 5, 5)
    assert numbers(world) == list(range(1, 9))


@pytest.mark.committed
def test_two_officers_who_start_the_same_run_at_once_start_one(committed: Flask) -> None:
    with committed.app_context(), clock.held(NOW):
        world = World(factories.cast(country="MA", currency="MAD"))
        for _flat in range(3):
            world.simple(shares=("50", "50"))
    gate = Barrier(2)

    def press(member_id: uuid.UUID) -> uuid.UUID:
        with committed.app_context(), clock.held(NOW):
            gate.wait()
            with transaction(group_id=world.cast.group_id):
                key = f"{next(_key):032d}"
                return batches.start_batch(period=JANUARY, by=member_id, key=key).id

    with ThreadPoolExecutor(2) as pool:
        officers = (world.cast.treasurer.member_id, world.cast.leader.member_id)
        found = set(pool.map(press, officers))
    assert len(found) == 1

    def work(message_id: uuid.UUID) -> bool:
        with committed.app_context(), clock.held(NOW):
            gate.wait()
            return handle(world.cast.group_id, message_id)

    with committed.app_context(), clock.held(NOW):
        with world.unit_of_work():
            assert session().scalar(sa.select(sa.func.count()).select_from(RentBatch)) == 1
            ids = list(session().scalars(sa.select(Outbox.id).where(Outbox.kind == batches.JOB)))
        with ThreadPoolExecutor(2) as pool:  # two workers at the one message
            assert any(pool.map(work, ids * 2))
        world.work()
        assert (numbers(world), one_each(world)) == ([1, 2, 3, 4, 5, 6], True)


def test_who_changes_hands_while_a_run_reckons_is_not_issued_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flat = world.simple()
    buyer, batch_id = world.party("BUYER"), world.start(JANUARY)

    def sold() -> None:  # somebody else's deed that the lock waited for
        monkeypatch.setattr(batches, "lock_group", lock_group)
        told: dict[str, Any] = {"takers": [Taker(buyer)], "from_on": JANUARY.first, "by": world.by, "key": "sold"}
        change_ownership(flat.assignments[0], **told)

    monkeypatch.setattr(batches, "lock_group", sold)
    world.work()
    assert [row.owner_id for row in world.counting()] == [buyer]
    assert world.told(batch_id).sums.receipts == 1


def test_a_unit_that_is_called_otherwise_during_a_run_does_not_stop_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "CHUNK", 1)
    first, _other = world.simple(shares=("50",)), world.simple()
    batch_id = world.start(JANUARY)
    with world.unit_of_work():
        batches.run_chunk(batch_id=str(batch_id), done=0, total=2)
        edit_unit(first.unit, code="ZZZ", by=world.by)
    world.work()
    told = world.told(batch_id)
    assert (told.state, told.sums.receipts) == ("done", 1)

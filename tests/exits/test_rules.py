"""The arithmetic of leaving: what somebody is entitled to, who is served next, which pot pays it."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exits.rules import (
    Entitlement,
    Given,
    Pot,
    RequestKind,
    State,
    Waiting,
    allotted,
    distributed,
    entitlement,
    in_order,
    needed,
    part_of,
    served,
    state_of,
)

D = Decimal
EXIT, WITHDRAWAL = RequestKind.EXIT, RequestKind.WITHDRAWAL


def named(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, name)


def waits(name: str, sequence: int, open_: int | str, **more: Any) -> Waiting:
    told: dict[str, Any] = {"kind": EXIT, "open": D(open_), **more}
    return Waiting(request_id=named(name), member_id=named(f"who {name}"), sequence=sequence, **told)


QUEUE = [waits("A", 1, 400), waits("B", 2, 100), waits("C", 3, 50)]


def gets(queue: list[Waiting], amount: int | str, *, partial: bool = True) -> dict[str, Decimal]:
    names = {named(letter): letter for letter in "ABCDE"}
    return {names[request_id]: part for request_id, part in served(queue, D(amount), partial=partial)}


def test_the_example_of_the_queue() -> None:
    assert gets(QUEUE, 450) == {"A": 400, "B": 50}
    rest = [waits("A", 1, 0), waits("B", 2, 50), waits("C", 3, 50)]
    assert gets(rest, 100) == {"B": 50, "C": 50}


def test_without_partial_payment_everyone_waits_for_the_first() -> None:
    assert gets(QUEUE, 399, partial=False) == {}
    assert gets(QUEUE, 450, partial=False) == {"A": 400}
    assert gets(QUEUE, 500, partial=False) == {"A": 400, "B": 100}


def test_the_order_is_by_request_whatever_order_they_are_given_in() -> None:
    assert gets(QUEUE[::-1], 450) == {"A": 400, "B": 50}


def test_withdrawals_stand_behind_all_who_leave() -> None:
    queue = [waits("A", 1, 100, kind=WITHDRAWAL), waits("B", 2, 100)]
    assert [one.sequence for one in in_order(queue)] == [2, 1]
    assert gets(queue, 150) == {"B": 100, "A": 50}
    assert gets(queue, 99, partial=False) == {}


def test_a_part_under_a_guarantee_keeps_its_place_and_those_behind_are_served() -> None:
    queue = [waits("A", 1, 400, held=D(100)), waits("B", 2, 100)]
    assert gets(queue, 350) == {"A": 300, "B": 50}
    assert gets([waits("A", 1, 100, held=D(100)), waits("B", 2, 100)], 60) == {"B": 60}
    assert gets([waits("A", 1, 100, held=D(0)), waits("B", 2, 100)], 60) == {"A": 60}
    assert gets(queue, 299, partial=False) == {}


def test_what_is_owed_is_kept_back_and_who_owes_all_waits_for_nothing() -> None:
    queue = [waits("A", 1, 400, deductions=D(150)), waits("B", 2, 100, deductions=D(500)), waits("C", 3, 50)]
    assert gets(queue, 1000) == {"A": 250, "C": 50}
    assert [one.payable for one in queue] == [250, 0, 50]


def test_pots_are_emptied_the_oldest_first_and_each_part_names_its_pot() -> None:
    pots = [Pot(named("first"), D(300)), Pot(named("empty"), D(0)), Pot(named("second"), D(150))]
    assert distributed(QUEUE, pots, partial=True) == [
        Given(named("first"), named("A"), D(300)),
        Given(named("second"), named("A"), D(100)),
        Given(named("second"), named("B"), D(50)),
    ]
    assert distributed(QUEUE, pots[:2], partial=False) == []


def test_more_than_the_pots_hold_cannot_be_given() -> None:
    with pytest.raises(ValueError, match="more was given"):
        allotted([(named("A"), D(2))], [Pot(named("first"), D(1))])


def test_what_more_the_queue_can_take() -> None:
    assert needed(QUEUE, [Pot(named("p"), D(100))]) == 450
    assert needed(QUEUE, [Pot(named("p"), D(900))]) == 0


AMOUNTS = st.decimals(min_value=0, max_value=1_000, places=2)
REQUESTS = st.builds(
    lambda number, kind, open_, held, owed: Waiting(named(str(number)), named("x"), kind, number, open_, held, owed),
    st.integers(1, 40),
    st.sampled_from(RequestKind),
    AMOUNTS,
    st.one_of(st.just(D(0)), AMOUNTS),
    st.one_of(st.just(D(0)), AMOUNTS),
)
QUEUES = st.lists(REQUESTS, max_size=12, unique_by=lambda one: one.sequence)


@given(QUEUES, st.lists(AMOUNTS, max_size=5), st.booleans())
def test_nothing_is_lost_doubled_or_out_of_order(queue: list[Waiting], amounts: list[Decimal], partial: bool) -> None:
    pots = [Pot(named(f"pot {n}"), amount) for n, amount in enumerate(amounts)]
    found = distributed(queue, pots, partial=partial)
    by_id = {one.request_id: one for one in queue}
    got: dict[uuid.UUID, Decimal] = {}
    for one in found:
        assert one.amount > 0
        got[one.request_id] = got.get(one.request_id, D(0)) + one.amount
    for pot in pots:
        assert sum(one.amount for one in found if one.event_id == pot.event_id) <= pot.left
    assert all(got[id_] <= by_id[id_].ready for id_ in got)
    ready = [one for one in in_order(queue) if one.ready]
    wholly = [one.request_id in got and got[one.request_id] == one.ready for one in ready]
    # Nobody behind gets anything before the one in front has all that can be served.
    assert wholly == sorted(wholly, reverse=True)
    assert len(got) - sum(wholly) <= (1 if partial else 0)
    total, wanted = sum(amounts, D(0)), sum((one.ready for one in ready), D(0))
    if partial:
        assert sum(got.values(), D(0)) == min(total, wanted)


@given(QUEUES, AMOUNTS, AMOUNTS)
def test_two_pots_one_after_the_other_serve_like_both_at_once(
    queue: list[Waiting], first: Decimal, second: Decimal
) -> None:
    once = dict(served(queue, first + second, partial=True))
    before = dict(served(queue, first, partial=True))
    rest = [
        Waiting(
            one.request_id,
            one.member_id,
            one.kind,
            one.sequence,
            one.open - before.get(one.request_id, D(0)),
            one.held,
            one.deductions,
        )
        for one in queue
    ]
    after = dict(served(rest, second, partial=True))
    assert {id_: before.get(id_, D(0)) + after.get(id_, D(0)) for id_ in before | after} == once


def owed(growth: str, percent: str = "0", **more: str) -> Entitlement:
    parts = {"savings": "300", "holdings": "120.50", "asset_shares": "79.50", **more}
    known = {name: D(value) for name, value in parts.items()}
    return entitlement(**known, growth=D(growth), growth_percent=D(percent), currency="KES")


def test_the_entitlement_and_its_working() -> None:
    assert owed("100").gross == 500
    assert (owed("100.01", "50").growth_part, owed("100.01", "50").gross) == (D("50.01"), D("550.01"))
    assert owed("100", "100").gross == 600


def test_a_loss_counts_in_full_and_never_makes_a_debt() -> None:
    assert owed("-100", "50").gross == 400
    assert owed("-900").gross == 0


def test_the_working_is_stored_exactly() -> None:
    found = owed("100.01", "12.3456")
    assert Entitlement.stored(found.to_store()) == found
    assert found.to_store()["gross"] == "512.35"


def test_a_part_that_is_set_aside_is_never_more_than_the_percentage() -> None:
    assert part_of(D("99.99"), D(10), "KES") == D("9.99")
    assert part_of(D(999), D(10), "UGX") == 99
    assert part_of(D(9), D(10), "UGX") == 0


@pytest.mark.parametrize(
    ("open_", "payable", "fulfilled", "state"),
    [
        (400, 400, 0, State.QUEUED),
        (400, 0, 0, State.QUEUED),  # owes all of it: nothing is paid, and nothing is over
        (300, 300, 100, State.PARTIALLY_FULFILLED),
        (50, 0, 350, State.FULFILLED),  # the rest is kept back
        (0, 0, 400, State.FULFILLED),
        (0, 0, 0, State.FULFILLED),  # there was nothing
    ],
)
def test_how_far_a_request_is(open_: int, payable: int, fulfilled: int, state: State) -> None:
    assert state_of(open_=D(open_), payable=D(payable), fulfilled=D(fulfilled)) is state

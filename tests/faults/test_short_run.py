"""A short run of all kinds of faults; the long one is `make faults`."""

from itertools import islice
from pathlib import Path

import pytest

from tests.faults.plan import FAULTS, schedule
from tests.faults.run import Found, era

SEED, ROUNDS = "short-110", 14  # twelve of the thirteen kinds, in few rounds


def test_a_seed_makes_one_schedule():
    assert [*schedule("a", 300)] == [*schedule("a", 300)]
    assert [*schedule("a", 30)] == [*islice(schedule("a", 300), 30)]
    assert [*schedule("a", 30)] != [*schedule("b", 30)]


def test_every_variant_of_every_fault_has_its_turn():
    played = {(made.kind, made.variant) for made in schedule("a", 300)}
    assert played == {(kind, variant) for kind, variants, _times in FAULTS for variant in variants}


@pytest.mark.committed
@pytest.mark.slow
def test_nothing_is_lost_and_nothing_happens_twice_whatever_dies(tmp_path: Path):
    found = Found()
    era(tmp_path / "era", schedule(SEED, ROUNDS), found)
    assert found.faults == []
    assert found.rounds == ROUNDS
    assert found.mails > 50
    assert found.entries > 100
    kinds = {kind for kind, _variants, _times in FAULTS}
    assert len(found.tallies) > len(kinds) * 0.8

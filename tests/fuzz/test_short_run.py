"""Posts of a seed to every form; `make fuzz COUNT=10000 SEED=…` sends many, ONLY=7,12 some of them again."""

import os

import pytest
from flask import Flask

from tests.fuzz.run import Fuzzer

SEED = os.environ.get("FUZZ_SEED") or "prosper"
COUNT = int(os.environ.get("FUZZ_COUNT") or 400)
ONLY = os.environ.get("FUZZ_ONLY")


@pytest.mark.slow
# A body that is refused half-way leaves its temporary file to the collector of garbage.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_whatever_is_posted_is_answered_and_nothing_is_written_on_refusal(committed: Flask) -> None:
    result = Fuzzer(committed).play(SEED, [int(one) for one in ONLY.split(",")] if ONLY else range(COUNT))
    print(result)  # noqa: T201  # the figures of the long run
    assert not result.findings, "\n".join(result.findings)


def test_a_post_can_be_sent_again(committed: Flask) -> None:
    fuzzer = Fuzzer(committed)
    first, again = (fuzzer.play(SEED, range(7, 10)) for _ in range(2))
    assert (first.statuses, first.ways, first.reached) == (again.statuses, again.ways, again.reached)

"""A short attack on the API by Schemathesis, in a process of its own; the long one is `make attack`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.committed
@pytest.mark.slow
def test_a_fuzzer_that_reads_the_description_finds_nothing():
    told = {**os.environ, "COUNT": "1200", "SECONDS": "20", "SEED": "3"}
    run = subprocess.run(
        [sys.executable, "-m", "tests.attack"], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]

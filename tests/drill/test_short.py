"""A short drill: the same course as `make drill`, in seconds instead of minutes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.drill import checks

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_destroyed_database_comes_back_to_the_second_and_is_proved():
    words = ["--seconds", "4", "--archive-timeout", "1"]
    args = [sys.executable, "-m", "tools.drill", *words]
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("  ok ") == 12, done.stdout
    assert "Data lost:" in done.stdout


def test_a_check_that_could_not_run_is_a_fault(capsys: pytest.CaptureFixture[str]):
    def broken() -> list[str]:
        raise OSError("no server")

    found = checks.run({"all is well": list, "it breaks": broken, "it finds": lambda: ["one is missing"]})
    assert found == ["it breaks: could not run: OSError: no server", "it finds: one is missing"]
    assert "FAIL it breaks" in capsys.readouterr().out

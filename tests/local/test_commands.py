"""What the command line of the local stack accepts, and the plan it follows."""

import fcntl
import runpy
from pathlib import Path

import pytest

from app.local import __main__ as command
from app.local.plan import product
from app.local.supervisor import Supervisor


def test_the_product_is_web_worker_and_cron_on_a_prepared_database():
    plan = product({"PORT": "8001", "VAR": "/tmp/somewhere"})
    assert [program.name for program in plan.programs] == ["web", "worker", "cron"]
    assert [errand.args[1:] for errand in plan.before] == [
        ["database", "prepare"],
        ["database", "upgrade"],
        ["demo", "load"],
    ]
    assert [args[1:] for args in plan.after] == [["demo", "signins"]]
    assert (plan.address, plan.environment["PORT"], str(plan.var)) == (
        "http://localhost:8001",
        "8001",
        "/tmp/somewhere",
    )


def test_without_the_demo_nothing_is_loaded_and_nobody_named():
    plan = product({"DEMO": "0", "BASE_URL": "https://plots.example"})
    assert len(plan.before) == 2
    assert plan.after == ()
    assert plan.address == "https://plots.example"


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="PORT must be a number"):
        command.main([])


def test_reset_forgets_all_but_refuses_while_the_stack_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VAR", str(tmp_path))
    (tmp_path / "postgresql").mkdir()
    (tmp_path / "secret_key").write_text("x")
    with (tmp_path / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="Already starting or stopping here"):
            command.main(["reset"])
    command.main(["reset"])
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_other_words_are_not_understood(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["app.local", "please"])
    with pytest.raises(SystemExit, match="Usage"):
        runpy.run_path(str(command.__file__), run_name="__main__")


def test_without_words_it_runs_tied_to_make(monkeypatch: pytest.MonkeyPatch):
    done: list[str] = []
    monkeypatch.setenv("MAKELEVEL", "1")
    monkeypatch.setattr(command, "tie_to_parent", lambda: done.append("tied"))
    monkeypatch.setattr(Supervisor, "run", lambda _: done.append("ran"))
    command.main([])
    assert done == ["tied", "ran"]

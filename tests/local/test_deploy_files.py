"""The files that other machines read say one and the same thing."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from app.config import ROOT
from app.local.plan import product

FLY = tomllib.loads((ROOT / "fly.toml").read_text())
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_fly_runs_the_processes_of_the_procfile():
    assert FLY["processes"] == {name: PROCFILE[name] for name in ("web", "worker", "cron")}
    assert FLY["deploy"]["release_command"] == PROCFILE["release"] == "flask database upgrade"


def test_the_local_stack_runs_the_same_programs():
    local = {program.name: " ".join(["python", *program.args[1:]]) for program in product({}).programs}
    assert local["worker"] == PROCFILE["worker"]
    assert local["cron"] == PROCFILE["cron"]
    assert local["web"].removeprefix("python -m ") == PROCFILE["web"]


def test_fly_asks_for_health_and_readiness_at_the_port_that_gunicorn_listens_on():
    port = int(FLY["env"]["PORT"])
    assert FLY["http_service"]["internal_port"] == FLY["checks"]["ready"]["port"] == port
    assert [check["path"] for check in FLY["http_service"]["checks"]] == ["/healthz"]
    assert FLY["checks"]["ready"]["path"] == "/readyz"
    assert FLY["http_service"]["processes"] == ["web"]
    machines = [process for machine in FLY["vm"] for process in machine["processes"]]
    assert sorted(machines) == sorted(FLY["processes"])


def test_the_image_is_staged_runs_as_nobody_special_and_copies_what_is_there():
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.MULTILINE)
    assert [name for _, name in stages] == ["browser", "packages", ""]
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!root)\w+$", last, re.MULTILINE)
    assert json.loads(re.findall(r"^CMD (\[.*\])$", last, re.MULTILINE)[0]) == PROCFILE["web"].split()
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source


def test_what_the_image_copies_is_not_ignored():
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert any(source == entry or source.startswith(f"{entry}/") for entry in allowed), source


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_locks_have_hashes_and_no_addresses(name: str):
    text = (ROOT / name).read_text()
    plain = re.sub(r'"url": "https://github\.com/sponsors/\w+"', "", text)
    assert not re.search(r"https?://|file:|--index|--find-links|--extra", plain)
    if name.endswith(".json"):
        packages = json.loads(text)["packages"]
        assert all("integrity" in package and "resolved" not in package for path, package in packages.items() if path)
    else:
        entries = re.split(r"\n(?=\w)", text)
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)


def test_continuous_integration_calls_what_people_call():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    assert script.read_text().splitlines()[-1].removeprefix("exec ") == "make test"


def test_nothing_made_is_kept_in_the_repository():
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".venv/", "node_modules/", "build/", "var/"} <= set(ignored)
    assert not Path(ROOT / "uv.lock").exists()

"""A line of the log is JSON on one line, with ids, and never a secret or a name."""

import ast
import json
import logging
import uuid
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session, transaction
from app.core.logs import formatter, sieved
from app.core.outbox import Outbox, later
from tests.factories import Cast
from tests.mail.box import work
from tests.workers.conftest import Bench, bench

__all__ = ["bench"]
ROOT = Path(__file__).parents[2]
TOKEN = "Zk3xV9q-4Jt7bYw1RmPz0sHcUeLa2NdQ"
PLANTED = {
    "reset link": f"GET /reset/{TOKEN} failed",
    "group": "Exception on /g/umoja-savings/members [POST]",
    "query": f"redirect to https://plots.example/confirm?token={TOKEN}&name=Daniel+Mwangi",
    "header": f"Authorization: Bearer {TOKEN}",
    "json": '{"password": "quiet lizards", "at": 3}',
    "setting": "SECRET_KEY=quietlizards is refused",
    "key of a program": "cannot read 'pp_quietlizardsonawallofstones'",
    "recovery code": "no code abcd-quie-tliz-ards of theirs",
    "basic": "authorization basic ZGFuaWVsOmh1bnRlcg==",
    "password in an address": "cannot connect to postgresql://pp_app:hunter2secret@db/plots",
    "pair": "password=hunter2secret pin: 4821",
    "mail": "no mail to daniel.mwangi@example.com",
    "phone": "called +254712345678 twice",
    "forged line": 'x\r\n{"event": "forged", "level": "info"}',
}
SECRET = (TOKEN, "umoja", "Daniel", "Mwangi", "daniel", "hunter2", "4821", "254712345678", "ZGFuaWVs", "lizard", "tliz")


def line(message: str, *args: object, exc_info: Any = None) -> tuple[str, dict[str, Any]]:
    record = logging.LogRecord("somebody", logging.ERROR, __file__, 1, message, args, exc_info)
    text = formatter().format(record)
    return text, json.loads(text)


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_planted_secrets_and_names_are_sieved_out(app: Flask, planted: str) -> None:
    text, told = line("%s", planted)
    assert [secret for secret in SECRET if secret in text] == []
    assert "\n" not in text
    assert "\r" not in text
    assert told["level"] == "error"


def test_what_an_on_call_person_needs_stays() -> None:
    job = uuid.uuid4()
    for useful in (f"message {job} of kind mail.send is dead after 10 tries", "workers.drain.drain() took 4.2 seconds"):
        assert sieved(useful) == useful


def test_an_exception_tells_its_kind_and_place_and_none_of_its_words(app: Flask) -> None:
    try:
        try:
            raise psycopg.errors.UniqueViolation("Key (email)=(daniel.mwangi@example.com) already exists")
        except psycopg.Error as error:
            raise ValueError("Daniel Mwangi owes 4,821") from error
    except ValueError as error:
        text, told = line("unexpected", exc_info=(ValueError, error, error.__traceback__))
    assert [secret for secret in SECRET if secret in text] == []
    assert told["exception"] == ["builtins.ValueError", "psycopg.errors.UniqueViolation 23505"]
    assert "tests/core/test_logs.py" in told["where"][-1]


def test_a_request_has_the_ids_of_itself_its_group_and_its_person(
    app: Flask, cast: Cast, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, Any]] = []

    def spoken() -> str:
        lines.append(line("something")[1])
        return ""

    view = app.view_functions["groups.members"]
    spoken.__dict__.update(view.__dict__)  # its permission
    monkeypatch.setitem(app.view_functions, "groups.members", spoken)
    as_person(cast.treasurer).get(f"/g/{cast.slug}/members", headers={"X-Request-Id": "r-1"})
    assert lines
    assert (lines[0]["request"], lines[0]["route"]) == ("r-1", "groups.members")
    assert (lines[0]["group"], lines[0]["user"]) == (str(cast.group_id), str(cast.treasurer.user_id))


def test_a_job_has_its_own_id_and_that_of_its_group(cast: Cast, bench: Bench) -> None:
    lines: list[dict[str, Any]] = []
    bench.does = lambda **_: lines.append(line("something")[1])
    with transaction(group_id=cast.group_id):
        later("try", key="k")
    work(cast.group_id)
    with transaction(group_id=cast.group_id):
        message_id = session().scalars(sa.select(Outbox.id).where(Outbox.key == "k")).one()
    assert (lines[0]["job"], lines[0]["group"]) == (str(message_id), str(cast.group_id))
    assert "request" not in lines[0]


def test_without_any_context_a_line_is_a_line() -> None:
    assert line("hello")[1].keys() == {"event", "level", "logger", "timestamp"}


# What our own lines may put into their texts, besides plain ids and counts: kinds, never words.
ALLOWED = {"type(error).__name__", "look.__name__", "name", "kind", "group_id"}
IDS = (
    "message.id",
    "message.kind",
    "message.attempts",
    "hook.id",
    "row.event",
    "row.tries",
    "answer.problem",
    "found.request_id",
    "why.code",
)


def test_every_line_we_write_says_kinds_and_ids_only() -> None:
    found: dict[str, set[str]] = {}
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "workers").rglob("*.py")]:
        if "local" in path.parts:  # the local stack talks to whoever started it
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("log", "logger", "logging"):
                if node.func.attr not in ("debug", "info", "warning", "error", "exception", "critical", "log"):
                    continue
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno} builds its text"
                said = {ast.unparse(arg) for arg in node.args[1:]} - ALLOWED - set(IDS)
                if said:
                    found[f"{path.relative_to(ROOT)}:{node.lineno}"] = said
    assert found == {}

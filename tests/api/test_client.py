"""A client that an existing generator makes signs in, records a contribution and reads a statement."""

import contextvars
import importlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from flask import Flask

from app.web.api.document import document, endpoints
from tests.api.calling import token_of
from tests.savings.conftest import held_clock, saving

__all__ = ["held_clock", "saving"]
# The generator knows few types of files by itself.
CONFIG = """
post_hooks: []
content_type_overrides:
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
  application/pdf: application/octet-stream
  application/zip: application/octet-stream
"""
PACKAGE = "generated_client"
PAID, AMOUNT = "2026-11-04", "5000.00"


def alone(app: Flask) -> Any:
    """The application, each request of which shares nothing with the test around it."""
    return lambda environ, start: [*contextvars.Context().run(app.wsgi_app, environ, start)]


class Generated:
    """The modules of the generated client, and a client with a token."""

    def __init__(self, app: Any, secret: str) -> None:
        self.client = self.module("client").AuthenticatedClient(
            base_url="http://localhost",
            token=secret,
            raise_on_unexpected_status=True,
            httpx_args={"transport": httpx.WSGITransport(app=alone(app))},
        )

    @staticmethod
    def module(name: str) -> ModuleType:
        return importlib.import_module(f"{PACKAGE}.{name}")

    def call(self, operation: str, *path: Any, **more: Any) -> Any:
        room = operation.split(".", maxsplit=1)[0]
        found = self.module(f"api.{room}.{operation.replace('.', '_')}")
        return found.sync(*path, client=self.client, **more)


@pytest.fixture
def package(app, context, tmp_path, monkeypatch):
    """The folder of the client; generating it says nothing of anything it could not read."""
    described, config = tmp_path / "openapi.json", tmp_path / "config.yml"
    described.write_text(json.dumps(document(app)))
    config.write_text(CONFIG)
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--fail-on-warning"]
    command += ["--path", str(described), "--meta", "none", "--config", str(config)]
    run = subprocess.run(
        [*command, "--output-path", str(tmp_path / PACKAGE)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
    assert "WARNING" not in run.stdout + run.stderr
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / PACKAGE
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_generated_client_records_a_contribution_and_reads_the_statement(app, package, saving):
    made = [path for path in (package / "api").rglob("*.py") if path.name != "__init__.py"]
    assert len(made) == len(endpoints(app))

    program, member = Generated(app, token_of(saving.cast.treasurer)), saving.cast.member.member_id
    models = program.module("models")
    me = program.call("tokens.me")
    assert (me.group, me.member) == (saving.cast.slug, saving.cast.treasurer.name)

    payment = models.PaymentIn.from_dict(
        {
            "member": str(member),
            "amount": AMOUNT,
            "paid_on": PAID,
            "method": "cash",
            "cash_account": str(saving.till),
        }
    )
    told = {"body": models.PaymentsIn(payments=[payment]), "idempotency_key": "from-a-client"}
    recorded = [program.call("savings.payments_create", **told) for _ in range(2)]
    assert [[one.amount for one in answer.items] for answer in recorded] == [[AMOUNT], [AMOUNT]]
    assert recorded[0].items[0].id == recorded[1].items[0].id

    days = {"first": date.fromisoformat(PAID).replace(day=1), "last": date.fromisoformat(PAID)}
    statement = program.call("statements.statement", member, **days)
    assert AMOUNT in json.dumps(statement.to_dict())
    refused = program.call("savings.payment", "01a1fc05-0000-7000-8000-000000000000")
    assert (refused.status, refused.code) == (404, "no_such_payment")

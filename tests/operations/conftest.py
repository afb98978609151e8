"""Alerts as a test finds them, a clean Redis, books that were really committed, and settings of its own."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.core.alerts import Alert, open_alerts
from app.core.db import platform, transaction
from tests.ledgers.committed import fresh, save
from tests.ledgers.conftest import Books

Raised = Callable[[str], list[Alert]]


@pytest.fixture
def raised(context: Flask) -> Raised:
    """The open alerts of a kind."""

    def of(kind: str) -> list[Alert]:
        with transaction():
            found = [alert for alert in open_alerts() if alert.kind == kind]
            for alert in found:
                platform().expunge(alert)
            return found

    return of


@pytest.fixture
def clean(app: Flask) -> Iterator[Any]:
    """Redis without figures, and a pen that has counted nothing."""
    client = app.extensions["redis"]

    def wipe() -> None:
        app.extensions.pop("figures", None)
        for key in client.scan_iter("figures*"):
            client.delete(key)

    wipe()
    yield client
    wipe()


@pytest.fixture
def books(committed: Flask) -> Iterator[Books]:
    """Books of their own, really committed, with two entries."""
    made = fresh(committed)
    with committed.app_context():
        save(made, 25)
        save(made, 50)
        yield made


@pytest.fixture
def set_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change settings for one test."""

    def change(**values: Any) -> None:
        monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], **values))

    return change

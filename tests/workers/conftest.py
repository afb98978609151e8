"""A room of its own for tests of the runtime, whose jobs do what a test tells them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from app.core.rooms import Room


@dataclass
class Bench:
    """`does` is what the job of kind `try` does; `calls` are the payloads it was given."""

    does: Callable[..., Any] = lambda **_payload: None
    calls: list[dict[str, Any]] = field(default_factory=list)

    def job(self, **payload: Any) -> Any:
        self.calls.append(payload)
        return self.does(**payload)


@pytest.fixture
def bench(app: Flask) -> Iterator[Bench]:
    """The room's job, as a worker would find it."""
    made = Bench()
    before = app.extensions["rooms"]
    app.extensions["rooms"] = (*before, Room("bench", jobs={"try": made.job}))
    yield made
    app.extensions["rooms"] = before

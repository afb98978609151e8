"""Rounds of Schemathesis over the application, each in a world of its own, and what is still true afterwards."""

import time
from collections.abc import Callable
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.context import EngineContext

from app.ledgers.proof import prove
from tests.attack.target import PLACEHOLDER, Seen, Target, target

# A valid body may still be refused by the books: 422 says which rule.
DOMAIN_SAYS_NO = ["2xx", "3xx", "403", "404", "409", "415", "422"]


def rounds(app: Flask, seen: Seen, *, count: int, seconds: float, seed: int, say: Callable[[str], None]) -> int:
    """Attack until so many cases were sent or the time is over; returns how many rounds it took."""
    until, number = time.monotonic() + seconds, 0
    while seen.cases < count and time.monotonic() < until:
        aim = target(app, seen)
        attack(aim, seed + number, max_time=max(1, int(until - time.monotonic())), count=count)
        _prove(aim)
        number += 1
        say(f"round {number}: {seen.cases} cases, {dict(seen.classes)}, {len(seen.findings)} kinds of findings")
    return number


_told = EngineContext.get_transport_kwargs


def _without_network(self: EngineContext, operation: Any = None) -> dict[str, Any]:
    # Schemathesis 4.32 hands these to an application in this process too where it asks again without a token.
    return {
        name: value for name, value in _told(self, operation).items() if name not in {"max_redirects", "verify", "cert"}
    }


EngineContext.get_transport_kwargs = _without_network  # type: ignore[method-assign]


def attack(aim: Target, seed: int, *, max_time: int, count: int) -> None:
    """One run of all phases."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", aim, config=_config(seed, max_time))
    stream = from_schema(schema).execute()
    for event in stream:
        if isinstance(event, events.ScenarioFinished):
            _checked(event, aim.seen)
        elif isinstance(event, events.NonFatalError):
            aim.seen.found(f"{event.label}: {type(event.value).__name__}", str(event.value)[:300])
        elif isinstance(event, events.FatalError):
            raise event.exception
        if aim.seen.cases >= count:
            stream.stop()


def _config(seed: int, max_time: int) -> SchemathesisConfig:
    told: dict[str, Any] = {
        "seed": seed,
        "max-time": max_time,
        "headers": {"Authorization": PLACEHOLDER},
        "continue-on-failure": True,
        "generation": {"max-examples": 60, "database": "none", "no-shrink": True},
        "checks": {"positive_data_acceptance": {"expected-statuses": DOMAIN_SAYS_NO}},
        "warnings": False,
    }
    return SchemathesisConfig.from_dict(told)


def _checked(event: events.ScenarioFinished, seen: Seen) -> None:
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                how = event.recorder.cases[case_id].value.as_curl_command()
                where = event.label or event.recorder.label
                seen.found(f"{where}: {check.name}: {failure.title}", f"{failure.message[:600]}\n{how[:800]}")


def _prove(aim: Target) -> None:
    for place in (aim.world.ours, aim.world.theirs):
        with aim.app.app_context():
            for check in prove(place.group_id):
                for fault in check.faults:
                    aim.seen.found(f"proof: {check.name}", fault)

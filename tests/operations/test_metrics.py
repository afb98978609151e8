"""/metrics is for whoever has the token, holds every figure, and grows with routes and never with people."""

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
import redis
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app.core import clock, figures
from app.core.alerts import Kind, raise_alert
from app.core.db import transaction
from app.core.outbox import later
from app.ledgers.books import Draft, credit, debit, post
from app.ledgers.chart import PostingKind
from tests.factories import Cast, browser
from tests.mail.box import work
from tests.workers.conftest import Bench, bench

__all__ = ["bench"]
TOKEN = "metrics-token-of-this-test"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture(autouse=True)
def _token(set_to: Any) -> None:
    set_to(metrics_token=TOKEN)


def read(app: Flask) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels (by their names), as Prometheus' own parser reads them."""
    answer = browser(app, None).get("/metrics", headers=HEADERS)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain")
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer ", TOKEN[:-1], "Bearer Ä", f"Bearer {TOKEN}x"])
def test_without_the_token_there_is_no_such_page(app: Flask, given: str | None) -> None:
    headers = {"Authorization": given} if given is not None else {}
    assert browser(app, None).get("/metrics", headers=headers).status_code == 404


def test_without_the_setting_nobody_has_the_token(app: Flask, set_to: Any) -> None:
    set_to(metrics_token=None)
    for header in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}, HEADERS):
        assert browser(app, None).get("/metrics", headers=header).status_code == 404


def test_requests_are_counted_by_route_and_never_by_path(cast: Cast, app: Flask, as_person: Any) -> None:
    client = as_person(cast.member)
    for _ in range(3):
        assert client.get(f"/g/{cast.slug}/savings").status_code in (200, 308, 301)
    client.get("/g/nobody-has-this/savings/payments/1?name=Daniel")
    client.get("/reset-a-password-of/Daniel/Zk3xV9q")
    client.open("/", method="BREW")
    found = read(app)
    routes = {labels[1] for (name, labels) in found if name == "plots_requests_total"}
    assert routes <= {rule.endpoint for rule in app.url_map.iter_rules()} | {"none"}
    assert "none" in routes
    assert sum(value for (name, _), value in found.items() if name == "plots_requests_total") == 6
    assert sum(value for (name, _), value in found.items() if name == "plots_request_seconds_count") == 6
    labels = " ".join(label for _, values in found for label in values)
    for private in ("Daniel", "nobody-has-this", cast.slug, "Umoja", "Zk3x", "@"):
        assert private not in labels


def test_series_grow_with_routes_and_not_with_requests(app: Flask, cast: Cast, as_person: Any) -> None:
    client = as_person(cast.member)

    def series() -> int:
        for n in range(15):
            client.get(f"/g/{cast.slug}/entries/{n}")
            client.get(f"/nothing/{n}")
            client.get(f"/g/group-{n}/savings")
        return len(read(app))

    series()  # the first reading opens connections of its own
    first = series()
    assert series() == first < 200


def test_a_fault_is_a_5xx(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("no luck")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "home.landing", broken)
    answer = browser(app, None).get("/")
    assert answer.status_code == 500
    found = read(app)
    assert [labels for (name, labels) in found if name == "plots_requests_total"] == [("GET", "home.landing", "5xx")]
    with app.app_context():
        assert figures.requests_since(5) == (1, 1)


def test_jobs_are_counted_by_kind_and_outcome(app: Flask, cast: Cast, bench: Bench) -> None:
    def unlucky(**_: object) -> None:
        error = RuntimeError("no luck")
        error.permanent = True  # type: ignore[attr-defined]
        raise error

    for key, does in (("a", lambda **_: None), ("b", unlucky)):
        bench.does = does
        with transaction(group_id=cast.group_id):
            later("try", key=key)
        work(cast.group_id)
    found = read(app)
    assert found["plots_jobs_total", ("try", "done")] == 1
    assert found["plots_jobs_total", ("try", "dead")] == 1


def test_failed_logins_money_and_alerts(app: Flask, cast: Cast) -> None:
    with transaction(group_id=cast.group_id):
        whose = cast.member.member_id
        for amount in ("1000.50", "2000"):
            lines = [debit("cash", Decimal(amount), cast.leader.member_id), credit("savings", Decimal(amount), whose)]
            post(Draft(PostingKind.CONTRIBUTION, clock.today("Africa/Nairobi"), lines), by=None)
    with suppress(ZeroDivisionError), transaction(group_id=cast.group_id):
        lines = [debit("cash", Decimal(7), cast.leader.member_id), credit("savings", Decimal(7), whose)]
        post(Draft(PostingKind.CONTRIBUTION, clock.today("Africa/Nairobi"), lines), by=None)
        raise ZeroDivisionError  # what is not kept has not moved
    visitor = browser(app, None)
    page = visitor.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    visitor.post("/sign-in", data={"csrf_token": token[1], "email": "who@example.com", "password": "wrong-password-1"})
    with transaction():
        raise_alert(Kind.POOL_FULL, about="pool:app", key="m")
    found = read(app)
    assert found["plots_entries_posted_total", ("KES", "contribution")] == 2
    assert found["plots_money_moved_total", ("KES", "contribution")] == 3000.5
    assert found["plots_logins_failed_total", ("sign_in_refused",)] == 1
    assert found["plots_alerts_open", ("pool_full",)] >= 1
    assert {labels[0] for name, labels in found if name == "plots_alerts_open"} == set(Kind)


def test_what_the_outbox_workers_and_pools_say_is_there(app: Flask, cast: Cast) -> None:
    found = read(app)
    for name, labels in (
        ("plots_outbox_messages", ("due",)),
        ("plots_outbox_messages", ("later",)),
        ("plots_outbox_messages", ("dead",)),
        ("plots_outbox_oldest_seconds", ()),
        ("plots_workers_seen", ()),
    ):
        assert (name, labels) in found
    assert found["plots_parts_missing", ()] == 0


def test_without_redis_the_rest_is_told(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    away = redis.Redis.from_url("redis://127.0.0.1:1")
    with app.app_context():
        monkeypatch.setattr(figures.pen(), "client", away)
    monkeypatch.setitem(app.extensions, "redis", away)
    found = read(app)
    assert found["plots_parts_missing", ()] == 3
    assert ("plots_outbox_messages", ("due",)) in found

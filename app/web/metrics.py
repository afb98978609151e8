"""What Prometheus reads: requests are counted here, the rest is what all processes counted or the database says now."""

import hmac
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import redis
import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.blueprints import BlueprintSetupState
from flask.signals import request_finished, request_started
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from app.config import Settings
from app.core import alerts, figures
from app.core.db import transaction
from app.core.draining import queued
from app.core.jobs import workers_seen

PREFIX = "plots_"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
QUIET = frozenset({"health.healthz", "health.readyz", "metrics.metrics"})  # who asks all the time tells nothing

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
def metrics() -> Response:
    """All figures, for whoever has the token; for anybody else there is no such page."""
    settings: Settings = current_app.config["SETTINGS"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.metrics_token or not hmac.compare_digest(given, settings.metrics_token.encode()):
        abort(404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Everything())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Everything:
    """Collects each part by itself, so that what is away does not hide what is there."""

    def collect(self) -> Iterator[Metric]:
        """Every figure; `plots_parts_missing` says how many parts could not be read."""
        missing = 0
        for part in (_counted, _pools, _outbox, _alerts, _workers):
            try:
                yield from list(part())
            except (redis.RedisError, sa.exc.SQLAlchemyError):
                missing += 1
        yield GaugeMetricFamily(f"{PREFIX}parts_missing", "Parts of this page that could not be read.", value=missing)


def _counted() -> Iterator[Metric]:
    figures.flush()
    series = figures.sums()
    for name, figure in figures.FIGURES.items():
        mine = {(values, part): value for (of, values, part), value in series.items() if of == name}
        yield _histogram(name, figure, mine) if figure.spread else _counter(name, figure, mine)


def _counter(name: str, figure: figures.Figure, series: dict[tuple[tuple[str, ...], str], Decimal]) -> Metric:
    family = CounterMetricFamily(PREFIX + name, figure.help, labels=figure.labels)
    for (values, _part), value in sorted(series.items()):
        family.add_metric(values, value)  # type: ignore[arg-type]  # it writes any number
    return family


def _histogram(name: str, figure: figures.Figure, series: dict[tuple[tuple[str, ...], str], Decimal]) -> Metric:
    family = HistogramMetricFamily(PREFIX + name, figure.help, labels=figure.labels)
    for values in sorted({values for values, _part in series}):
        so_far, buckets = Decimal(0), []
        for edge in (*(str(edge) for edge in figures.BUCKETS), "+Inf"):
            so_far += series.get((values, edge), Decimal(0))
            buckets.append((edge, so_far))
        told: Any = buckets, series.get((values, "sum"), Decimal(0))  # any numbers, not only its own kind
        family.add_metric(values, *told)
    return family


def _pools() -> Iterator[Metric]:
    share = GaugeMetricFamily(f"{PREFIX}pool_used_ratio", "Fullest process in the last minute.", labels=["pool"])
    out = GaugeMetricFamily(f"{PREFIX}pool_connections", "Connections out, all processes.", labels=["pool"])
    for name, (worst, capacity, total) in sorted(figures.pools().items()):
        share.add_metric([name], worst / capacity)
        out.add_metric([name], total)
    yield from (share, out)


def _outbox() -> Iterator[Metric]:
    found = queued()
    depth = GaugeMetricFamily(f"{PREFIX}outbox_messages", "Messages due, later or dead.", labels=["state"])
    for state, many in (("due", found.due), ("later", found.later), ("dead", found.dead)):
        depth.add_metric([state], many)
    yield depth
    age = found.oldest.total_seconds() if found.oldest else 0.0
    yield GaugeMetricFamily(f"{PREFIX}outbox_oldest_seconds", "How long the oldest message has been due.", value=age)


def _alerts() -> Iterator[Metric]:
    family = GaugeMetricFamily(f"{PREFIX}alerts_open", "Alerts that nobody settled.", labels=["kind"])
    with transaction():
        found = alerts.open_by_kind()
    for kind in alerts.Kind:
        family.add_metric([kind.value], found.get(kind.value, 0))
    yield family


def _workers() -> Iterator[Metric]:
    yield GaugeMetricFamily(f"{PREFIX}workers_seen", "Workers seen in the last minute.", value=workers_seen())


def _begin(_app: Flask, **_: Any) -> None:
    g.begun = time.perf_counter()


def _end(_app: Flask, response: Response, **_: Any) -> None:
    route, status = request.endpoint or "none", response.status_code
    if route in QUIET:
        return
    method = request.method if request.method in METHODS else "other"
    figures.count("requests", route=route, method=method, status=f"{status // 100}xx")
    figures.observe("request_seconds", time.perf_counter() - g.begun, route=route)
    figures.count_minute(failed=status >= 500)


@bp.record_once
def _listen(state: BlueprintSetupState) -> None:
    pairs: tuple[tuple[Any, Callable[..., None]], ...] = ((request_started, _begin), (request_finished, _end))
    for signal, listener in pairs:
        signal.connect(listener, state.app)
